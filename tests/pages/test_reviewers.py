"""What reviewers do on pages, without scripts: find a task, answer its form, confirm, decide."""

from datetime import timedelta

import pytest
from sqlmodel import select

from commands import drafting, reading, submitting
from schemas.proposal import Content
from store.tables import LookRow
from tests.documents import files
from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(300_000)


def flat(value, name="answers"):
    """An answer as the fields of a form."""
    if isinstance(value, dict) and set(value) == {"currency", "value"}:
        return {name: value["value"]}
    if isinstance(value, dict):
        return {
            k: v for each, part in value.items() for k, v in flat(part, f"{name}.{each}").items()
        }
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return {k: v for n, row in enumerate(value) for k, v in flat(row, f"{name}.{n}").items()}
    if isinstance(value, bool):
        return {name: str(value).lower()}
    return {name: [str(each) for each in value] if isinstance(value, list) else str(value)}


def account_of(viewer):
    return viewer.email.removesuffix("@accord.example")


async def example_of(accord, task, by):
    found, _ = await reading.task(accord.office, by, task["id"], "en")
    return flat(found["form"]["examples"][0])


async def decide(accord, browser, task, by, outcome, **more):
    """Answer with the form's own example, and confirm."""
    here = f"/tasks/{task['id']}"
    answers = await example_of(accord, task, by)
    page = await browser.open(here)
    fields = {"outcome": outcome, "reason": "For the file.", "act": "review"}
    summary = await browser.fill(page, here, answers | fields | more)
    assert summary.status == 200, summary.text[:800]
    assert summary.heading == "Confirm your decision", summary.text[:800]
    return await browser.fill(summary, f"{here}/decision", {})


async def test_an_inbox_is_narrowed_by_its_address(accord, browsers):
    reference = await accord.submit(SMALL)
    browser = await browsers("programme.officer.1")

    page = await browser.open("/tasks?view=group&q=King+Hussein")
    none = await browser.open("/tasks?view=group&kind=desk.consult")
    mine = await browser.open("/tasks?view=mine")

    assert "Confirm eligibility" in page.text
    assert reference in page.text
    assert "Security at the King Hussein Bridge" in page.text
    assert "There is no task here." in none.text
    assert "My groups' (1)" in mine.text


async def test_a_task_is_taken_drafted_confirmed_and_decided(accord, browsers):
    reference = await accord.submit(SMALL)
    officer = await accord.viewer("programme-officer-1")
    browser = await browsers(account_of(officer))
    task = await accord.task(reference, "eligibility.confirm")
    here = f"/tasks/{task['id']}"

    page = await browser.open(here)
    held = await browser.fill(page, f"{here}/claim", {})
    assert "Me, since" in held.text
    draft = await browser.fill(held, here, {"answers.comments": "So far.", "act": "save"})
    assert "Your draft is saved." in draft.text
    again = await browser.open(here)
    assert again.form(f"/en{here}")["answers.comments"] == ["So far."]
    done = await decide(accord, browser, task, officer, "eligible")

    assert "Your decision is recorded." in done.text
    assert (await accord.view(reference))["stage"] == "compliance"
    shown = await browser.open(here)
    assert "Eligible, Programme officer 1" in shown.text


async def test_what_is_missing_is_told_before_anything_is_decided(accord, browsers):
    reference = await accord.submit(SMALL)
    browser = await browsers("programme.officer.1")
    task = await accord.task(reference, "eligibility.confirm")
    here = f"/tasks/{task['id']}"
    page = await browser.open(here)

    nothing = await browser.fill(page, here, {"act": "review"})
    unsaid = await browser.fill(nothing, here, {"outcome": "ineligible", "act": "review"})

    assert (nothing.status, unsaid.status) == (422, 422)
    assert "#outcome" in [*nothing.links().values()]
    targets = set(unsaid.links().values())
    assert {"#reason", "#message_to_partner", "#answers.interest.declared"} & targets
    assert (await accord.view(reference))["stage"] == "eligibility"


async def test_the_summary_says_what_follows_and_lets_one_change_it(accord, browsers):
    reference = await accord.submit(SMALL)
    officer = await accord.viewer("programme-officer-1")
    browser = await browsers(account_of(officer))
    task = await accord.task(reference, "eligibility.confirm")
    here = f"/tasks/{task['id']}"
    answers = await example_of(accord, task, officer)

    summary = await browser.fill(
        await browser.open(here), here,
        answers | {"outcome": "return", "reason": "R.", "message_to_partner": "Please explain.",
                   "sections": ["summary", "budget"], "act": "review"},
    )  # fmt: skip
    assert "The proposal goes back to the partner" in summary.text
    assert "Summary, Amount and budget" in summary.text
    changed = await browser.fill(summary, here, {"act": "edit"})

    assert changed.form(f"/en{here}")["message_to_partner"] == ["Please explain."]
    assert changed.form(f"/en{here}")["sections"] == ["summary", "budget"]
    assert (await accord.view(reference))["stage"] == "eligibility"


