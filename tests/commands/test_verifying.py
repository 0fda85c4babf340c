"""Verification names every difference, and nothing else; repair mends what the chain can mend."""

import json
from types import SimpleNamespace

import pytest
import pytest_asyncio
from sqlmodel import select

from commands import verifying
from schemas.errors import Unavailable
from store import chain, recording
from store.projection import fold
from store.tables import ClaimRow, ProposalRow, TaskRow
from tests.commands.lives import JORDAN, live
from tests.installation import an_installation

UNRECORDED = "disposal_not_recorded"  # see tests/records
LONG_AGO = "2026-01-01 00:00:00.000000"
ALL = ("draft", "deleted", "active", "returned", "withdrawn", "ineligible", "reserved", "queued")


@pytest_asyncio.fixture(scope="module")
async def lives(engine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lives")
    async with an_installation(engine, folder) as accord:
        yield await live(accord, folder)


async def verified(lives, office=None, engine=None, *, repair=False):
    return await verifying.verify(
        office or lives.accord.office, engine or lives.engine, repair=repair
    )


async def test_an_untouched_store_has_no_difference(lives):
    report = await verified(lives)

    assert (report.differences, report.pending) == ([], [])
    assert report.subjects > len(ALL)
    stages = {}
    async with lives.accord.office.database.reading() as session:
        for name, reference in lives.of.items():
            row = await session.get(ProposalRow, reference)
            stages[name] = row and (
                row.stage,
                row.outcome,
                (row.state.get("money") or {}).get("state"),
            )
    assert stages == {
        "draft": ("draft", None, None),
        "deleted": None,
        "active": ("active", "approved", "committed"),
        "returned": ("returned", None, None),
        "withdrawn": ("closed", "withdrawn", None),
        "ineligible": ("closed", "ineligible", None),
        "reserved": ("funding", None, "reserved"),
        "queued": ("funding", None, "queued"),
        "reviewed": ("compliance", None, None),
    }


@pytest.mark.parametrize("life", ALL)
async def test_the_fold_of_a_life_is_the_kept_read_model(lives, life):
    async with lives.accord.office.database.reading() as session:
        events = await chain.events_of(session, lives.of[life])
        kept = await recording.load(session, lives.of[life])

    assert recording.differences(kept, fold(events)) == []


# ---- one damage at a time


def at(lives, life):
    return [lives.of[life]]


EVENT_FIELDS = {
    "actor": "forged",
    "data": json.dumps({"stage": "closed"}),
    "hash": "forged",
    "type": "no_such_event",
    "occurred_at": "once upon a time",
    "texts": "no JSON",
}


@pytest.mark.parametrize("column", EVENT_FIELDS)
async def test_a_changed_event_is_named(lives, column):
    damage = (
        f"UPDATE events SET {column} = ? WHERE subject = ? AND position = 3",  # noqa: S608
        [EVENT_FIELDS[column], *at(lives, "active")],
    )

    found = await lives.found(damage)

    broken = {"what": "chain_broken", "subject": lives.of["active"]}
    assert found[0] == {**broken, "position": 3}
    assert {each["what"] for each in found} == {"chain_broken"}
    assert {each["position"] for each in found} <= {3, 4}


async def test_a_missing_last_event_is_named(lives):
    last = "(SELECT max(position) FROM events WHERE subject = :life)"
    damage = (
        f"DELETE FROM events WHERE subject = :life AND position = {last}",  # noqa: S608
        {"life": lives.of["withdrawn"]},
    )

    [chain_head, behind] = await lives.found(damage)

    assert (chain_head["what"], chain_head["subject"]) == ("chain_head", lives.of["withdrawn"])
    assert behind["what"] == "events_missing"


async def test_an_event_of_a_chain_that_nobody_knows_is_named(lives):
    damage = (
        "UPDATE events SET subject = 'CTCBP-2026-999999' WHERE subject = ? AND position = 2",
        at(lives, "withdrawn"),
    )

    found = await lives.found(damage)

    assert {"what": "chain_missing", "subject": "CTCBP-2026-999999", "table": "events"} in found
    assert {e["what"] for e in found} == {"chain_missing", "chain_broken"}


async def test_a_chain_without_head_is_named(lives):
    damage = ("DELETE FROM chain_heads WHERE subject = ?", at(lives, "draft"))

    found = await lives.found(damage)

    assert {(e["what"], e["subject"], e["table"]) for e in found} == {
        ("chain_missing", lives.of["draft"], table) for table in ("events", "proposals")
    }


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("body = '\"forged\"'", "text_changed"),
        ("salt = '00'", "text_changed"),
        ("salt = 'no salt'", "text_changed"),
        ("digest = 'forged'", "text_changed"),
        ("body = NULL", "text_changed"),
        ("body = 'x', disposed_at = '2026-01-01 00:00:00.0', disposed_under = 'r'", "text_changed"),
    ],
)
async def test_a_changed_text_is_named(lives, change, what):
    damage = (
        f"UPDATE texts SET {change} WHERE subject = ? AND id LIKE '%-reason'",  # noqa: S608
        at(lives, "ineligible"),
    )
    [found] = [each for each in await lives.found(damage) if each["what"] != UNRECORDED]

    assert (found["what"], found["subject"], found["text"]) == (
        what,
        lives.of["ineligible"],
        "reason",
    )


