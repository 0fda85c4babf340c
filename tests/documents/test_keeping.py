"""What is kept of documents: verified byte by byte, disposed of under a rule, gone with a draft."""

import hashlib
import io
from datetime import timedelta

import pytest
from sqlmodel import select

from commands import documents, gauges, reading, records, submitting, task_documents, verifying
from commands.partner_acts import withdraw
from commands.receiving import Sent
from schemas.documents import DocumentKind, DocumentRequest, Marking
from schemas.errors import Refused
from schemas.in_force import TextKind
from store.documents import BytesChanged
from store.tables import DocumentPartRow, DocumentRow, TextRow
from store.trail import StoreTrail
from tests.documents.files import CSV, PDF
from tests.installation import AN_AUDITOR, Installation, a_request
from tests.policy.proposals import a_proposal
from workflows.gateway import TemporalGateway

pytestmark = pytest.mark.on_both_databases
JORDAN = a_proposal().model_dump(mode="json")
YEARS = timedelta(days=4 * 366)


def sent(data: bytes = PDF, name: str = "plan.pdf") -> Sent:
    about = DocumentRequest(kind=DocumentKind.ANNEX, language="en", marking=Marking.UNCLASSIFIED)
    return Sent(
        name=name,
        file=io.BytesIO(data),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        about=about,
    )


async def attach(accord: Installation, reference: str, *args) -> str:
    made = await documents.attach(
        accord.office, accord.signatory, reference, sent(*args), a_request()
    )
    return str(made["id"])


async def a_submitted_one(accord: Installation) -> tuple[str, str]:
    reference = await accord.draft(JORDAN)
    document = await attach(accord, reference)
    await submitting.submit(accord.office, accord.signatory, reference, a_request(), None)
    await accord.screened(reference)
    return reference, document


async def report(accord: Installation):
    gateway = TemporalGateway(accord.client, StoreTrail(accord.office.database, accord.now))
    return await verifying.verify(accord.office, gateway)


async def differences(accord: Installation):
    return [
        {name: each for name, each in found.items() if name != "subject"}
        for found in (await report(accord)).differences
    ]


async def gauged(accord: Installation):
    found = await gauges.look(accord.office)
    return {each.name: each.value for each in found if each.name.startswith("accord_documents")}


async def test_a_store_with_documents_has_no_difference(accord: Installation):
    reference, _ = await a_submitted_one(accord)
    draft = await accord.draft(JORDAN)
    removed = await attach(accord, draft)
    await attach(accord, draft, CSV, "budget.csv")
    await documents.detach(accord.office, accord.signatory, draft, removed)
    await attach(accord, await accord.draft(JORDAN))
    task = await accord.task(reference, "eligibility.confirm")
    await task_documents.attach(
        accord.office, (await accord.takers(task))[0], task["id"], sent(), a_request()
    )

    assert await differences(accord) == []
    assert await gauged(accord) == {
        "accord_documents": 4,
        "accord_documents_bytes": 3 * len(PDF) + len(CSV),
    }


async def test_changed_bytes_are_named_and_handed_out_to_nobody(accord: Installation):
    reference, document = await a_submitted_one(accord)
    async with accord.office.database.writing() as session:
        part = (await session.exec(select(DocumentPartRow))).one()
        part.data = PDF.replace(b"Catalog", b"catalog")
        session.add(part)

    [found] = await differences(accord)
    handed = await documents.opened(accord.office, AN_AUDITOR, reference, document)

    assert (found["what"], len(found["sha256"])) == ("document_bytes_changed", 64)
    with pytest.raises(BytesChanged):
        [part async for part in handed.parts]


async def test_missing_bytes_are_named(accord: Installation):
    await a_submitted_one(accord)
    async with accord.office.database.writing() as session:
        await session.delete((await session.exec(select(DocumentPartRow))).one())

    [found] = await differences(accord)

    assert found["what"] == "document_bytes_changed"


