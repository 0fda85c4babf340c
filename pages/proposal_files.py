"""The list of proposals as a file: what the page shows under the same filters, all of its rows.

It is written while it is read, a part at a time, so that a hundred thousand rows take no more
memory than one page. Whose sight ends meanwhile reads the rest without what was lost.
"""

from collections.abc import AsyncIterator
from typing import Any

from commands import reading
from pages.asking import AskedByPerson
from pages.languages import N_
from pages.names import name_of
from pages.spreadsheets import Column, body, head

AT_A_TIME = 200
COLUMNS = (
    Column(N_("Reference")),
    Column(N_("Title")),
    Column(N_("Program")),
    Column(N_("Organization")),
    Column(N_("Requested"), "money"),
    Column(N_("Submitted"), "day"),
    Column(N_("Stage")),
    Column(N_("Status")),
    Column(N_("Outcome")),
    Column(N_("Decided"), "day"),
)


async def parts(asked: AskedByPerson, filters: dict[str, str]) -> AsyncIterator[str]:
    """The file, part by part; the first comes once it is known that it may be read."""
    cursor: str | None = None
    beginning = head(COLUMNS)
    while True:
        found = await reading.proposals(
            asked.office, asked.viewer, limit=AT_A_TIME, cursor=cursor, sort="-created_at",
            filters=filters,
        )  # fmt: skip
        yield beginning + body(COLUMNS, (_row(each, asked.language) for each in found["items"]))
        beginning, cursor = "", found["next"]
        if cursor is None:
            return


def _row(each: dict[str, Any], language: str) -> tuple[Any, ...]:
    return (
        each["reference"],
        each["title"],
        each["programme"],
        each["organization_name"] or each["organization"],
        each["requested"],
        each["submitted_at"],
        name_of("stage", each["stage"], language),
        name_of("partner_status", each["partner_status"], language),
        name_of("outcome", each["outcome"], language),
        each["decided_at"],
    )
