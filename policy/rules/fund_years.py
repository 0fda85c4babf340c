"""The fiscal year of a fund, read from its id: `<program>-<vote line>-<year>`."""

from __future__ import annotations

import re

_YEAR = re.compile(r"-(\d{4}-\d{2})$")


def fiscal_year_of(fund: str) -> str | None:
    """The year that *fund* is of; None for an id that names none."""
    found = _YEAR.search(fund)
    return found.group(1) if found else None