async def test_bytes_of_no_document_are_named(accord: Installation):
    reference, _ = await a_submitted_one(accord)
    async with accord.office.database.writing() as session:
        session.add(DocumentPartRow(reference=reference, sha256="f" * 64, number=0, data=b"x"))

    assert await differences(accord) == [
        {"what": "document_bytes_not_recorded", "sha256": "f" * 64}
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [("size", 1), ("marking", "protected_b"), ("sha256", "f" * 64), ("revision", None)],
)
async def test_a_changed_document_is_named(accord: Installation, column, value):
    _, document = await a_submitted_one(accord)
    async with accord.office.database.writing() as session:
        row = await session.get_one(DocumentRow, document)
        setattr(row, column, value)
        session.add(row)

    found = await differences(accord)

    assert {"what": "document_changed", "document": document, "fields": [column]} in found


async def test_a_document_that_is_gone_is_named_with_the_revision_that_names_it(
    accord: Installation,
):
    _, document = await a_submitted_one(accord)
    async with accord.office.database.writing() as session:
        await session.delete(await session.get_one(DocumentRow, document))

    found = await differences(accord)

    assert {"what": "document_missing", "document": document} in found
    assert {
        "what": "document_of_revision_missing",
        "revision": 1,
        "document": document,
    } in found


async def test_a_name_that_is_emptied_past_the_record_is_noticed(accord: Installation):
    _, document = await a_submitted_one(accord)
    async with accord.office.database.writing() as session:
        row = await session.get_one(DocumentRow, document)
        text = await session.get_one(TextRow, row.name_text)
        text.body, text.salt, text.disposed_at = None, "", accord.now()
        text.disposed_under = "document_removed"
        session.add(text)

    found = await differences(accord)

    assert "disposal_not_recorded" in [each["what"] for each in found]


async def test_disposal_drops_names_and_bytes_and_every_chain_still_verifies(
    accord: Installation,
):
    reference, document = await a_submitted_one(accord)
    task = await accord.task(reference, "eligibility.confirm")
    officer = (await accord.takers(task))[0]
    of_task = await task_documents.attach(
        accord.office, officer, task["id"], sent(CSV, "note.csv"), a_request()
    )
    await accord.decide(reference, "eligibility.confirm", by=officer)
    await withdraw(accord.office, accord.signatory, reference, "We changed plans.", a_request())
    accord.ahead += YEARS

    done = await records.dispose(accord.office)

    assert {TextKind.DOCUMENTS, TextKind.ATTACHMENTS} <= {each.kind for each in done.due}
    async with accord.office.database.reading() as session:
        assert (await session.exec(select(DocumentPartRow))).all() == []
    assert await gauged(accord) == {"accord_documents": 0, "accord_documents_bytes": 0}
    found = await report(accord)
    assert found.differences == []
    assert {"file_name", "attachment_name"} <= {each["text"] for each in found.disposed}
    for opening in (
        documents.opened(accord.office, accord.signatory, reference, document),
        task_documents.opened(accord.office, AN_AUDITOR, task["id"], of_task["id"]),
    ):
        with pytest.raises(Refused, match="document_disposed") as refused:
            await opening
        assert refused.value.facts["under"] == "retention/2026-04-01#refused_cases"
    [listed] = await documents.listed(accord.office, AN_AUDITOR, reference)
    assert (listed["name"], listed["disposed"]["under"]) == (
        None,
        "retention/2026-04-01#refused_cases",
    )
    own = await accord.view(reference, accord.signatory)
    assert "attachments" not in own["disposed"][0]["texts"]
    assert "documents" in own["disposed"][0]["texts"]


async def test_what_a_partner_removed_counts_as_no_disposal(accord: Installation):
    reference = await accord.draft(JORDAN)
    removed = await attach(accord, reference, CSV, "budget.csv")
    await documents.detach(accord.office, accord.signatory, reference, removed)
    await submitting.submit(accord.office, accord.signatory, reference, a_request(), None)
    await withdraw(accord.office, accord.signatory, reference, "We changed plans.", a_request())

    assert (await accord.view(reference))["disposed"] == []
    history = await reading.history(
        accord.office, accord.signatory, reference, limit=200, cursor=None
    )
    assert "budget.csv" not in str(history)
