"""Takes the sample's projects through a running Accord, as its users would. A client, no more.

Everything goes over the API: nothing here reads the store or talks to the engine. `Walker` works
with any `httpx.AsyncClient`, so that tests walk proposals through an application in memory.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

import httpx
from rich import box
from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.sample import Sample, sample_projects

API = "/api/v1"
STAGES = ("draft", "eligibility", "compliance", "desk", "funding", "agreement", "active")
ENDS = frozenset({"active", "closed"})
SUBMITTERS = ("international_organization", "ngo", "oas", "unodc")
"""The order in which api.md, Demonstration, lists the organizations with a signatory."""
SIGNATORY = "signatory"
PARTNER_ACTS = ("accept-conditions", "sign")

Json = Any
"""What a service answers, as it came: the contract of its shape is api.md, not a type."""

_WIDE = 160
"""Columns where nobody's terminal says how many there are: a log, a file."""
_POLLS_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)
_PATIENCE_SECONDS = 60.0
"""How long a proposal may stand without a task that anybody can take before it counts as stuck."""
_RETRY_SECONDS = 90.0
"""How long one request is repeated while the service cannot answer."""
_TRY_ANOTHER = frozenset({403, 404, 409, 412})
"""Refusals after which another person may still take the task."""


class Problem(Exception):
    """An answer that says no: its status, stable code and sentence."""

    def __init__(self, status: int, code: str, detail: str, body: dict[str, Any]) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.body = body


@dataclass
class Account:
    """A demonstration account, and its token once it has signed in."""

    email: str
    password: str
    name: str
    grants: tuple[tuple[str, str], ...]
    token: str | None = None
    signing_in: asyncio.Lock = field(default_factory=asyncio.Lock)

    def holds(self, role: str) -> bool:
        return any(held == role for held, _ in self.grants)

    def covers(self, role: str, scope: str) -> bool:
        return any(held == role and over in (scope, "all") for held, over in self.grants)


@dataclass
class Journey:
    """What became of one project."""

    sample: Sample
    reference: str = ""
    view: dict[str, Any] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)
    tasks: Counter[str] = field(default_factory=Counter)
    instrument: str = ""
    seconds: float = 0.0
    trouble: str = ""
    """Why the journey ended early, or what differs from what was expected."""

    @property
    def stage(self) -> str:
        return str(self.view.get("stage") or "")

    @property
    def outcome(self) -> str:
        return str(self.view.get("outcome") or "")

    def fails(self) -> Iterator[str]:
        """Everything about the end of the journey that is not as the sample expects."""
        expected = self.sample.expected
        if self.trouble:
            yield self.trouble
            return
        ends = {expected.stage.value, "closed"} if expected.stage == "active" else {expected.stage}
        if self.stage not in ends or self.outcome != expected.outcome:
            yield (
                f"ended as {self.stage} / {self.outcome or 'no outcome'}, "
                f"expected {expected.stage.value} / {expected.outcome.value}"
            )
        results = {check["code"]: check["result"] for check in self.view.get("checks") or []}
        judged = expected.needs_judgement
        if judged and results.get(judged) != "needs_judgement":
            yield f"the check {judged} does not need judgement"
        if expected.failed and results.get(expected.failed) != "fail":
            yield f"the check {expected.failed} did not fail"
        if expected.outcome == "ineligible" and not self._ineligible_reason():
            yield "no reason stands beside the finding of ineligibility"

    def _ineligible_reason(self) -> str:
        return next(
            (
                str(item["reason"])
                for item in self.history
                if item.get("reason")
                and (
                    "ineligible" in (item["type"], (item.get("data") or {}).get("outcome"))
                    or item["type"] == "found_ineligible"
                )
            ),
            "",
        )


class Watch(Protocol):
    """Whoever wants to know how far the walk has come."""

    def moved(self, sample: Sample, stage: str, doing: str) -> None: ...

    def ended(self, journey: Journey) -> None: ...


class Silent:
    """A watch that nobody looks at."""

    def moved(self, sample: Sample, stage: str, doing: str) -> None:
        """Say nothing."""

    def ended(self, journey: Journey) -> None:
        """Say nothing."""


