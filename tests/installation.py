"""A whole installation for one test: a real store, the real gateway, and a worker of its own.

The engine is shared by a session (a real server that can skip time); the store is a new file,
and the task queue is the test's own, so that tests do not meet.
"""

import asyncio
import itertools
import shutil
import sys
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from api.app import create_app
from cli.working import build_worker
from commands import demonstration, drafting, housekeeping, reading, submitting
from commands.deciding import decide
from commands.office import Office, utc_now
from commands.partner_acts import accept_conditions, sign
from commands.signing_in import password_hasher
from policy.catalogue import Catalogue
from schemas.events import AGREEMENT
from schemas.people import Candidate, Role, Viewer
from schemas.proposal import Content
from schemas.requests import DecisionRequest, TaskFilter
from store import chain, people, schema
from store.database import Database
from store.heads import HeadsFile
from store.keys import KeyRing, SecretWrappingKey
from store.signing import Signer
from store.tables import PersonRow, ProposalRow, ReferenceRow
from store.trail import StoreTrail
from workflows.decoding import PayloadDecoder
from workflows.encryption import data_converter
from workflows.gateway import TemporalGateway, workflow_id

SECRET = b"0123456789abcdef0123456789abcdef"
PASSWORD = "demonstration"
PATIENCE = timedelta(hours=1)
"""With the engine: a busy machine may take its time, and no test is about that."""
_CATALOGUE = Catalogue.load()
_BLOCKS = itertools.count()


async def _number_from(office: Office, first: int) -> None:
    """Proposals of different tests must not meet in the engine: each gets numbers of its own."""
    year = office.today().year
    async with office.database.writing() as session:
        for programme in ("ACCBP", "ACCBP-HSE", "ACCBP-AVC", "CTCBP"):
            for each in (year, year + 1):
                session.add(ReferenceRow(series=f"{programme}-{each}", last=first))


def temporal_binary() -> str:
    found = shutil.which("temporal", path=str(Path(sys.executable).parent)) or shutil.which(
        "temporal"
    )
    assert found, "the temporal binary comes with the requirements"
    return found


@asynccontextmanager
async def an_engine() -> AsyncIterator[WorkflowEnvironment]:
    """A real Temporal server whose workflows can be moved through time."""
    async with await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False),
        dev_server_existing_path=temporal_binary(),
        dev_server_log_level="error",
        search_attributes=[
            SearchAttributeKey.for_keyword("AccordReference"),
            SearchAttributeKey.for_keyword("AccordProgramme"),
        ],
        dev_server_extra_args=[
            "--dynamic-config-value",
            "frontend.WorkflowTimeSkippingEnabled=true",
            "--dynamic-config-value",
            "system.workflowTimeSkippingEnabled=true",
            "--dynamic-config-value",
            'history.workflowIdReuseMinimalInterval="0s"',
        ],
    ) as environment:
        yield environment


