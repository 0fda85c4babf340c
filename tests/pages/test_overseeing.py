"""What those who oversee a case see of it: its way, why it waits, as it was, whether it holds."""

import pytest
from sqlalchemy import text

from commands import nudging
from policy.wording import TORONTO
from schemas.errors import Refused
from tests.installation import a_request
from tests.journeys.client import CONTENT, costing

SVG = "{http://www.w3.org/2000/svg}"
SMALL = CONTENT | costing(300_000)


async def test_the_way_of_a_proposal_is_drawn_and_told_in_a_table(accord, browsers):
    reference = await accord.submit(SMALL)
    await accord.decide(reference, "eligibility.confirm")
    auditor = await browsers("auditor.1")

    page = await auditor.open(f"/proposals/{reference}/progress")

    drawn = page.root.find(f".//{SVG}svg")
    boxes = {box.find(f"{SVG}text").text: box.get("class") for box in drawn.iter(f"{SVG}g")}
    assert boxes["Eligibility"] == "box done"
    assert boxes["Compliance"] == "box here"
    assert boxes["Funding"] == "box ahead"
    assert "Compliance: here now" in "".join(drawn.find(f"{SVG}desc").itertext())
    steps = page.root.find(".//table/tbody")
    assert ["".join(each.find("th").itertext()) for each in steps] == [
        "Draft", "Eligibility", "Compliance",
    ]  # fmt: skip


async def test_a_stay_with_the_partner_stands_beside_the_stages(accord, browsers):
    reference = await accord.submit(SMALL)
    await accord.decide(reference, "eligibility.confirm", "return", sections=("summary",))
    auditor = await browsers("auditor.1")

    page = await auditor.open(f"/proposals/{reference}/progress")

    drawn = page.root.find(f".//{SVG}svg")
    boxes = {box.find(f"{SVG}text").text: box.get("class") for box in drawn.iter(f"{SVG}g")}
    assert boxes["Returned to the partner"] == "box here"
    assert boxes["Eligibility"] == "box done"
    assert "the proposal lapses, " in page.text


async def test_why_a_proposal_waits_is_told_with_what_one_may_do(accord, browsers):
    reference = await accord.submit(SMALL)
    task = await accord.task(reference, "eligibility.confirm")
    administrator = await browsers("administrator.1")

    page = await administrator.open(f"/proposals/{reference}/progress")
    nudged = await administrator.fill(page, f"/tasks/{task['id']}/nudge", {})
    again = await administrator.send(f"/tasks/{task['id']}/nudge", {"key": "another"})

    assert "Program officer" in page.text
    assert "a reminder, " in page.text
    assert nudged.heading == "Why this task waits"
    assert "Asked for" in nudged.text
    assert again.status == 409


async def test_an_administrator_gives_a_waiting_task_to_somebody(accord, browsers):
    reference = await accord.submit(SMALL)
    task = await accord.task(reference, "eligibility.confirm")
    administrator = await browsers("administrator.1")

    page = await administrator.open(f"/proposals/{reference}/progress")
    link = page.links()["Give it to somebody: Confirm eligibility"]
    form = await administrator.open(link.split("#")[0])
    done = await administrator.fill(
        form, f"/tasks/{task['id']}/reassign", {"person": "demo-programme-officer-2"}
    )

    assert link.endswith(f"/tasks/{task['id']}#reassign")
    assert done.status == 200
    assert (await accord.task(reference, "eligibility.confirm"))["holder"]["id"] == (
        "demo-programme-officer-2"
    )


async def test_what_fails_is_told_and_tried_again_by_a_form(accord, browsers):
    reference = await accord.submit(SMALL)
    async with accord.office.database.writing() as session:
        await (await session.connection()).execute(
            text(
                "insert into messages (id, reference, kind, payload, created_at, tries, next_at) "
                "values ('stuck', :reference, 'rescreen', '{}', '2026-01-01', 3, '2099-01-01')"
            ),
            {"reference": reference},
        )
    administrator = await browsers("administrator.1")
    auditor = await browsers("auditor.1")

    page = await administrator.open(f"/proposals/{reference}/progress")
    looked = await auditor.open(f"/proposals/{reference}/progress")

    assert "3 tries" in page.text
    assert page.form(f"/en/proposals/{reference}/retry")["key"]
    assert "Try it again now" not in looked.text


async def test_the_timeline_says_who_did_it_in_which_role_under_which_rules(accord, browsers):
    reference = await accord.submit(SMALL)
    await accord.decide(reference, "eligibility.confirm")
    auditor = await browsers("auditor.1")
    administrator = await browsers("administrator.1")

    page = await auditor.open(f"/proposals/{reference}/history")
    without = await administrator.open(f"/proposals/{reference}/history")

    assert "Programme officer 1, Program officer (CTCBP)" in page.text
    assert "CTCBP/2026-04-01" in page.text
    assert "Task decided: Confirm eligibility: Eligible" in page.text
    assert "Stage begun: Compliance" in page.text
    assert "For the file." in page.text
    assert "For the file." not in without.text
    french = await (await browsers("norms.reviewer.1", "fr")).open(f"/proposals/{reference}")
    assert "admissibilité : Admissible" in french.text


