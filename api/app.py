"""The API as an ASGI application, around an office that is built elsewhere."""

from typing import Any

from fastapi import FastAPI

from api import openapi
from api.answers import PREFIX
from api.edge import BODY_SECONDS, BodySize, Edge, Watch
from api.errors import add_error_handlers
from api.idempotency import Turns
from api.limits import Limits
from api.routers import ROUTERS
from commands.office import Office

VERSION = "1"


class Api(FastAPI):
    """FastAPI, with an OpenAPI that also tells what our own dependencies read."""

    def openapi(self) -> dict[str, Any]:
        if not self.openapi_schema:
            self.openapi_schema = openapi.complete(super().openapi(), openapi.routes_of(ROUTERS))
        return self.openapi_schema


def create_app(
    office: Office,
    limits: Limits | None = None,
    watch: Watch | None = None,
    body_seconds: float = BODY_SECONDS,
) -> FastAPI:
    app = Api(
        title="Accord",
        version=VERSION,
        description="Intake and approval of proposals.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,  # its pages load scripts from other hosts
        redoc_url=None,
        redirect_slashes=False,
        responses=openapi.refusals(),
        # Would tell exporters, where some are set up, what our own log leaves out.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.office = office
    app.state.limits = limits or Limits()
    app.state.turns = Turns()
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    add_error_handlers(app, openapi.routes_of(ROUTERS))
    app.add_middleware(BodySize, seconds=body_seconds)
    app.add_middleware(Edge, watch=watch)
    return app
