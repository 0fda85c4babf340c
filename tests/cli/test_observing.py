"""Metrics where they are asked for, and nothing where they are not."""

import socket
import sys
from datetime import timedelta

import httpx

from api.app import create_app
from cli import observing
from cli.settings import Settings
from commands import gauges
from schemas.funds import FundState
from store import bulk
from store.tables import BulkJobRow, FundRow, RescreeningRow
from tests.installation import Installation
from tests.policy.proposals import a_proposal

JORDAN = a_proposal().model_dump(mode="json")


def three_free_ports() -> int:
    """The first of three ports in a row that nobody listens on."""
    for _ in range(50):
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                for offset in (1, 2):
                    with socket.socket() as other:
                        other.bind(("127.0.0.1", port + offset))
            except OSError:
                continue
            return port
    raise AssertionError("no free ports")


def test_without_a_setting_nothing_is_counted(monkeypatch):
    monkeypatch.setitem(sys.modules, "prometheus_client", None)  # importing it would fail
    settings = Settings()

    assert observing.request_metrics(settings) is None
    assert observing.interceptors(settings) == []
    observing.sdk_metrics(settings)
    observing.trace(settings, "api")


def test_requests_are_counted_by_route_template():
    port = three_free_ports()
    watch = observing.request_metrics(Settings(metrics_port=port))
    assert watch is not None

    watch("GET", "/api/v1/proposals/{reference}", 200, 0.02)
    watch("GET", "/api/v1/proposals/{reference}", 404, 0.01)

    scraped = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    where = 'method="GET",route="/api/v1/proposals/{reference}"'
    assert f'accord_requests_total{{{where},status="404"}} 1.0' in scraped
    assert f"accord_request_seconds_count{{{where}}} 2.0" in scraped


async def test_what_the_store_says_is_told_in_numbers_and_codes(accord: Installation):
    before = accord.now()
    reference = await accord.submit(JORDAN)
    await accord.decide(reference, "eligibility.confirm")

    found = {(g.name, *g.labels.values()): g.value for g in await gauges.look(accord.office)}
    events = await gauges.recorded_between(accord.office, before, accord.now())

    assert found["accord_proposals", "compliance"] == 1
    assert found["accord_tasks_open",] >= 1
    assert found["accord_tasks_overdue",] == 0
    assert found["accord_messages_undelivered",] == 0
    assert found["accord_fund_available_dollars", "CTCBP-contributions-2027-28"] == 20_000_000
    assert events["task_decided"] == 1
    assert not any(reference in str(each) for each in found)


async def test_a_frozen_fund_has_nothing_to_reserve(accord: Installation):
    async with accord.office.database.writing() as session:
        fund = await session.get_one(FundRow, "CTCBP-contributions-2027-28")
        fund.state = FundState.FROZEN
        session.add(fund)

    found = {(g.name, *g.labels.values()): g.value for g in await gauges.look(accord.office)}
    assert found["accord_fund_available_dollars", "CTCBP-contributions-2027-28"] == 0


async def test_what_the_worker_has_left_is_told_with_how_long_it_takes(accord: Installation):
    began = accord.now() - timedelta(seconds=90)
    async with accord.office.database.writing() as session:
        for state in (bulk.RUNNING, bulk.STOPPED):
            job = BulkJobRow(
                id=state, person="demo-auditor-1", act="claim", state=state, created_at=began
            )
            await bulk.order(session, job, ["T1", "T2"], now=began)
        session.add(RescreeningRow(id="un_sc", data={}, total=7, asked=4, started_at=began))
        session.add(
            RescreeningRow(id="old", data={}, total=9, asked=9, started_at=began, ended_at=began)
        )

    found = {g.name: g.value for g in await gauges.look(accord.office)}

    assert found["accord_bulk_items_left"] == 2
    assert found["accord_rescreening_left"] == 3
    assert found["accord_bulk_age_seconds"] >= 90
    assert found["accord_rescreening_age_seconds"] >= 90


async def test_every_answer_is_told_to_who_watches(accord: Installation):

    told: list[tuple[str, str, int]] = []
    app = create_app(accord.office, watch=lambda *each: told.append(each[:3]))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test/api/v1") as client:
        await client.get("/health/live")
        await client.get("/proposals/CTCBP-2026-000001")
        await client.get("/nowhere")

    assert told == [
        ("GET", "/api/v1/health/live", 200),
        ("GET", "/api/v1/proposals/{reference}", 401),
        ("GET", "unknown", 404),
    ]
