"""Delegations and absences: who acts for whom, and where tasks go meanwhile."""

from datetime import timedelta

import pytest

from commands import (
    absences,
    commenting,
    deciding,
    delegating,
    reading,
    rerouting,
    signing_in,
    unattended,
)
from commands.recusing import recuse
from commands.verifying import verify
from schemas.errors import Forbidden, Malformed, NotFound, Refused, Stale
from schemas.requests import AbsenceRequest, CommentRequest, DecisionRequest, DelegationRequest
from store.tables import PersonRow
from tests.installation import AN_AUDITOR, a_request
from tests.policy.proposals import a_proposal

NORMS = {"role": "reviewer", "scope": "norms"}


async def a_delegation(accord, giver="norms-reviewer-1", receiver="gender-reviewer-1", **changes):
    """From today on, for ten days: *giver* lets *receiver* do the norms review."""
    today = accord.office.today()
    asked = DelegationRequest.model_validate(
        {
            "receiver": f"demo-{receiver}",
            "grants": [NORMS],
            "starts_on": today,
            "ends_on": today + timedelta(days=10),
            "reason": "Parental leave.",
        }
        | changes
    )
    return await delegating.give(accord.office, await accord.viewer(giver), asked, a_request())


async def be_away(accord, person, *, days, begins=0):
    starts_on = accord.office.today() + timedelta(days=begins)
    asked = AbsenceRequest(starts_on=starts_on, ends_on=starts_on + timedelta(days=days))
    viewer = await accord.viewer(person)
    version = (await absences.absence(accord.office, viewer))["version"]
    return await absences.put(accord.office, viewer, asked, version)


@pytest.fixture
async def reference(accord):
    """A proposal whose findings are open."""
    reference = await accord.submit(a_proposal())
    await accord.decide(reference, "eligibility.confirm")
    await accord.until(reference, stage="compliance")
    await accord.screened(reference)
    return reference


async def holder(accord, reference, kind="compliance.norms"):
    task = await accord.task(reference, kind)
    return task["holder"]["id"].removeprefix("demo-") if task["holder"] else None


async def told(accord, reference, *types):
    found = await reading.history(accord.office, AN_AUDITOR, reference, limit=200, cursor=None)
    return [item for item in found["items"] if item["type"] in types]


async def differences(accord):
    return (await verify(accord.office, None)).differences


@pytest.mark.on_both_databases
async def test_who_stands_in_sees_the_proposal_and_decides_on_behalf_of_the_giver(
    accord, reference
):
    stranger = await accord.viewer("desk-officer-1")
    with pytest.raises(NotFound):
        await reading.proposal(accord.office, stranger, reference)

    given = await a_delegation(accord, receiver="desk-officer-1")
    receiver = await accord.viewer("desk-officer-1")
    task = await accord.task(reference, "compliance.norms")
    assert await accord.inbox(receiver, reference) == [task["id"]]
    (item,) = (await reading.tasks(accord.office, receiver, view="group"))["items"]
    assert [each["name"] for each in item["may_act_for"]] == ["Norms reviewer 1"]
    words = CommentRequest(text="Read for her.")
    said = await commenting.comment(accord.office, receiver, task["id"], words, a_request())
    assert said["on_behalf_of"]["name"] == "Norms reviewer 1"
    assert said["delegation"] == given["id"]
    decided = (await accord.decide_task(task, by=receiver))["task"]

    assert decided["decided_by"]["name"] == "Desk officer 1"
    assert decided["on_behalf_of"]["name"] == "Norms reviewer 1"
    assert decided["delegation"] == given["id"]
    (event,) = [
        e for e in await told(accord, reference, "task_decided") if e["data"]["task"] == task["id"]
    ]
    assert event["actor"] == {"name": "Desk officer 1", "role": "reviewer:norms"}
    assert event["on_behalf_of"] == "Norms reviewer 1"
    assert event["delegation"] == given["id"]
    assert await differences(accord) == []


