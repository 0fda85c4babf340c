"""Holds and questions on the pages of staff, and what the partner reads of them."""

from datetime import timedelta

from commands import questions
from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(300_000)


async def test_an_officer_puts_a_proposal_on_hold_and_lets_it_go_on(accord, browsers):
    reference = await accord.submit(SMALL)
    here = f"/proposals/{reference}"
    officer, partner = await browsers("programme.officer.1"), await browsers("signatory.1")
    page = await officer.open(here)
    assert page.links()["Put it on hold"] == f"/en{here}/hold"

    unsaid = await officer.fill(await officer.open(f"{here}/hold"), f"{here}/hold", {})
    held = await officer.fill(unsaid, f"{here}/hold", {"reason": "The auditors look first."})

    assert unsaid.status == 422
    assert "#reason" in unsaid.links().values()
    assert "On hold, by a program officer" in held.text
    assert "The auditors look first." in held.text
    assert "The auditors" not in (await partner.open(here)).text
    resume = await officer.open(held.links()["Let it go on"])
    on = await officer.fill(resume, f"{here}/resume", {"reason": "They found nothing."})
    assert "On hold, by a program officer" not in on.text
    assert (await accord.view(reference))["holds"] == []


async def test_others_have_no_button_and_are_refused(accord, browsers):
    reference = await accord.submit(SMALL)
    here = f"/proposals/{reference}"
    browser = await browsers("finance.officer.1")
    page = await browser.open(here)
    assert "Put it on hold" not in page.text

    refused = await browser.send(f"{here}/hold", {"reason": "Because.", "key": "k"})

    assert refused.status == 403
    assert (await accord.view(reference))["holds"] == []


async def test_an_officer_asks_reads_the_answer_and_takes_a_question_back(accord, browsers):
    reference = await accord.submit(SMALL)
    await accord.advance_to(reference, "compliance")
    here = f"/proposals/{reference}/questions"
    officer, partner = await browsers("programme.officer.1"), await browsers("signatory.1", "fr")
    day = (accord.office.today() + timedelta(14)).isoformat()
    page = await officer.open(here)

    past = await officer.fill(page, here, {"question": "How many?", "due_date": "2020-01-01"})
    asked = await officer.fill(past, here, {"due_date": day})

    assert past.status == 422
    assert "#due_date" in past.links().values()
    assert "Waits for an answer" in asked.text
    viewer = await accord.viewer("programme-officer-1")
    [question] = await questions.of_proposal(accord.office, viewer, reference)
    answering = await partner.open(f"/proposals/{reference}")
    await partner.fill(
        answering, f"{here}/{question['id']}", {f"answer-{question['id']}": "Twelve."}
    )  # fmt: skip
    assert "Twelve." in (await officer.open(here)).text
    mine = await partner.open(here)
    assert "Twelve." in mine.text
    assert "Programme officer" not in mine.text
    again = await officer.fill(
        await officer.open(here), here, {"question": "Who?", "due_date": day}
    )
    back = await officer.open(again.links()["Take the question back: Who?"])
    taken = await officer.fill(back, back.path.removeprefix("/en"), {"reason": "Known already."})
    assert "Taken back" in taken.text


async def test_a_reviewer_asks_inside_a_task(accord, browsers):
    reference = await accord.submit(SMALL)
    await accord.advance_to(reference, "compliance")
    task = await accord.task(reference, "compliance.norms")
    browser = await browsers("norms.reviewer.1")
    here = f"/proposals/{reference}/questions"
    page = await browser.open(f"/tasks/{task['id']}")
    asking = await browser.open(page.links()["Ask the partner something"])
    day = (accord.office.today() + timedelta(14)).isoformat()

    asked = await browser.fill(asking, here, {"question": "Which treaty?", "due_date": day})

    assert "Which treaty?" in asked.text
    reviewer = await accord.viewer("norms-reviewer-1")
    [question] = await questions.of_proposal(accord.office, reviewer, reference)
    assert question["task"] == task["id"]
