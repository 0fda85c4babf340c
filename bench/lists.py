"""Lists, counts and search among a million proposals, over HTTP, on a store of their own.

The store is filled once and kept in build/ for the next run. Rows are written as the projection
would have left them, less what no list reads: every proposal has a revision, its audience and
two tasks; its chain, its texts and its letters are not there.
"""

import hashlib
import itertools
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, insert
from sqlmodel import SQLModel, select

from bench.installation import PASSWORD, accounts, prepare, serving
from bench.sample import percentile
from cli.building import build_office
from cli.settings import REPOSITORY, Settings
from policy.rules import access
from schemas.people import Desk
from store import audiences, candidacies, journeys, schema
from store.database import Database
from store.tables import (
    AudienceRow,
    DraftRow,
    JourneyRow,
    PlaceRow,
    ProposalRow,
    RevisionRow,
    TaskCandidateRow,
    TaskRow,
)
from store.words import folded

_AT_ONCE = 5_000
_RUNS = 25
_PROGRAMMES = ("ACCBP", "ACCBP-HSE", "ACCBP-AVC", "CTCBP")
_ORGANIZATIONS = ("demo-international-organization", "demo-ngo", "oas", "unodc")
_STAGES = (
    *("eligibility",) * 3,
    *("compliance",) * 6,
    *("desk",) * 3,
    *("funding",) * 3,
    *("agreement",) * 3,
    *("active",) * 42,
    *("closed",) * 40,
)
_KINDS = {
    "eligibility": ("eligibility.confirm", "programme_officer"),
    "compliance": ("compliance.norms", "reviewer"),
    "desk": ("desk.sign_off", "head_of_desk"),
    "funding": ("funding.recommend", "finance_officer"),
    "agreement": ("agreement.sign", "signing_authority"),
}
_SCOPES = {"compliance": "norms", "desk": "middle_east"}
_PLACES = (
    *("GT", "HN", "JM", "CO", "NE", "ML", "JO", "LB", "IQ", "TH", "PH", "ID"),
    *("sahel", "global"),
)
_MISSED = 0.1
_WORDS = (
    "border",
    "crossing",
    "training",
    "forensic",
    "laboratory",
    "maritime",
    "customs",
    "aviation",
    "cyber",
    "evidence",
    "judges",
    "prosecutors",
    "women",
    "police",
    "equipment",
    "radio",
    "vehicles",
    "academy",
    "investigation",
    "trafficking",
    "finance",
)


@dataclass(frozen=True)
class Timed:
    """One question, asked again and again; milliseconds at the client."""

    question: str
    median: float
    p95: float


async def measure(settings: Settings, proposals: int, logs: Path) -> list[Timed]:
    """Ask every question of a store of *proposals*; fills the store where it is not there."""
    await fill(settings, rows(proposals), proposals)
    async with build_office(settings) as office:
        people = {viewer.id: viewer for viewer in await accounts(office)}
    part = await serving(settings, logs)
    try:
        async with httpx.AsyncClient(base_url=f"{settings.url}/api/v1", timeout=60) as http:
            return [
                timed
                for person in (
                    "auditor-1",
                    "programme-officer-1",
                    "norms-reviewer-1",
                    "signatory-2",
                )
                for timed in await _questions(http, person, people[f"demo-{person}"].email)
            ]
    finally:
        part.end()


def store_of(settings: Settings, proposals: int, kind: str = "store") -> Settings:
    """The settings of the store that is kept for this; on PostgreSQL it is the one given."""
    if settings.has_outside_database:
        return settings
    return settings.model_copy(
        update={
            "data_dir": (folder := REPOSITORY / "build" / f"bench-{kind}-{proposals}-{_tables()}"),
            "key_file": folder / "keys" / "wrapping.key",
            "database_url": f"sqlite+aiosqlite:///{folder / 'accord.db'}",
        }
    )


def _tables() -> str:
    """Stands for how the tables are made: others need another store."""
    made = hashlib.sha256()
    for file in sorted((REPOSITORY / "store" / "migrations").rglob("*.py")):
        made.update(file.read_bytes())
    return made.hexdigest()[:8]


