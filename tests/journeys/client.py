"""An unknown client of the API: it knows api.md, and nothing of what is behind it."""

import json
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from temporalio.testing import WorkflowEnvironment

from tests import postgres
from tests.installation import Installation, an_api, an_installation
from tests.journeys import described

CONTENT: dict[str, Any] = json.loads("""
{
  "programme": "CTCBP", "call": null, "language": "en",
  "title": "Security at the King Hussein Bridge border crossing", "summary": "...",
  "focus_areas": ["border_transport"], "assistance": ["training", "equipment"],
  "countries": [{"code": "JO", "share": 100}], "regions": [], "split": "given",
  "start_date": "2027-04-01", "end_date": "2029-03-31",
  "amount": {"currency": "CAD", "value": "3400000.00"},
  "budget": [
    {"fiscal_year": "2027-28", "category": "training",
     "amount": {"currency": "CAD", "value": "1700000.00"}},
    {"fiscal_year": "2028-29", "category": "equipment",
     "amount": {"currency": "CAD", "value": "1700000.00"}}],
  "beneficiaries": [
    {"name": "Public Security Directorate", "kind": "security_unit", "country": "JO"}],
  "named_parties": [
    {"name": "...", "kind": "person", "relation": "director", "birth_date": "1970-01-31",
     "country": "JO", "share_percent": null}],
  "equipment": [
    {"description": "document readers", "quantity": 12,
     "value": {"currency": "CAD", "value": "240000.00"}, "controlled": false}],
  "physical_works": false, "information_sharing": false, "locations": [],
  "human_rights_analysis": "...", "gender_analysis": "...", "gender_equality_code": 2,
  "expected_results": "...",
  "declarations": {"code_of_conduct": true, "no_profit": true,
                   "no_costs_before_signature": true, "conflict_of_interest": null},
  "documents": []
}
""")
"""The example of api.md, word for word."""

Choose = Callable[[dict[str, Any]], str | None]
"""The outcome for a task, or None for the first that advances."""


def money(dollars: int) -> dict[str, str]:
    return {"currency": "CAD", "value": f"{dollars}.00"}