async def test_a_long_timeline_goes_on_behind_its_page(accord, browsers):
    reference = await accord.submit(SMALL)
    await accord.advance_to(reference, "active")
    auditor = await browsers("auditor.1")

    first = await auditor.open(f"/proposals/{reference}/history")
    second = await auditor.open(f"/en/proposals/{reference}/history{first.links()['Next page']}")

    assert "From the beginning" in second.text
    before = {each.get("id") for each in first.root.iter("li")} - {None}
    after = {each.get("id") for each in second.root.iter("li")} - {None}
    assert before
    assert after
    assert not before & after


async def test_a_case_is_shown_as_it_was_at_a_minute_in_toronto(accord, browsers):
    reference = await accord.submit(SMALL)
    moment = accord.office.now()
    await accord.decide(reference, "eligibility.confirm")
    auditor = await browsers("auditor.1")

    form = await auditor.open(f"/proposals/{reference}/as-of")
    early = await auditor.open(f"/proposals/{reference}/as-of?day=2020-01-01&at=10:00")
    wrong = await auditor.open(f"/proposals/{reference}/as-of?day=tomorrow&at=10:00")
    future = await auditor.open(f"/proposals/{reference}/as-of?day=2199-01-01&at=10:00")
    local = moment.astimezone(TORONTO)
    shown = await auditor.open(
        f"/proposals/{reference}/as-of?day={local:%Y-%m-%d}&at={local:%H:%M:%S.%f}"
    )

    assert form.status == 200
    assert early.status == 422
    assert wrong.status == 422
    assert "Write the day as" in wrong.text
    assert future.status == 422
    assert "StageEligibility" in shown.text
    assert "Confirm eligibilityOpen" in shown.text


async def test_verification_says_that_everything_agrees_and_what_does_not(accord, browsers):
    reference = await accord.submit(SMALL)
    administrator = await browsers("administrator.1")

    page = await administrator.open(f"/proposals/{reference}/verification")
    agrees = await administrator.open(f"/proposals/{reference}/verification?run=true")
    async with accord.office.database.writing() as session:
        await (await session.connection()).execute(
            text("update proposals set stage = 'funding' where reference = :reference"),
            {"reference": reference},
        )
    differs = await administrator.open(f"/proposals/{reference}/verification?run=true")

    assert "Everything agrees" not in page.text
    assert "Everything agrees" in agrees.text
    assert "Something differs" in differs.text
    assert "What pages show differs from what the events say" in differs.text


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("page", ["progress", "history", "as-of", "verification?run=true"])
async def test_pages_of_a_case_stand_in_both_languages(accord, browsers, language, page):
    reference = await accord.submit(SMALL)
    auditor = await browsers("auditor.1", language)

    shown = await auditor.open(f"/proposals/{reference}/{page}")

    assert shown.status == 200
    assert shown.root.get("lang") == language


async def test_who_does_not_see_a_case_sees_none_of_its_pages(accord, browsers):
    reference = await accord.submit(SMALL)
    stranger = await browsers("signatory.2")
    partner = await browsers("signatory.1")
    desk = await browsers("desk.officer.1")

    for page in ("progress", "history", "as-of", "verification?run=true"):
        assert (await stranger.open(f"/proposals/{reference}/{page}")).status == 404
        assert (await desk.open(f"/proposals/{reference}/{page}")).status == 404
    assert (await partner.open(f"/proposals/{reference}/progress")).path.endswith(reference)
    assert (await partner.open(f"/proposals/{reference}/verification?run=true")).status == 403


async def test_the_engine_s_own_pages_are_linked_for_administrators_alone(accord, browsers):
    reference = await accord.submit(SMALL)
    accord.office.engine_pages = "https://temporal.example/namespaces/default/workflows/"
    administrator = await browsers("administrator.1")
    auditor = await browsers("auditor.1")

    page = await administrator.open(f"/proposals/{reference}/progress")
    other = await auditor.open(f"/proposals/{reference}/progress")

    assert page.links()["The workflow in the engine's own pages"].endswith(
        f"/workflows/proposal%3A{reference}"
    )
    assert "engine's own pages" not in other.text


async def test_a_nudge_by_page_is_recorded_as_over_the_api(accord, browsers):
    reference = await accord.submit(SMALL)
    task = await accord.task(reference, "eligibility.confirm")
    administrator = await accord.viewer("administrator-1")
    browser = await browsers("administrator.1")

    page = await browser.open(f"/tasks/{task['id']}/waiting")
    await browser.fill(page, f"/tasks/{task['id']}/nudge", {})

    with pytest.raises(Refused, match="nudged_today"):
        await nudging.nudge(accord.office, administrator, task["id"], a_request())
