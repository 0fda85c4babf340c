"""The routes, one file per subject."""

from api.routers import (
    bulk,
    calls,
    case_files,
    catalogue,
    demonstration,
    documents,
    funds,
    health,
    lists,
    notifications,
    organizations,
    people,
    proposals,
    screening,
    signing_in,
    tasks,
)

ROUTERS = (
    signing_in.router,
    demonstration.router,
    catalogue.router,
    calls.router,
    organizations.router,
    people.router,
    proposals.router,
    case_files.router,
    tasks.router,
    documents.router,
    notifications.router,
    bulk.router,
    funds.router,
    lists.router,
    screening.router,
    health.router,
)
