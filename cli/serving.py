"""Serving the API with uvicorn until a signal ends it."""

import asyncio

import uvicorn

from api.app import create_app
from cli import observing
from cli.building import build_office
from cli.settings import Settings
from commands.seeding import seed

KEEP_ALIVE_SECONDS = 75
STREAMS_CUT_AFTER_SECONDS = 2


async def serve(settings: Settings) -> None:
    observing.trace(settings, "api")
    async with build_office(settings) as office:
        seeding = asyncio.create_task(seed(office)) if office.demonstration else None
        config = uvicorn.Config(
            create_app(office, watch=observing.request_metrics(settings)),
            host=settings.host,
            port=settings.port,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=STREAMS_CUT_AFTER_SECONDS,
        )
        await uvicorn.Server(config).serve()
        if seeding is not None:
            seeding.cancel()