async def test_of_two_who_decide_the_second_is_told_who_did(accord, browsers):
    reference = await accord.submit(SMALL)
    first, second = [await accord.viewer(f"programme-officer-{n}") for n in (1, 2)]
    task = await accord.task(reference, "eligibility.confirm")
    here = f"/tasks/{task['id']}"
    late = await browsers(account_of(second))
    answers = await example_of(accord, task, second)
    fields = answers | {"outcome": "eligible", "act": "review"}
    summary = await late.fill(await late.open(here), here, fields)
    await decide(accord, await browsers(account_of(first)), task, first, "eligible")

    refused = await late.fill(summary, f"{here}/decision", {})

    assert refused.status == 409
    assert "Programme officer 1" in refused.text, refused.text[150:700]


async def test_an_interest_that_is_declared_takes_one_out(accord, browsers):
    reference = await accord.submit(SMALL)
    officer = await accord.viewer("programme-officer-1")
    browser = await browsers(account_of(officer))
    task = await accord.task(reference, "eligibility.confirm")
    here = f"/tasks/{task['id']}"
    answers = await example_of(accord, task, officer) | {
        "answers.interest.declared": "true", "answers.interest.detail": "A cousin.",
    }  # fmt: skip

    summary = await browser.fill(
        await browser.open(here), here, answers | {"outcome": "eligible", "act": "review"}
    )
    assert "You are taken out of this proposal" in summary.text
    await browser.fill(summary, f"{here}/decision", {})

    assert (await browser.open(f"/proposals/{reference}")).status == 404


async def test_a_person_takes_themselves_out_with_a_reason(accord, browsers):
    reference = await accord.submit(SMALL)
    browser = await browsers("programme.officer.1")
    task = await accord.task(reference, "eligibility.confirm")
    here = f"/tasks/{task['id']}/recuse"
    page = await browser.open(here)

    missing = await browser.fill(page, here, {})
    await browser.fill(page, here, {"reason": "A cousin."})

    assert missing.status == 422
    assert (await browser.open(f"/tasks/{task['id']}")).status == 404


async def test_comments_documents_and_giving_a_task_over(accord, browsers):
    reference = await accord.submit(SMALL)
    browser = await browsers("programme.officer.1")
    task = await accord.task(reference, "eligibility.confirm")
    here = f"/tasks/{task['id']}"

    said = await browser.fill(
        await browser.open(here), f"{here}/comments", {"text": "A <b>word</b>"}
    )
    assert "A <b>word</b>" in said.text
    fields = {"kind": "evidence", "marking": "unclassified", "language": "en", "key": "k"}
    attached = await browser.send(
        f"{here}/documents", fields, files={"file": ("page.pdf", files.PDF, "application/pdf")}
    )
    assert "page.pdf" in attached.links()
    given = await browser.fill(attached, f"{here}/reassign", {"person": "demo-programme-officer-2"})
    assert "Programme officer 2 holds this task." in given.text


async def test_every_form_is_drawn_filled_in_and_decided_on_the_way_to_an_agreement(
    accord, browsers
):
    reference = await accord.submit(SMALL)

    seen = set()
    for _ in range(60):
        if (await accord.view(reference))["stage"] == "agreement":
            break
        for task in await accord.open_tasks(reference):
            takers = await accord.takers(task)
            if takers:
                browser = await browsers(account_of(takers[0]))
                outcome = next(o["code"] for o in task["outcomes"] if o["effect"] == "advance")
                done = await decide(accord, browser, task, takers[0], outcome)
                assert "Your decision is recorded." in done.text
                seen.add(task["kind"])
                break
        else:
            await accord.settle()

    assert (await accord.view(reference))["stage"] == "agreement"
    assert {"eligibility.confirm", "compliance.human_rights", "compliance.merit", "confirm",
            "desk.sign_off", "funding.recommend", "funding.approve"} <= seen  # fmt: skip


async def test_who_may_not_decide_reads_and_who_may_not_see_finds_nothing(accord, browsers):
    reference = await accord.submit(SMALL)
    task = await accord.task(reference, "eligibility.confirm")
    auditor, partner = await browsers("auditor.1"), await browsers("signatory.1")

    page = await auditor.open(f"/tasks/{task['id']}")

    assert "You see this task; others decide it." in page.text
    assert (await partner.open(f"/tasks/{task['id']}")).status == 404
    assert "There is no task here." in (await partner.open("/tasks?view=all")).text


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_tasks_are_whole_in_both_languages(accord, browsers, language):
    reference = await accord.submit(SMALL)
    task = await accord.task(reference, "eligibility.confirm")
    browser = await browsers("programme.officer.1", language)

    for path in ("/tasks", f"/tasks/{task['id']}", f"/tasks/{task['id']}/recuse",
                 f"/proposals/{reference}"):  # fmt: skip
        page = await browser.open(path)
        assert page.status == 200
        assert page.root.get("lang") == language


