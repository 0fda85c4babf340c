"""The pages, one file per subject."""

from pages.routers import (
    account,
    finding,
    handing_out,
    proposals,
    reporting,
    signing_in,
    start,
    writing,
)

ROUTERS = (
    start.router,
    signing_in.router,
    account.router,
    finding.router,
    proposals.router,
    writing.router,
    handing_out.router,
    reporting.router,
)
