"""The inbox: tasks that one holds, that one's group may take, and all that one sees."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from commands import reading
from pages.asking import PersonDep
from pages.routers.many_tasks import NAMES
from policy import labels
from schemas.requests import TaskFilter
from schemas.tasks import TaskKind, TaskState

router = APIRouter()
A_PAGE = 25
SORTS = ("due_at", "-due_at", "-opened_at", "opened_at", "kind", "reference")
Choice = Annotated[str, Query(max_length=100)]


@router.get("/tasks")
async def inbox(
    *,
    asked: PersonDep,
    view: Literal["mine", "group", "all"] = "group",
    state: Choice = "open",
    late: Choice = "",
    kind: Choice = "",
    programme: Choice = "",
    q: Annotated[str, Query(max_length=400)] = "",
    sort: Choice = "due_at",
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
    decided: Choice = "",
) -> Response:
    """A page of tasks; the filters stand in the address, and counts follow them."""
    wanted: dict[str, Any] = {
        "state": state if state in list(TaskState) else None,
        "kind": kind if kind in list(TaskKind) else None,
        "programme": programme or None,
        "q": q or None,
    }
    common = TaskFilter.model_validate(wanted)
    narrowed = common.model_copy(
        update={"overdue": True} if late == "overdue" else {"due_soon": True} if late else {}
    )
    order = sort if sort in SORTS else "due_at"
    found = await reading.tasks(
        asked.office, asked.viewer, view=view, asked=narrowed, sort=order, limit=A_PAGE,
        cursor=cursor,
    )  # fmt: skip
    about = await reading.summaries(
        asked.office, asked.viewer, {each["reference"] for each in found["items"]}
    )
    counts = await reading.task_counts(asked.office, asked.viewer, view=view, asked=common)
    filters = {
        "state": state, "late": late, "kind": kind, "programme": programme, "q": q, "sort": order,
    }  # fmt: skip
    kept = {name: value for name, value in filters.items() if value}
    following = urlencode({**kept, "view": view, "cursor": found["next"]})
    return await asked.page(
        "inbox.html",
        tasks=found["items"], about=about, counts=counts, view=view, filters=filters,
        following=following if found["next"] else None,
        tabs=[
            (name, urlencode({**kept, "view": name}), counts[name])
            for name in ("mine", "group", "all")
        ],
        kinds=[(each.value, labels.kind_title(each).in_language(asked.language))
               for each in TaskKind],
        programmes=[t.code for t in asked.office.catalogue.programmes(asked.office.today())],
        now=asked.office.now(), decided=decided, together=NAMES,
    )  # fmt: skip