async def test_a_task_says_what_a_resubmission_changed(accord, browsers):
    reference = await accord.submit(SMALL)
    await accord.decide(reference, "eligibility.confirm", "return", sections=("summary",))
    view, version = await reading.proposal(accord.office, accord.signatory, reference)
    content = Content.model_validate({n: view[n] for n in Content.model_fields if n in view})
    changed = content.model_copy(update={"summary": "In other words."})
    await drafting.save(accord.office, accord.signatory, reference, changed, version)
    await submitting.submit(accord.office, accord.signatory, reference, "again", None)
    task = await accord.task(reference, "eligibility.confirm")
    browser = await browsers("programme.officer.1")

    page = await browser.open(f"/tasks/{task['id']}")

    assert "What revision 2 changed" in page.text
    assert "Word by word" in page.links()


async def test_who_comes_back_reads_what_happened_since(accord, browsers):
    reference = await accord.submit(SMALL)
    await accord.screened(reference)
    task = await accord.task(reference, "eligibility.confirm")
    here = f"/tasks/{task['id']}"
    browser, french = await browsers("programme.officer.1"), await browsers("auditor.1", "fr")
    first = await browser.open(here)
    await french.open(f"/proposals/{reference}")
    colleague = await browsers("programme.officer.2")
    await colleague.fill(await colleague.open(here), f"{here}/comments", {"text": "Who pays?"})
    accord.ahead += timedelta(minutes=31)

    by_script = await browser.open(here, headers={"Sec-Fetch-Dest": "empty"})
    back = await browser.open(here)
    on_the_proposal = await french.open(f"/proposals/{reference}")

    assert "Since you last looked" not in first.text
    for page in (by_script, back):
        assert "Since you last looked Comment made: Confirm eligibility, Program" in page.text
    assert back.links()["Comment made"] == f"/en{here}#comments"
    assert "Depuis votre dernière visite Commentaire ajouté" in on_the_proposal.text
    assert on_the_proposal.links()["Commentaire ajouté"] == f"/fr{here}#comments"

    accord.ahead += timedelta(minutes=31)
    assert "Since you last looked" not in (await browser.open(here)).text


async def test_what_a_script_fetches_or_a_browser_fetches_ahead_is_no_look(accord, browsers):
    reference = await accord.submit(SMALL)
    browser = await browsers("programme.officer.1")
    here = f"/proposals/{reference}"

    for headers in (
        {"HX-Request": "true"},
        {"Sec-Fetch-Dest": "empty"},
        {"Sec-Purpose": "prefetch;prerender"},
    ):
        await browser.open(here, headers=headers)
        async with accord.office.database.reading() as session:
            assert (await session.exec(select(LookRow))).all() == []


async def test_a_reviewer_opens_a_conditional_review_by_a_sentence(accord, browsers):
    reference = await accord.submit(SMALL)
    await accord.decide(reference, "eligibility.confirm")
    browser = await browsers("norms.reviewer.1")
    here = f"/proposals/{reference}/reviews"
    page = await browser.open(here)

    missing = await browser.fill(page, here, {"review": "environment"})
    opened = await browser.fill(page, here, {"review": "environment", "reason": "A <b>road</b>."})

    assert missing.status == 422
    assert "A <b>road</b>." in opened.text
    task = await accord.task(reference, "compliance.environment")
    of_it = await browsers("environment.reviewer.1")
    assert "Why this review: A <b>road</b>." in (await of_it.open(f"/tasks/{task['id']}")).text


async def test_a_reviewer_of_the_environment_says_that_a_notice_is_posted(accord, browsers):
    reference = await accord.submit({**SMALL, "physical_works": True})
    await accord.decide(reference, "eligibility.confirm")
    task = await accord.task(reference, "compliance.environment")
    by = (await accord.takers(task))[0]
    found, _ = await reading.task(accord.office, by, task["id"], "en")
    example = found["form"]["examples"][0]
    rests_on = {"basis": "notice", "reference": "Draft", "reason": "A post is built."}
    await accord.decide(
        reference, "compliance.environment", answers=example | {"environment": rests_on}
    )
    await accord.decide(reference, "notice.clear")
    browser = await browsers("environment.reviewer.1")
    here = f"/proposals/{reference}"
    page = await browser.open(f"{here}/reviews")

    missing = await browser.fill(page, f"{here}/notice", {"where": "The registry"})
    today = accord.office.today().isoformat()
    done = await browser.fill(page, f"{here}/notice", {"posted_on": today, "where": "The registry"})

    assert missing.status == 422
    assert "Posted; the effects are determined once it has stood long enough" in done.text


async def test_a_question_that_nothing_asked_is_read_nowhere_once_it_is_decided(accord, browsers):
    reference = await accord.submit(SMALL)
    await accord.decide(reference, "eligibility.confirm")
    task = await accord.task(reference, "compliance.human_rights")
    browser = await browsers("human.rights.reviewer.1")
    asked_if = "Are written assurances held"
    form = await browser.open(f"/tasks/{task['id']}")

    await accord.decide(reference, "compliance.human_rights")
    decided = await browser.open(f"/tasks/{task['id']}")

    assert asked_if in form.text
    assert "Asked only where" in form.text
    assert asked_if not in decided.text
    assert "May the death penalty follow" in decided.text
