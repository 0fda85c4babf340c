"""The pages, one file per subject."""

from pages.routers import account, reporting, signing_in, start

ROUTERS = (start.router, signing_in.router, account.router, reporting.router)
