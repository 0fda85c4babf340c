"""Accord over HTTP: what a client program of the API sees.

Drafts are made beforehand; what is timed begins with the submission. A task's form is read only
where its answer depends on the proposal (the digest of the approval document).
"""

import asyncio
import time
import uuid
from functools import partial
from typing import Any

import httpx

from bench.accord_gateway import once_open
from bench.installation import PASSWORD, Installation
from bench.journey import Step
from bench.sample import Sample
from schemas.errors import NotFound, Refused, Unavailable
from schemas.people import Viewer
from schemas.tasks import TaskKind

_READ = frozenset({TaskKind.APPROVE, TaskKind.RECORD_DECISION})


class HttpClient:
    """Signed-in accounts on one connection pool."""

    def __init__(self, accord: Installation) -> None:
        self._accord = accord
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        self._http = httpx.AsyncClient(
            base_url=f"{accord.settings.url}/api/v1", limits=limits, timeout=30
        )
        self._tokens: dict[str, str] = {}

    async def close(self) -> None:
        await self._http.aclose()

    async def ask(
        self, person: Viewer, method: str, path: str, body: Any = None, key: str | None = None
    ) -> Any:
        headers = {"Authorization": f"Bearer {await self._token(person)}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        answer = await self._http.request(method, path, json=body, headers=headers)
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise NotFound
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            raise Unavailable("late")
        if answer.is_error:
            told = answer.json()
            raise Refused(str(told.get("code")), told=answer.text[:500])
        return answer.json()

    async def _token(self, person: Viewer) -> str:
        if person.id not in self._tokens:
            form = {"username": person.email, "password": PASSWORD}
            answer = await self._http.post("/token", data=form)
            self._tokens[person.id] = str(answer.raise_for_status().json()["access_token"])
        return self._tokens[person.id]


async def drive(accord: Installation, http: HttpClient, proposals: int, at_a_time: int) -> Sample:
    """Take *proposals* to an active agreement, so many at a time."""
    body = accord.content.model_dump(mode="json")
    ready = []
    for _ in range(proposals):
        draft = await http.ask(accord.signatory, "POST", "/proposals", body, uuid.uuid4().hex)
        ready.append(draft["reference"])
    lanes = asyncio.Semaphore(at_a_time)
    sample = Sample(proposals, at_a_time, 0.0)

    async def one(reference: str) -> int:
        async with lanes:
            return await _one(accord, http, reference, sample)

    began = time.perf_counter()
    acts = await asyncio.gather(*(one(reference) for reference in ready))
    sample.seconds = time.perf_counter() - began
    sample.updates = sum(acts) / proposals
    return sample


async def _one(accord: Installation, http: HttpClient, reference: str, sample: Sample) -> int:
    """Submit it and do every act; how many there were."""
    path = f"/proposals/{reference}"
    key = uuid.uuid4().hex
    submit = partial(http.ask, accord.signatory, "POST", f"{path}/submit", None, key)
    await once_open(submit, sample)
    # The ids of tasks are known to nobody before: what a client would list is worked out here.
    steps = await accord.started(reference)
    for step in steps:
        body: dict[str, Any] | None = None
        where = f"{path}/{step.outcome.replace('_', '-')}"
        if step.task is not None:
            where = f"/tasks/{step.task}/decision"
            answers = step.answers
            if step.kind in _READ:
                answers = await _example(http, step, sample)
            body = {"outcome": step.outcome, "reason": "For the file.", "answers": answers}

        act = partial(http.ask, step.person, "POST", where, body, uuid.uuid4().hex)
        sample.latencies.append(await once_open(act, sample))
    return len(steps) + 1


async def _example(http: HttpClient, step: Step, sample: Sample) -> Any:
    read: list[Any] = []

    async def look() -> None:
        read.append(await http.ask(step.person, "GET", f"/tasks/{step.task}"))

    await once_open(look, sample)
    return read[-1]["form"]["examples"][0]
