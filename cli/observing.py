"""Metrics and traces of one process, when they are asked for; nothing is loaded otherwise.

Metrics are served on loopback: the API on ACCORD_METRICS_PORT, the worker on the port after it, and
what the Temporal SDK counts in the worker on the one after that. Traces carry ids, no content.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import structlog

from cli.settings import Settings
from commands import gauges
from commands.office import Office

if TYPE_CHECKING:  # the worker has no use for what serves requests
    from temporalio.client import Interceptor

    from api.edge import Watch

LOOPBACK = "127.0.0.1"
WORKER_OFFSET, SDK_OFFSET = 1, 2
LOOK_EVERY_SECONDS = 15.0

log = structlog.get_logger()


def request_metrics(settings: Settings) -> Watch | None:
    """Serve the API's metrics; what is called for every request that was answered."""
    if settings.metrics_port is None:
        return None
    from prometheus_client import CollectorRegistry, Counter, Histogram  # noqa: PLC0415

    registry = CollectorRegistry()
    answered = Counter(
        "accord_requests",
        "Requests answered, by route template.",
        ("method", "route", "status"),
        registry=registry,
    )
    seconds = Histogram(
        "accord_request_seconds",
        "How long answers took, by route template.",
        ("method", "route"),
        registry=registry,
    )
    _serve(settings.metrics_port, registry)

    def watch(method: str, route: str, status: int, duration: float) -> None:
        answered.labels(method, route, str(status)).inc()
        seconds.labels(method, route).observe(duration)

    return watch


def sdk_metrics(settings: Settings) -> None:
    """Let the Temporal SDK serve its own metrics; before the first client is made."""
    if settings.metrics_port is None:
        return
    from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig  # noqa: PLC0415

    where = f"{LOOPBACK}:{settings.metrics_port + SDK_OFFSET}"
    telemetry = TelemetryConfig(metrics=PrometheusConfig(bind_address=where))
    Runtime.set_default(Runtime(telemetry=telemetry))


@asynccontextmanager
async def store_metrics(settings: Settings, office: Office) -> AsyncIterator[None]:
    """Serve what the store says of the installation, looked at now and then."""
    if settings.metrics_port is None:
        yield
        return
    looking = asyncio.create_task(_look(settings.metrics_port + WORKER_OFFSET, office))
    try:
        yield
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


async def _look(port: int, office: Office) -> None:
    from prometheus_client import CollectorRegistry, Counter, Gauge  # noqa: PLC0415

    registry = CollectorRegistry()
    kinds: dict[str, Gauge] = {}
    events = Counter(
        "accord_events_recorded", "Events recorded since the start.", ("type",), registry=registry
    )
    heads = Counter(
        "accord_heads_signed", "Heads of chains signed by this process.", registry=registry
    )
    _serve(port, registry)
    since, signed = office.now(), 0
    while True:
        try:
            until = office.now()
            found = await gauges.look(office)
            for name, count in (await gauges.recorded_between(office, since, until)).items():
                events.labels(name).inc(count)
        except Exception:
            log.warning("metrics_not_read", exc_info=True)
        else:
            since = until
            for each in found:
                if each.name not in kinds:
                    kinds[each.name] = Gauge(
                        each.name, each.meaning, tuple(each.labels), registry=registry
                    )
                gauge = kinds[each.name]
                (gauge.labels(*each.labels.values()) if each.labels else gauge).set(each.value)
            total = int(office.memory.get("heads_signed", 0))
            heads.inc(total - signed)
            signed = total
        await asyncio.sleep(LOOK_EVERY_SECONDS)


def _serve(port: int, registry: Any) -> None:
    from prometheus_client import start_http_server  # noqa: PLC0415

    start_http_server(port, addr=LOOPBACK, registry=registry)
    log.info("metrics_served", port=port)


# ---- traces


def trace(settings: Settings, service: str) -> None:
    """Send this process's traces where the setting says."""
    if settings.otlp_endpoint is None:
        return
    from opentelemetry import trace as opentelemetry  # noqa: PLC0415
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    provider = TracerProvider(resource=Resource.create({"service.name": f"accord-{service}"}))
    where = f"{settings.otlp_endpoint.rstrip('/')}/v1/traces"
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=where)))
    opentelemetry.set_tracer_provider(provider)


def interceptors(settings: Settings) -> list[Interceptor]:
    """What carries a trace from the gateway through the workflow to its activities."""
    if settings.otlp_endpoint is None:
        return []
    from temporalio.contrib.opentelemetry import TracingInterceptor  # noqa: PLC0415

    return [TracingInterceptor()]