@dataclass
class Installation:
    """One office with its worker, and short ways to do what a test is not about."""

    office: Office
    environment: WorkflowEnvironment
    client: Client
    queue: str
    ahead: timedelta = timedelta(0)
    refused: list[Any] = field(default_factory=list)

    # ---- people

    async def viewer(self, person: str) -> Viewer:
        """A demonstration account by its id, such as `programme-officer-1`."""
        async with self.office.database.reading() as session:
            row = await session.get(PersonRow, f"demo-{person}")
            found = row and await people.viewer_of_person(session, row, self.office.today())
        assert found is not None, f"no account {person}"
        return found

    @property
    def signatory(self) -> Viewer:
        return a_signatory("demo-international-organization")

    # ---- a proposal's way

    async def draft(self, content: Mapping[str, Any], by: Viewer | None = None) -> str:
        view, _ = await drafting.create(
            self.office, by or self.signatory, Content.model_validate(content), None, a_request()
        )
        return str(view["reference"])

    async def submit(self, content: Mapping[str, Any], by: Viewer | None = None) -> str:
        """Draft and submit; returns the reference."""
        reference = await self.draft(content, by)
        await submitting.submit(self.office, by or self.signatory, reference, a_request(), None)
        return reference

    async def view(self, reference: str, by: Viewer | None = None) -> dict[str, Any]:
        view, _ = await reading.proposal(self.office, by or AN_AUDITOR, reference)
        return view

    async def tasks_of(self, reference: str) -> list[dict[str, Any]]:
        found = await reading.tasks_of(self.office, AN_AUDITOR, reference)
        return list(found["items"])

    async def open_tasks(self, reference: str) -> list[dict[str, Any]]:
        return [task for task in await self.tasks_of(reference) if task["state"] == "open"]

    async def open_kinds(self, reference: str) -> list[str]:
        return sorted(task["kind"] for task in await self.open_tasks(reference))

    async def task(self, reference: str, kind: str) -> dict[str, Any]:
        tasks = [t for t in await self.open_tasks(reference) if t["kind"] == kind]
        assert tasks, f"no open {kind} among {await self.open_kinds(reference)}"
        return tasks[0]

    async def takers(self, task: Mapping[str, Any]) -> list[Viewer]:
        """The demonstration accounts in whose inbox the task is, in their order."""
        return [
            viewer
            for viewer in await self.staff()
            if any(viewer.covers(Candidate.model_validate(c)) for c in task["candidates"])
            and task["id"] in await self.inbox(viewer, str(task["reference"]))
        ]

    async def inbox(self, viewer: Viewer, reference: str) -> list[str]:
        found = await reading.tasks(
            self.office, viewer, view="group", asked=TaskFilter(reference=reference), limit=200
        )
        return [task["id"] for task in found["items"]]

    async def staff(self) -> list[Viewer]:
        cached: list[Viewer] | None = self.office.memory.get("staff")
        if cached is None:
            accounts = await demonstration.accounts(self.office, PASSWORD)
            async with self.office.database.reading() as session:
                rows = [await people.by_email(session, a["email"]) for a in accounts]
                found = [
                    await people.viewer_of_person(session, row, self.office.today())
                    for row in rows
                    if row is not None
                ]
            cached = self.office.memory["staff"] = [
                v for v in found if v is not None and v.is_staff
            ]
        return cached

    async def decide(
        self,
        reference: str,
        kind: str,
        outcome: str | None = None,
        *,
        by: Viewer | None = None,
        answers: Mapping[str, Any] | None = None,
        sections: tuple[str, ...] = (),
        request: str | None = None,
    ) -> dict[str, Any]:
        """Decide the open task of *kind*: by who may, with the form's own example, advancing."""
        task = await self.task(reference, kind)
        return await self.decide_task(
            task, outcome, by=by, answers=answers, sections=sections, request=request
        )

    async def decide_task(
        self,
        task: Mapping[str, Any],
        outcome: str | None = None,
        *,
        by: Viewer | None = None,
        answers: Mapping[str, Any] | None = None,
        sections: tuple[str, ...] = (),
        request: str | None = None,
    ) -> dict[str, Any]:
        person = by or (await self.takers(task))[0]
        detail, _ = await reading.task(self.office, person, task["id"], "en")
        example = detail["form"]["examples"][0]
        return await decide(
            self.office,
            person,
            task["id"],
            DecisionRequest.model_validate(
                {
                    "outcome": outcome or task["outcomes"][0]["code"],
                    "reason": "For the file.",
                    "message_to_partner": "For the partner.",
                    "answers": dict(answers) if answers is not None else example,
                    "sections": list(sections),
                }
            ),
            request or a_request(),
            None,
        )

    async def advance_to(self, reference: str, stage: str, *, most: int = 80) -> None:
        """Take every task with its advancing example until the proposal stands at *stage*."""
        for _ in range(most):
            if (await self.view(reference))["stage"] == stage:
                if stage == "active":
                    await self.agreement_began(reference)
                return
            if not await self.step(reference):
                await self.settle()
        raise AssertionError(f"{reference} did not reach {stage}: {await self.view(reference)}")

    async def step(self, reference: str) -> bool:
        """Take one step on: a task that someone may take, or what the partner is asked for."""
        view = await self.view(reference)
        if view["stage"] == "agreement" and not view["agreement"]["partner_signed_at"]:
            owner = a_signatory(view["organization"])
            act = sign if view["agreement"]["conditions_accepted_at"] else accept_conditions
            await act(self.office, owner, reference, a_request())
            return True
        for task in await self.open_tasks(reference):
            takers = await self.takers(task)
            if takers:
                await self.decide_task(task, by=takers[0])
                return True
        return False

    async def settle(self) -> None:
        """Let what is under way in the background be recorded."""
        await housekeeping.relay(self.office)
        await asyncio.sleep(0.02)

    async def until(self, reference: str, **facts: Any) -> dict[str, Any]:
        """The proposal as soon as it has *facts*; for what the engine does by itself."""
        for _ in range(500):
            view = await self.view(reference)
            if all(view[name] == value for name, value in facts.items()):
                return view
            await self.settle()
        raise AssertionError(f"{reference} never had {facts}: {view['stage']} {view['outcome']}")

    async def agreement_began(self, reference: str) -> None:
        """Wait until the agreement that follows the signature is recorded: then nobody writes.

        While an approval may still be taken back none follows it.
        """
        for _ in range(500):
            async with self.office.database.reading() as session:
                row = await session.get_one(ProposalRow, reference)
                untold = row.told_at is not None and row.told_at > self.now()
                if untold or await chain.last_of(session, reference, AGREEMENT):
                    return
            await self.settle()
        raise AssertionError(f"the agreement of {reference} has not begun")

    async def screened(self, reference: str) -> None:
        """Wait until the screening that starts at submission is recorded: then nobody writes."""
        for _ in range(500):
            if (await self.view(reference))["screening"]["state"] == "done":
                return
            await self.settle()
        raise AssertionError(f"{reference} was never screened")

    async def pass_time(self, reference: str, time: timedelta) -> None:
        """Move the proposal, or its agreement, and the office's own clock forward."""
        async with self.office.database.reading() as session:
            source, _ = await chain.standing(session, reference)
        handle = self.client.get_workflow_handle(workflow_id(reference, source))
        self.ahead += time
        await self.environment.fast_forward(handle, time)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


