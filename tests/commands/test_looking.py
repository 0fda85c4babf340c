"""What happened since a person last looked: told as far as they may read it, and kept sparsely."""

import asyncio
import hashlib
import io
from datetime import timedelta

import pytest
from sqlmodel import select

from commands import commenting, documents, drafting, looking, reading, records, submitting
from commands.partner_acts import withdraw
from commands.receiving import Sent
from schemas.documents import DocumentKind, DocumentRequest, Marking
from schemas.errors import NotFound
from schemas.proposal import Content
from schemas.requests import CommentRequest
from store import looks
from store.tables import EventRow, LookRow
from tests.documents.files import PDF
from tests.installation import a_request
from tests.policy.proposals import a_proposal

A_WHILE = timedelta(minutes=31)


async def look(accord, viewer, reference, *, keeps=True):
    found = await looking.since_last_look(accord.office, viewer, reference, keeps=keeps)
    return None if found is None else [item["type"] for item in found["items"]]


async def come_back(accord, viewer, reference):
    """Look again in another visit."""
    accord.ahead += A_WHILE
    return await look(accord, viewer, reference)


async def kept(accord):
    async with accord.office.database.reading() as session:
        return [row.model_dump() for row in await session.exec(select(LookRow))]


async def change(accord, reference, **what):
    view, version = await reading.proposal(accord.office, accord.signatory, reference)
    content = Content.model_validate({n: view[n] for n in Content.model_fields if n in view})
    changed = content.model_copy(update=what)
    await drafting.save(accord.office, accord.signatory, reference, changed, version)


async def comment(accord, viewer, task, text="Look at this."):
    said = CommentRequest(text=text)
    return await commenting.comment(accord.office, viewer, task["id"], said, a_request())


async def norms(accord, reference):
    tasks = await accord.tasks_of(reference)
    return next(each for each in tasks if each["kind"] == "compliance.norms")


async def has_read_nothing(accord, viewer, reference):
    """As if one had looked when there was nothing to read yet."""
    async with accord.office.database.writing() as session:
        await looks.keep(session, viewer.id, reference, 0, accord.office.now() - A_WHILE)


def a_file():
    about = DocumentRequest(kind=DocumentKind.ANNEX, language="en", marking=Marking.UNCLASSIFIED)
    digest = hashlib.sha256(PDF).hexdigest()
    return Sent(name="plan.pdf", file=io.BytesIO(PDF), size=len(PDF), sha256=digest, about=about)


@pytest.fixture
async def reference(accord):
    reference = await accord.submit(a_proposal())
    await accord.screened(reference)
    return reference


@pytest.fixture
async def officer(accord):
    return await accord.viewer("programme-officer-1")


@pytest.fixture
async def colleague(accord):
    return await accord.viewer("programme-officer-2")


async def test_who_never_looked_is_told_nothing(accord, reference, officer):
    assert await look(accord, officer, reference) is None


async def test_what_others_did_since_is_told_in_order(accord, reference, officer, colleague):
    task = await accord.task(reference, "eligibility.confirm")
    await look(accord, officer, reference)
    await comment(accord, colleague, task)
    await accord.decide_task(task, "return", by=colleague, sections=("summary",))
    await change(accord, reference, summary="In other words.")
    await submitting.submit(accord.office, accord.signatory, reference, a_request(), None)

    told = await come_back(accord, officer, reference)

    assert told[:2] == ["task_commented", "task_decided"]
    assert told.index("returned_to_partner") < told.index("proposal_resubmitted")


async def test_ones_own_acts_and_reminders_are_no_news(accord, reference, officer):
    task = await accord.task(reference, "eligibility.confirm")
    await look(accord, officer, reference)
    await comment(accord, officer, task)

    assert await come_back(accord, officer, reference) == []


async def test_each_person_is_told_from_where_they_left_off(accord, reference, officer, colleague):
    task = await accord.task(reference, "eligibility.confirm")
    await look(accord, officer, reference)
    await comment(accord, colleague, task)

    assert await look(accord, colleague, reference) is None
    assert await come_back(accord, officer, reference) == ["task_commented"]


