"""The accounts of the demonstration over the API: what a test in the browser is not about."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(300_000)
"""So little that many fit into a fund."""
TRIES = 10
"""Of one request, under one key, where a busy engine has not answered in time."""


@dataclass
class People:
    """Everybody who may sign in, and the API."""

    http: httpx.Client
    accounts: dict[str, dict[str, Any]]
    _tokens: dict[str, str] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def of_the_demonstration(cls, url: str) -> Iterator["People"]:
        with httpx.Client(base_url=f"{url}/api/v1", timeout=120) as http:
            found = http.get("/demo/accounts").json()["items"]
            yield cls(http, {each["name"]: each for each in found})

    # ---- one request

    def ask(self, name: str, method: str, path: str, **options: Any) -> Any:
        """The answer to a request of *name*, which must be taken."""
        answer = self.try_to(name, method, path, **options)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def try_to(self, name: str, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token(name)}"} | options.pop("headers", {})
        if method == "POST":
            headers["Idempotency-Key"] = uuid.uuid4().hex
        for _ in range(TRIES):
            answer = self.http.request(method, path, headers=headers, **options)
            if answer.status_code != 503:
                break
        return answer

    def _token(self, name: str) -> str:
        if name not in self._tokens:
            account = self.accounts[name]
            asked = {"username": account["email"], "password": account["password"]}
            self._tokens[name] = self.http.post("/token", data=asked).json()["access_token"]
        return self._tokens[name]

    # ---- a proposal's way

    def draft(self, by: str = "Signatory 1", **changes: Any) -> str:
        return str(self.ask(by, "POST", "/proposals", json=SMALL | changes)["reference"])

    def submitted(self, by: str = "Signatory 1", **changes: Any) -> str:
        reference = self.draft(by, **changes)
        self.ask(by, "POST", f"/proposals/{reference}/submit")
        return reference

    def view(self, reference: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("Auditor 1", "GET", f"/proposals/{reference}")
        return found

    def open_tasks(self, reference: str) -> list[dict[str, Any]]:
        asked = {"view": "all", "state": "open", "reference": reference, "limit": "200"}
        found: list[dict[str, Any]] = self.ask("Auditor 1", "GET", "/tasks", params=asked)["items"]
        return found

    def taker(self, task: dict[str, Any]) -> str | None:
        """The first who may take *task*, by name."""
        return next(self.takers(task), None)

    def takers(self, task: dict[str, Any]) -> Iterator[str]:
        wanted = {"view": "group", "reference": task["reference"], "limit": "200"}
        for name, account in self.accounts.items():
            may = any(
                grant["role"] == candidate["role"] and grant["scope"] in (candidate["scope"], "all")
                for grant in account["grants"]
                for candidate in task["candidates"]
            )
            if may and task["id"] in [
                each["id"] for each in self.ask(name, "GET", "/tasks", params=wanted)["items"]
            ]:
                yield name

    def example(self, name: str, task: dict[str, Any]) -> dict[str, Any]:
        """A valid answer to the form of *task*."""
        found: dict[str, Any] = self.ask(name, "GET", f"/tasks/{task['id']}")
        return dict(found["form"]["examples"][0])

    def decide(self, task: dict[str, Any], outcome: str | None = None, **more: Any) -> str:
        """Decide *task* over the API, by whoever may; the name of who did."""
        name = self.taker(task)
        assert name, f"nobody may take {task['id']}"
        chosen = chosen_outcome(task, outcome)
        body = {"outcome": chosen["code"], "answers": self.example(name, task), **more}
        if chosen["needs_reason"]:
            body.setdefault("reason", "For the file.")
        if chosen["needs_message"]:
            body.setdefault("message_to_partner", "For the partner.")
        self.ask(name, "POST", f"/tasks/{task['id']}/decision", json=body)
        return name

    def task(self, reference: str, kind: str) -> dict[str, Any]:
        """The open task of *kind*, once everything before it is decided."""
        while True:
            found = self.open_tasks(reference)
            wanted = [each for each in found if each["kind"] == kind]
            if wanted:
                return wanted[0]
            ready = [each for each in found if self.taker(each)]
            if ready:
                self.decide(ready[0])


def chosen_outcome(task: dict[str, Any], outcome: str | None) -> dict[str, Any]:
    return next(
        each
        for each in task["outcomes"]
        if (each["code"] == outcome if outcome else each["effect"] == "advance")
    )


def fields_of(value: Any, name: str = "answers") -> dict[str, str | list[str]]:
    """An answer as the fields of a form: `answers.ratings.0.subject`."""
    if isinstance(value, dict) and set(value) == {"currency", "value"}:
        return {name: value["value"]}
    if isinstance(value, dict):
        parts = [fields_of(part, f"{name}.{each}" if name else each)
                 for each, part in value.items()]  # fmt: skip
        return {key: typed for part in parts for key, typed in part.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        rows = [fields_of(row, f"{name}.{number}") for number, row in enumerate(value)]
        return {key: typed for row in rows for key, typed in row.items()}
    if isinstance(value, bool):
        return {name: str(value).lower()}
    if value is None:
        return {}
    return {name: [str(each) for each in value] if isinstance(value, list) else str(value)}
