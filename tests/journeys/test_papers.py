"""Letters, agreements and cases on paper, as their readers take them."""

import hashlib
import io
import json

import pypdf
import pytest_asyncio

from commands import approval
from schemas.events import INSTALLATION, EventType
from store import chain, texts
from store.tables import ProposalRow
from tests.journeys.agreements import signed
from tests.journeys.client import costing
from tests.journeys.test_partner_view import HIT, LISTED, party


async def paper(person, path, language="en"):
    answer = await person.get(path, language=language)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment")
    document = pypdf.PdfReader(io.BytesIO(answer.content))
    root = document.trailer["/Root"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert root["/Lang"] == f"{language}-CA"
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


@pytest_asyncio.fixture(scope="module")
async def approved(client):
    reference = await client.submitted()
    await client.advance(reference)
    return reference


async def test_the_letter_of_the_decision_is_handed_to_the_partner(client, approved):
    view = await client.view(approved, client.signatory)
    letter = next(each for each in view["letters"] if each["kind"] == "approved")

    said = await paper(client.signatory, f"/proposals/{approved}/letters/{letter['id']}.pdf", "fr")

    assert "Votre proposition est approuvée" in said
    assert view["organization_name"] in said
    assert "Le ministère des Affaires étrangères" in said


async def test_a_letter_is_read_by_whoever_may_read_answers_and_by_no_administrator(
    client, approved
):
    path = f"/proposals/{approved}/letters/{approved}-L01.pdf"

    assert "Your proposal is approved" in await paper(client.auditor, path)
    assert (await client.person("Administrator 1").get(path)).status_code == 404
    assert (await client.person("Signatory 2").get(path)).status_code == 404


async def test_a_letter_of_another_proposal_is_not_found_here(client, approved):
    other = await client.submitted()

    answer = await client.signatory.get(f"/proposals/{other}/letters/{approved}-L01.pdf")

    assert answer.status_code == 404


async def test_a_return_is_a_letter_with_the_message_of_the_department(client):
    reference = await client.submitted()
    task = (await client.open_tasks(reference, "eligibility.confirm"))[0]
    await client.decide(
        task, "return", sections=["summary"], message_to_partner="Say *more*, #please."
    )

    said = await paper(client.signatory, f"/proposals/{reference}/letters/{reference}-L01.pdf")

    assert "Changes to your proposal are needed" in said
    assert "Say *more*, #please." in said


async def test_the_agreement_shows_what_is_signed_and_by_when(client, approved):
    view = await client.view(approved, client.signatory)

    said = await paper(client.signatory, f"/proposals/{approved}/agreement.pdf")

    assert "Contribution agreement" in said
    for words in ("$1,700,000.00", "Progress report", "T01", "Capacity building of the"):
        assert words in said
    french = await paper(client.signatory, f"/proposals/{approved}/agreement.pdf", "fr")
    for words in ("Entente de contribution", "1 700 000,00 $", "Rapport d'étape", "Compensation"):
        assert words in french.replace("\u00a0", " ")
    assert view["agreement"]["sha256"] in french.replace(" ", "")
    assert view["agreement"]["sha256"] in said.replace(" ", "")
    assert "not yet" not in said
    assert "pas encore" not in await paper(client.auditor, f"/proposals/{approved}/agreement.pdf")


async def test_before_the_decision_there_is_no_agreement(client):
    reference = await client.submitted()

    for person in (client.signatory, client.auditor):
        answer = await person.get(f"/proposals/{reference}/agreement.pdf")
        assert answer.status_code == 404


async def test_the_case_on_paper_says_what_its_reader_may_know(client, approved):
    path = f"/proposals/{approved}/case.pdf"

    whole, partners = await paper(client.auditor, path), await paper(client.signatory, path, "fr")

    for words in ("Reviews and decisions", "Finding: human rights", "Jordan", "Residual risk"):
        assert words in whole
    for words in ("Jordanie", "3 400 000,00 $", "Proposition présentée"):
        assert words in partners.replace("\u00a0", " ")
    for words in ("Constatation", "Risque résiduel", "CTCBP-contributions", "reviewer"):
        assert words not in partners


async def test_what_is_approved_is_printed_from_the_data_whose_digest_is_decided_on(client):
    reference = await client.submitted()
    task = await client.advance_to_task(reference, "funding.approve")
    path = f"/proposals/{reference}/approvals/{task['id']}.pdf"
    by = await client.taker(task)
    form = (await by.read(f"/tasks/{task['id']}"))["form"]

    before = await paper(by, path)
    await client.decide(task, by=by)
    decided, french = await paper(by, path), await paper(client.auditor, path, "fr")

    [record] = [
        each
        for each in (await by.read(f"/proposals/{reference}/decisions"))["items"]
        if each["task"] == task["id"]
    ]
    [digest] = [e["sha256"] for e in record["evidence"] if e["what"] == "approval_document"]
    assert digest in json.dumps(form), form
    for said in (before, decided, french):
        assert digest in said.replace(" ", "")
    assert "Not decided" in before
    assert "Not decided" not in decided
    for words in ("Approval document", "Finding: human rights", "Jordan", "CTCBP-contributions"):
        assert words in decided
    for words in ("Document d'approbation", "Constatation", "Risque résiduel", "3 400 000,00 $"):
        assert words in french.replace("\u00a0", " ")


async def test_an_approval_document_is_for_staff_who_may_read_answers(client, approved):
    [task] = [t for t in await tasks_of(client, approved) if t["kind"] == "funding.approve"]
    path = f"/proposals/{approved}/approvals/{task['id']}.pdf"

    assert (await client.auditor.get(path)).status_code == 200
    for person in (client.signatory, client.person("Administrator 1")):
        assert (await person.get(path)).status_code == 404
    elsewhere = await client.submitted()
    for wrong in (
        f"/proposals/{elsewhere}/approvals/{task['id']}.pdf",
        f"/proposals/{approved}/approvals/{approved}-T01.pdf",
        f"/proposals/{approved}/approvals/none.pdf",
    ):
        assert (await client.auditor.get(wrong)).status_code == 404


async def test_a_decision_on_paper_has_lines_to_sign_until_it_is_recorded(client):
    reference = await client.submitted(**costing(20_000_000))
    task = await client.advance_to_task(reference, "funding.record_decision")
    path = f"/proposals/{reference}/approvals/{task['id']}.pdf"

    assert "To be completed and signed by hand" in await paper(client.auditor, path)
    await client.decide(task)
    assert "signed by hand" not in await paper(client.auditor, path)


async def test_screening_leaves_no_trace_on_the_paper_of_who_may_not_know_of_it(client):
    await client.person("Administrator 1").post(
        "/lists/invented/snapshots", files={"file": ("invented.csv", LISTED, "text/csv")}
    )
    reference = await client.submitted(**party(HIT))
    task = await client.advance_to_task(reference, "funding.approve")
    path = f"/proposals/{reference}/approvals/{task['id']}.pdf"
    answers = [each["task"] for each in (await data_of(client, reference))["answers"]]
    finance = client.person("Finance officer 1")
    seen = {each["id"] for each in (await finance.read(f"/proposals/{reference}/tasks"))["items"]}

    whole, partial = await paper(client.auditor, path), await paper(finance, path)

    hidden = [each for each in answers if each not in seen]
    assert hidden
    for task_id in answers:
        number = task_id.rpartition("-")[2]
        assert number in whole
        assert (number in partial) is (task_id in seen)
    assert "screening" not in partial.lower()


async def data_of(client, reference):
    office = client.installation.office
    async with office.database.reading() as session:
        row = await session.get(ProposalRow, reference)
        return await approval.document(office, session, row)


async def tasks_of(client, reference):
    return (await client.auditor.read(f"/proposals/{reference}/tasks"))["items"]


async def test_a_taken_case_is_on_record(client, approved):
    await paper(client.auditor, f"/proposals/{approved}/case.pdf")

    async with client.installation.office.database.reading() as session:
        events = await chain.events_of(session, INSTALLATION)
    exported = [event.data for event in events if event.type == EventType.CASE_EXPORTED]
    assert {"reference": approved} in exported


async def test_the_agreement_plans_what_its_life_then_sets(client):
    reference = await client.submitted()
    await client.advance(reference, "agreement")
    async with client.installation.office.database.reading() as session:
        row = await session.get(ProposalRow, reference)
        kept = await texts.read_one(session, row.state["agreement"]["document"]["id"])
    for act in ("accept-conditions", "sign"):
        assert (await client.signatory.post(f"/proposals/{reference}/{act}")).status_code == 200

    began = (await signed(client, reference))[0].data

    plan = kept["plan"]
    assert plan["basis"] == began["basis"]
    assert plan["reports"] == began["reports"]
    assert plan["tranches"]
    told = ("id", "fiscal_year", "from_day", "reports", "holdback")
    assert [{n: each[n] for n in told} for each in plan["tranches"]] == [
        {n: each[n] for n in told} for each in began["tranches"]
    ]
    assert "CTCBP-contributions" not in json.dumps(kept)


async def test_a_copy_signed_by_hand_is_kept_by_its_hash_with_the_signature(client):
    reference = await client.submitted()
    await client.advance(reference, "agreement")
    for act in ("accept-conditions", "sign"):
        assert (await client.signatory.post(f"/proposals/{reference}/{act}")).status_code == 200
    [task] = await client.open_tasks(reference, "agreement.sign")
    by = await client.taker(task)
    copy = (await by.get(f"/proposals/{reference}/agreement.pdf")).content
    file = {
        "files": {"file": ("agreement.pdf", copy)},
        "data": {"kind": "signed_agreement", "language": "en", "marking": "protected_a"},
    }

    claimed = await by.post(f"/tasks/{task['id']}/claim")
    assert claimed.status_code == 200, claimed.text
    attached = await by.post(f"/tasks/{task['id']}/documents", **file)
    assert attached.status_code == 201, attached.text
    await client.decide(task, by=by)

    decisions = (await client.auditor.read(f"/proposals/{reference}/decisions"))["items"]
    [record] = [each for each in decisions if each["task"] == task["id"]]
    kept = [each["sha256"] for each in record["evidence"] if each["what"] == "attachment"]
    assert kept == [hashlib.sha256(copy).hexdigest()]
