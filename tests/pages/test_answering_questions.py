"""Questions of the department on a page: answered in place, without scripts."""

from datetime import timedelta

import pytest

from commands import documents, questions
from schemas.requests import QuestionRequest
from tests.documents import files
from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(300_000)
ABOUT = {"kind": "correspondence", "marking": "unclassified", "language": "en", "key": "k"}


@pytest.fixture
async def asked(accord):
    """A proposal in compliance whose partner is asked something, and the question's id."""
    reference = await accord.submit(SMALL)
    await accord.advance_to(reference, "compliance")
    day = accord.office.today() + timedelta(days=14)
    officer = await accord.viewer("programme-officer-1")
    question = await questions.ask(
        accord.office, officer, reference,
        QuestionRequest(question="How many were trained?", due_date=day), "ask-on-a-page-000001",
    )  # fmt: skip
    return reference, question["id"]


async def files_of(accord, viewer, reference):
    return await documents.listed(accord.office, viewer, reference)


async def test_the_partner_answers_with_words_and_a_document(browsers, accord, asked):
    reference, question = asked
    browser = await browsers("signatory.1", "en")
    page = await browser.open(f"/proposals/{reference}")
    assert "How many were trained?" in page.text
    here = f"/proposals/{reference}/questions/{question}"
    fields = ABOUT | {f"answer-{question}": "Twelve officers."}

    answered = await browser.send(
        here, fields, files={"file": ("trained.pdf", files.PDF, "application/pdf")}
    )

    assert (answered.status, answered.heading) == (200, page.heading)
    assert "The department asks a question" not in answered.text
    officer = await accord.viewer("programme-officer-1")
    [read] = await questions.of_proposal(accord.office, officer, reference)
    assert (read["answer"], [each["name"] for each in read["documents"]]) == (
        "Twelve officers.", ["trained.pdf"],
    )  # fmt: skip


async def test_words_are_kept_where_the_document_is_refused(browsers, accord, asked):
    reference, question = asked
    browser = await browsers("signatory.1", "fr")
    here = f"/proposals/{reference}/questions/{question}"
    fields = ABOUT | {f"answer-{question}": "Douze agents."}

    refused = await browser.send(
        here, fields, files={"file": ("script.html", b"<script></script>", "text/html")}
    )

    assert refused.status == 422
    assert "Douze agents." in refused.text
    officer = await accord.viewer("programme-officer-1")
    [read] = await questions.of_proposal(accord.office, officer, reference)
    assert (read["state"], await files_of(accord, officer, reference)) == ("open", [])


async def test_an_empty_answer_is_asked_for_again(browsers, asked):
    reference, question = asked
    browser = await browsers("signatory.1", "en")
    page = await browser.open(f"/proposals/{reference}")

    refused = await browser.fill(page, f"/proposals/{reference}/questions/{question}", {})

    assert refused.status == 422
    assert refused.title.startswith("Error:")
