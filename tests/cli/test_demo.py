"""The walker takes proposals to their end over the API alone, whoever refuses on the way."""

import json
from io import StringIO
from urllib.parse import parse_qs

import httpx
import pytest
from rich.console import Console

from cli.demo import Account, Walker, decide
from cli.demo.running import tell
from cli.sample import sample_projects

FORM = {"examples": [{"interest": {"declared": False}}]}
ADVANCE = {"code": "eligible", "effect": "advance", "needs_reason": False, "needs_message": False}
STOP = {"code": "ineligible", "effect": "stop", "needs_reason": True, "needs_message": True}


HISTORY = [
    {
        "id": "0",
        "at": "2026-11-24T05:40:51.250000Z",
        "type": "task_decided",
        "title": "Task decided",
        "actor": {"name": "Information sharing reviewer 1"},
        "data": {
            "task": "ACCBP-HSE-2026-000001-T07",
            "kind": "compliance.information_sharing",
            "outcome": "no_objection",
        },
    }
]


class ASmallAccord:
    """An API of one task, which remembers what was asked of it."""

    def __init__(self, *, busy: int = 0, held: bool = False) -> None:
        self.busy = busy
        self.held = held
        self.decided: list[tuple[str, dict]] = []
        self.keys: list[tuple[str, str | None]] = []
        self.organizations: list[dict] = []
        self.passwords: dict[str, str] = {}
        self.invited: list[dict] = []
        self.submitted_by: list[str] = []
        self.attached: list[bytes] = []

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
                sent = {key: each[0] for key, each in parse_qs(request.content.decode()).items()}
                if self.passwords.get(sent["username"], sent["password"]) != sent["password"]:
                    return 401, {"code": "wrong_credentials"}
                return 200, {"access_token": sent["username"]}
            case ["organizations", *_] | ["people", *_]:
                return self._bring_in(path, who, request)
            case ["proposals"]:
                self.submitted_by.append(who)
                return 201, {"reference": "CTCBP-2026-000001", "stage": "draft"}
            case ["proposals", _, "documents"]:
                self.attached.append(request.content)
                return 201, {"id": "d"}
            case ["proposals", _]:
                return 200, self._view()
            case ["proposals", _, "history"]:
                reason = self.decided[-1][1].get("reason") if self.decided else None
                item = {"id": "1", "type": "found_ineligible", "reason": reason, "data": {}}
                return 200, {"items": [*HISTORY, item], "next": None}
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

    def _bring_in(self, path: str, who: str, request: httpx.Request) -> tuple[int, dict]:
        sent = json.loads(request.content) if request.content else {}
        match request.method, path.strip("/").split("/"):
            case "GET", ["organizations"]:
                return 200, {"items": self.organizations, "next": None}
            case "GET", ["people"]:
                return 200, {"items": [{"email": each} for each in self.passwords], "next": None}
            case "POST", ["organizations"]:
                assert who == "administrator"
                made = {"id": "o-1", "version": 1, "identifiers": {}, "language": "en"}
                self.organizations.append({**made, "people": [], "kind_confirmed": False, **sent})
                return 201, self.organizations[-1]
            case "PUT", ["organizations", "o-1"]:
                assert (who, request.headers["If-Match"]) == ("officer-1", '"1"')
                self.organizations[0] |= {**sent, "kind_confirmed": True, "version": 2}
                return 200, self.organizations[0]
            case "POST", ["people", "invitations"]:
                assert who == "administrator"
                self.invited.append(sent)
                return 201, {"link": sent["email"], "path": "/people/passwords", "person": "p-1"}
            case "POST", ["people", "passwords"]:
                self.passwords[sent["link"]] = sent["password"]
                return 200, {"email": sent["link"]}
        return 404, {"code": "not_found"}

    def _view(self) -> dict:
        if not self.decided:
            return {"stage": "eligibility", "outcome": None, "checks": []}
        return {
            "stage": "active",
            "outcome": "approved",
            "checks": [],
            "amount": {"currency": "CAD", "value": "9500000.00"},
            "commitments": [],
        }


ACCOUNTS = (
    *((f"partner-{n}", "signatory") for n in range(4)),
    ("officer-1", "programme_officer"),
    ("officer-2", "programme_officer"),
    ("administrator", "administrator"),
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
    [sample] = sample_projects(["P010"])
    expected = sample.expected.model_copy(update={"instrument": None})
    return sample.model_copy(update={"expected": expected})


@pytest.fixture
def project_of_a_new_partner(project):
    [of_iom] = sample_projects(["P008"])
    return of_iom.model_copy(update={"expected": project.expected})


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
    assert accord.submitted_by == ["partner-3"]
    [sent] = accord.attached
    assert b"fiscal_year,category,amount_cad\r\n" in sent
    assert b'filename="budget.csv"' in sent
    assert accord.decided == [
        ("officer-1", {"outcome": "eligible", "answers": FORM["examples"][0]})
    ]


async def test_a_partner_is_written_down_confirmed_and_one_signatory_of_it_invited(
    project_of_a_new_partner,
):
    accord = ASmallAccord()

    journey = await _walk(accord, project_of_a_new_partner)

    assert list(journey.fails()) == []
    assert [(each["name"], each["kind_confirmed"]) for each in accord.organizations] == [
        ("International Organization for Migration (IOM)", True)
    ]
    [invited] = accord.invited
    assert (invited["name"], invited["role"]) == ("Signatory of IOM", "signatory")
    assert invited["organization"] == "o-1"
    assert accord.submitted_by == ["signatory.of.iom@accord.example"]


async def test_a_partner_that_is_there_submits_again_as_it_is(project_of_a_new_partner):
    accord = ASmallAccord()
    await _walk(accord, project_of_a_new_partner)
    accord.decided.clear()

    await _walk(accord, project_of_a_new_partner)

    assert (len(accord.organizations), len(accord.invited)) == (1, 1)
    assert accord.submitted_by == ["signatory.of.iom@accord.example"] * 2


async def test_a_signatory_with_an_older_password_gets_a_new_link(project_of_a_new_partner):
    accord = ASmallAccord()
    accord.passwords["signatory.of.iom@accord.example"] = "of another start"

    await _walk(accord, project_of_a_new_partner)

    assert len(accord.invited) == 1
    assert accord.passwords["signatory.of.iom@accord.example"] == "x" * 12


async def test_a_project_that_gets_the_wrong_instrument_is_not_as_expected():
    [of_iom] = sample_projects(["P008"])

    journey = await _walk(ASmallAccord(), of_iom)

    assert list(journey.fails()) == ["the instrument is none, not contribution"]


@pytest.mark.parametrize("columns", [80, 120])
async def test_what_is_told_fits_the_terminal_line_by_line(project, columns):
    journey = await _walk(ASmallAccord(), project)
    journey.reference = "ACCBP-HSE-2026-000001"
    journey.instrument = "contribution"
    journey.tasks["funding.recommend"] = 99
    out = StringIO()

    code = tell(Console(file=out, width=columns), [journey])

    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    assert code == 0
    assert max(map(len, lines)) <= columns
    decided = [line for line in lines if line.startswith("05:40:51")]
    assert [line.split() for line in decided] == [
        ["05:40:51", "information_sharing:", "no_objection",
         "Information", "sharing", "reviewer", "1"]
    ]  # fmt: skip
    [told] = [line for line in lines if line.startswith("P010") and "approved" in line]
    assert told.split() == [
        "P010", "ACCBP-HSE-2026-000001", "approved", "contribution", "9,500,000", "100", "yes",
    ]  # fmt: skip
    assert "1 approved; 1 of 1 as expected." in lines


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
