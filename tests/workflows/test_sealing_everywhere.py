"""A match of an owner or director reaches everything alive of the partner, and ends as one."""

from typing import Any

import pytest

from commands import reading, undoing
from commands.partner_acts import reconsider, withdraw
from commands.verifying import verify
from schemas.errors import Refused
from tests.installation import AN_AUDITOR, Installation, a_request
from tests.policy import newer_terms
from tests.policy.proposals import a_proposal

JORDAN = a_proposal().model_dump(mode="json")
LISTED = {
    "name": "Demonstration listed person one",
    "kind": "person",
    "relation": "director",
    "birth_date": "1901-01-01",
}
OF_A_LISTED_DIRECTOR = a_proposal(named_parties=[LISTED]).model_dump(mode="json")


async def judge(accord: Installation, reference: str, judgement: str) -> None:
    while "screening.adjudicate" not in await accord.open_kinds(reference):
        await accord.settle()
    task = await accord.task(reference, "screening.adjudicate")
    person = (await accord.takers(task))[0]
    detail, _ = await reading.task(accord.office, person, task["id"], "en")
    answers: dict[str, Any] = dict(detail["form"]["examples"][0])
    answers["hits"] = {
        hit: {**line, "judgement": judgement} for hit, line in answers["hits"].items()
    }
    await accord.decide_task(task, judgement, by=person, answers=answers)


async def is_sealed(accord: Installation, reference: str) -> bool:
    view = await accord.view(reference, AN_AUDITOR)
    return any(hold["kind"] == "seal" for hold in view["holds"])


async def until_sealed(accord: Installation, reference: str, *, sealed: bool) -> None:
    while await is_sealed(accord, reference) is not sealed:
        await accord.settle()


async def test_one_disposition_ends_the_seal_everywhere(accord: Installation):
    other = await accord.submit(JORDAN)
    reference = await accord.submit(OF_A_LISTED_DIRECTOR)

    await judge(accord, reference, "match")
    await until_sealed(accord, other, sealed=True)
    with pytest.raises(Refused) as refused:
        await accord.decide(other, "eligibility.confirm")
    assert refused.value.code == "on_hold"

    await accord.decide(reference, "legal.disposition", "not_applicable")
    await until_sealed(accord, other, sealed=False)
    await accord.advance_to(other, "compliance")


async def test_what_is_submitted_while_its_partner_is_sealed_is_sealed_with_the_rest(
    accord: Installation,
):
    reference = await accord.submit(OF_A_LISTED_DIRECTOR)
    await judge(accord, reference, "match")
    await until_sealed(accord, reference, sealed=True)

    later = await accord.submit(JORDAN)

    await until_sealed(accord, later, sealed=True)
    with pytest.raises(Refused) as refused:
        await accord.decide(later, "eligibility.confirm")
    assert refused.value.code == "on_hold"
    mine = await accord.view(later, accord.signatory)
    assert (mine["partner_status"], mine["clock"]["paused"]) == ("received", False)
    await accord.decide(reference, "legal.disposition", "not_applicable")
    await until_sealed(accord, later, sealed=False)
    await accord.advance_to(later, "compliance")
    assert (await verify(accord.office, None)).differences == []


async def test_a_doubt_seals_its_own_proposal_alone(accord: Installation):
    other = await accord.submit(JORDAN)
    reference = await accord.submit(OF_A_LISTED_DIRECTOR)

    await judge(accord, reference, "unsure")
    await accord.settle()

    assert await is_sealed(accord, reference)
    assert not await is_sealed(accord, other)


async def test_after_a_withdrawal_legal_still_ends_the_seal_everywhere(accord: Installation):
    other = await accord.submit(JORDAN)
    reference = await accord.submit(OF_A_LISTED_DIRECTOR)
    await judge(accord, reference, "match")
    await until_sealed(accord, other, sealed=True)

    await withdraw(accord.office, accord.signatory, reference, "We changed plans.", a_request())
    assert await accord.open_kinds(reference) == ["legal.disposition"]
    await accord.decide(reference, "legal.disposition", "not_applicable")

    await until_sealed(accord, other, sealed=False)
    assert (await accord.view(reference))["outcome"] == "withdrawn"


async def test_what_is_reopened_while_its_partner_is_sealed_is_sealed_with_the_rest(
    accord: Installation,
):
    other = await accord.submit(JORDAN)
    await accord.screened(other)
    await accord.decide(other, "eligibility.confirm", "ineligible")
    reference = await accord.submit(OF_A_LISTED_DIRECTOR)
    await judge(accord, reference, "match")
    await accord.settle()
    assert not await is_sealed(accord, other)
    await reconsider(accord.office, accord.signatory, other, "It was moved.", a_request())

    await accord.decide(other, "reconsider", "reopen")

    await until_sealed(accord, other, sealed=True)
    with pytest.raises(Refused) as refused:
        await accord.decide(other, "eligibility.confirm")
    assert refused.value.code == "on_hold"
    await accord.decide(reference, "legal.disposition", "not_applicable")
    await until_sealed(accord, other, sealed=False)
    await accord.advance_to(other, "compliance")
    assert (await verify(accord.office, None)).differences == []


async def test_a_decision_taken_back_while_its_partner_is_sealed_is_sealed_again(
    accord: Installation, tmp_path
):
    accord.office.catalogue = newer_terms.catalogue_with(tmp_path, newer_terms.an_hour)
    other = await accord.submit(JORDAN)
    await accord.screened(other)
    reference = await accord.submit(OF_A_LISTED_DIRECTOR)
    decided = await accord.decide(other, "eligibility.confirm", "ineligible")
    await judge(accord, reference, "match")
    person = await accord.viewer(decided["task"]["decided_by"]["id"].removeprefix("demo-"))

    await undoing.undo(accord.office, person, decided["task"]["id"], "A wrong file.", a_request())

    await until_sealed(accord, other, sealed=True)


async def test_what_is_reopened_after_the_seal_has_ended_is_not_sealed(accord: Installation):
    other = await accord.submit(JORDAN)
    await accord.screened(other)
    await accord.decide(other, "eligibility.confirm", "ineligible")
    reference = await accord.submit(OF_A_LISTED_DIRECTOR)
    await judge(accord, reference, "match")
    await accord.decide(reference, "legal.disposition", "not_applicable")
    await reconsider(accord.office, accord.signatory, other, "It was moved.", a_request())

    await accord.decide(other, "reconsider", "reopen")

    await accord.settle()
    assert not await is_sealed(accord, other)
