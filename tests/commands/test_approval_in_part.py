"""An approver approves less money or fewer years; the agreement and the funds say the same."""

import pytest
from sqlmodel import select

from commands import reading
from commands.verifying import verify
from schemas.errors import Malformed
from store.tables import FundRow
from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(200_000)


async def reserved(accord):
    async with accord.office.database.reading() as session:
        return {fund.id: fund.reserved for fund in await session.exec(select(FundRow))}


@pytest.fixture
async def reference(accord):
    reference = await accord.submit(SMALL)
    await accord.advance_to(reference, "funding")
    await accord.decide(reference, "funding.recommend")
    return reference


async def approve(accord, reference, *part):
    task = await accord.task(reference, "funding.approve")
    [person, *_] = await accord.takers(task)
    detail, _ = await reading.task(accord.office, person, task["id"], "en")
    answers = detail["form"]["examples"][0] | {
        "part": [{"fund": f, "amount": {"currency": "CAD", "value": v}} for f, v in part]
    }
    return await accord.decide_task(task, "approve_in_part", by=person, answers=answers)


@pytest.mark.on_both_databases
async def test_the_agreement_holds_what_was_approved_and_the_rest_is_free(accord, reference):
    before = {fund: cents for fund, cents in (await reserved(accord)).items() if cents}
    first, second = sorted(before)

    await approve(accord, reference, (first, "100000.00"))

    await accord.until(reference, stage="agreement")
    view = await accord.view(reference, accord.signatory)
    funding = view["agreement"]["document"]["sections"][2]
    assert funding["table"]["rows"] == [[first[-7:], "$100,000.00"]]
    [letter] = view["letters"]
    assert letter["subject"] == "Your proposal is approved in part"
    for _ in range(500):
        if not (await reserved(accord))[second]:
            break
        await accord.settle()
    assert (await reserved(accord))[first] == before[first]
    assert (await reserved(accord))[second] == 0
    assert (await verify(accord.office, None)).differences == []


@pytest.mark.parametrize(
    ("part", "pointer", "code"),
    [
        pytest.param([], "/answers/part", "part_is_no_part", id="nothing"),
        pytest.param(
            [("first", "100000.00"), ("second", "100000.00")], "/answers/part",
            "part_is_no_part", id="all of it",
        ),
        pytest.param(
            [("first", "100000.01")], "/answers/part/0/amount", "part_above_reserved", id="more",
        ),
        pytest.param(
            [("first", "1.00"), ("first", "1.00")], "/answers/part", "fund_named_twice", id="twice",
        ),
    ],
)  # fmt: skip
async def test_what_is_no_part_is_told_at_its_place(accord, reference, part, pointer, code):
    funds = dict(
        zip(("first", "second"), sorted(f for f, c in (await reserved(accord)).items() if c),
            strict=True)
    )  # fmt: skip

    with pytest.raises(Malformed) as refused:
        await approve(accord, reference, *((funds[name], value) for name, value in part))

    assert (pointer, code) in [(gap.pointer, gap.code) for gap in refused.value.gaps]
