"""The inbox of one reviewer with very many open tasks, over HTTP, on a store of its own.

Issue: `page and count p95 (target 30 ms), claim p50 (target 5 ms), events unchanged by claims`.
The store is filled once and kept in build/ for the next run, as for the lists.

    nice -n 10 .venv/bin/python -m bench.inboxes [--tasks 100000] [--database-url ...]
"""

import argparse
import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func
from sqlmodel import SQLModel, select

from bench.installation import PASSWORD, accounts, serving, settings_for
from bench.lists import Timed, beside, beside_a_task, fill, store_of
from bench.report import console
from bench.sample import percentile
from cli.building import build_office
from cli.settings import Settings
from policy.rules import access
from store.database import Database
from store.tables import (
    AudienceRow,
    DraftRow,
    EventRow,
    ProposalRow,
    RevisionRow,
    TaskCandidateRow,
    TaskRow,
)

PAGE_MS = 30.0
CLAIM_MS = 5.0
_RUNS = 40
_CLAIMS = 100
_LATE_EVERY = 20
"""One task in so many is late: of 100,000 there are 5,000, more than are sorted at once."""
_REVIEWER = "demo-norms-reviewer-1"


async def measure(settings: Settings, tasks: int, logs: Path) -> tuple[list[Timed], int]:
    """Every question with its times, and how many events the claims left."""
    await fill(settings, _rows(tasks, datetime.now(UTC)), tasks)
    async with build_office(settings) as office:
        email = {viewer.id: viewer for viewer in await accounts(office)}[_REVIEWER].email
    before = await _events(settings)
    part = await serving(settings, logs)
    try:
        async with httpx.AsyncClient(base_url=f"{settings.url}/api/v1", timeout=60) as http:
            form = {"username": email, "password": PASSWORD}
            token = (await http.post("/token", data=form)).raise_for_status().json()
            http.headers["Authorization"] = f"Bearer {token['access_token']}"
            signed_in = await _events(settings)
            found = [
                await _timed(http, name, path, asked)
                for name, path, asked in await _questions(http)
            ]
            found.append(await _claims(http))
    finally:
        part.end()
    left = await _events(settings) - signed_in
    assert signed_in >= before  # noqa: S101 - a bench that counts wrong is worse than none
    return found, left


async def _questions(http: httpx.AsyncClient) -> list[tuple[str, str, dict[str, Any]]]:
    group = {"view": "group"}
    deep = dict(group)
    for _ in range(19):
        following = (await http.get("/tasks", params=deep)).raise_for_status().json()["next"]
        deep = {**group, "cursor": following} if following else deep
    return [
        ("group, first page", "/tasks", group),
        ("group, twentieth page", "/tasks", deep),
        ("group, overdue", "/tasks", {**group, "overdue": "true"}),
        ("group, newest due last", "/tasks", {**group, "sort": "-due_at"}),
        ("group, one program", "/tasks", {**group, "programme": "CTCBP"}),
        ("mine", "/tasks", {"view": "mine"}),
        ("counts of the group", "/tasks/counts", group),
        ("counts of mine", "/tasks/counts", {"view": "mine"}),
    ]


async def _timed(http: httpx.AsyncClient, name: str, path: str, asked: dict[str, Any]) -> Timed:
    first = await http.get(path, params=asked)  # what is read first is not counted
    if first.is_error:
        raise SystemExit(f"{name}: {first.status_code} {first.text}")
    taken = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        (await http.get(path, params=asked)).raise_for_status()
        taken.append((time.perf_counter() - began) * 1000)
    return Timed(name, percentile(taken, 50), percentile(taken, 95))


async def _claims(http: httpx.AsyncClient) -> Timed:
    """Claims of as many tasks, each given back again; the claims alone are timed."""
    page = (await http.get("/tasks", params={"view": "group", "limit": _CLAIMS})).json()["items"]
    taken = []
    for task in page:
        for act in ("claim", "release"):
            key = {"Idempotency-Key": f"{act}-{task['id']}-{time.time_ns()}"[:64]}
            began = time.perf_counter()
            (await http.post(f"/tasks/{task['id']}/{act}", headers=key)).raise_for_status()
            if act == "claim":
                taken.append((time.perf_counter() - began) * 1000)
    return Timed("claim", percentile(taken, 50), percentile(taken, 95))