class Walker:
    """Acts for the demonstration accounts until a proposal is active or closed."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        accounts: Sequence[Account],
        watch: Watch | None = None,
        *,
        patience_seconds: float = _PATIENCE_SECONDS,
    ) -> None:
        self._client = client
        self._accounts = tuple(accounts)
        self._watch: Watch = watch or Silent()
        self._patience_seconds = patience_seconds

    @classmethod
    async def meet(
        cls,
        client: httpx.AsyncClient,
        password: str | None = None,
        watch: Watch | None = None,
        *,
        patience_seconds: float = _PATIENCE_SECONDS,
    ) -> Walker:
        """A walker with the accounts that the installation's demonstration offers.

        *password* stands in for the accounts' own where an installation does not tell it.
        """
        walker = cls(client, (), watch, patience_seconds=patience_seconds)
        answer = await walker._send("GET", "/demo/accounts")
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise Problem(404, "no_demonstration", "This Accord has no demonstration.", {})
        told = _read(answer)["items"]
        walker._accounts = tuple(
            Account(
                email=each["email"],
                password=password or each["password"],
                name=each["name"],
                grants=tuple((grant["role"], grant["scope"]) for grant in each["grants"]),
            )
            for each in told
        )
        return walker

    # ---- the walk

    async def walk(self, sample: Sample) -> Journey:
        """Create, submit and decide *sample* until it is active or closed, or stuck."""
        journey = Journey(sample)
        started = time.monotonic()
        try:
            await self._submit(journey)
            await self._until_decided(journey)
        except (Problem, httpx.HTTPError) as problem:
            journey.trouble = str(problem) or type(problem).__name__
        if journey.reference:
            try:
                await self._read_the_end(journey)
            except (Problem, httpx.HTTPError) as problem:
                journey.trouble = journey.trouble or str(problem)
        journey.seconds = time.monotonic() - started
        self._watch.ended(journey)
        return journey

    async def _submit(self, journey: Journey) -> None:
        sample, partner = journey.sample, self.partner(journey.sample)
        self._watch.moved(sample, "draft", "is created")
        draft = await self.ask(partner, "POST", "/proposals", json=sample.body)
        journey.reference = draft["reference"]
        self._watch.moved(sample, "draft", "is submitted")
        await self.ask(partner, "POST", f"/proposals/{journey.reference}/submit")

    async def _until_decided(self, journey: Journey) -> None:
        path = f"/proposals/{journey.reference}"
        moved_at, polls = time.monotonic(), iter(_POLLS_SECONDS)
        while True:
            journey.view = await self.ask(self._auditor, "GET", path)
            if journey.stage in ENDS:
                return
            self._watch.moved(journey.sample, journey.stage, "waits")
            acted = journey.stage == "agreement" and await self._act_as_partner(journey)
            acted = await self._decide_one(journey) or acted
            if acted:
                moved_at, polls = time.monotonic(), iter(_POLLS_SECONDS)
                continue
            if time.monotonic() - moved_at > self._patience_seconds:
                journey.trouble = await self._why_it_waits(journey)
                return
            if await self._waits_for_money(journey):
                journey.trouble = "waits for money: another proposal must release some first"
                return
            await asyncio.sleep(next(polls, _POLLS_SECONDS[-1]))

    async def _decide_one(self, journey: Journey) -> bool:
        """Decide one open task; False when there is none that anybody may take now."""
        for task in await self._open_tasks(journey):
            for account in self._candidates(task):
                if await self._try(journey, task, account):
                    return True
        return False

    async def _try(self, journey: Journey, task: dict[str, Any], account: Account) -> bool:
        """Claim and decide *task* as *account*; False when another must try."""
        mine = await self.ask(
            account,
            "GET",
            "/tasks",
            params={"view": "group", "state": "open", "reference": journey.reference},
        )
        if task["id"] not in {each["id"] for each in mine["items"]}:
            return False
        path = f"/tasks/{task['id']}"
        try:
            await self.ask(account, "POST", f"{path}/claim")
            read = await self.ask(account, "GET", path)
            decision = decide(read, ineligible=journey.sample.expected.outcome == "ineligible")
            self._watch.moved(journey.sample, journey.stage, f"{task['kind']}: {account.name}")
            await self.ask(account, "POST", f"{path}/decision", json=decision)
        except Problem as problem:
            if problem.status in _TRY_ANOTHER:
                # Already decided counts as progress; anything else leaves it to the next person.
                return problem.code == "already_decided"
            raise
        journey.tasks[task["kind"]] += 1
        answers = decision["answers"]
        if task["kind"] == "funding.recommend" and isinstance(answers, dict):
            journey.instrument = str(answers.get("instrument") or "")
        return True

    async def _act_as_partner(self, journey: Journey) -> bool:
        """Accept the conditions and sign, once each is open; False when neither is."""
        partner, path = self.partner(journey.sample), f"/proposals/{journey.reference}"
        acted = False
        for act in PARTNER_ACTS:
            if act in journey.tasks:
                continue
            try:
                await self.ask(partner, "POST", f"{path}/{act}")
            except Problem as problem:
                if problem.status != httpx.codes.CONFLICT:
                    raise
                return acted
            self._watch.moved(journey.sample, journey.stage, f"{act}: {partner.name}")
            journey.tasks[act] += 1
            acted = True
        return acted

    async def _read_the_end(self, journey: Journey) -> None:
        path = f"/proposals/{journey.reference}"
        journey.view = await self.ask(self._auditor, "GET", path)
        journey.history = await self._all_of(f"{path}/history")

    # ---- what there is to do

    async def _open_tasks(self, journey: Journey) -> list[dict[str, Any]]:
        listed = await self.ask(
            self._auditor,
            "GET",
            "/tasks",
            params={
                "view": "all",
                "state": "open",
                "reference": journey.reference,
                "limit": "200",
            },
        )
        tasks: list[dict[str, Any]] = listed["items"]
        return tasks

    def _candidates(self, task: dict[str, Any]) -> Iterator[Account]:
        """The accounts that cover a candidate of *task*, the holder first, lower levels first."""
        holder = task.get("holder")
        name = holder.get("name") if isinstance(holder, dict) else holder
        found: dict[str, Account] = {}
        for candidate in task["candidates"]:
            for account in self._accounts:
                if account.covers(candidate["role"], candidate["scope"]):
                    found.setdefault(account.email, account)
        yield from sorted(found.values(), key=lambda account: account.name != name)

    async def _waits_for_money(self, journey: Journey) -> bool:
        if journey.stage != "funding":
            return False
        waiting = await self._waiting(journey)
        return bool(waiting) and all(item["on"]["kind"] == "money" for item in waiting)

    async def _why_it_waits(self, journey: Journey) -> str:
        items = await self._waiting(journey)
        told = "; ".join(
            f"{item['on']['kind']} {item['on'].get('who') or ''} {item.get('task') or ''}".strip()
            for item in items
        )
        return f"stands in {journey.stage}, waiting on {told or 'nothing it tells'}"

    async def _waiting(self, journey: Journey) -> list[dict[str, Any]]:
        path = f"/proposals/{journey.reference}/waiting"
        items: list[dict[str, Any]] = (await self.ask(self._auditor, "GET", path))["items"]
        return items

    # ---- people and requests

    def partner(self, sample: Sample) -> Account:
        """The demonstration signatory that submits *sample*."""
        signatories = [each for each in self._accounts if each.holds(SIGNATORY)]
        return signatories[SUBMITTERS.index(sample.submitted_by)]

    @property
    def _auditor(self) -> Account:
        return next(each for each in self._accounts if each.holds("auditor"))

    async def _all_of(self, path: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        params = {"limit": "200"}
        while True:
            page = await self.ask(self._auditor, "GET", path, params=params)
            items += page["items"]
            if not page.get("next"):
                return items
            params = {"limit": "200", "cursor": page["next"]}

    async def ask(
        self,
        account: Account,
        method: str,
        path: str,
        *,
        json: Json = None,
        params: dict[str, str] | None = None,
    ) -> Json:
        """The answer to a request of *account*; a refusal is a `Problem`.

        A POST carries one `Idempotency-Key` however often it is sent, so that repeating it after
        503 or a lost answer does nothing twice.
        """
        headers = {"Accept-Language": "en"}
        if method == "POST":
            headers["Idempotency-Key"] = uuid.uuid4().hex
        answer = None
        for attempt in range(2):
            headers["Authorization"] = f"Bearer {await self._token(account, renew=attempt > 0)}"
            answer = await self._send(method, path, json=json, params=params, headers=headers)
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                break
        assert answer is not None  # noqa: S101  # the loop has run
        return _read(answer)

    async def _token(self, account: Account, *, renew: bool) -> str:
        async with account.signing_in:
            if account.token is None or renew:
                answer = await self._send(
                    "POST",
                    "/token",
                    data={"username": account.email, "password": account.password},
                )
                account.token = str(_read(answer)["access_token"])
            return account.token

    async def _send(
        self,
        method: str,
        path: str,
        *,
        json: Json = None,
        data: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Send until the service answers: waits out 429 and 503, and repeats a lost request."""
        until = time.monotonic() + _RETRY_SECONDS
        for pause in itertools.chain(_POLLS_SECONDS, itertools.repeat(_POLLS_SECONDS[-1])):
            late = time.monotonic() > until
            try:
                answer = await self._client.request(
                    method, f"{API}{path}", json=json, data=data, params=params, headers=headers
                )
            except httpx.TransportError:
                if late:
                    raise
                await asyncio.sleep(pause)
                continue
            busy = answer.status_code in (
                httpx.codes.TOO_MANY_REQUESTS,
                httpx.codes.SERVICE_UNAVAILABLE,
            )
            if late or not busy:
                return answer
            await asyncio.sleep(_seconds(answer.headers.get("Retry-After"), pause))
        raise AssertionError  # the pauses never end


