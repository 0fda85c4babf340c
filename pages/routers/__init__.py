"""The pages, one file per subject."""

from pages.routers import (
    account,
    dashboards,
    finding,
    handing_out,
    inbox,
    overseeing,
    proposals,
    reporting,
    signing_in,
    start,
    tasks,
    writing,
)

ROUTERS = (
    start.router,
    signing_in.router,
    account.router,
    finding.router,
    proposals.router,
    writing.router,
    inbox.router,
    dashboards.router,
    tasks.router,
    overseeing.router,
    handing_out.router,
    reporting.router,
)