async def test_a_missing_text_is_named(lives):
    damage = ("DELETE FROM texts WHERE subject = ? AND id LIKE '%-reason'", at(lives, "ineligible"))

    [found] = await lives.found(damage)

    assert (found["what"], found["text"]) == ("text_missing", "reason")


async def test_a_disposed_text_says_so(lives):
    damage = (
        (
            "UPDATE texts SET body = NULL, salt = '', disposed_at = '2026-11-24 15:00:00.000000', "
            "disposed_under = 'reasons after 7 years' WHERE subject = ? AND id LIKE '%-reason'"
        ),
        at(lives, "ineligible"),
    )

    async with lives.a_copy(damage) as office:
        report = await verified(lives, office)

    # No event tells of it here: how a text is disposed of is tested in tests/records.
    assert [each["what"] for each in report.differences] == ["disposal_not_recorded"]
    [disposed] = report.disposed
    assert (disposed["subject"], disposed["text"], disposed["under"]) == (
        lives.of["ineligible"],
        "reason",
        "reasons after 7 years",
    )


READ_MODEL = {
    "stage": ("UPDATE proposals SET stage = 'desk' WHERE reference = ?", "proposal", ["stage"]),
    "outcome": (
        "UPDATE proposals SET outcome = 'declined' WHERE reference = ?",
        "proposal",
        ["outcome"],
    ),
    "state": (
        "UPDATE proposals SET state = json_set(state, '$.lead', 'x') WHERE reference = ?",
        "proposal",
        ["state"],
    ),
    "task": (
        "UPDATE tasks SET decided_by = 'x' WHERE reference = ? AND number = 1",
        "task",
        ["decided_by"],
    ),
    "audience": (
        "DELETE FROM audience WHERE reference = ? AND role = 'finance_officer'",
        "audience",
        ["entries"],
    ),
    "candidates": (
        (
            "UPDATE task_candidates SET scope = 'x'"
            " WHERE task = (SELECT id FROM tasks WHERE reference = ? AND number = 2)"
        ),
        "candidates",
        ["entries"],
    ),
}


@pytest.mark.parametrize("damage", READ_MODEL)
async def test_a_changed_row_of_the_read_model_is_named_and_repaired(lives, damage):
    statement, row, fields = READ_MODEL[damage]

    async with lives.a_copy((statement, at(lives, "reviewed"))) as office:
        report = await verified(lives, office)
        repaired = await verified(lives, office, repair=True)
        again = await verified(lives, office)

    named = [each for each in report.differences if each["what"] == "read_model"]
    assert [(e["subject"], e["row"], e["fields"]) for e in named] == [
        (lives.of["reviewed"], row, fields)
    ]
    assert {e["what"] for e in report.differences} <= {"read_model", "workflow_differs"}
    assert repaired.repaired == named
    assert (repaired.differences, again.differences) == ([], [])


async def test_a_changed_letter_is_named(lives):
    damage = ("UPDATE letters SET kind = 'x' WHERE reference = ?", at(lives, "ineligible"))

    [found] = await lives.found(damage)

    assert (found["what"], found["row"], found["fields"]) == ("read_model", "letter", ["kind"])


async def test_missing_and_additional_tasks_are_named_and_repaired(lives):
    reference, active = lives.of["returned"], lives.of["active"]
    async with lives.accord.office.database.reading() as session:
        rows = await session.exec(select(TaskRow).where(TaskRow.number == 1))
        first = {row.reference: row.id for row in rows}
    damage = (
        ("DELETE FROM tasks WHERE id = ?", [first[reference]]),
        ("UPDATE tasks SET reference = ? WHERE id = ?", [reference, first[active]]),
    )

    async with lives.a_copy(*damage) as office:
        report = await verified(lives, office)
        await verified(lives, office, repair=True)
        again = await verified(lives, office)

    assert {(e["subject"], e["id"]) for e in report.differences} == {
        (reference, first[reference]),
        (reference, first[active]),
        (active, first[active]),
    }
    assert again.differences == []


