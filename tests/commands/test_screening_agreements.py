"""What a changed list means for agreements: found again, sealed, and let go on by legal alone."""

import pytest

from commands import reading
from commands.screening import import_list
from commands.verifying import verify
from schemas.errors import Malformed, Refused
from tests.installation import a_request
from tests.lists.published import a_record, canadian
from tests.policy.proposals import a_proposal

NAMED = a_proposal(
    named_parties=[{"name": "Viktor Korovin", "kind": "person", "relation": "trainee"}]
)
OTHERS = a_record(entity="Brasko Mill", item="17")
KOROVIN = a_record(last="Korovin", given="Viktor", born="1959", listed_on="2026-08-14", item="9")


@pytest.fixture
async def reference(accord):
    """An agreement that runs, with somebody in it who is not listed yet."""
    accord.office.heads = None  # what was signed is tested in tests/records
    await imported(accord, OTHERS)
    found = await accord.submit(NAMED)
    await accord.advance_to(found, "active")
    return found


async def imported(accord, *records):
    reviewer = await accord.viewer("screening-reviewer-1")
    data = canadian(*records)
    return await import_list(accord.office, reviewer, "ca_sema", None, data, a_request())


async def asked(accord, reference, kind):
    for _ in range(500):
        if kind in await accord.open_kinds(reference):
            return await accord.task(reference, kind)
        await accord.settle()
    raise AssertionError(f"no {kind}: {await accord.open_kinds(reference)}")


async def judge(accord, reference, judgement):
    task = await asked(accord, reference, "screening.adjudicate")
    reviewer = (await accord.takers(task))[0]
    detail, _ = await reading.task(accord.office, reviewer, task["id"], "en")
    answers = detail["form"]["examples"][0]
    for line in answers["hits"].values():
        line["judgement"] = judgement
    await accord.decide_task(task, judgement, by=reviewer, answers=answers)


async def held(accord, reference):
    return [hold["kind"] for hold in (await accord.view(reference))["holds"]]


async def verified(accord):
    for _ in range(500):
        report = await verify(accord.office, accord.office.gateway)
        if not report.pending:
            return report.differences
        await accord.settle()
    raise AssertionError(report.pending)


async def test_a_new_identity_is_found_in_an_agreement_and_a_match_seals_it(accord, reference):
    answer = await imported(accord, OTHERS, KOROVIN)
    assert (answer["added"], answer["rescreening"]) == (1, 1)

    await judge(accord, reference, "match")

    assert await held(accord, reference) == ["seal"]
    legal = await asked(accord, reference, "legal.disposition")
    assert [each["code"] for each in legal["outcomes"]] == ["not_applicable", "authorized"]
    with pytest.raises((Refused, Malformed)):
        await accord.decide(reference, "legal.disposition", "refuse")
    await accord.decide(reference, "legal.disposition", "not_applicable")
    assert await held(accord, reference) == []
    assert await verified(accord) == []


async def test_no_match_lets_the_agreement_go_on(accord, reference):
    await imported(accord, OTHERS, KOROVIN)

    await judge(accord, reference, "no_match")

    if "confirm" in await accord.open_kinds(reference):
        await accord.decide(reference, "confirm", "agree")
    assert await held(accord, reference) == []
    assert await accord.open_kinds(reference) == []
    assert await verified(accord) == []


async def test_a_clearance_that_another_doubts_goes_to_legal(accord, reference):
    await imported(accord, OTHERS, KOROVIN)
    await judge(accord, reference, "no_match")

    await accord.decide(reference, "confirm", "disagree")

    assert await held(accord, reference) == ["seal"]
    assert await accord.open_kinds(reference) == ["legal.disposition"]


async def test_a_corrected_listing_date_asks_no_agreement(accord, reference):
    await imported(accord, OTHERS, KOROVIN)
    await judge(accord, reference, "unsure")

    answer = await imported(accord, OTHERS, KOROVIN | {"listed_on": "2026-08-13"})

    assert (answer["metadata_only"], answer["rescreening"]) == (1, 0)
    removed = await imported(accord, OTHERS)
    assert (removed["removed"], removed["rescreening"]) == (1, 0)
    assert await held(accord, reference) == ["seal"]
