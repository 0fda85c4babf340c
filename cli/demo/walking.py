"""Walks a project of the sample to its end: submits it, and lets each task be decided."""

from __future__ import annotations

import asyncio
import csv
import io
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from cli.demo.client import POLLS_SECONDS, Account, Client, Problem, read
from cli.demo.partners import SIGNATORY, Partners
from cli.sample import Sample
from schemas.forms import VOTES

ENDS = frozenset({"active", "closed"})
SUBMITTERS = ("international_organization", "ngo", "oas", "unodc")
"""The order in which api.md, Demonstration, lists the organizations with a signatory."""
PARTNER_ACTS = ("accept-conditions", "sign")
IN_ORDER = "In order."
"""The reason that is given where one is asked for and nothing stands against."""

_PATIENCE_SECONDS = 60.0
"""How long a proposal may stand without a task that anybody can take before it counts as stuck."""
_TRY_ANOTHER = frozenset({403, 404, 409, 412})
"""Refusals after which another person may still take the task."""


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
        if expected.instrument and self.instrument != expected.instrument:
            yield f"the instrument is {self.instrument or 'none'}, not {expected.instrument}"
        if self.instrument and not self._is_paid_from(VOTES[self.instrument]):
            yield f"the money is not all of the vote {VOTES[self.instrument]}"
        if expected.failed and results.get(expected.failed) != "fail":
            yield f"the check {expected.failed} did not fail"
        if expected.outcome == "ineligible" and not self._ineligible_reason():
            yield "no reason stands beside the finding of ineligibility"

    def _is_paid_from(self, vote: str) -> bool:
        return all(f"-{vote}-" in each["fund"] for each in self.view.get("commitments") or [])

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
        self._client = Client(client)
        self._accounts = tuple(accounts)
        self._partners = Partners(self._client, self._accounts)
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
        answer = await Client(client).send("GET", "/demo/accounts")
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise Problem(404, "no_demonstration", "This Accord has no demonstration.", {})
        accounts = [
            Account(
                email=each["email"],
                password=password or each["password"],
                name=each["name"],
                grants=tuple((grant["role"], grant["scope"]) for grant in each["grants"]),
            )
            for each in read(answer)["items"]
        ]
        return cls(client, accounts, watch, patience_seconds=patience_seconds)

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
        sample = journey.sample
        if sample.submitted_by is None:
            self._watch.moved(sample, "draft", "its partner is met")
        partner = await self.partner(sample)
        self._watch.moved(sample, "draft", "is created")
        draft = await self._client.ask(partner, "POST", "/proposals", json=sample.body)
        journey.reference = draft["reference"]
        await self._client.ask(
            partner,
            "POST",
            f"/proposals/{journey.reference}/documents",
            form={"kind": "budget", "language": "en", "marking": "unclassified"},
            file=("budget.csv", budget_table(sample.body)),
        )
        self._watch.moved(sample, "draft", "is submitted")
        await self._client.ask(partner, "POST", f"/proposals/{journey.reference}/submit")

    async def _until_decided(self, journey: Journey) -> None:
        path = f"/proposals/{journey.reference}"
        moved_at, polls = time.monotonic(), iter(POLLS_SECONDS)
        while True:
            journey.view = await self._client.ask(self._auditor, "GET", path)
            if journey.stage in ENDS:
                return
            self._watch.moved(journey.sample, journey.stage, "waits")
            acted = journey.stage == "agreement" and await self._act_as_partner(journey)
            acted = await self._decide_one(journey) or acted
            if acted:
                moved_at, polls = time.monotonic(), iter(POLLS_SECONDS)
                continue
            if time.monotonic() - moved_at > self._patience_seconds:
                journey.trouble = await self._why_it_waits(journey)
                return
            if await self._waits_for_money(journey):
                journey.trouble = "waits for money: another proposal must release some first"
                return
            await asyncio.sleep(next(polls, POLLS_SECONDS[-1]))

    async def _decide_one(self, journey: Journey) -> bool:
        """Decide one open task; False when there is none that anybody may take now."""
        for task in await self._open_tasks(journey):
            for account in self._candidates(task):
                if await self._try(journey, task, account):
                    return True
        return False

    async def _try(self, journey: Journey, task: dict[str, Any], account: Account) -> bool:
        """Claim and decide *task* as *account*; False when another must try."""
        mine = await self._client.ask(
            account,
            "GET",
            "/tasks",
            params={"view": "group", "state": "open", "reference": journey.reference},
        )
        if task["id"] not in {each["id"] for each in mine["items"]}:
            return False
        path = f"/tasks/{task['id']}"
        try:
            await self._client.ask(account, "POST", f"{path}/claim")
            read = await self._client.ask(account, "GET", path)
            decision = decide(read, ineligible=journey.sample.expected.outcome == "ineligible")
            self._watch.moved(journey.sample, journey.stage, f"{task['kind']}: {account.name}")
            await self._client.ask(account, "POST", f"{path}/decision", json=decision)
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
        partner, path = await self.partner(journey.sample), f"/proposals/{journey.reference}"
        acted = False
        for act in PARTNER_ACTS:
            if act in journey.tasks:
                continue
            try:
                await self._client.ask(partner, "POST", f"{path}/{act}")
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
        journey.view = await self._client.ask(self._auditor, "GET", path)
        journey.history = await self._client.all_of(self._auditor, f"{path}/history")

    # ---- what there is to do

    async def _open_tasks(self, journey: Journey) -> list[dict[str, Any]]:
        listed = await self._client.ask(
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
        items: list[dict[str, Any]] = (await self._client.ask(self._auditor, "GET", path))["items"]
        return items

    # ---- people

    async def partner(self, sample: Sample) -> Account:
        """The signatory that submits *sample*: of a demonstration organization, or its partner."""
        if sample.submitted_by is None:
            assert sample.partner is not None  # noqa: S101  # the loader has seen to it
            return await self._partners.signatory(sample.partner)
        signatories = [each for each in self._accounts if each.holds(SIGNATORY)]
        return signatories[SUBMITTERS.index(sample.submitted_by)]

    @property
    def _auditor(self) -> Account:
        return next(each for each in self._accounts if each.holds("auditor"))


def budget_table(body: dict[str, Any]) -> bytes:
    """The budget of a proposal as the table that its partner attaches."""
    table = io.StringIO()
    lines = csv.writer(table)
    lines.writerow(["fiscal_year", "category", "amount_cad"])
    lines.writerows(
        [line["fiscal_year"], line["category"], line["amount"]["value"]]
        for line in body.get("budget", ())
    )
    return table.getvalue().encode()


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
        decision["reason"] = IN_ORDER
    if outcome.get("needs_message"):
        decision["message_to_partner"] = (
            "The proposed work lies outside the focus areas of this program."
        )
    return decision