def decide(task: dict[str, Any], *, ineligible: bool = False) -> dict[str, Any]:
    """The decision that advances *task*, with the first valid answer of its form.

    With *ineligible*, a task that shows failed checks is decided so, with a reason for each.
    """
    answers = dict(task["form"]["examples"][0])
    wanted = {"advance"}
    if ineligible and task["kind"] == "eligibility.confirm" and answers.get("failed_checks"):
        wanted = {"stop"}
        answers["failed_checks"] = [
            {**each, "reason": "The proposal names nothing that the program may fund."}
            for each in answers["failed_checks"]
        ]
    outcome = next(each for each in task["outcomes"] if each["effect"] in wanted)
    decision: dict[str, Any] = {"outcome": outcome["code"], "answers": answers}
    if outcome["effect"] == "stop":
        decision["reason"] = "No focus area of the program covers the proposed work."
    elif outcome.get("needs_reason"):
        decision["reason"] = "In order."
    if outcome.get("needs_message"):
        decision["message_to_partner"] = (
            "The proposed work lies outside the focus areas of this program."
        )
    return decision


def run(
    url: str = "http://127.0.0.1:8000",
    password: str | None = None,
    only: list[str] | None = None,
    jobs: int = 1,
    quiet: bool = False,  # noqa: FBT001, FBT002  # as typer hands it over
) -> int:
    """Walk the sample (or *only* some of it) through the Accord at *url*; the exit code."""
    console = Console(width=None if sys.stdout.isatty() else _WIDE)
    try:
        samples = sample_projects(only)
    except KeyError as unknown:
        console.print(f"The sample has no project {unknown.args[0]}.")
        return 2
    try:
        journeys = asyncio.run(_run(url, password, samples, jobs, console, quiet=quiet))
    except httpx.TransportError:
        console.print(f"No Accord answers at {url}. Start it with `make up`.")
        return 2
    except Problem as problem:
        console.print(f"{problem.detail} Start it with `make up`, which brings one.")
        return 2
    if not quiet:
        for journey in journeys:
            console.print(timeline(journey))
    console.print(summary(journeys))
    failed = [(journey, told) for journey in journeys for told in journey.fails()]
    for journey, told in failed:
        console.print(f"{journey.sample.id} {journey.reference}: {told}", markup=False)
    return 1 if failed else 0


