"""The annual register: assessments by level and by what became of the proposals."""

import pytest

from commands import register
from commands.register import Wanted
from policy.rules import clocks
from schemas.errors import Forbidden
from schemas.people import Discipline
from tests.installation import AN_AUDITOR
from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(300_000)


async def look(accord, viewer=AN_AUDITOR, **wanted):
    year = clocks.fiscal_year(accord.office.today())
    accord.office.memory.pop("figures", None)
    return await register.look(accord.office, viewer, Wanted(**{"fiscal_year": year, **wanted}))


def level(found, name):
    return next(each for each in found["levels"] if each["level"] == name)


@pytest.mark.on_both_databases
async def test_an_assessment_counts_by_its_level_and_by_what_became_of_it(accord):
    reference = await accord.submit(SMALL)
    await accord.screened(reference)
    await accord.decide(reference, "eligibility.confirm")
    assert (await look(accord))["assessments"] == 0
    await accord.decide(reference, "compliance.norms")
    await accord.decide(reference, "compliance.human_rights")
    await accord.decide(reference, "compliance.merit")

    found = await look(accord)

    assert found["assessments"] == 2  # merit carries no level
    assert sum(each["under_way"] for each in found["levels"]) == 2
    assert {each["discipline"]: each["all"] for each in found["disciplines"]} == {
        "norms": 1, "human_rights": 1,
    }  # fmt: skip
    assert found["findings"] == [{"outcome": "no_objection", "count": 2}]
    await accord.advance_to(reference, "agreement")
    done = await look(accord, discipline=Discipline.HUMAN_RIGHTS)
    [only] = [each for each in done["levels"] if each["all"]]
    assert (only["level"], only["approved"] + only["approved_with_conditions"]) == ("low", 1)
    assert only["approved_with_conditions"] == 1


async def test_filters_and_years_narrow_it(accord):
    reference = await accord.submit(SMALL)
    await accord.decide(reference, "eligibility.confirm")
    await accord.decide(reference, "compliance.norms")

    assert (await look(accord, programme="CTCBP"))["assessments"] == 1
    assert (await look(accord, programme="ACCBP"))["assessments"] == 0
    assert (await look(accord, discipline=Discipline.TERRITORY))["assessments"] == 0
    assert (await look(accord, fiscal_year="2001-02"))["assessments"] == 0


async def test_one_counts_what_one_sees_and_partners_see_none(accord):
    reference = await accord.submit(SMALL)
    await accord.decide(reference, "eligibility.confirm")
    await accord.decide(reference, "compliance.norms")

    assert (await look(accord, await accord.viewer("norms-reviewer-2")))["assessments"] == 1
    assert (await look(accord, await accord.viewer("director-1")))["assessments"] == 0
    with pytest.raises(Forbidden, match="staff_only"):
        await look(accord, accord.signatory)
