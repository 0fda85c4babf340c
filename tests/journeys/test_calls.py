"""Calls over HTTP, on a moved clock: open to the second, and hidden from staff until closed."""

import asyncio
from collections import Counter
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import delete
from sqlmodel import col, select

from commands import calls, housekeeping, readiness, verifying
from policy.rules.calls import minute_of
from store.tables import EventRow, HitRow, ReadyMinuteRow, TaskRow
from tests.journeys.client import CONTENT, costing
from workflows.gateway import TemporalGateway

MANY = 30
SMALL = costing(100_000)
A_CALL = {
    "programme": "CTCBP",
    "title": {"en": "Borders", "fr": "Frontières"},
    "description": {"en": "Proposals for border security.", "fr": "La sécurité des frontières."},
}


@pytest.fixture
def office(client):
    return client.installation.office


@pytest.fixture
def officer(client):
    return client.person("Programme officer 1")


def whole(moment):
    return moment.replace(microsecond=0)


def z(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(text):
    return datetime.fromisoformat(text)


async def announced(officer, office, *, opens=timedelta(0), closes=timedelta(hours=3), **changes):
    now = whole(office.now())
    made = await officer.post(
        "/calls", A_CALL | {"opens_at": z(now + opens), "closes_at": z(now + closes)} | changes
    )
    assert made.status_code == 201, made.text
    return made.json()


@contextmanager
def at(client, moment):
    """The office's clock stands still at *moment*."""
    office = client.installation.office
    moving, office.clock = office.clock, lambda: moment
    try:
        yield
    finally:
        office.clock = moving


async def was_ready(office, call, *, but=()):
    """The service was ready in the hour before the closing, but for these minutes before it."""
    closes = instant(call["announced_closing"])
    async with office.database.writing() as session:
        await session.exec(delete(ReadyMinuteRow))
        session.add_all(
            ReadyMinuteRow(minute=minute_of(closes) - timedelta(minutes=n))
            for n in range(62)
            if n not in but
        )


async def closed(client, call, *, after=timedelta(seconds=1)):
    """Let the call close; what it was waiting for is asked."""
    read = await client.auditor.read(f"/calls/{call['id']}")
    with at(client, instant(read["closes_at"]) + after):
        await calls.close_due(client.installation.office)
        # What is delivered goes by the same clock.
        await client.installation.settle()
        return await client.auditor.read(f"/calls/{call['id']}")


async def test_only_an_officer_of_the_program_announces_a_call(client, office, officer):
    call = await announced(officer, office, limits={"most": {"value": "500000.00"}})

    assert (call["state"], call["limits"]["least"]) == ("open", None)
    listed = await client.signatory.read("/calls", params={"programme": "CTCBP", "state": "open"})
    assert call["id"] in [each["id"] for each in listed["items"]]
    programmes = (await client.signatory.read("/programmes"))["items"]
    shown = {p["code"]: [c["id"] for c in p["open_calls"]] for p in programmes}
    assert call["id"] in shown["CTCBP"]
    assert call["id"] not in shown["ACCBP"]


@pytest.mark.parametrize(
    ("changes", "status", "where"),
    [
        ({"programme": "ACCBP-AVC"}, 409, "no_calls_in_programme"),
        ({"programme": "NONE"}, 422, "/programme"),
        ({"closes_at": "2026-01-01T00:00:00Z"}, 422, "/closes_at"),
        ({"opens_at": "2090-01-01T00:00:00Z"}, 422, "/closes_at"),
        ({"opens_at": "2026-01-01T00:00:00"}, 422, "/opens_at"),
        ({"opens_at": "2026-01-01T00:00:00.5Z"}, 422, "/opens_at"),
        ({"title": {"en": "Borders"}}, 422, "/title/fr"),
        ({"limits": {"least": {"value": "2.00"}, "most": {"value": "1.00"}}}, 422, "/limits/most"),
    ],
)
async def test_a_call_that_cannot_be_announced_says_why(officer, office, changes, status, where):
    body = A_CALL | {
        "opens_at": z(office.now()),
        "closes_at": z(office.now() + timedelta(days=3)),
    }

    for language in ("en", "fr"):
        answer = await officer.post("/calls", body | changes, language=language)
        said = answer.json()
        assert answer.status_code == status, answer.text
        if status == 422:
            assert [error["pointer"] for error in said["errors"]] == [where]
        else:
            assert said["code"] == where


async def test_a_call_is_changed_until_it_opens(client, office, officer):
    call = await announced(officer, office, opens=timedelta(hours=1))
    body = {name: call[name] for name in ("programme", "title", "description")} | {
        "opens_at": call["opens_at"],
        "closes_at": z(instant(call["closes_at"]) + timedelta(days=1)),
    }

    changed = await officer.put(f"/calls/{call['id']}", body, version=1)
    stale = await officer.put(f"/calls/{call['id']}", body, version=1)
    with at(client, instant(call["opens_at"])):
        opened = await officer.put(f"/calls/{call['id']}", body, version=2)

    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert stale.status_code == 412
    assert (opened.status_code, opened.json()["code"]) == (409, "call_opened")


async def test_a_submission_counts_to_the_last_instant_and_not_before_the_first(
    client, office, officer
):
    call = await announced(officer, office, opens=timedelta(hours=1))
    await was_ready(office, call)
    opens, closes = instant(call["opens_at"]), instant(call["closes_at"])
    step = timedelta(microseconds=1)
    answers = {}
    for name, moment in {
        "before": opens - step, "first": opens, "last": closes, "after": closes + step,
    }.items():  # fmt: skip
        reference = await client.draft(**SMALL, call=call["id"])
        with at(client, moment):
            answers[name] = await client.signatory.post(f"/proposals/{reference}/submit")

    assert {name: a.status_code for name, a in answers.items()} == {
        "before": 409, "first": 200, "last": 200, "after": 409,
    }  # fmt: skip
    early, late = answers["before"].json(), answers["after"].json()
    assert (early["code"], early["opens_at"]) == ("call_not_open", call["opens_at"])
    assert (late["code"], late["closes_at"]) == ("call_closed", call["closes_at"])
    assert instant(late["received_at"]) == closes + step
    assert instant(answers["last"].json()["received_at"]) == closes


async def test_what_is_late_changes_nothing(client, office, officer):
    call = await announced(officer, office)
    await was_ready(office, call)
    reference = await client.draft(**SMALL, call=call["id"])
    before = await client.view(reference, client.signatory)
    history = await client.signatory.read(f"/proposals/{reference}/history")

    with at(client, instant(call["closes_at"]) + timedelta(seconds=2)):
        late = await client.signatory.post(f"/proposals/{reference}/submit", language="fr")

    assert late.status_code == 409
    seconds = f"{instant(call['closes_at']) + timedelta(seconds=2):%Y-%m-%d %H:%M:%S} UTC"
    assert "a pris fin" in late.json()["detail"]
    assert seconds in late.json()["detail"]
    assert await client.view(reference, client.signatory) == before
    assert await client.signatory.read(f"/proposals/{reference}/history") == history
    edited = await client.signatory.put(
        f"/proposals/{reference}", {**_content(before), "call": None}, version=before["version"]
    )
    assert edited.status_code == 200
    await client.submit(reference)


def _content(view):
    return {name: view[name] for name in CONTENT}


async def test_of_thirty_around_the_closing_each_is_in_time_or_late(client, office, officer):
    call = await announced(officer, office)
    await was_ready(office, call)
    closes = instant(call["closes_at"])
    references = [await client.draft(**SMALL, call=call["id"]) for _ in range(MANY)]
    ticks = count(-5 * MANY)
    moving = office.clock
    # Every look at the clock is a millisecond later: the closing comes while they submit.
    office.clock = lambda: closes + timedelta(milliseconds=next(ticks))
    try:
        answers = await asyncio.gather(
            *(client.signatory.post(f"/proposals/{each}/submit") for each in references)
        )
    finally:
        office.clock = moving

    told = Counter(a.status_code for a in answers)
    assert set(told) == {200, 409}
    for answer in answers:
        said = answer.json()
        if answer.status_code == 200:
            assert instant(said["received_at"]) <= closes
        else:
            assert said["code"] == "call_closed"
            assert instant(said["received_at"]) > closes
    kept = await closed(client, call)
    assert kept["state"] == "closed"
    submitted = {
        reference
        for reference, answer in zip(references, answers, strict=True)
        if answer.status_code == 200
    }
    seen = {r for r in references if (await _status(client.auditor, r)) == 200}
    assert seen == submitted


async def _status(person, reference):
    return (await person.get(f"/proposals/{reference}")).status_code


async def test_no_staff_reads_a_submission_before_the_call_closes(client, office, officer):
    call = await announced(officer, office)
    await was_ready(office, call)
    reference = await client.draft(**SMALL, call=call["id"])
    await client.submit(reference)
    await client.installation.settle()

    staff = [person for person in client.people if not person.name.startswith(("Sig", "Con"))]
    for person in staff:
        for path in ("", "/history", "/tasks", "/waiting", "/case.json", "/receipt"):
            assert (await person.get(f"/proposals/{reference}{path}")).status_code == 404
        tasks = await person.read("/tasks", params={"reference": reference})
        assert tasks["items"] == []
        found = await person.read("/proposals", params={"q": reference})
        assert found["items"] == []
    own = await client.view(reference, client.signatory)
    assert (own["partner_status"], own["call"]) == ("received", call["id"])
    assert await _kinds_kept(office, reference) == []
    await closed(client, call)

    await client.installation.until(reference, stage="eligibility")
    assert (await client.view(reference, officer))["call"] == call["id"]
    task = await client.advance_to_task(reference, "eligibility.confirm")
    assert task["reference"] == reference
    await client.screened(reference)


async def _kinds_kept(office, reference):
    """What tasks there are, whoever may see them."""
    async with office.database.reading() as session:
        tasks = await session.exec(select(TaskRow.kind).where(TaskRow.reference == reference))
        hits = await session.exec(select(HitRow.id).where(HitRow.reference == reference))
        return [*tasks, *hits]


async def test_what_was_withdrawn_meanwhile_is_read_once_the_call_closes(client, office, officer):
    call = await announced(officer, office)
    await was_ready(office, call)
    reference = await client.draft(**SMALL, call=call["id"])
    await client.submit(reference)

    gone = await client.signatory.post(f"/proposals/{reference}/withdraw", {"reason": "Over."})

    assert gone.status_code == 200
    assert await _status(officer, reference) == 404
    await closed(client, call)
    await client.installation.settle()
    assert (await client.view(reference, officer))["outcome"] == "withdrawn"
    assert await client.open_tasks(reference) == []


async def test_minutes_without_service_extend_a_call_once_and_for_all_to_read(
    client, office, officer
):
    call = await announced(officer, office)
    await was_ready(office, call, but=(7, 40, 41))
    closes = instant(call["closes_at"])
    drafts = [await client.draft(**SMALL, call=call["id"]) for _ in range(3)]

    with at(client, closes + timedelta(minutes=2)):
        await asyncio.gather(*(calls.close_due(office) for _ in range(MANY)))
        told = await client.signatory.read(f"/calls/{call['id']}")
        in_time = await client.signatory.post(f"/proposals/{drafts[0]}/submit")
    with at(client, closes + timedelta(minutes=3)):
        at_last = await client.signatory.post(f"/proposals/{drafts[1]}/submit")
    with at(client, closes + timedelta(minutes=3, seconds=1)):
        late = await client.signatory.post(f"/proposals/{drafts[2]}/submit")

    assert (told["state"], told["extended_minutes"]) == ("open", 3)
    assert instant(told["closes_at"]) == closes + timedelta(minutes=3)
    assert told["announced_closing"] == call["closes_at"]
    assert [a.status_code for a in (in_time, at_last, late)] == [200, 200, 409]
    assert late.json()["closes_at"] == told["closes_at"]
    await closed(client, call)
    assert await _told_of(office, call) == ["call_announced", "call_extended", "call_closed"]


async def test_who_has_a_draft_for_a_call_is_told_that_it_is_open_longer(client, office, officer):
    call = await announced(officer, office)
    another = await announced(officer, office, closes=timedelta(hours=9))
    await was_ready(office, call, but=(7,))
    draft = await client.draft(**SMALL, call=call["id"])
    other = await client.draft(client.person("Signatory 2"), **SMALL, call=another["id"])
    submitted = await client.draft(**SMALL, call=call["id"])
    await client.submit(submitted)

    with at(client, instant(call["closes_at"]) + timedelta(seconds=30)):
        for _ in range(2):
            await calls.close_due(office)

        for name, references in (
            ("Signatory 1", [draft]), ("Contributor 1", [draft]), ("Signatory 2", []),
            ("Programme officer 1", []),
        ):  # fmt: skip
            listed = (await client.person(name).read("/notifications"))["items"]
            about = [each["reference"] for each in listed if each["kind"] == "call_extended"]
            assert [each for each in about if each in (draft, other, submitted)] == references


async def _told_of(office, call):
    async with office.database.reading() as session:
        events = await session.exec(
            select(EventRow)
            .where(col(EventRow.type).like("call_%"))
            .order_by(col(EventRow.position))
        )
        return [event.type for event in events if event.data["call"] == call["id"]]


async def test_the_first_late_submission_learns_of_the_extension(client, office, officer):
    call = await announced(officer, office)
    await was_ready(office, call, but=(5,))
    reference = await client.draft(**SMALL, call=call["id"])

    with at(client, instant(call["closes_at"]) + timedelta(seconds=59)):
        taken = await client.signatory.post(f"/proposals/{reference}/submit")

    assert taken.status_code == 200
    assert (await client.auditor.read(f"/calls/{call['id']}"))["extended_minutes"] == 1


async def test_a_call_that_is_unknown_or_of_another_program_is_a_gap(client, office, officer):
    call = await announced(officer, office, programme="ACCBP")
    for named, code in ((call["id"], "call_of_another_programme"), ("none", "call_unknown")):
        reference = await client.draft(**SMALL, call=named)

        refused = await client.signatory.post(f"/proposals/{reference}/submit")
        checked = await client.signatory.read(f"/proposals/{reference}/check")

        assert refused.status_code == 422
        assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [("/call", code)]
        assert [(g["pointer"], g["code"]) for g in checked["gaps"]] == [("/call", code)]


async def test_the_limits_of_a_call_are_a_check(client, office, officer):
    call = await announced(officer, office, limits={"most": {"value": "50000.00"}})
    reference = await client.draft(**SMALL, call=call["id"])

    checks = (await client.signatory.read(f"/proposals/{reference}/check"))["checks"]
    receipt = await client.submit(reference)

    for found in (checks, receipt["checks"]):
        [amount] = [each for each in found if each["code"] == "amount"]
        assert amount["result"] == "fail"
        assert "50000.00" in amount["detail"].replace(",", "").replace(" ", "")


async def test_the_service_notes_each_minute_in_which_it_is_ready(client, office):
    now = office.now() + timedelta(hours=9)
    for seconds, leads in ((0, True), (20, True), (70, False), (130, True)):
        with at(client, minute_of(now) + timedelta(seconds=seconds)):
            if leads:
                await housekeeping.lead(office, "test")
            assert await readiness.remember(office) is leads

    async with office.database.reading() as session:
        kept = set(await session.exec(select(ReadyMinuteRow.minute)))
    minute = minute_of(now)
    assert {m for m in kept if m >= minute} == {minute, minute + timedelta(minutes=2)}


async def test_everything_still_verifies(client, office):
    report = await verifying.verify(
        office, TemporalGateway(client.installation.client, None, client.installation.queue)
    )

    assert report.differences == []
