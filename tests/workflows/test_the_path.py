"""A proposal's way from submission to an active agreement, and the ways it can end."""

from datetime import timedelta

import pytest

from commands.partner_acts import withdraw
from schemas.errors import Refused
from tests.installation import Installation, a_request
from tests.policy.proposals import a_proposal

JORDAN = a_proposal().model_dump(mode="json")


@pytest.mark.on_both_databases
async def test_a_proposal_goes_from_submission_to_an_active_agreement(accord: Installation):
    reference = await accord.submit(JORDAN)

    await accord.advance_to(reference, "active")

    view = await accord.view(reference)
    assert (view["stage"], view["outcome"]) == ("active", "approved")
    assert {line["state"] for line in view["commitments"]} == {"committed"}


async def test_a_returned_proposal_lapses_when_the_partner_stays_silent(accord: Installation):
    reference = await accord.submit(JORDAN)
    await accord.decide(reference, "eligibility.confirm", "return", sections=("summary",))

    await accord.pass_time(reference, timedelta(days=200))

    view = await accord.until(reference, stage="closed")
    assert view["outcome"] == "lapsed"


@pytest.mark.on_both_databases
async def test_a_withdrawal_closes_tasks_and_frees_money(accord: Installation):
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "funding")
    await accord.decide(reference, "funding.recommend")

    await withdraw(accord.office, accord.signatory, reference, "We changed plans.", a_request())

    view = await accord.view(reference)
    assert (view["stage"], view["outcome"]) == ("closed", "withdrawn")
    assert await accord.open_kinds(reference) == []
    assert (view["commitments"], view["money"]["state"]) == ([], "released")


async def test_a_decision_on_a_decided_task_is_refused(accord: Installation):
    reference = await accord.submit(JORDAN)
    task = await accord.task(reference, "eligibility.confirm")
    officer = (await accord.takers(task))[0]
    await accord.decide_task(task, by=officer)

    with pytest.raises(Refused) as refused:
        await accord.decide_task(task, by=officer)

    assert refused.value.code == "already_decided"