async def _events(settings: Settings) -> int:
    database = Database(settings.database_url)
    try:
        async with database.reading() as session:
            return int((await session.exec(select(func.count()).select_from(EventRow))).one())
    finally:
        await database.close()


# ---- filling the store


def _rows(tasks: int, now: datetime) -> Iterator[list[tuple[type[SQLModel], dict[str, Any]]]]:
    for number in range(1, tasks + 1):
        programme = ("CTCBP", "ACCBP")[number % 2]
        late = number % _LATE_EVERY == 0
        due_at = now + timedelta(days=-365 if late else 3650, minutes=number)
        yield list(_proposal(number, programme, now - timedelta(minutes=number), due_at))


def _proposal(
    number: int, programme: str, at: datetime, due_at: datetime
) -> Iterator[tuple[type[SQLModel], dict[str, Any]]]:
    """A proposal in compliance whose one open task is a finding on norms."""
    reference, version = f"{programme}-2026-{number:07d}", f"{programme}/2026-04-01"
    candidate = {"role": "reviewer", "scope": "norms"}
    shared = {"reference": reference, "programme": programme}
    row: dict[str, Any] = {
        **shared,
        "organization": "demo-ngo",
        "created_at": at,
        "placed_at": at,
        "submitted_at": at,
        "stage": "compliance",
        "outcome": None,
        "revision": 1,
        "policy_version": version,
        "chain_position": 0,
        "chain_head": "",
        "state": {"holds": [], "clock": None, "amount_cents": 100_000_00, "checks": {}},
    }
    yield ProposalRow, row
    yield (
        DraftRow,
        {
            **shared,
            "organization": "demo-ngo",
            "created_by": "demo-ngo-signatory",
            "title": "Border training",
            "words": "border training",
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
            "title": "Border training",
            "words": "border training",
            "content_text": f"{reference}-R1",
            "sha256": "0" * 64,
            "submitted_at": at,
            "submitted_by": "demo-ngo-signatory",
            "policy_version": version,
            "checks": [],
            "receipt": {},
        },
    )
    task: dict[str, Any] = {
        **shared,
        "id": f"{reference}-T01",
        "kind": "compliance.norms",
        "stage": "compliance",
        "revision": 1,
        "state": "open",
        "candidates": [candidate],
        "opened_at": at,
        "due_at": due_at,
        "detail": {},
        "number": 1,
        "paused": False,
        "stands": True,
        "evidence": False,
        "duty": "compliance",
        "texts": {},
    }
    yield TaskRow, task
    yield TaskCandidateRow, {"task": task["id"], **candidate, **beside_a_task(task)}
    entries = {(e.role.value, e.scope) for e in access.entries_on_submission(programme)}
    for role, scope in sorted({*entries, ("reviewer", "norms")}):
        yield AudienceRow, {"role": role, "scope": scope, **beside(row)}


# ---- on its own


def show(found: list[Timed], left: int) -> None:
    """A line for each question, and whether its target is met."""
    for timed in found:
        is_claim = timed.question == "claim"
        value, target = (timed.median, CLAIM_MS) if is_claim else (timed.p95, PAGE_MS)
        met = "met" if value <= target else "not met"
        console.print(
            f"  {timed.question:<26} p50 {timed.median:7.1f}  p95 {timed.p95:7.1f} ms"
            f"  target {'p50' if is_claim else 'p95'} {target:.0f}: {met}"
        )
    console.print(f"  events left by {_CLAIMS} claims and releases: {left}")


async def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.inboxes", description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--database-url")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="accord-bench-"))
    try:
        settings = store_of(settings_for(folder, asked.database_url), asked.tasks, "inbox")
        print(f"load {os.getloadavg()}")
        show(*await measure(settings, asked.tasks, folder))
        print(f"load {os.getloadavg()}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(_main())