async def _run(
    url: str,
    password: str | None,
    samples: Sequence[Sample],
    jobs: int,
    console: Console,
    *,
    quiet: bool,
) -> list[Journey]:
    shown = Shown(samples)
    at_a_time = asyncio.Semaphore(max(1, jobs))
    async with httpx.AsyncClient(base_url=url, timeout=30.0) as client:
        await client.get(f"{API}/programmes")  # says at once when nothing answers
        walker = await Walker.meet(client, password, None if quiet else shown)

        async def walk(sample: Sample) -> Journey:
            async with at_a_time:
                return await walker.walk(sample)

        if quiet:
            return list(await asyncio.gather(*map(walk, samples)))
        with Live(shown.bars, console=console, refresh_per_second=8):
            return list(await asyncio.gather(*map(walk, samples)))


# ---- what is shown


class Shown:
    """Progress bars: one for the whole run, one for each project under way."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._all = Progress(
            TextColumn("[bold]{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:.0f} of {task.total:.0f}"),
            TimeElapsedColumn(),
        )
        self._each = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=14),
            TextColumn("{task.fields[doing]}"),
        )
        self._whole = self._all.add_task("Projects", total=len(samples))
        self._bars: dict[str, TaskID] = {}

    @property
    def bars(self) -> Group:
        return Group(self._all, self._each)

    def moved(self, sample: Sample, stage: str, doing: str) -> None:
        bar = self._bars.get(sample.id)
        if bar is None:
            bar = self._each.add_task(sample.id, total=len(STAGES) - 1, doing="")
            self._bars[sample.id] = bar
        done = STAGES.index(stage) if stage in STAGES else len(STAGES) - 1
        self._each.update(bar, completed=done, doing=f"{stage}: {doing}")

    def ended(self, journey: Journey) -> None:
        bar = self._bars.get(journey.sample.id)
        if bar is not None:
            self._each.update(bar, visible=False)
        self._all.advance(self._whole)


def timeline(journey: Journey) -> Table:
    """The history of one project, as the auditor reads it."""
    table = Table(
        title=f"{journey.sample.id}  {journey.reference}  {journey.sample.title}",
        title_justify="left",
        box=box.SIMPLE_HEAD,
    )
    for column in ("", "At (UTC)", "What", "Detail", "Who"):
        table.add_column(column, no_wrap=column == "At (UTC)", overflow="fold")
    for number, item in enumerate(journey.history, start=1):
        at = str(item.get("at", ""))[:19].replace("T", " ")
        who = str((item.get("actor") or {}).get("name") or "")
        title = str(item.get("title") or item["type"])
        table.add_row(str(number), at, title, escape(_detail(item)), who)
    return table


def summary(journeys: Iterable[Journey]) -> Table:
    """One line for each project: where it ended, how long it took, what money it has."""
    table = Table(title="Summary", title_justify="left", box=box.SIMPLE_HEAD)
    columns = ("", "Reference", "Stage", "Outcome", "Instrument", "Funds", "Days", "Tasks", "Took")
    for column in (*columns, ""):
        table.add_column(column, no_wrap=column == "Reference", overflow="fold")
    for journey in journeys:
        tasks = sum(count for kind, count in journey.tasks.items() if kind not in PARTNER_ACTS)
        table.add_row(
            journey.sample.id,
            journey.reference,
            journey.stage,
            journey.outcome,
            journey.instrument,
            _funds(journey.view),
            _days(journey.view),
            str(tasks),
            f"{journey.seconds:.1f} s",
            "not as expected" if any(journey.fails()) else "as expected",
        )
    return table


def _detail(item: dict[str, Any]) -> str:
    """The few facts that say what an event was about."""
    data = item.get("data") or {}
    keys = ("kind", "outcome", "letter") if "kind" in data else ("stage", "outcome", "instrument")
    told = [str(data[key]) for key in keys if data.get(key)]
    detail = data.get("detail") or {}
    told += [str(detail[key]) for key in ("desk", "rung") if detail.get(key)]
    told += [str(data["confirms"])] if data.get("confirms") else []
    told += [str(item["reason"])] if item.get("reason") else []
    return "; ".join(told)


def _days(view: dict[str, Any]) -> str:
    """From submission to decision, or what the clock has left of it."""
    if view.get("submitted_at") and view.get("decided_at"):
        asked, decided = (
            datetime.fromisoformat(view[key]).date() for key in ("submitted_at", "decided_at")
        )
        return str((decided - asked).days)
    left = (view.get("clock") or {}).get("business_days_left")
    return "" if left is None else f"{left} left"


def _funds(view: dict[str, Any]) -> str:
    """The money by fiscal year."""
    return "; ".join(
        f"{each['fiscal_year']} {Decimal(each['amount']['value']):,.0f}"
        for each in view.get("commitments") or []
    )


def _read(answer: httpx.Response) -> Json:
    if answer.is_success:
        return answer.json() if answer.content else None
    try:
        body = answer.json()
    except ValueError:
        body = {}
    told = body if isinstance(body, dict) else {}
    gaps = "; ".join(
        f"{each.get('pointer')}: {each.get('detail')}" for each in told.get("errors") or []
    )
    detail = " ".join(part for part in (str(told.get("detail") or ""), gaps) if part)
    raise Problem(answer.status_code, str(told.get("code") or "unknown"), detail, told)


def _seconds(retry_after: str | None, otherwise: float) -> float:
    try:
        return min(float(retry_after or otherwise), 10.0)
    except ValueError:
        return otherwise
