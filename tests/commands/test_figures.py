"""What dashboards count: for whom, of which proposals, and that it agrees with the chain."""

from datetime import timedelta

import pytest
from sqlmodel import select

from commands import figures, recusing, verifying
from commands.figures import Wanted, quantile
from schemas.errors import Forbidden
from schemas.people import Desk
from store.tables import JourneyRow, PlaceRow
from tests.installation import AN_AUDITOR, a_request, a_signatory
from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(300_000)


def stage(found, name):
    return next(each for each in found["flow"] if each["stage"] == name)


async def test_a_proposal_is_counted_where_it_stands_and_where_it_was(accord):
    await accord.submit(SMALL)
    reference = await accord.submit(SMALL)
    await accord.decide(reference, "eligibility.confirm", "eligible")

    found = await figures.look(accord.office, AN_AUDITOR, Wanted())

    assert found["proposals"] == 2
    eligibility, compliance = stage(found, "eligibility"), stage(found, "compliance")
    assert (eligibility["reached"], eligibility["now"]) == (2, 1)
    assert (compliance["reached"], compliance["now"]) == (1, 1)
    assert compliance["requested"]["value"] == "300000.00"
    assert found["requested"]["value"] == "600000.00"
    assert {k: found["places"][0][k] for k in ("place", "count")} == {"place": "JO", "count": 2}
    assert "eligibility.confirm" in {each["kind"] for each in found["waiting"]}
    assert [each["running"] for each in found["standards"]] == [0, 2, 0]
    times = [each for each in found["time_in_stage"] if each["stage"] == "eligibility"]
    assert [(each["programme"], each["desk"]) for each in times] == [
        (None, None),
        ("CTCBP", None),
        (None, "middle_east"),
    ]


@pytest.mark.parametrize(
    ("wanted", "counted"),
    [
        pytest.param(Wanted(programme="CTCBP"), 1, id="its program"),
        pytest.param(Wanted(programme="ACCBP"), 0, id="another program"),
        pytest.param(Wanted(desk=Desk.MIDDLE_EAST), 1, id="its desk"),
        pytest.param(Wanted(desk=Desk.AFRICA), 0, id="another desk"),
        pytest.param(Wanted(period="all"), 1, id="everything"),
        pytest.param(Wanted(period="2001-02"), 0, id="a year long ago"),
    ],
)
async def test_filters_narrow_what_is_counted(accord, wanted, counted):
    await accord.submit(SMALL)

    found = await figures.look(accord.office, AN_AUDITOR, wanted)

    assert found["proposals"] == counted


async def test_each_is_shown_figures_of_what_they_see(accord):
    await accord.submit(SMALL)
    officer = await accord.viewer("programme-officer-1")
    desk = await accord.viewer("desk-officer-1")

    assert (await figures.look(accord.office, officer, Wanted()))["proposals"] == 1
    nothing = await figures.look(accord.office, desk, Wanted())
    assert nothing["proposals"] == 0
    assert nothing["places"] == nothing["waiting"] == nothing["time_in_stage"] == []


async def test_a_recused_person_is_not_answered_with_what_was_counted_before(accord):
    reference = await accord.submit(SMALL)
    officer = await accord.viewer("programme-officer-1")
    assert (await figures.look(accord.office, officer, Wanted()))["proposals"] == 1

    task = await accord.task(reference, "eligibility.confirm")
    await recusing.recuse(accord.office, officer, task["id"], "A cousin.", a_request())

    assert (await figures.look(accord.office, officer, Wanted()))["proposals"] == 0


async def test_partners_are_shown_no_figures(accord):
    with pytest.raises(Forbidden, match="staff_only"):
        await figures.look(accord.office, a_signatory("demo-ngo"), Wanted())


async def test_the_journeys_agree_with_the_chain_and_a_wrong_one_is_found(accord):
    reference = await accord.submit(SMALL)
    await accord.decide(reference, "eligibility.confirm", "eligible")
    assert (await verifying.verify(accord.office, None)).differences == []

    async with accord.office.database.writing() as session:
        row = await session.get(JourneyRow, reference)
        row.in_eligibility = 12345
        session.add(row)

    found = (await verifying.verify(accord.office, None)).differences
    assert [(each["what"], each["row"]) for each in found] == [("read_model", "journey")]
    repaired = await verifying.verify(accord.office, None, repair=True)
    assert repaired.differences == []


async def test_a_resubmission_says_its_places_anew(accord):
    reference = await accord.submit(SMALL)

    async with accord.office.database.reading() as session:
        rows = (await session.exec(select(PlaceRow))).all()

    assert [(r.reference, r.revision, r.place, r.share) for r in rows] == [
        (reference, 1, "JO", 10_000)
    ]


def test_the_median_is_a_number_of_days_that_occurred():
    days = {1: 1, 3: 1, 10: 1, 40: 1}

    assert quantile(days, 0.5) == 3
    assert quantile(days, 0.9) == 40


async def test_what_was_counted_is_counted_again_a_moment_later(accord):
    assert (await figures.look(accord.office, AN_AUDITOR, Wanted()))["proposals"] == 0
    await accord.submit(SMALL)
    now = accord.office.now() + timedelta(minutes=1)
    accord.office.clock = lambda: now

    assert (await figures.look(accord.office, AN_AUDITOR, Wanted()))["proposals"] == 1
