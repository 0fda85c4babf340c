"""Partners and staff who work on proposals over HTTP, and write down every act they were told of.

Whatever happens to the service, they repeat a request with the same `Idempotency-Key` until it is
answered. An answer other than "it is done" or "ask again" is trouble: nobody here asks for what
the rules refuse.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from cli.demo import Account, decide
from cli.sample import sample_projects
from schemas.proposal import Content

API = "/api/v1"
PLENTY, SCARCE = "P010", "P003"
"""Samples under programs whose contributions of a year suffice for two of the largest, or one."""
MARK = "Zanzibarite"
"""A word that no log, no process's arguments and no file of the engine's may hold."""
_AGAIN_SECONDS = 0.2
_POLL_SECONDS = 0.1
_ASK_AGAIN = frozenset({429, 503})


class Trouble(AssertionError):
    """An answer that should not have been given."""


@dataclass(frozen=True)
class Act:
    """One acknowledged act, and everything that is needed to repeat it."""

    account: Account
    path: str
    body: Any
    key: str
    reference: str
    event: str
    """The type of the event that tells it."""
    said: str
    """What tells it from other events of the type: a reason, or a number of a revision."""
    answer: bytes


@dataclass
class Course:
    """One proposal, and where its decisions take it."""

    name: str
    reference: str = ""
    ends: tuple[str, str | None] = ("", None)


@dataclass
class Ledger:
    """What was acknowledged, by whom, and what it took."""

    acts: list[Act] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    repeats: Counter[str] = field(default_factory=Counter)
    longest_wait: float = 0.0
    watchers: list[Callable[[int], None]] = field(default_factory=list)

    def acknowledge(self, act: Act) -> None:
        self.acts.append(act)
        for watcher in self.watchers:
            watcher(len(self.acts))


class Load:
    """The people of one installation."""

    def __init__(self, client: httpx.AsyncClient, accounts: list[Account], seed: int) -> None:
        self._client = client
        self._accounts = accounts
        self._keys = random.Random(seed)  # noqa: S311 - keys that a seed repeats
        self._run = f"{self._keys.getrandbits(32):08x}"
        self._numbers = 0
        self.ledger = Ledger()
        self.submit_hastily: Callable[[str, str], Awaitable[None]] | None = None
        """Submits a draft under terms whose returns are due at once (`tests.chaos.hasty`)."""

    @classmethod
    async def meet(cls, client: httpx.AsyncClient, seed: int) -> "Load":
        told = (await client.get(f"{API}/demo/accounts")).raise_for_status().json()["items"]
        return cls(
            client,
            [
                Account(
                    email=each["email"],
                    password=each["password"],
                    name=each["name"],
                    grants=tuple((grant["role"], grant["scope"]) for grant in each["grants"]),
                )
                for each in told
            ],
            seed,
        )

    # ---- the ways that proposals go

    async def is_approved(self) -> None:
        course = await self._submitted("approved", ("active", "approved"))
        await self._until_ended(course)

    async def is_returned_and_improved(self) -> None:
        course = await self._submitted("returned", ("active", "approved"))
        await self._decide_when_open(course, "eligibility.confirm", "return", sections=["summary"])
        partner, path = self._partner, f"/proposals/{course.reference}"
        await self._until(course, "returned")
        title = f"{MARK} improved {self._number()}"
        read = await self.ask(partner, "GET", path)
        content = {k: v for k, v in read.json().items() if k in _CONTENT}
        await self._save(path, {**content, "title": title}, read.headers["ETag"])
        await self._submit(course, revision=2)
        await self._until_ended(course)

    async def is_ineligible(self) -> None:
        course = await self._submitted("ineligible", ("closed", "ineligible"), focus_areas=[])
        await self._decide_when_open(course, "eligibility.confirm", "ineligible")
        await self._until(course, "closed")

    async def is_declined(self) -> None:
        course = await self._submitted("declined", ("closed", "declined"))
        await self._advance_to(course, "funding.approve")
        await self._decide_when_open(course, "funding.approve", "decline")
        await self._until(course, "closed")

    async def is_withdrawn(self) -> None:
        course = await self._submitted("withdrawn", ("closed", "withdrawn"))
        await self._decide_when_open(course, "eligibility.confirm")
        await self._withdraw(course)

    async def lapses(self) -> None:
        """Returned, and due before anybody can answer: the engine's timer ends it."""
        assert self.submit_hastily is not None
        course = await self._created("lapsed", ("closed", "lapsed"))
        await self.submit_hastily(course.reference, self._key())
        await self._decide_when_open(course, "eligibility.confirm", "return", sections=["summary"])
        await self._until(course, "closed")

    async def is_held(self) -> None:
        """Paused by its officer, and resumed, before it goes on to its approval."""
        course = await self._submitted("held", ("active", "approved"))
        officer = next(each for each in self._accounts if each.holds("programme_officer"))
        for act, event in (("hold", "hold_set"), ("resume", "hold_ended")):
            reason = self._words(act)
            path = f"/proposals/{course.reference}/{act}"
            await self._act(officer, path, {"reason": reason}, event=event, said=reason)
        await self._until_ended(course)

    async def waits_for_money(self) -> None:
        """Two want the whole of a fund: the second gets it when the first is withdrawn."""
        whole = {"amount": "10000000.00", "year": "2029-30", "sample": SCARCE}
        first = await self._submitted("had the money", ("closed", "withdrawn"), **whole)
        await self._advance_to(first, "funding.approve")
        second = await self._submitted("waited for money", ("closed", "declined"), **whole)
        await self._advance_to(second, "funding.recommend")
        await self._decide_when_open(second, "funding.recommend")
        await self._until_money_is_awaited(second)
        await self._withdraw(first)
        await self._decide_when_open(second, "funding.recommend")
        await self._decide_when_open(second, "funding.approve", "decline")
        await self._until(second, "closed")

    # ---- acts

    async def _submitted(self, name: str, ends: tuple[str, str], **content: Any) -> Course:
        course = await self._created(name, ends, **content)
        await self._submit(course, revision=1)
        return course

    async def _created(self, name: str, ends: tuple[str, str], **content: Any) -> Course:
        course = Course(name, ends=ends)
        number = self._number()
        body = a_content(f"{MARK} {self._run} {number}", **content)
        answer = await self._act(
            self._partner, "/proposals", body, event="proposal_created", said="", status=201
        )
        course.reference = answer["reference"]
        self.ledger.courses.append(course)
        return course

    async def _submit(self, course: Course, *, revision: int) -> None:
        await self._act(
            self._partner,
            f"/proposals/{course.reference}/submit",
            {},
            event="proposal_submitted" if revision == 1 else "proposal_resubmitted",
            said=str(revision),
        )

    async def _withdraw(self, course: Course) -> None:
        reason = self._words("withdrawn")
        await self._act(
            self._partner,
            f"/proposals/{course.reference}/withdraw",
            {"reason": reason},
            event="proposal_withdrawn",
            said=reason,
        )

    async def _save(self, path: str, content: Any, version: str) -> None:
        """Save; where the first answer was lost, the second is that the version is another."""
        answer = await self._send(
            self._partner, "PUT", path, json=content, headers={"If-Match": version}
        )
        if answer.status_code == httpx.codes.PRECONDITION_FAILED:
            kept = await self.ask(self._partner, "GET", path)
            if kept.json()["title"] == content["title"]:
                return
        _check(answer, "PUT", path)

    async def _until_ended(self, course: Course) -> None:
        """Take everything that can be taken until the proposal is active or closed."""
        while (stage := await self._stage(course)) not in ("active", "closed"):
            acted = stage == "agreement" and await self._act_for_the_partner(course)
            if not await self._decide_all(course) and not acted:
                await asyncio.sleep(_POLL_SECONDS)

    async def _advance_to(self, course: Course, kind: str) -> None:
        while kind not in {task["kind"] for task in await self._open_tasks(course)}:
            # It may open before the next look: it is not to be decided on the way.
            if not await self._decide_all(course, but=kind):
                await asyncio.sleep(_POLL_SECONDS)

    async def _decide_all(self, course: Course, *, but: str | None = None) -> int:
        """Decide at once what different people can, *but* those of a kind; how many it were."""
        taken: dict[str, tuple[Account, dict[str, Any]]] = {}
        for task in await self._open_tasks(course):
            if task["kind"] != but and (account := await self._taker(task)) is not None:
                taken.setdefault(account.email, (account, task))
        await asyncio.gather(*(self._decide(account, task) for account, task in taken.values()))
        return len(taken)

    async def _decide_when_open(
        self, course: Course, kind: str, outcome: str | None = None, **other: Any
    ) -> None:
        while True:
            for task in await self._open_tasks(course):
                if task["kind"] == kind and (account := await self._taker(task)) is not None:
                    await self._decide(account, task, outcome, **other)
                    return
            await asyncio.sleep(_POLL_SECONDS)

    async def _decide(
        self, account: Account, task: Mapping[str, Any], outcome: str | None = None, **other: Any
    ) -> None:
        path = f"/tasks/{task['id']}"
        read = (await self.ask(account, "GET", path)).json()
        if read["state"] != "open":
            raise Trouble(f"{task['id']} was {read['state']} before anybody here decided it")
        decision = decide(read, ineligible=outcome == "ineligible")
        reason = self._words(task["id"])
        body = {**decision, **other, "reason": reason}
        if outcome is not None:
            body |= {"outcome": outcome, "message_to_partner": f"{MARK} message"}
        await self._act(account, f"{path}/decision", body, event="task_decided", said=reason)

    async def _act_for_the_partner(self, course: Course) -> bool:
        path = f"/proposals/{course.reference}"
        agreement = (await self.ask(self._partner, "GET", path)).json().get("agreement") or {}
        if not agreement or agreement.get("partner_signed_at"):
            return False
        act, event = (
            ("sign", "agreement_signed_by_partner")
            if agreement.get("conditions_accepted_at")
            else ("accept-conditions", "conditions_accepted")
        )
        await self._act(self._partner, f"{path}/{act}", {}, event=event, said="")
        return True

    async def _act(
        self, account: Account, path: str, body: Any, *, event: str, said: str, status: int = 200
    ) -> Any:
        key = self._key()
        answer = await self._send(
            account, "POST", path, json=body, headers={"Idempotency-Key": key}
        )
        if answer.status_code != status:
            raise Trouble(f"POST {path}: {answer.status_code} {answer.text[:500]}")
        told = answer.json()
        reference = told.get("reference") or told["proposal"]["reference"]
        self.ledger.acknowledge(
            Act(account, path, body, key, reference, event, said, answer.content)
        )
        return told

    async def repeat(self, act: Act) -> httpx.Response:
        """The answer to an act that is done again with the same key."""
        return await self._send(
            act.account, "POST", act.path, json=act.body, headers={"Idempotency-Key": act.key}
        )

    # ---- what there is

    async def _taker(self, task: Mapping[str, Any]) -> Account | None:
        for account in self._accounts:
            if any(account.covers(c["role"], c["scope"]) for c in task["candidates"]):
                asked = {"view": "group", "reference": task["reference"], "limit": "200"}
                mine = await self.ask(account, "GET", "/tasks", params=asked)
                if task["id"] in {each["id"] for each in mine.json()["items"]}:
                    return account
        return None

    async def _open_tasks(self, course: Course) -> list[dict[str, Any]]:
        asked = {"view": "all", "state": "open", "reference": course.reference, "limit": "200"}
        answer = await self.ask(self.auditor, "GET", "/tasks", params=asked)
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def _stage(self, course: Course) -> str:
        view = await self.ask(self.auditor, "GET", f"/proposals/{course.reference}")
        return str(view.json()["stage"])

    async def _until(self, course: Course, stage: str) -> None:
        while await self._stage(course) != stage:  # noqa: ASYNC110 - another process's state
            await asyncio.sleep(_POLL_SECONDS)

    async def _until_money_is_awaited(self, course: Course) -> None:
        path = f"/proposals/{course.reference}/waiting"
        while True:
            items = (await self.ask(self.auditor, "GET", path)).json()["items"]
            if "money" in {item["on"]["kind"] for item in items}:
                return
            await asyncio.sleep(_POLL_SECONDS)

    async def all_of(self, path: str, **asked: str) -> list[dict[str, Any]]:
        """Every item of a list that the auditor may read."""
        items: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            asking = {"limit": "200", **asked, **cursor}
            page = (await self.ask(self.auditor, "GET", path, params=asking)).json()
            items += page["items"]
            if not page.get("next"):
                return items
            cursor = {"cursor": page["next"]}

    # ---- requests

    @property
    def auditor(self) -> Account:
        return next(each for each in self._accounts if each.holds("auditor"))

    @property
    def partner(self) -> str:
        """The e-mail address of whoever submits."""
        return self._partner.email

    @property
    def _partner(self) -> Account:
        return next(each for each in self._accounts if each.holds("signatory"))

    async def ask(self, account: Account, method: str, path: str, **what: Any) -> httpx.Response:
        return _check(await self._send(account, method, path, **what), method, path)

    async def _send(
        self, account: Account, method: str, path: str, *, headers: Any = None, **what: Any
    ) -> httpx.Response:
        headers = {**(headers or {}), "Authorization": f"Bearer {await self._token(account)}"}
        return await self._answered(
            lambda: self._client.request(method, f"{API}{path}", headers=headers, **what)
        )

    async def _token(self, account: Account) -> str:
        """Signed in once: a token outlives every process."""
        async with account.signing_in:
            if account.token is None:
                asked = {"username": account.email, "password": account.password}
                answer = await self._answered(lambda: self._client.post(f"{API}/token", data=asked))
                account.token = str(_check(answer, "POST", "/token").json()["access_token"])
            return account.token

    async def _answered(self, send: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        """Send again and again until there is an answer."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            try:
                answer = await send()
            except httpx.TransportError as failed:
                self.ledger.repeats[type(failed).__name__] += 1
            else:
                if answer.status_code not in _ASK_AGAIN:
                    self.ledger.longest_wait = max(self.ledger.longest_wait, loop.time() - began)
                    return answer
                self.ledger.repeats[f"{answer.status_code} {answer.json()['code']}"] += 1
            await asyncio.sleep(_AGAIN_SECONDS)

    def _key(self) -> str:
        return f"{self._keys.getrandbits(96):024x}"

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    def _words(self, about: str) -> str:
        return f"{MARK} reason {self._run} {self._number()} for {about}"


_CONTENT = frozenset(Content.model_fields)


def a_content(
    title: str,
    *,
    amount: str = "20000.00",
    year: str = "2027-28",
    sample: str = PLENTY,
    focus_areas: list[str] | None = None,
) -> dict[str, Any]:
    """A small proposal for one country in one fiscal year, with the mark wherever words go."""
    body = dict(sample_projects([sample])[0].body)
    begins = int(year[:4])
    money = {"currency": "CAD", "value": amount}
    body |= {
        "title": title,
        "summary": f"{MARK} summary",
        "start_date": f"{begins}-04-01",
        "end_date": f"{begins + 1}-03-31",
        "amount": money,
        "assistance": ["training"],
        "budget": [{"fiscal_year": year, "category": "training", "amount": money}],
        "equipment": [],
        "beneficiaries": [
            {**each, "name": f"{MARK} {each['name']}"} for each in body["beneficiaries"]
        ],
        "named_parties": [
            {"name": f"{MARK} Person", "kind": "person", "relation": "director", "country": "JO"}
        ],
        "human_rights_analysis": f"{MARK} {body['human_rights_analysis']}",
    }
    if focus_areas is not None:
        body["focus_areas"] = focus_areas
    return body


def _check(answer: httpx.Response, method: str, path: str) -> httpx.Response:
    if not answer.is_success:
        raise Trouble(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
    return answer
