"""Every operation of the OpenAPI under what may and what may not be sent, alone and in sequence.

No answer is a failure of the server, each is as it is described, and nobody gets in unsigned.
`make attack` sends far more, other than the last time.
"""

import asyncio
import time
from contextlib import suppress
from datetime import timedelta

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.errors import FlakyStrategyDefinition

from api.answers import PREFIX
from api.app import create_app
from api.limits import Limits
from commands import bulk_running, housekeeping
from tests.attack.serving import served
from tests.attack.wandering import PEOPLE, Wandering, labels
from tests.journeys.client import costing

LEAST_SEQUENCES, MOST_SEQUENCES = 2, 160
"""So many in any case, and more until what is to be reached was reached."""


@pytest_asyncio.fixture(scope="module")
async def wandering(client):
    """An Accord where there is something of everything."""
    small = costing(300_000)
    references = [await client.draft(**small), await client.submitted(**small)]
    document = await attached(client.signatory, f"/proposals/{references[0]}")
    reviewed, signing = await client.submitted(**small), await client.submitted(**small)
    await client.advance_to_task(reviewed, "compliance.norms")
    await client.advance(signing, "agreement")
    norms = (await client.open_tasks(reviewed, "compliance.norms"))[0]["id"]
    attachment = await attached(client.person("Norms reviewer 1"), f"/tasks/{norms}")
    tasks = [
        task["id"]
        for reference in [*references[1:], reviewed, signing]
        for task in await client.open_tasks(reference)
    ]
    office = client.installation.office
    await housekeeping.lead(office, "test")
    others = await more_of(client, references[1], reviewed, signing, norms)
    app = create_app(office, Limits(rate=1e9, burst=1e9))
    async with served(app) as port:
        yield Wandering(
            port,
            {name: client.person(name).token for name in PEOPLE},
            {
                "reference": [*references, reviewed, signing],
                "task_id": tasks,
                "document_id": [document],
                "attachment_id": [attachment],
                "organization_id": ["demo-international-organization", "demo-ngo"],
                "person_id": ["demo-certifier-2"],
                "grant_id": ["grant-demo-certifier-2"],
                "fund_id": ["CTCBP-contributions-2027-28"],
                "list_id": ["ca_sema"],
                "n": ["1"],
                **others,
            },
        )


async def more_of(client, submitted, reviewed, signing, norms):
    """Jobs that are done and left, a delegation, a question, a repair, a call, what one is told."""
    office, reviewer = client.installation.office, client.person("Norms reviewer 1")
    officer, administrator = client.person("Programme officer 1"), client.person("Administrator 1")
    order = {"act": "claim", "tasks": [norms, "none"]}
    jobs = [await made(reviewer, "/bulk", order)]
    await bulk_running.go_on(office)
    jobs.append(await made(reviewer, "/bulk", order | {"act": "release"}))
    today = office.today()
    given = {
        "receiver": "norms.reviewer.2@accord.example",
        "grants": [{"role": "reviewer", "scope": "norms"}],
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=30)).isoformat(),
        "reason": "Training.",
    }
    question = {"question": "How many?", "due_date": (today + timedelta(days=10)).isoformat()}
    repair = {"kind": "rewind", "stage": "eligibility", "reason": "Gone astray."}
    call = {
        "programme": "CTCBP",
        "title": {"en": "Borders", "fr": "Frontières"},
        "description": {"en": "For borders.", "fr": "Pour les frontières."},
        "opens_at": "2090-01-01T00:00:00Z",
        "closes_at": "2090-02-01T00:00:00Z",
    }
    told = await reviewer.read("/notifications")
    letters = (await client.view(signing, client.signatory))["letters"]
    return {
        "job_id": jobs,
        "delegation_id": [await made(reviewer, "/me/delegations", given)],
        "question_id": [await made(officer, f"/proposals/{submitted}/questions", question)],
        "repair_id": [await made(administrator, f"/proposals/{reviewed}/repairs", repair)],
        "call_id": [await made(officer, "/calls", call)],
        "notification_id": [each["id"] for each in told["items"]],
        "letter_id": [each["id"] for each in letters],
        "code": ["CTCBP"],
    }


async def made(person, where, body):
    answer = await person.post(where, body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def attached(person, where):
    answer = await person.post(
        f"{where}/documents",
        files={"file": ("note.txt", "A note.")},
        data={"kind": "other", "language": "en", "marking": "unclassified"},
    )
    return answer.json()["id"]


@pytest.fixture
def wanted(request):
    """The same few examples each time; as many others as `--attack` says."""

    asked = request.config.getoption("--attack")
    return settings(
        max_examples=asked or 4,
        derandomize=not asked,
        database=None,
        deadline=None,
        # Finding a smaller example would ask an Accord that has gone on meanwhile.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize("label", labels())
async def test_an_operation_on_the_edges_of_its_schema(wandering, label):
    await asyncio.to_thread(wandering.send_edges, label)


@pytest.mark.parametrize("label", labels())
async def test_an_operation_with_anything_in_it(wandering, wanted, label):
    await asyncio.to_thread(wandering.send_anything, label, wanted)


@pytest.mark.parametrize(
    ("addresses", "reached"),
    [
        pytest.param(
            "/(proposals|tasks)",
            {
                "POST /proposals 201",
                "PUT /proposals/{reference} 200",
                "POST /proposals/{reference}/submit 200",
                "GET /proposals/{reference}/history 200",
                "GET /tasks/{task_id} 200",
                "POST /tasks/{task_id}/claim 200",
            },
            id="proposals and tasks",
        ),
        pytest.param(
            "/(organizations|people|grants|funds|lists)",
            {
                "POST /organizations 201",
                "PUT /organizations/{organization_id} 200",
                "GET /funds/{fund_id}/commitments 200",
            },
            id="all else",
        ),
    ],
)
async def test_operations_in_any_sequence(request, wandering, wanted, addresses, reached):
    machine = wandering.state_machine(addresses)
    wandering.seen.clear()
    asked = request.config.getoption("--attack")
    first = time.time_ns() if asked else 0

    def found():
        return {f"{label.replace(PREFIX, '')} {status}" for label, status in wandering.seen}

    def wander():
        for number in range(asked or MOST_SEQUENCES):
            if number >= (asked or LEAST_SEQUENCES) and reached <= found():
                return
            # An Accord goes on from sequence to sequence, so that Hypothesis may find it changed.
            with suppress(FlakyStrategyDefinition):
                seed(first + number)(machine).run(
                    settings=settings(wanted, max_examples=3, stateful_step_count=30)
                )

    await asyncio.to_thread(wander)

    assert reached <= found(), sorted(found())