async def _questions(http: httpx.AsyncClient, person: str, email: str) -> list[Timed]:
    form = {"username": email, "password": PASSWORD}
    answer = (await http.post("/token", data=form)).raise_for_status()
    http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    deep: dict[str, Any] = {"cursor": await _cursor(http, 20)}
    questions: list[tuple[str, str, dict[str, Any]]] = [
        ("first page", "/proposals", {}),
        ("twentieth page", "/proposals", deep),
        ("by submission", "/proposals", {"sort": "-submitted_at"}),
        ("one stage", "/proposals", {"stage": "compliance"}),
        ("programme and outcome", "/proposals", {"programme": "CTCBP", "outcome": "approved"}),
        ("search, a reference", "/proposals", {"q": "000777"}),
        ("search, two words of a title", "/proposals", {"q": "forensic maritime"}),
        ("search, an organization", "/proposals", {"organization": "oas"}),
        ("search, no such word", "/proposals", {"q": "zzyzx"}),
        ("inbox of the group", "/tasks", {"view": "group"}),
        ("all tasks, overdue", "/tasks", {"view": "all", "overdue": "true"}),
        ("counts", "/tasks/counts", {}),
    ]
    return [
        await _timed(http, f"{person}: {name}", path, parameters)
        for name, path, parameters in questions
    ]


async def _timed(http: httpx.AsyncClient, name: str, path: str, asked: dict[str, Any]) -> Timed:
    (await http.get(path, params=asked)).raise_for_status()  # what is read first is not counted
    taken = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        (await http.get(path, params=asked)).raise_for_status()
        taken.append((time.perf_counter() - began) * 1000)
    return Timed(name, percentile(taken, 50), percentile(taken, 95))


async def _cursor(http: httpx.AsyncClient, pages: int) -> str:
    cursor: str | None = None
    for _ in range(pages - 1):
        parameters: dict[str, str] = {"cursor": cursor} if cursor else {}
        answer = (await http.get("/proposals", params=parameters)).raise_for_status()
        cursor = answer.json()["next"] or cursor
    return cursor or ""


# ---- filling the store


async def fill(
    settings: Settings,
    rows: Iterator[list[tuple[type[SQLModel], dict[str, Any]]]],
    proposals: int,
) -> None:
    """Make the store of *settings* anew from *rows*, unless it has so many proposals already."""
    database = Database(settings.database_url)
    file = settings.database_file
    try:
        if (file is None or file.exists()) and await schema.is_current(database):
            async with database.reading() as session:
                kept = (await session.exec(select(func.count()).select_from(ProposalRow))).one()
            if kept >= proposals:
                return
        if file is not None:
            file.unlink(missing_ok=True)
        await prepare(settings)
        while batch := list(itertools.islice(rows, _AT_ONCE)):
            tables: dict[type[SQLModel], list[dict[str, Any]]] = {}
            for table, row in itertools.chain.from_iterable(batch):
                tables.setdefault(table, []).append(row)
            async with database.writing() as session:
                connection = await session.connection()
                for table, values in tables.items():
                    await connection.execute(insert(table), values)
        async with database.writing() as session:
            await (await session.connection()).exec_driver_sql("ANALYZE")
    finally:
        await database.close()


def rows(proposals: int) -> Iterator[list[tuple[type[SQLModel], dict[str, Any]]]]:
    chance = random.Random(1)  # noqa: S311 - the same store on every machine
    began = datetime(2020, 1, 1, tzinfo=UTC)
    for number in range(1, proposals + 1):
        yield list(_proposal(chance, number, began + timedelta(minutes=2 * number)))