async def test_ones_own_grants_and_those_of_others_are_told_apart(accord):
    given = await a_delegation(accord)

    me = await signing_in.me(accord.office, await accord.viewer("gender-reviewer-1"))

    assert me["grants"] == [{"role": "reviewer", "scope": "gender"}]
    assert me["delegated"] == [
        NORMS
        | {
            "giver": {"id": "demo-norms-reviewer-1", "name": "Norms reviewer 1"},
            "delegation": given["id"],
            "ends_on": given["ends_on"],
        }
    ]


async def test_acting_on_behalf_takes_the_duty_of_both(accord, reference):
    await a_delegation(accord, receiver="desk-officer-1")
    await accord.decide(reference, "compliance.norms", by=await accord.viewer("desk-officer-1"))

    await accord.advance_to(reference, "desk")
    await a_delegation(
        accord,
        "head-of-desk-1",
        "norms-reviewer-1",
        grants=[{"role": "head_of_desk", "scope": "all"}],
    )
    for person in ("desk-officer-1", "norms-reviewer-1"):
        viewer = await accord.viewer(person)
        assert await accord.inbox(viewer, reference) == []
        with pytest.raises((Refused, Forbidden)) as refused:
            await accord.decide(reference, "desk.sign_off", by=viewer)
        if person == "norms-reviewer-1":
            assert refused.value.code == "separation_of_duties"
            assert refused.value.facts["rule"] == "one_duty"
            assert refused.value.facts["earlier"]["kind"] == "compliance.norms"
            assert refused.value.facts["earlier"]["person"]["name"] == "Desk officer 1"
            assert refused.value.facts["earlier"]["on_behalf_of"]["name"] == "Norms reviewer 1"


async def test_a_delegation_that_expires_between_claim_and_decision_decides_nothing(
    accord, reference
):
    today = accord.office.today()
    await a_delegation(accord, receiver="desk-officer-1", ends_on=today)
    receiver = await accord.viewer("desk-officer-1")
    task = await accord.task(reference, "compliance.norms")
    claimed, _ = await deciding.claim(accord.office, receiver, task["id"])
    assert claimed["held_on_behalf_of"]["name"] == "Norms reviewer 1"
    body = DecisionRequest(outcome="no_objection", answers=claimed["form"]["examples"][0])

    accord.ahead += timedelta(days=1)
    later = await accord.viewer("desk-officer-1")
    for _ in range(2):  # before housekeeping has looked, and after
        with pytest.raises(Refused) as refused:
            await deciding.decide(accord.office, later, task["id"], body, a_request(), None)
        assert refused.value.code == "delegation_ended"
        assert refused.value.facts["giver"]["name"] == "Norms reviewer 1"
        assert refused.value.facts["ended_on"] == today.isoformat()
        await rerouting.reroute(accord.office)

    assert await holder(accord, reference) is None
    (event,) = await told(accord, reference, "task_rerouted")
    assert (event["data"]["from"], event["data"]["to"], event["data"]["why"]) == (
        "demo-desk-officer-1",
        None,
        "delegation_ended",
    )
    with pytest.raises(NotFound):
        await reading.proposal(accord.office, later, reference)
    assert await differences(accord) == []


async def test_a_delegation_that_is_ended_early_gives_back_what_is_held_under_it(accord, reference):
    given = await a_delegation(accord)
    receiver = await accord.viewer("gender-reviewer-1")
    task = await accord.task(reference, "compliance.norms")
    await deciding.claim(accord.office, receiver, task["id"])

    giver = await accord.viewer("norms-reviewer-1")
    ended = await delegating.end(accord.office, giver, given["id"], a_request())

    assert (ended["in_force"], bool(ended["ended_at"])) == (False, True)
    assert await holder(accord, reference) is None
    with pytest.raises(Refused, match="delegation_over"):
        await delegating.end(accord.office, giver, given["id"], a_request())
    with pytest.raises(NotFound):  # neither gave it nor received it
        await delegating.end(
            accord.office, await accord.viewer("legal-1"), given["id"], a_request()
        )