def costing(dollars: int) -> dict[str, Any]:
    """What differs in a proposal that costs *dollars*, half of it in each year."""
    lines = [dict(line, amount=money(dollars // 2)) for line in CONTENT["budget"]]
    return {"amount": money(dollars), "budget": lines}


def a_key() -> str:
    return uuid.uuid4().hex


@dataclass
class Person:
    """A demonstration account that has signed in."""

    http: httpx.AsyncClient
    account: dict[str, Any]
    token: str

    @property
    def name(self) -> str:
        return str(self.account["name"])

    @property
    def account_id(self) -> str:
        return f"demo-{self.name.lower().replace(' ', '-')}"

    def covers(self, candidate: Mapping[str, str]) -> bool:
        return any(
            grant["role"] == candidate["role"] and grant["scope"] in (candidate["scope"], "all")
            for grant in self.account["grants"]
        )

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Accept-Language": options.pop("language", "en"),
        }
        if method == "POST":
            headers["Idempotency-Key"] = options.pop("key", None) or a_key()
        version = options.pop("version", None)
        if version is not None:
            headers["If-Match"] = version if isinstance(version, str) else f'"{version}"'
        headers |= options.pop("headers", {})
        return await self.http.request(method, path, headers=headers, **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.ask("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        if json is not None:
            options["json"] = json
        return await self.ask("POST", path, **options)

    async def put(
        self, path: str, json: Any, version: Any = None, **options: Any
    ) -> httpx.Response:
        return await self.ask("PUT", path, json=json, version=version, **options)

    async def read(self, path: str, **options: Any) -> Any:
        """What stands at *path*, which must be there."""
        answer = await self.get(path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()


@dataclass
class Client:
    """The accounts of a demonstration, and how each uses the API."""

    http: httpx.AsyncClient
    installation: Installation
    people: list[Person] = field(default_factory=list)

    @classmethod
    async def sign_in(cls, http: httpx.AsyncClient, installation: Installation) -> "Client":
        client = cls(http, installation)
        for account in (await http.get("/demo/accounts")).json()["items"]:
            signed_in = await http.post(
                "/token", data={"username": account["email"], "password": account["password"]}
            )
            assert signed_in.status_code == 200, signed_in.text
            client.people.append(Person(http, account, signed_in.json()["access_token"]))
        return client

    # ---- people

    def person(self, name: str) -> Person:
        return next(person for person in self.people if person.name == name)

    @property
    def signatory(self) -> Person:
        return self.person("Signatory 1")

    @property
    def auditor(self) -> Person:
        return self.person("Auditor 1")

    # ---- a proposal's way

    async def draft(self, by: Person | None = None, **changes: Any) -> str:
        answer = await (by or self.signatory).post("/proposals", CONTENT | changes)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["reference"])

    async def submit(self, reference: str, by: Person | None = None) -> dict[str, Any]:
        answer = await (by or self.signatory).post(f"/proposals/{reference}/submit")
        assert answer.status_code == 200, answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    async def submitted(self, by: Person | None = None, **changes: Any) -> str:
        reference = await self.draft(by, **changes)
        await self.submit(reference, by)
        return reference

    async def screened(self, reference: str) -> None:
        """Wait for what screening records by itself."""
        while (await self.view(reference))["screening"]["state"] == "pending":
            await self.installation.settle()

    async def view(self, reference: str, by: Person | None = None) -> dict[str, Any]:
        view: dict[str, Any] = await (by or self.auditor).read(f"/proposals/{reference}")
        return view

    async def events(self, reference: str) -> list[dict[str, Any]]:
        found = await self.auditor.read(f"/proposals/{reference}/history", params={"limit": 200})
        items: list[dict[str, Any]] = found["items"]
        return items

    async def funds(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await self.auditor.read("/funds", params={"limit": 200}))[
            "items"
        ]
        return items

    async def open_tasks(self, reference: str, kind: str | None = None) -> list[dict[str, Any]]:
        asked = {"view": "all", "state": "open", "reference": reference, "limit": "200"}
        items = (await self.auditor.read("/tasks", params=asked))["items"]
        return [task for task in items if kind in (None, task["kind"])]

    async def takers(self, task: Mapping[str, Any]) -> list[Person]:
        """Who finds the task among those of their group."""
        return [person async for person in self._takers(task)]

    async def taker(self, task: Mapping[str, Any]) -> Person | None:
        """The first of them."""
        return await anext(self._takers(task), None)

    async def _takers(self, task: Mapping[str, Any]) -> AsyncIterator[Person]:
        for person in self.people:
            if any(person.covers(candidate) for candidate in task["candidates"]):
                asked = {"view": "group", "reference": task["reference"], "limit": "200"}
                inbox = (await person.read("/tasks", params=asked))["items"]
                if task["id"] in [each["id"] for each in inbox]:
                    yield person

    async def decide(
        self,
        task: Mapping[str, Any],
        outcome: str | None = None,
        *,
        by: Person | None = None,
        sections: list[str] | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """Claim and decide *task* with the first example of its form."""
        person = by or await self.taker(task)
        assert person is not None, f"nobody may take {task['id']}"
        claimed = await person.post(f"/tasks/{task['id']}/claim")
        assert claimed.status_code == 200, claimed.text
        body = await self.decision(task, outcome, by=person)
        if sections is not None:
            body["sections"] = sections
        answer = await person.post(f"/tasks/{task['id']}/decision", body | more)
        assert answer.status_code == 200, answer.text
        decided: dict[str, Any] = answer.json()
        return decided

    async def decision(
        self, task: Mapping[str, Any], outcome: str | None = None, *, by: Person
    ) -> dict[str, Any]:
        """The body of a valid decision."""
        read = await by.read(f"/tasks/{task['id']}")
        chosen = next(
            each
            for each in read["outcomes"]
            if (each["code"] == outcome if outcome else each["effect"] == "advance")
        )
        body: dict[str, Any] = {"outcome": chosen["code"], "answers": read["form"]["examples"][0]}
        if chosen["needs_reason"]:
            body["reason"] = "For the file."
        if chosen["needs_message"]:
            body["message_to_partner"] = "For the partner."
        return body

    async def step(self, reference: str, choose: Choose | None = None) -> bool:
        """One act on the proposal's way; False when there is none that anybody may take now."""
        view = await self.view(reference)
        if view["stage"] == "agreement":
            owner = self.owner(view)
            for act in ("accept-conditions", "sign"):
                answer = await owner.post(f"/proposals/{reference}/{act}")
                if answer.status_code == 200:
                    return True
        for task in await self.open_tasks(reference):
            if person := await self.taker(task):
                await self.decide(task, choose(task) if choose else None, by=person)
                return True
        return False

    def owner(self, view: Mapping[str, Any]) -> Person:
        return next(
            person
            for person in self.people
            if {"role": "signatory", "scope": view["organization"]} in person.account["grants"]
        )

    async def advance(
        self, reference: str, *stages: str, choose: Choose | None = None
    ) -> dict[str, Any]:
        """Take every step until the proposal stands at one of *stages*."""
        idle = 0
        while idle < 200:
            view = await self.view(reference)
            if view["stage"] in (stages or ("active", "closed")):
                if view["stage"] == "active":
                    await self.installation.agreement_began(reference)
                    return await self.view(reference)
                return view
            if await self.step(reference, choose):
                idle = 0
            else:
                idle += 1
                await self.installation.settle()
        raise AssertionError(
            f"{reference} stands in {view['stage']}: {await self.waiting(reference)}"
        )

    async def advance_to_task(self, reference: str, kind: str) -> dict[str, Any]:
        """Take every step but those on tasks of *kind*, until one of these is open."""
        idle = 0
        while idle < 200:
            if found := await self.open_tasks(reference, kind):
                return found[0]
            if await self.step(reference):
                idle = 0
            else:
                idle += 1
                await self.installation.settle()
        raise AssertionError(f"{reference} opened no {kind}: {await self.waiting(reference)}")

    async def waiting(self, reference: str, by: Person | None = None) -> list[dict[str, Any]]:
        found = await (by or self.auditor).read(f"/proposals/{reference}/waiting")
        items: list[dict[str, Any]] = found["items"]
        return items


@asynccontextmanager
async def a_client(
    engine: WorkflowEnvironment, folder: Path, *, with_list: bool = True
) -> AsyncIterator[Client]:
    """A client of a new installation, with everybody signed in."""
    async with (
        postgres.a_store(folder) as url,
        an_installation(engine, folder, url=url, with_list=with_list) as installation,
        an_api(installation.office) as http,
    ):
        http.event_hooks["response"].append(described.check)
        yield await Client.sign_in(http, installation)