AN_AUDITOR = Viewer(
    id="demo-auditor-1",
    name="Auditor 1",
    email="auditor.1@accord.example",
    organization=None,
    grants=(Candidate(role=Role.AUDITOR, scope="all"),),
)


def a_signatory(organization: str) -> Viewer:
    return Viewer(
        id=f"{organization}-signatory",
        name="Signatory",
        email=f"{organization}@accord.example",
        organization=organization,
        grants=(Candidate(role=Role.SIGNATORY, scope=organization),),
    )


def a_request() -> str:
    return uuid.uuid4().hex


@asynccontextmanager
async def an_installation(
    environment: WorkflowEnvironment,
    folder: Path,
    *,
    url: str | None = None,
    with_list: bool = True,
    encrypted: bool = True,
    restored_on: str | None = None,
) -> AsyncIterator[Installation]:
    """An installation with the demonstration's accounts and funds, on the store *url* or a new one.

    Without encryption its histories can be kept and replayed by anybody (tests/histories).
    One that was restored goes on with what it has, on the task queue that it had.
    """
    url = url or f"sqlite+aiosqlite:///{folder / 'accord.db'}"
    database, local = Database(url), Database(url, busy_ms=400)
    await schema.migrate(database)
    keys = KeyRing(database, SecretWrappingKey(SECRET))
    config = environment.client.config()
    config["data_converter"] = data_converter(keys) if encrypted else pydantic_data_converter
    client = Client(**config)
    queue = restored_on or f"test-{uuid.uuid4()}"
    office = Office(
        database=database,
        catalogue=_CATALOGUE,
        gateway=TemporalGateway(client, StoreTrail(database, utc_now), queue, patience=PATIENCE),
        keys=keys,
        signer=Signer(SECRET),
        hasher=password_hasher(cheap=True),
        codec=PayloadDecoder(keys),
        heads=HeadsFile(folder / "heads.jsonl"),
        demonstration=True,
        demonstration_password=PASSWORD,
    )
    if not restored_on:
        await demonstration.seed_accounts(office, PASSWORD)
        await demonstration.seed_funds(office)
        await _number_from(office, next(_BLOCKS) * 100)
        if with_list:
            await demonstration.seed_list(office)
    installation = Installation(office, environment, client, queue)
    office.clock = installation.now
    office.gateway = TemporalGateway(
        client, StoreTrail(database, office.now), queue, patience=PATIENCE
    )
    worker = build_worker(office, client, local, task_queue=queue, versioned=False, hurried=False)
    try:
        async with worker:
            yield installation
    finally:
        await local.close()
        await database.close()


@asynccontextmanager
async def an_api(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    """The whole API over ASGI, with the real gateway behind it."""
    transport = httpx.ASGITransport(create_app(office))
    async with httpx.AsyncClient(transport=transport, base_url="http://test/api/v1") as client:
        yield client
