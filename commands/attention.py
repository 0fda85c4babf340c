"""What needs somebody's attention now: counts with codes, of what the reader may see anyway.

Each is the length, or nearly, of a list that another command answers; nothing here is news to
whoever may not read that list.
"""

from typing import Any

from commands import (
    failing,
    funds,
    grants,
    notifications,
    reading,
    record_views,
    screening,
    unattended,
)
from commands.office import Office
from schemas.errors import Forbidden
from schemas.notifications import MailState
from schemas.people import Role, Viewer
from schemas.requests import TaskFilter
from schemas.reusable_records import RecordState
from schemas.tasks import TaskState

MOST_COUNTED = 200
"""Of lists that are counted by reading them: more is shown as that many."""


async def attention(office: Office, viewer: Viewer) -> list[dict[str, Any]]:
    """What there is, the most pressing first; nothing that stands at zero."""
    if not viewer.is_staff:
        raise Forbidden("staff_only")
    found = await _tasks(office, viewer)
    if viewer.holds(Role.ADMINISTRATOR) or viewer.holds(Role.AUDITOR):
        found = {**await _of_overseers(office, viewer), **found}
    lists = await screening.lists(office, viewer)
    money = await funds.funds(office, viewer, {})
    waiting = {each["reference"] for fund in money for each in fund["queue"] if each["reference"]}
    found |= await _records(office, viewer)
    found |= {
        "lists_missing": sum(not each["imported"] for each in lists),
        "rescreening": sum(_is_under_way(each["rescreening"]) for each in lists),
        "money_waiting": len(waiting),
        "deficits": sum(fund["deficit"]["value"] != "0.00" for fund in money),
    }
    return [{"code": code, "count": count} for code, count in found.items() if count]


async def _tasks(office: Office, viewer: Viewer) -> dict[str, int | str]:
    asked = TaskFilter(state=TaskState.OPEN)
    view = "all" if viewer.holds(Role.ADMINISTRATOR) or viewer.holds(Role.AUDITOR) else "group"
    counts = await reading.task_counts(office, viewer, view=view, asked=asked)
    return {
        "tasks_overdue": counts["overdue"],
        "tasks_due_soon": counts["due_soon"],
        "tasks_mine": counts["mine"],
        "tasks_of_group": counts["group"],
    }


async def _records(office: Office, viewer: Viewer) -> dict[str, int]:
    """Reusable records that wait for the reader as the second person, and those to be renewed."""
    wanted: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("records_proposed", "may_confirm", {"state": RecordState.PROPOSED}),
        ("records_ending", "may_follow", {"ends_soon": True}),
    )
    counted = {}
    for code, may, narrowed in wanted:
        found = await record_views.records(
            office, viewer, **narrowed, limit=MOST_COUNTED, cursor=None
        )
        counted[code] = sum(each[may] for each in found["items"])
    return counted


async def _of_overseers(office: Office, viewer: Viewer) -> dict[str, int | str]:
    given_up = await notifications.ledger(
        office, viewer, state=MailState.GIVEN_UP, limit=MOST_COUNTED, cursor=None
    )
    counted = {
        code: len((await grants.grants(
            office, viewer, state=state, limit=MOST_COUNTED, cursor=None
        ))["items"])
        for code, state in (("grants_proposed", "proposed"), ("grants_to_attest", "to_attest"))
    }  # fmt: skip
    return {
        "failing": len(await failing.listed(office, viewer)),
        "unattended": len(await unattended.listed(office, viewer)),
        "mails_given_up": len(given_up["items"]),
        **counted,
    }


def _is_under_way(progress: dict[str, Any] | None) -> bool:
    return progress is not None and progress["ended_at"] is None
