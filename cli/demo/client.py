"""Asks Accord as one of its people: signs in, repeats what got lost, and tells a refusal apart."""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

API = "/api/v1"

Json = Any
"""What a service answers, as it came: the contract of its shape is api.md, not a type."""

File = tuple[str, bytes]
"""A file to send: its name and its bytes."""

POLLS_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)
_RETRY_SECONDS = 90.0
"""How long one request is repeated while the service cannot answer."""


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
    """An account of the demonstration, and its token once it has signed in."""

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


class Client:
    """The API, asked by accounts. Works with any `httpx.AsyncClient`, one in memory as well."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def ask(
        self,
        account: Account,
        method: str,
        path: str,
        *,
        json: Json = None,
        params: dict[str, str] | None = None,
        version: int | None = None,
        form: dict[str, str] | None = None,
        file: File | None = None,
    ) -> Json:
        """The answer to a request of *account*; a refusal is a `Problem`.

        A POST carries one `Idempotency-Key` however often it is sent, so that repeating it after
        503 or a lost answer does nothing twice. *version* is what a PUT replaces; *file* goes with
        what the *form* says of it.
        """
        headers = {"Accept-Language": "en"}
        if method == "POST":
            headers["Idempotency-Key"] = uuid.uuid4().hex
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        answer = None
        for attempt in range(2):
            headers["Authorization"] = f"Bearer {await self.token(account, renew=attempt > 0)}"
            answer = await self.send(
                method, path, json=json, data=form, file=file, params=params, headers=headers
            )
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                break
        assert answer is not None  # noqa: S101  # the loop has run
        return read(answer)

    async def all_of(
        self, account: Account, path: str, params: dict[str, str] | None = None
    ) -> list[dict[str, Any]]:
        """Every item of a list, page by page."""
        items: list[dict[str, Any]] = []
        asked = {**(params or {}), "limit": "200"}
        while True:
            page = await self.ask(account, "GET", path, params=asked)
            items += page["items"]
            if not page.get("next"):
                return items
            asked["cursor"] = page["next"]

    async def token(self, account: Account, *, renew: bool = False) -> str:
        """The token of *account*, which signs in if it has none."""
        async with account.signing_in:
            if account.token is None or renew:
                answer = await self.send(
                    "POST",
                    "/token",
                    data={"username": account.email, "password": account.password},
                )
                account.token = str(read(answer)["access_token"])
            return account.token

    async def send(
        self,
        method: str,
        path: str,
        *,
        json: Json = None,
        data: dict[str, str] | None = None,
        file: File | None = None,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Send until the service answers: waits out 429 and 503, and repeats a lost request."""
        until = time.monotonic() + _RETRY_SECONDS
        for pause in itertools.chain(POLLS_SECONDS, itertools.repeat(POLLS_SECONDS[-1])):
            late = time.monotonic() > until
            try:
                answer = await self._http.request(
                    method,
                    f"{API}{path}",
                    json=json,
                    data=data,
                    files={"file": file} if file else None,
                    params=params,
                    headers=headers,
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


def read(answer: httpx.Response) -> Json:
    """What was answered; a refusal is a `Problem` with what it says of each field."""
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
