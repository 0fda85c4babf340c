"""Who acts in whose position is said by two administrators, and every act under it names it."""

import asyncio
from datetime import timedelta

import pytest

from commands import acting_appointments, delegating, reading
from commands.verifying import verify
from schemas.errors import Forbidden, Malformed, Refused
from schemas.requests import ActingAppointmentRequest
from tests.installation import AN_AUDITOR, a_request
from tests.journeys.client import CONTENT, costing

HOLDER, ACTING = "director-1", "desk-officer-1"
DIRECTOR = {"role": "approver", "scope": "director"}


async def propose(accord, by="administrator-1", request=None, **changes):
    """From today on, for ten days: a desk officer acts as the director."""
    today = accord.office.today()
    asked = ActingAppointmentRequest.model_validate(
        {
            "holder": f"demo-{HOLDER}",
            "acting": f"demo-{ACTING}",
            "starts_on": today,
            "ends_on": today + timedelta(days=10),
            "reason": "A vacancy.",
        }
        | changes
    )
    return await acting_appointments.propose(
        accord.office, await accord.viewer(by), asked, request or a_request()
    )


async def confirm(accord, made, by="administrator-2", request=None):
    return await acting_appointments.confirm(
        accord.office, await accord.viewer(by), made["id"], request or a_request()
    )


async def test_it_gives_nothing_before_a_second_administrator_has_confirmed_it(accord):
    proposed = await propose(accord)
    assert (proposed["state"], proposed["in_force"]) == ("proposed", False)
    assert not (await accord.viewer(ACTING)).delegated

    confirmed = await confirm(accord, proposed)

    assert (confirmed["state"], confirmed["in_force"]) == ("done", True)
    assert confirmed["grants"] == [DIRECTOR]
    given = (await accord.viewer(ACTING)).delegated
    assert [(d.role, d.scope, d.delegation) for d in given] == [
        ("approver", "director", proposed["id"])
    ]


async def test_the_history_and_the_letter_name_the_appointment_that_was_used(accord):
    reference = await accord.submit(CONTENT | costing(200_000))
    made = await confirm(accord, await propose(accord))
    await accord.advance_to(reference, "funding")
    await accord.decide(reference, "funding.recommend")
    await accord.until(reference, stage="funding")
    task = await accord.task(reference, "funding.approve")

    await accord.decide_task(task, "approve", by=await accord.viewer(ACTING))
    await accord.until(reference, outcome="approved")

    found = await reading.history(accord.office, AN_AUDITOR, reference, limit=200, cursor=None)
    [decided] = [
        each
        for each in found["items"]
        if each["type"] == "task_decided" and each["data"]["kind"] == "funding.approve"
    ]
    assert decided["delegation"] == made["id"]
    assert decided["acting"]
    assert decided["data"]["facts"]["delegation"] == "delegation/2026-04-01"
    await accord.pass_time(reference, timedelta(days=1))
    [letter] = (await accord.view(reference, accord.signatory))["letters"]
    assert "delegation of authority in effect from 2026-04-01" in letter["text"]
    assert made["id"] in letter["text"]
    assert (await verify(accord.office, None)).differences == []


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        pytest.param(
            {"grants": [{"role": "approver", "scope": "minister"}]}, Refused,
            "not_held_by_holder", id="what the holder may not do",
        ),
        pytest.param({"acting": f"demo-{HOLDER}"}, Refused, "acts_for_oneself", id="oneself"),
        pytest.param(
            {"acting": "demo-auditor-1"}, Refused, "receiver_not_eligible", id="an auditor"
        ),
        pytest.param(
            {"holder": "demo-auditor-1"}, Refused, "nothing_to_act_in", id="nothing delegable"
        ),
        pytest.param(
            {"holder": "demo-certifier-1", "acting": "demo-signing-authority-1"}, Refused,
            "authorities_apart", id="who signs does not certify",
        ),
        pytest.param({"acting": "nobody"}, Malformed, "malformed", id="nobody"),
    ],
)  # fmt: skip
async def test_what_would_not_be_worth_anything_is_refused(accord, changes, error, code):
    with pytest.raises(error) as refused:
        await propose(accord, **changes)

    assert refused.value.code == code


async def test_whoever_proposed_it_never_confirms_it_and_nobody_else_may(accord):
    made = await propose(accord)

    with pytest.raises(Refused, match="separation_of_duties"):
        await confirm(accord, made, by="administrator-1")
    with pytest.raises(Forbidden):
        await confirm(accord, made, by=HOLDER)

    assert not (await accord.viewer(ACTING)).delegated


async def test_of_many_confirmations_at_once_one_counts(accord):
    made = await propose(accord)
    viewer = await accord.viewer("administrator-2")

    async def once(number):
        try:
            await acting_appointments.confirm(accord.office, viewer, made["id"], f"c{number}")
        except Refused as refused:
            return refused.code
        return "made"

    said = sorted(await asyncio.gather(*(once(n) for n in range(30))))

    assert said == [*["appointment_over"] * 29, "made"]
    assert len((await accord.viewer(ACTING)).delegated) == 1


async def test_a_repeat_answers_what_the_first_did(accord):
    first = await propose(accord, request="the-same")
    assert (await propose(accord, request="the-same"))["id"] == first["id"]

    await confirm(accord, first, request="yes")

    assert (await confirm(accord, first, request="yes"))["state"] == "done"


async def test_silence_and_a_refusal_appoint_nobody(accord):
    administrator = await accord.viewer("administrator-2")
    refused = await acting_appointments.refuse(
        accord.office, administrator, (await propose(accord))["id"], "Not needed.", "r"
    )
    silent = await propose(accord, ends_on=accord.office.today())
    accord.ahead += timedelta(days=2)

    with pytest.raises(Refused, match="appointment_over"):
        await confirm(accord, silent)
    assert await acting_appointments.end_silent(accord.office) == 1
    assert await acting_appointments.end_silent(accord.office) == 0

    listed = await acting_appointments.appointments(accord.office, administrator)
    assert [each["state"] for each in listed] == ["refused", "lapsed"]
    assert refused["answer"] == "Not needed."


async def test_one_administrator_takes_it_away_at_once(accord):
    made = await confirm(accord, await propose(accord))

    ended = await acting_appointments.end(
        accord.office, await accord.viewer("administrator-1"), made["id"], "e"
    )

    assert not ended["in_force"]
    assert ended["taken_away_at"]
    assert not (await accord.viewer(ACTING)).delegated
    [listed] = await delegating.mine(accord.office, await accord.viewer(ACTING))
    assert listed["acting"]