async def test_rebuilding_keeps_the_claims_of_open_tasks(lives):
    reference = lives.of["reviewed"]
    async with lives.a_copy() as office:
        async with office.database.writing() as session:
            task = (
                await session.exec(
                    select(TaskRow).where(TaskRow.reference == reference, TaskRow.state == "open")
                )
            ).first()
            done = await session.exec(
                select(TaskRow.id).where(TaskRow.reference == reference, TaskRow.number == 1)
            )
            session.add_all(ClaimRow(task=each, person="ana") for each in (task.id, done.one()))

        async with office.database.writing() as session:
            await recording.rebuild(session, reference)

        async with office.database.reading() as session:
            claims = list(await session.exec(select(ClaimRow.task)))
        report = await verified(lives, office)

    assert claims == [task.id]
    assert report.differences == []


REVISION = {
    "sha256": "forged",
    "submitted_at": "2026-11-24 15:00:00.000000",
    "submitted_by": "forged",
    "policy_version": "forged",
    "content_text": "forged",
    "checks": "[]",
}


@pytest.mark.parametrize("column", REVISION)
async def test_a_changed_revision_is_named(lives, column):
    damage = (
        f"UPDATE revisions SET {column} = ? WHERE reference = ?",  # noqa: S608
        [REVISION[column], *at(lives, "withdrawn")],
    )

    found = await lives.found(damage)

    assert {
        "what": "revision_changed",
        "subject": lives.of["withdrawn"],
        "revision": 1,
        "fields": [column],
    } in found
    assert {e["what"] for e in found} <= {"revision_changed", "receipt_changed"}


async def test_a_missing_revision_and_one_that_nobody_sent_are_named(lives):
    missing = ("DELETE FROM revisions WHERE reference = ?", at(lives, "withdrawn"))
    unsent = (
        "UPDATE revisions SET reference = ? WHERE reference = ?",
        [lives.of["draft"], lives.of["ineligible"]],
    )

    found = await lives.found(missing, unsent)

    assert {(e["what"], e["subject"]) for e in found if e["what"].startswith("revision")} == {
        ("revision_missing", lives.of["withdrawn"]),
        ("revision_missing", lives.of["ineligible"]),
        ("revision_unsent", lives.of["draft"]),
    }


async def test_a_submission_on_its_way_is_pending(lives):
    draft = lives.of["draft"]
    sent = (
        (
            (
                "INSERT INTO revisions (reference, number, title, words, content_text, sha256, "
                "submitted_at, submitted_by, policy_version, checks, receipt) "
                "SELECT ?, number, title, words, content_text, sha256, submitted_at, "
                "submitted_by, policy_version, checks, receipt FROM revisions WHERE reference = ?"
            ),
            [draft, lives.of["ineligible"]],
        ),
        (
            (
                "INSERT INTO messages (id, reference, kind, payload, created_at, next_at, tries) "
                "VALUES ('m', ?, 'submit', '{}', ?, ?, 0)"
            ),
            [draft, LONG_AGO, LONG_AGO],
        ),
    )

    async with lives.a_copy(*sent) as office:
        report = await verified(lives, office)

    assert report.differences == []
    assert [(e["what"], e["subject"]) for e in report.pending] == [
        ("submission", draft),
        ("message", draft),
    ]
    assert report.pending[1]["late"]


# ---- money


async def test_a_changed_balance_is_named(lives):
    damage = (
        "UPDATE funds SET reserved = reserved - 1 WHERE reserved > 0",
        [],
    )

    found = await lives.found(damage)

    assert {e["what"] for e in found} == {"fund"}
    assert all(e["kept"]["reserved"] + 1 == e["expected"]["reserved"] for e in found)


async def test_a_changed_line_of_the_ledger_is_named(lives):
    damage = (
        "UPDATE fund_moves SET cents = cents + 1 WHERE reservation = ? || ':1'",
        at(lives, "reserved"),
    )

    [found] = await lives.found(damage)

    assert (found["what"], found["subject"]) == ("ledger", f"{lives.of['reserved']}:1")


async def test_a_line_of_no_reservation_is_named(lives):
    damage = (
        "UPDATE fund_moves SET reservation = 'nobody:1' WHERE reservation = ? || ':1'",
        at(lives, "reserved"),
    )

    found = await lives.found(damage)

    assert {(e["what"], e["subject"]) for e in found} == {
        ("ledger", f"{lives.of['reserved']}:1"),
        ("ledger", "nobody:1"),
    }


@pytest.mark.parametrize("state", ["reserved", "released"])
async def test_a_reservation_that_stands_elsewhere_than_its_chain_says_is_named(lives, state):
    damage = (
        "UPDATE reservations SET state = ? WHERE reference = ?",
        [state, *at(lives, "queued")],
    )

    found = await lives.found(damage)

    assert {
        "what": "reservation",
        "subject": lives.of["queued"],
        "reservation": f"{lives.of['queued']}:1",
        "kept": state,
        "recorded": "queued",
    } in found


# ---- workflows


