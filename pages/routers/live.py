"""What changes on an open page, as server-sent events: which part, and nothing of what it says.

The page then asks for itself again, so that a part that changed is shown by the same handler, and
by the same rules, as when it is reloaded.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from commands import watching
from commands.watching import Said
from pages.asking import PersonDep

router = APIRouter()
MOST_SUBJECTS = 8
RETRY_MS = 5_000
_HEADERS = {
    # Whoever stands in between must pass each line on at once.
    "X-Accel-Buffering": "no",
    "Cache-Control": "no-store",
}


@router.get("/live")
async def live(
    request: Request,
    asked: PersonDep,
    on: Annotated[list[str], Query(max_length=MOST_SUBJECTS)],
    known: Annotated[str, Query(max_length=2000)] = "",
) -> Response:
    """Says which of the subjects *on* read otherwise; goes on from the last id that was seen."""
    seen = marks_of(request.headers.get("last-event-id", known))
    token = asked.cookies.token(request) or ""
    said = watching.watch(asked.office, token, asked.language, on, seen)
    first = await anext(said)  # a refusal becomes a page, as of any other
    return StreamingResponse(
        _written(first, said), media_type="text/event-stream", headers=_HEADERS
    )


async def _written(first: Said, said: AsyncIterator[Said]) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MS}\n\n{written(first)}"
    async with aclosing(said):  # type: ignore[type-var]
        async for each in said:
            yield written(each)


def written(said: Said) -> str:
    """One event; of a silence, a comment that no page hears."""
    if not said.marks:
        return ": still here\n\n"
    marks = " ".join(f"{subject}={mark}" for subject, mark in sorted(said.marks.items()))
    name = "changed" if said.changed else "here"
    return f"event: {name}\nid: {marks}\ndata: {' '.join(said.changed)}\n\n"


def marks_of(text: str) -> Mapping[str, str]:
    """The marks that an id names; what is none of ours counts as not known."""
    pairs = (each.rpartition("=") for each in text.split(" "))
    return {subject: mark for subject, equals, mark in pairs if equals and subject}
