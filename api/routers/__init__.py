"""The routes, one file per subject."""

from api.routers import (
    catalogue,
    demonstration,
    funds,
    health,
    lists,
    organizations,
    proposals,
    screening,
    signing_in,
    tasks,
)

ROUTERS = (
    signing_in.router,
    demonstration.router,
    catalogue.router,
    organizations.router,
    proposals.router,
    tasks.router,
    funds.router,
    lists.router,
    screening.router,
    health.router,
)
