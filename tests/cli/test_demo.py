"""The walker takes proposals to their end over the API alone, whoever refuses on the way."""

import json
from urllib.parse import parse_qs

import httpx
import pytest

from cli.demo import Account, Walker, decide
from cli.sample import sample_projects

FORM = {"examples": [{"interest": {"declared": False}}]}
ADVANCE = {"code": "eligible", "effect": "advance", "needs_reason": False, "needs_message": False}
STOP = {"code": "ineligible", "effect": "stop", "needs_reason": True, "needs_message": True}


class ASmallAccord:
    """An API of one task, which remembers what was asked of it."""

    def __init__(self, *, busy: int = 0, held: bool = False) -> None:
        self.busy = busy
        self.held = held
        self.decided: list[tuple[str, dict]] = []
        self.keys: list[tuple[str, str | None]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1")
        if request.method == "POST" and path != "/token":
            self.keys.append((path, request.headers.get("Idempotency-Key")))
        if path.endswith("/submit") and self.busy:
            self.busy -= 1
            return httpx.Response(503, json={"code": "unavailable"}, headers={"Retry-After": "0"})
        status, body = self._answer(path, request)
        return httpx.Response(status, json=body)

    def _answer(self, path: str, request: httpx.Request) -> tuple[int, dict]:
        who = request.headers.get("Authorization", "").removeprefix("Bearer ")
        match path.strip("/").split("/"):
            case ["demo", "accounts"]:
                return 200, {"items": [_account(*each) for each in ACCOUNTS]}
            case ["token"]:
                return 200, {"access_token": parse_qs(request.content.decode())["username"][0]}
            case ["proposals"]:
                return 201, {"reference": "CTCBP-2026-000001", "stage": "draft"}
            case ["proposals", _]:
                return 200, self._view()
            case ["proposals", _, "history"]:
                reason = self.decided[-1][1].get("reason") if self.decided else None
                item = {"id": "1", "type": "found_ineligible", "reason": reason, "data": {}}
                return 200, {"items": [item], "next": None}
            case ["proposals", _, "waiting"]:
                return 200, {"items": [{"on": {"kind": "role", "who": "programme_officer"}}]}
            case ["tasks"]:
                return 200, {"items": [] if self.decided else [_task()], "next": None}
            case ["tasks", _]:
                return 200, {**_task(), "form": FORM, "outcomes": [ADVANCE, STOP]}
            case ["tasks", _, "claim"] if self.held and who == "officer-1":
                return 409, {"code": "held", "detail": "Another person holds this task."}
            case ["tasks", _, "decision"]:
                self.decided.append((who, json.loads(request.content)))
        return 200, {}

    def _view(self) -> dict:
        if not self.decided:
            return {"stage": "eligibility", "outcome": None, "checks": []}
        return {"stage": "active", "outcome": "approved", "checks": [], "commitments": []}


ACCOUNTS = (
    *((f"partner-{n}", "signatory") for n in range(4)),
    ("officer-1", "programme_officer"),
    ("officer-2", "programme_officer"),
    ("auditor", "auditor"),
)


def _account(email: str, role: str) -> dict:
    grants = [{"role": role, "scope": "all"}]
    return {"email": email, "password": "x", "name": email, "organization": None, "grants": grants}


def _task() -> dict:
    return {
        "id": "t-1",
        "kind": "eligibility.confirm",
        "candidates": [{"role": "programme_officer", "scope": "CTCBP"}],
        "holder": None,
    }


@pytest.fixture
def project():
    return sample_projects(["P010"])[0]


async def _walk(accord: ASmallAccord, project, **options):
    async with httpx.AsyncClient(
        transport=httpx.MockTransport(accord), base_url="http://test"
    ) as client:
        walker = await Walker.meet(client, **options)
        return await walker.walk(project)


async def test_a_project_is_submitted_decided_and_ends_as_expected(project):
    accord = ASmallAccord()

    journey = await _walk(accord, project)

    assert list(journey.fails()) == []
    assert journey.tasks == {"eligibility.confirm": 1}
    assert accord.decided == [
        ("officer-1", {"outcome": "eligible", "answers": FORM["examples"][0]})
    ]


async def test_a_task_that_another_holds_is_left_to_the_next_person(project):
    accord = ASmallAccord(held=True)

    journey = await _walk(accord, project)

    assert list(journey.fails()) == []
    assert [who for who, _ in accord.decided] == ["officer-2"]


async def test_an_unavailable_service_is_asked_again_under_the_same_key(project):
    accord = ASmallAccord(busy=2)

    journey = await _walk(accord, project)

    submits = {key for path, key in accord.keys if path.endswith("/submit")}
    assert list(journey.fails()) == []
    assert len([path for path, _ in accord.keys if path.endswith("/submit")]) == 3
    assert len(submits) == 1


async def test_a_proposal_that_nobody_can_move_is_told_with_what_it_waits_on(project):
    accord = ASmallAccord()
    nobody = [Account("auditor", "x", "auditor", (("auditor", "all"),))]
    nobody += [Account(f"partner-{n}", "x", "", (("signatory", "all"),)) for n in range(4)]

    async with httpx.AsyncClient(
        transport=httpx.MockTransport(accord), base_url="http://test"
    ) as client:
        journey = await Walker(client, nobody, patience_seconds=0.1).walk(project)

    assert list(journey.fails()) == ["stands in eligibility, waiting on role programme_officer"]


def test_failed_checks_are_answered_with_a_reason_each_where_a_project_is_ineligible():
    task = {
        **_task(),
        "form": {"examples": [{"failed_checks": [{"code": "focus_area", "reason": "Accepted."}]}]},
        "outcomes": [ADVANCE, STOP],
    }

    decision = decide(task, ineligible=True)

    assert decision["outcome"] == "ineligible"
    assert decision["answers"]["failed_checks"][0]["code"] == "focus_area"
    assert "Accepted." not in json.dumps(decision)
    assert decision["reason"]
    assert decision["message_to_partner"]
