"""An authorization that a finding rests on: warned of, and the finding asked anew once it ends."""

from datetime import timedelta

import pytest

from commands import authorizations, notifications, partner_acts, reading
from commands.verifying import verify
from schemas.errors import Refused
from tests.installation import a_request
from tests.journeys.test_conditional_reviews import LEBANON
from tests.policy.proposals import a_proposal

REVIEWER = "country-measures-reviewer-1"


@pytest.fixture
async def reference(accord):
    """A proposal for Lebanon whose review of country measures is asked for."""
    reference = await accord.submit(a_proposal(**LEBANON))
    await accord.advance_to(reference, "compliance")
    await accord.screened(reference)
    return reference


def held(accord, *, days):
    today = accord.office.today()
    return {
        "number": "2026-17", "issuer": "UNIFIL", "reference": "File 2026-17",
        "issued_on": today.isoformat(),
        "valid_until": (today + timedelta(days=days)).isoformat(),
    }  # fmt: skip


async def find(accord, reference, authorization):
    """Answer the embargo with *authorization*; a condition goes with its early end."""
    task = await accord.task(reference, "compliance.country_measures")
    person = (await accord.takers(task))[0]
    detail, _ = await reading.task(accord.office, person, task["id"], "en")
    answers = detail["form"]["examples"][0] | {
        "measures": {"lebanon_arms": {
            "basis": "authorization", "authorization": authorization, "reason": "It is held.",
        }},
        "conditions": [{
            "text": "Renew the authorization.", "owner": "Department", "due_date": "2027-03-31",
            "evidence": "The new one.", "gates": "payment", "kept_by": "department",
            "risks": ["exception_lapses"],
        }],
    }  # fmt: skip
    await accord.decide_task(task, by=person, answers=answers)
    return task


async def told(accord, person):
    found = await notifications.listed(
        accord.office, await accord.viewer(person), unread=None, limit=50, cursor=None
    )
    return [(each["kind"], each["reference"]) for each in found["items"]]


async def test_an_authorization_that_ends_is_warned_of_and_then_re_opens_the_finding(
    accord, reference
):
    first = await find(accord, reference, held(accord, days=40))
    await accord.advance_to(reference, "funding")

    assert await authorizations.end_due(accord.office) == 0
    assert ("authorization_ending", reference) not in await told(accord, REVIEWER)
    accord.ahead += timedelta(days=15)
    assert await authorizations.end_due(accord.office) == 0
    assert await authorizations.end_due(accord.office) == 0
    for person in (REVIEWER, "programme-officer-1"):
        assert (await told(accord, person)).count(("authorization_ending", reference)) == 1
    assert (await accord.view(reference))["stage"] == "funding"
    accord.ahead += timedelta(days=26)
    assert await authorizations.end_due(accord.office) == 1
    assert await authorizations.end_due(accord.office) == 0

    await accord.until(reference, stage="compliance")
    again = await accord.task(reference, "compliance.country_measures")
    assert again["id"] != first["id"]
    assert ("authorization_ended", reference) in await told(accord, REVIEWER)
    assert "authorization_ended" not in {kind for kind, _ in await told(accord, "signatory-1")}
    assert (await verify(accord.office, None)).differences == []


async def test_nobody_signs_once_the_authorization_has_ended_before_the_finding_is_in(
    accord, reference
):
    await find(accord, reference, held(accord, days=20))
    await accord.advance_to(reference, "agreement")
    while "agreement.sign" not in await accord.open_kinds(reference):
        await accord.step(reference)
    accord.ahead += timedelta(days=21)
    await authorizations.end_due(accord.office)
    for _ in range(500):
        if "compliance.country_measures" in await accord.open_kinds(reference):
            break
        await accord.settle()

    task = await accord.task(reference, "agreement.sign")
    with pytest.raises(Refused, match="measure_not_reviewed"):
        await accord.decide_task(task)
    assert (await accord.view(reference))["outcome"] == "approved"


async def test_nobody_is_told_of_a_proposal_that_has_ended(accord, reference):
    await find(accord, reference, held(accord, days=20))
    await partner_acts.withdraw(
        accord.office, accord.signatory, reference, "Our plans have changed.", a_request()
    )

    assert await authorizations.end_due(accord.office) == 0
    accord.ahead += timedelta(days=21)
    assert await authorizations.end_due(accord.office) == 0

    assert await told(accord, REVIEWER) == []