class EngineSaying:
    """The real engine, but for what is said of one proposal (in turn; then the truth)."""

    def __init__(self, lives, reference, *said):
        self._real, self._reference, self._said = lives.engine, reference, list(said)
        self.redrained = []

    async def snapshot(self, reference, source):
        if reference == self._reference and self._said:
            said = self._said.pop(0)
            if isinstance(said, Exception):
                raise said
            return said
        return await self._real.snapshot(reference, source)

    async def redrain(self, reference, after, _request_id, _source):
        self.redrained.append((reference, after))


async def a_snapshot(lives, life, **changes):
    said = await lives.engine.snapshot(lives.of[life])
    return SimpleNamespace(**{**said.model_dump(), **changes})


@pytest.mark.parametrize(
    ("life", "what"),
    [("reviewed", ["workflow_missing"]), ("active", ["workflow_missing"]), ("withdrawn", [])],
)
async def test_a_workflow_is_missed_while_its_proposal_is_under_way(lives, life, what):
    report = await verified(lives, engine=EngineSaying(lives, lives.of[life], None, None))

    assert [(e["what"], e["subject"]) for e in report.differences] == [
        (each, lives.of[life]) for each in what
    ]


async def test_a_workflow_that_knows_less_than_was_recorded_is_named(lives):
    behind = await a_snapshot(lives, "reviewed")
    behind.emitted -= 1

    report = await verified(lives, engine=EngineSaying(lives, lives.of["reviewed"], behind, behind))

    [found] = report.differences
    assert (found["what"], found["subject"]) == ("workflow_behind", lives.of["reviewed"])


async def test_a_workflow_that_is_recording_is_pending(lives):
    ahead = await a_snapshot(lives, "reviewed", is_recording=True)
    ahead.emitted += 1

    report = await verified(lives, engine=EngineSaying(lives, lives.of["reviewed"], ahead))

    assert report.differences == []
    assert [(e["what"], e["subject"]) for e in report.pending] == [("events", lives.of["reviewed"])]


@pytest.mark.parametrize("change", [{"stage": "desk"}, {"outcome": "declined"}, {"open_tasks": ()}])
async def test_a_workflow_that_stands_elsewhere_is_named(lives, change):
    said = await a_snapshot(lives, "reviewed", **change)

    report = await verified(lives, engine=EngineSaying(lives, lives.of["reviewed"], said))

    [found] = report.differences
    assert (found["what"], found["subject"]) == ("workflow_differs", lives.of["reviewed"])
    assert set(found["fields"]) == set(change)


async def test_a_workflow_that_cannot_be_asked_is_pending(lives):
    engine = EngineSaying(lives, lives.of["reviewed"], Unavailable("engine_unavailable"))

    report = await verified(lives, engine=engine)

    assert report.differences == []
    assert [e["what"] for e in report.pending] == ["workflow_unreachable"]


async def test_a_store_that_lost_the_last_events_gets_them_again(lives):
    """As after the store was restored from a backup and the engine went on."""
    accord, reference = lives.accord, await lives.accord.submit(JORDAN)
    async with lives.a_copy() as office:  # the backup
        await accord.decide(reference, "eligibility.confirm", "ineligible")
        engine = EngineSaying(lives, reference)

        report = await verified(lives, office, engine, repair=True)

    recorded = [e for e in report.differences if e["subject"] == reference]
    assert [e["what"] for e in recorded] == ["events_missing"]
    assert engine.redrained == [(reference, recorded[0]["recorded"])]


async def test_recording_everything_again_changes_nothing(lives):
    accord, reference = lives.accord, lives.of["reserved"]
    before = await accord.view(reference)

    await accord.office.gateway.redrain(reference, 0, "again-1")

    report = await verified(lives)
    assert report.differences == []
    assert await accord.view(reference) == before


async def test_a_decision_between_two_looks_is_no_difference(lives):
    accord = lives.accord
    reference = await accord.submit(JORDAN)
    before = await accord.office.gateway.snapshot(reference)
    await accord.decide(reference, "eligibility.confirm", "ineligible")

    report = await verified(lives, engine=EngineSaying(lives, reference, before))

    assert report.differences == []


async def test_an_alarm_and_a_refused_message_are_named(lives):
    alarm = (
        "INSERT INTO alarms VALUES ('a', 'event_conflict', ?, '{}', ?)",
        [lives.of["active"], LONG_AGO],
    )
    refused = (
        "INSERT INTO messages VALUES ('m', ?, 'offer', '{}', ?, ?, 1, 'rule', ?)",
        [lives.of["queued"], *[LONG_AGO] * 3],
    )

    found = await lives.found(alarm, refused)

    assert [(e["what"], e["subject"], e["code"]) for e in found] == [
        ("message_refused", lives.of["queued"], "rule"),
        ("alarm", lives.of["active"], "event_conflict"),
    ]