async def test_a_repeated_request_makes_one_delegation(accord):
    giver = await accord.viewer("norms-reviewer-1")
    today = accord.office.today()
    asked = DelegationRequest.model_validate(
        {
            "receiver": "legal.1@accord.example",
            "grants": [NORMS],
            "starts_on": today,
            "ends_on": today,
            "reason": "A course.",
        }
    )
    first = await delegating.give(accord.office, giver, asked, "r-1")
    again = await delegating.give(accord.office, giver, asked, "r-1")

    assert first == again
    assert len(await delegating.mine(accord.office, giver)) == 1
    assert len(await delegating.every(accord.office, AN_AUDITOR)) == 1


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"receiver": "norms-reviewer-1"}, Refused, "delegation_to_oneself"),
        ({"receiver": "nobody"}, Malformed, "malformed"),
        ({"receiver": "signatory-1"}, Refused, "receiver_not_eligible"),
        ({"grants": [{"role": "reviewer", "scope": "gender"}]}, Refused, "not_yours_to_delegate"),
        ({"ends_on": "2020-01-01"}, Malformed, "malformed"),
        ({"starts_on": "2020-01-01", "ends_on": "2020-02-01"}, Malformed, "malformed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_delegation_that_cannot_be_is_refused(accord, changes, error, code):
    with pytest.raises(error) as refused:
        await a_delegation(accord, **changes)

    assert refused.value.code == code


async def test_a_delegation_is_not_passed_on(accord):
    await a_delegation(accord)

    with pytest.raises(Refused, match="delegation_of_a_delegation"):
        await a_delegation(accord, "gender-reviewer-1", "legal-1")


@pytest.mark.on_both_databases
async def test_an_absence_sends_what_one_holds_to_who_stands_in_and_brings_it_back(
    accord, reference
):
    away = await accord.viewer("norms-reviewer-1")
    task = await accord.task(reference, "compliance.norms")
    await deciding.claim(accord.office, away, task["id"])
    await a_delegation(accord, receiver="desk-officer-1")
    await be_away(accord, "norms-reviewer-1", begins=1, days=3)
    assert await holder(accord, reference) == "norms-reviewer-1"

    accord.ahead += timedelta(days=1)
    assert await rerouting.reroute(accord.office) == 1
    assert await holder(accord, reference) == "desk-officer-1"
    assert await rerouting.reroute(accord.office) == 0

    accord.ahead += timedelta(days=4)
    assert await rerouting.reroute(accord.office) == 1
    assert await holder(accord, reference) == "norms-reviewer-1"
    assert await rerouting.reroute(accord.office) == 0
    moves = await told(accord, reference, "task_rerouted", "task_came_back")
    assert [(m["type"], m["data"]["from"], m["data"]["to"]) for m in moves] == [
        ("task_rerouted", "demo-norms-reviewer-1", "demo-desk-officer-1"),
        ("task_came_back", "demo-desk-officer-1", "demo-norms-reviewer-1"),
    ]
    assert await differences(accord) == []


async def test_without_anybody_who_stands_in_a_task_goes_to_the_group_and_comes_back(
    accord, reference
):
    away = await accord.viewer("norms-reviewer-1")
    task = await accord.task(reference, "compliance.norms")
    await deciding.claim(accord.office, away, task["id"])

    await be_away(accord, "norms-reviewer-1", days=3)
    assert await holder(accord, reference) is None

    await absences.take_back(accord.office, away)
    assert await holder(accord, reference) == "norms-reviewer-1"
    await absences.take_back(accord.office, away)  # nothing left to take back


async def test_what_somebody_took_meanwhile_stays_with_them(accord, reference):
    away = await accord.viewer("norms-reviewer-1")
    task = await accord.task(reference, "compliance.norms")
    await deciding.claim(accord.office, away, task["id"])
    await be_away(accord, "norms-reviewer-1", days=3)

    await deciding.claim(accord.office, await accord.viewer("norms-reviewer-2"), task["id"])
    await absences.take_back(accord.office, away)

    assert await holder(accord, reference) == "norms-reviewer-2"


async def test_whoever_is_away_may_still_act(accord, reference):
    await be_away(accord, "norms-reviewer-1", days=3)
    away = await accord.viewer("norms-reviewer-1")
    task = await accord.task(reference, "compliance.norms")

    await deciding.claim(accord.office, away, task["id"])
    accord.ahead += timedelta(days=1)
    await rerouting.reroute(accord.office)

    assert await holder(accord, reference) == "norms-reviewer-1"


async def test_an_absence_that_was_changed_meanwhile_is_not_overwritten(accord):
    await be_away(accord, "norms-reviewer-1", days=3)
    viewer = await accord.viewer("norms-reviewer-1")

    with pytest.raises(Stale):
        await absences.put(
            accord.office, viewer, AbsenceRequest(starts_on=accord.office.today()), 0
        )


async def test_a_delegation_is_worth_nothing_where_its_giver_is_recused(accord, reference):
    await a_delegation(accord, receiver="desk-officer-1")
    task = await accord.task(reference, "compliance.norms")
    await deciding.claim(accord.office, await accord.viewer("desk-officer-1"), task["id"])

    giver = await accord.viewer("norms-reviewer-1")
    await recuse(accord.office, giver, task["id"], "My sister works there.", a_request())

    receiver = await accord.viewer("desk-officer-1")
    with pytest.raises(NotFound):
        await reading.proposal(accord.office, receiver, reference)
    assert await holder(accord, reference) == "norms-reviewer-2"
    assert await differences(accord) == []


async def test_who_is_out_of_office_is_not_drawn(accord, reference):
    await be_away(accord, "norms-reviewer-2", days=3)
    task = await accord.task(reference, "compliance.norms")
    person = await accord.viewer("norms-reviewer-1")
    await deciding.claim(accord.office, person, task["id"])

    await recuse(accord.office, person, task["id"], "My sister works there.", a_request())

    assert await holder(accord, reference) is None
    administrator = await accord.viewer("administrator-1")
    (item,) = await unattended.listed(accord.office, administrator)
    assert (item["id"], item["why"]) == (task["id"], "everybody_away")
    assert [each["name"] for each in item["away"]] == ["Norms reviewer 2"]

    await a_delegation(accord, "norms-reviewer-2", "gender-reviewer-1")
    assert await unattended.listed(accord.office, administrator) == []


async def test_the_substitute_is_who_holds_the_fewest_tasks(accord, reference):
    other = await accord.submit(a_proposal())
    await accord.decide(other, "eligibility.confirm")
    await accord.until(other, stage="compliance")
    busy = await accord.viewer("norms-reviewer-2")
    held = await accord.task(other, "compliance.norms")
    await deciding.claim(accord.office, busy, held["id"])
    await a_delegation(accord, receiver="desk-officer-1")
    task = await accord.task(reference, "compliance.norms")

    person = await accord.viewer("desk-officer-1")
    await recuse(accord.office, person, task["id"], "A friend.", a_request())

    assert await holder(accord, reference) == "norms-reviewer-1"


async def test_housekeeping_finds_a_task_that_nobody_may_take_and_that_somebody_may_again(
    accord, reference
):
    for person in ("gender-reviewer-1", "gender-reviewer-2"):
        await _set_active(accord, person, active=False)

    assert await unattended.look(accord.office) == 1
    assert await unattended.look(accord.office) == 1
    events = await told(accord, reference, "nobody_left")
    waits = await reading.waiting(accord.office, AN_AUDITOR, reference)
    task = await accord.task(reference, "compliance.gender")
    assert [event["data"]["task"] for event in events] == [task["id"]]
    assert [w["task"] for w in waits["items"] if w["on"]["who"] == "nobody_may_take"] == [
        task["id"]
    ]
    assert await differences(accord) == []

    await _set_active(accord, "gender-reviewer-1", active=True)
    assert await unattended.look(accord.office) == 0
    assert await unattended.listed(accord.office, AN_AUDITOR) == []


async def _set_active(accord, person, *, active):
    async with accord.office.database.writing() as session:
        row = await session.get_one(PersonRow, f"demo-{person}")
        row.active = active
        session.add(row)