async def test_what_is_new_stays_through_a_visit_and_is_gone_in_the_next(
    accord, reference, officer, colleague
):
    task = await accord.task(reference, "eligibility.confirm")
    await look(accord, officer, reference)
    await comment(accord, colleague, task)

    first = await come_back(accord, officer, reference)
    again = await look(accord, officer, reference)
    await comment(accord, colleague, task, "And at that.")
    with_more = await look(accord, officer, reference)

    assert (first, again) == (["task_commented"], ["task_commented"])
    assert with_more == ["task_commented", "task_commented"]
    assert await come_back(accord, officer, reference) == []


async def test_a_look_is_written_once_and_only_when_something_is_new(
    accord, reference, officer, colleague
):
    await look(accord, officer, reference)
    [first] = await kept(accord)
    await come_back(accord, officer, reference)
    await look(accord, officer, reference, keeps=False)

    assert await kept(accord) == [first]
    assert set(first) == {"reference", "person", "seen", "before", "at"}

    await comment(accord, colleague, await accord.task(reference, "eligibility.confirm"))
    await look(accord, officer, reference, keeps=False)
    assert await kept(accord) == [first]
    await come_back(accord, officer, reference)
    [moved] = await kept(accord)
    assert (moved["before"], moved["seen"]) == (first["seen"], first["seen"] + 1)


async def test_a_look_is_no_event(accord, reference, officer):
    async def events():
        async with accord.office.database.reading() as session:
            return len((await session.exec(select(EventRow.id))).all())

    before = await events()
    await look(accord, officer, reference)

    assert await events() == before


async def test_what_is_told_is_what_the_history_shows_to_the_same_reader(accord, reference):
    await accord.decide(reference, "eligibility.confirm")
    for kind in ("compliance.norms", "compliance.merit"):
        await accord.decide(reference, kind)
    await comment(accord, await accord.viewer("norms-reviewer-1"), await norms(accord, reference))

    for person in ("norms-reviewer-1", "programme-officer-2", "administrator-1", "auditor-1"):
        viewer = await accord.viewer(person)
        await has_read_nothing(accord, viewer, reference)
        found = await looking.since_last_look(accord.office, viewer, reference, keeps=False)
        history = await reading.history(accord.office, viewer, reference, limit=1000, cursor=None)
        own = {viewer.name}
        shown = [
            each for each in history["items"]
            if each["type"] not in looking.CHASING
            and (each["actor"] or {}).get("name") not in own
        ]  # fmt: skip
        assert found == {"items": shown, "more": 0}
        assert {"proposal_submitted", "task_decided"} <= {each["type"] for each in shown}
        told_of_screening = "parties_screened" in {each["type"] for each in shown}
        assert told_of_screening is (person == "auditor-1")


async def test_a_document_is_news_once_it_is_sent_not_when_it_was_attached(
    accord, reference, officer
):
    await accord.decide(reference, "eligibility.confirm", "return", sections=("documents",))
    await look(accord, officer, reference)
    await documents.attach(accord.office, accord.signatory, reference, a_file(), a_request())
    while_written = await come_back(accord, officer, reference)

    await submitting.submit(accord.office, accord.signatory, reference, a_request(), None)
    told = await come_back(accord, officer, reference)

    assert "document_added" not in while_written
    assert {"document_added", "proposal_resubmitted"} <= set(told)


async def test_no_look_of_a_partner_is_kept(accord, reference):
    assert await look(accord, accord.signatory, reference) is None
    assert await come_back(accord, accord.signatory, reference) is None
    assert await kept(accord) == []


async def test_who_may_not_see_it_is_told_nothing_and_leaves_no_trace(accord, reference):
    stranger = await accord.viewer("environment-reviewer-1")

    with pytest.raises(NotFound):
        await look(accord, stranger, reference)

    assert await kept(accord) == []


async def test_looks_go_with_the_first_texts_and_are_kept_no_more(accord, reference, officer):
    await look(accord, officer, reference)
    await withdraw(accord.office, accord.signatory, reference, "Other plans.", a_request())
    accord.ahead += timedelta(days=4 * 366)
    assert len(await kept(accord)) == 1

    await records.dispose(accord.office)
    assert await kept(accord) == []

    await look(accord, officer, reference)
    assert await kept(accord) == []


async def test_thirty_tabs_at_once_leave_one_look(accord, reference, officer, colleague):
    await look(accord, officer, reference)
    await comment(accord, colleague, await accord.task(reference, "eligibility.confirm"))
    accord.ahead += A_WHILE

    told = await asyncio.gather(*(look(accord, officer, reference) for _ in range(30)))

    assert told == [["task_commented"]] * 30
    assert len(await kept(accord)) == 1
