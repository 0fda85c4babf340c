"""The feed of events, asked for page by page or listened to."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse

from api.answers import answered, render
from api.dependencies import OfficeDep, TokenDep, ViewerDep
from commands import feed

router = APIRouter(prefix="/events", tags=["events"])

After = Annotated[
    str | None,
    Query(max_length=64, description="The `cursor` of the last event that was read."),
]
RETRY_MS = 5_000
_HEADERS = {
    # Whoever stands in between must pass each line on at once.
    "X-Accel-Buffering": "no",
    "Cache-Control": "no-store",
}


@router.get("")
async def events(
    *,
    office: OfficeDep,
    viewer: ViewerDep,
    after: After = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """What happened to the proposals that one sees, oldest first, from the beginning or a cursor.

    Go on from the `cursor` of the last event, now or whenever: nothing comes in between later.
    """
    return answered(await feed.events(office, viewer, after=after, limit=limit))


@router.get(
    "/stream",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def stream(
    *,
    office: OfficeDep,
    viewer: ViewerDep,
    token: TokenDep,
    after: After = None,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID")] = None,
) -> Response:
    """The same as server-sent events, as they come: `id` is the cursor, `event` the type.

    Without a cursor it begins with what comes next. One session has at most six streams.
    """
    told = feed.stream(office, token, viewer.language, last_event_id or after)
    first = await anext(told)  # a refusal is an answer of its own
    return StreamingResponse(
        _written(first, told), media_type="text/event-stream", headers=_HEADERS
    )


async def _written(
    first: dict[str, Any] | None, told: AsyncIterator[dict[str, Any] | None]
) -> AsyncIterator[bytes]:
    yield f"retry: {RETRY_MS}\n\n".encode() + written(first)
    async with aclosing(told):  # type: ignore[type-var]
        async for each in told:
            yield written(each)


def written(item: dict[str, Any] | None) -> bytes:
    """One event; of a silence, a comment that nobody hears."""
    if item is None:
        return b": still here\n\n"
    head = f"event: {item['type']}\nid: {item['cursor']}\ndata: "
    return head.encode() + render(item) + b"\n\n"
