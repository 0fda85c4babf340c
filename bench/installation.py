"""A whole Accord for measuring: engine, worker and API as processes of their own, and their store.

The same commands start them as `accord up` does. Nothing is seeded but accounts, one list, and
funds that never run dry.
"""

import asyncio
import dataclasses
import itertools
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlmodel import select
from temporalio.client import Client
from temporalio.service import RPCError

from bench import machine
from bench.journey import ORGANIZATION, Answer, Known, Step, steps
from bench.machine import Part
from cli import engine
from cli.building import build_office
from cli.sample import sample_projects
from cli.secrets import make_wrapping_key
from cli.settings import Settings, find_temporal, make_private_folder
from cli.supervisor import accord_command, temporal_command
from commands import deciding, demonstration, drafting, reading, submitting
from commands.office import Office
from commands.partner_acts import accept_conditions, sign
from schemas.errors import NotFound
from schemas.events import EventType
from schemas.messages import Facts, ProposalStart
from schemas.people import Role, Viewer
from schemas.proposal import Content
from schemas.requests import DecisionRequest
from store import chain, messages, people, schema
from store.database import Database
from store.tables import MessageRow
from workflows.tasks import Task

PASSWORD = "measured"  # noqa: S105 - of accounts that live as long as a run
_BUDGET_CENTS = 10**13


@dataclass
class Installation:
    """What clients need: settings, an office on the same store, the accounts, what is known."""

    settings: Settings
    office: Office
    client: Client
    people: Sequence[Viewer]
    known: Known
    parts: list[Part]

    @property
    def content(self) -> Content:
        return a_content()

    @property
    def signatory(self) -> Viewer:
        return next(p for p in self.people if p.holds(Role.SIGNATORY, ORGANIZATION))

    async def draft(self, request_id: str) -> str:
        view, _ = await drafting.create(self.office, self.signatory, self.content, None, request_id)
        return str(view["reference"])

    async def steps_of(self, start: ProposalStart) -> list[Step]:
        return [step async for step in steps(start, self.people, self.known)]

    async def started(self, reference: str) -> list[Step]:
        """The steps of a proposal that somebody else has submitted."""
        async with self.office.database.reading() as session:
            found = await session.exec(
                select(MessageRow.payload).where(
                    MessageRow.reference == reference, MessageRow.kind == messages.SUBMIT
                )
            )
            return await self.steps_of(ProposalStart.model_validate(found.one()))


def a_content() -> Content:
    """A middling project of the sample: one country, one desk, the usual findings."""
    return next(
        sample.content
        for sample in sample_projects()
        if sample.submitted_by == "unodc" and sample.expected.stage == "active"
    )


class Remembering:
    """Stands in for the gateway where a proposal is made ready and not yet started."""

    def __init__(self) -> None:
        self.starts: dict[str, ProposalStart] = {}

    async def submit(self, start: ProposalStart) -> None:
        self.starts[start.submission.reference] = start


async def frozen(accord: Installation, request_id: str) -> ProposalStart:
    """A proposal in the store, submitted in all but the engine's knowledge."""
    remembering = Remembering()
    aside = dataclasses.replace(accord.office, gateway=remembering)  # type: ignore[arg-type]
    reference = await accord.draft(f"draft-{request_id}")
    await submitting.submit(aside, accord.signatory, reference, request_id, None)
    return remembering.starts[reference]


async def prepare(settings: Settings) -> None:
    """Make the store, the accounts, one list, and funds enough for any run."""
    if not settings.key_file.exists():
        make_wrapping_key(settings.key_file)
    database = Database(settings.database_url)
    await schema.migrate(database)
    await database.close()
    async with build_office(settings) as office:
        await demonstration.seed_accounts(office, PASSWORD)
        await demonstration.seed_funds(office, _BUDGET_CENTS)
        await demonstration.seed_list(office)


@asynccontextmanager
async def running(settings: Settings, logs: Path) -> AsyncIterator[Installation]:
    """Start the three processes, learn one journey through them, and end them afterwards."""
    parts: list[Part] = []
    make_private_folder(settings.data_dir)
    environment = settings.environment_of_children()
    try:
        parts.append(
            await machine.start(
                "temporal",
                temporal_command(settings, str(find_temporal())),
                logs,
                lambda: _answers(settings),
                settings.environment_of_tools(),
            )
        )
        parts.append(
            await machine.start("worker", accord_command("work"), logs, "worker_ready", environment)
        )
        parts.append(await serving(settings, logs))
        async with build_office(settings) as office:
            client = await engine.connect(settings, office.keys, lazy=False)
            accord = Installation(settings, office, client, await accounts(office), Known(), parts)
            yield accord
    finally:
        for part in reversed(parts):
            part.end()


async def serving(settings: Settings, logs: Path) -> Part:
    """The API alone, on the settings' store."""

    async def is_live() -> bool:
        try:
            async with httpx.AsyncClient() as http:
                return (await http.get(f"{settings.url}/api/v1/health/live")).is_success
        except httpx.HTTPError:
            return False

    return await machine.start(
        "api", accord_command("serve"), logs, is_live, settings.environment_of_children()
    )


async def accounts(office: Office) -> Sequence[Viewer]:
    async with office.database.reading() as session:
        found = [
            people.viewer(person, grants, office.today())
            for person, grants in await people.all_people(session)
        ]
    return sorted((v for v in found if v is not None), key=lambda v: v.id)


async def learn(accord: Installation) -> int:
    """Take one proposal through the running system; returns how many updates that took."""
    office, number = accord.office, itertools.count(1)
    this = uuid.uuid4().hex
    start = await frozen(accord, this)
    reference = start.submission.reference
    await office.gateway.submit(start)

    async def decide(task: Task, person: Viewer, outcome: str) -> Answer:
        example = await _example(office, person, task.id)
        request = {"outcome": outcome, "reason": "For the file.", "answers": example}
        await deciding.decide(
            office,
            person,
            task.id,
            DecisionRequest.model_validate(request),
            f"{this}-{next(number)}",
            None,
        )
        learned = Answer(await _facts(office, reference, task.id), example)
        accord.known.answers[task.kind] = learned
        return learned

    async for step in steps(start, accord.people, decide):
        if step.task is None:
            act = sign if step.outcome == "sign" else accept_conditions
            await act(office, step.person, reference, f"{this}-{next(number)}")
    return next(number)


async def _example(office: Office, person: Viewer, task_id: str) -> Any:
    """The form's own valid answer, once the task is open."""
    for _ in range(500):
        try:
            view, _version = await reading.task(office, person, task_id, "en")
        except NotFound:
            await asyncio.sleep(0.02)
            continue
        return view["form"]["examples"][0]
    raise RuntimeError(f"{task_id} did not open")


async def _facts(office: Office, reference: str, task: str) -> Facts:
    async with office.database.reading() as session:
        events = await chain.events_of(session, reference)
    told = [e.data for e in events if e.type == EventType.TASK_DECIDED and e.data["task"] == task]
    return Facts.model_validate(told[0]["facts"])


async def _answers(settings: Settings) -> bool:
    try:
        client = await Client.connect(settings.engine_address)
        return await client.service_client.check_health()
    except (RPCError, RuntimeError):
        return False


def settings_for(folder: Path, database_url: str | None = None) -> Settings:
    """Settings of an installation of this run alone; a database where one is given."""
    settings = Settings(
        data_dir=folder / "var",
        port=machine.free_port(),
        temporal_port=machine.free_port(),
        log_format="json",
        demo=False,
    )
    if database_url is not None:
        settings = Settings(**settings.model_dump() | {"database_url": database_url})
    return settings
