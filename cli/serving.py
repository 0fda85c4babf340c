"""Serving API and pages with uvicorn until a signal ends it."""

import asyncio

import uvicorn
from starlette.types import ASGIApp

from api.edge import MOST_HEAD_BYTES
from cli import observing
from cli.building import build_office
from cli.connections import KEEP_ALIVE_SECONDS, Connection
from cli.settings import Settings
from commands.readiness import remember_minutes
from commands.seeding import seed
from pages.app import create_site

STREAMS_CUT_AFTER_SECONDS = 2


async def serve(settings: Settings) -> None:
    observing.trace(settings, "api")
    async with build_office(settings) as office:
        seeding = asyncio.create_task(seed(office)) if office.demonstration else None
        app = create_site(
            office,
            watch=observing.request_metrics(settings),
            public_url=settings.public_url or settings.url,
        )
        noting = asyncio.create_task(remember_minutes(office))
        await server(app, settings.host, settings.port).serve()
        noting.cancel()
        if seeding is not None:
            seeding.cancel()


def server(
    app: ASGIApp, host: str, port: int, connection: type[Connection] = Connection
) -> uvicorn.Server:
    """What serves *app*, in this loop and nobody else's."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=connection,
            h11_max_incomplete_event_size=MOST_HEAD_BYTES,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=STREAMS_CUT_AFTER_SECONDS,
        )
    )