def _proposal(
    chance: random.Random, number: int, at: datetime
) -> Iterator[tuple[type[SQLModel], dict[str, Any]]]:
    programme, stage = chance.choice(_PROGRAMMES), chance.choice(_STAGES)
    organization = chance.choice(_ORGANIZATIONS)
    reference = f"{programme}-{at.year}-{number:07d}"
    title = " ".join(chance.sample(_WORDS, 4)).capitalize()
    words = folded(f"{reference} {title}")
    outcome = {"active": "approved", "agreement": "approved", "closed": "declined"}.get(stage)
    decided = at + timedelta(days=60) if outcome else None
    entries = {(e.role.value, e.scope) for e in access.entries_on_submission(programme)}
    passed = list(_KINDS)[: list(_KINDS).index(stage) + 1] if stage in _KINDS else list(_KINDS)
    state = {
        "holds": [],
        "clock": None,
        "amount_cents": chance.randrange(10**9),
        "since": (at + timedelta(days=40)).isoformat(),
        "lead": chance.choice(list(Desk)).value,
        "took": {each: chance.randrange(90 * 86_400) for each in passed if each != stage},
        "missed": [{"standard": "decision"}] if chance.random() < _MISSED else [],
    }
    proposal: dict[str, Any] = {
        "reference": reference,
        "organization": organization,
        "programme": programme,
        "created_at": at,
        "placed_at": at,
        "submitted_at": at,
        "decided_at": decided,
        "told_at": decided,
        "stage": stage,
        "outcome": outcome,
        "revision": 1,
        "policy_version": f"{programme}/2026-04-01",
        "chain_position": 0,
        "chain_head": "",
        "state": state,
    }
    yield ProposalRow, proposal
    yield JourneyRow, journeys.facts(ProposalRow(**proposal)) or {}
    for named in chance.sample(_PLACES, chance.randint(1, 2)):
        share = {"reference": reference, "revision": 1, "place": named, "share": 5_000}
        yield PlaceRow, share
    yield (
        DraftRow,
        {
            "reference": reference,
            "organization": organization,
            "programme": programme,
            "created_by": f"{organization}-signatory",
            "title": title,
            "words": words,
            "content": {},
            "version": 1,
            "saved_at": at,
        },
    )
    yield (
        RevisionRow,
        {
            "reference": reference,
            "number": 1,
            "title": title,
            "words": words,
            "content_text": f"{reference}-R1",
            "sha256": "0" * 64,
            "submitted_at": at,
            "submitted_by": f"{organization}-signatory",
            "policy_version": f"{programme}/2026-04-01",
            "checks": [],
            "receipt": {},
        },
    )
    for place, each in enumerate(passed[-2:], start=1):
        kind, role = _KINDS[each]
        is_open = each == stage
        candidate = {"role": role, "scope": _SCOPES.get(each, programme)}
        entries.add((candidate["role"], candidate["scope"]))
        task = f"{reference}-T{place:02d}"
        row: dict[str, Any] = {
            "id": task,
            "reference": reference,
            "programme": programme,
            "kind": kind,
            "stage": each,
            "number": place,
            "revision": 1,
            "state": "open" if is_open else "done",
            "candidates": [candidate],
            "opened_at": at,
            "due_at": at + timedelta(days=14),
            "detail": {},
            "outcome": None if is_open else "advance",
            "decided_by": None if is_open else "demo-somebody",
            "decided_at": None if is_open else at + timedelta(days=9),
            "stands": True,
            "paused": False,
            "evidence": False,
            "facts": None if is_open else {},
            "texts": {},
        }
        yield TaskRow, row
        if is_open:
            yield TaskCandidateRow, {"task": task, **candidate, **beside_a_task(row)}
    for role, scope in sorted(entries):
        yield AudienceRow, {"role": role, "scope": scope, **beside(proposal)}


def beside(row: dict[str, Any]) -> dict[str, Any]:
    """What an entry of the audience says of its proposal."""
    return {name: row[name] for name in ("reference", *audiences.COPIED)} | {
        "outcome": row["outcome"] or audiences.UNDECIDED
    }


def beside_a_task(row: dict[str, Any]) -> dict[str, Any]:
    """What a candidate says of its task."""
    return {name: row[name] for name in candidacies.COPIED}
