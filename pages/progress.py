"""How far a proposal has come: the stages it was in, how long each took, and a diagram of them.

Worked out from the history that the reader is given, so that it tells nothing more than that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from schemas.events import EventType
from schemas.proposal import Stage

_ENTERS = {
    EventType.CREATED: Stage.DRAFT,
    EventType.RETURNED: Stage.RETURNED,
    EventType.CLOSED: Stage.CLOSED,
    EventType.AGREEMENT_CLOSED: Stage.CLOSED,
}
_LAST = (Stage.ACTIVE, Stage.CLOSED)
BOX_HEIGHT, GAP, TOP = 64, 28, 8
"""Of the diagram, in the units of its drawing."""


@dataclass(frozen=True)
class Visit:
    """One stay in a stage; *until* is None where it is still there."""

    stage: Stage
    since: datetime
    until: datetime | None

    def lasted(self, now: datetime) -> timedelta:
        return (self.until or now) - self.since


@dataclass(frozen=True)
class Box:
    """One stage in the diagram."""

    stage: Stage
    y: int
    state: str
    """`done`, `here` or `ahead`."""
    lasted: timedelta | None
    visits: int


@dataclass(frozen=True)
class Diagram:
    boxes: tuple[Box, ...]
    height: int
    returned: Box | None
    """With the partner, beside the stages; None where it never was."""


def visits(history: Iterable[Mapping[str, Any]]) -> list[Visit]:
    """Every stay in a stage, oldest first."""
    entered: list[tuple[Stage, datetime]] = []
    for event in history:
        stage = _ENTERS.get(event["type"])
        if event["type"] == EventType.STAGE_ENTERED:
            stage = Stage(event["data"]["stage"])
        if stage is not None and (not entered or entered[-1][0] is not stage):
            entered.append((stage, datetime.fromisoformat(event["at"])))
    ends = [since for _, since in entered[1:]]
    return [
        Visit(stage, since, ends[n] if n < len(ends) else None)
        for n, (stage, since) in enumerate(entered)
    ]


def diagram(stages: Sequence[Stage], found: Sequence[Visit], now: datetime) -> Diagram:
    """The way of a proposal through *stages*, with what it has spent in each."""
    ways = list(dict.fromkeys([Stage.DRAFT, *stages, Stage.CLOSED]))
    boxes = []
    for place, stage in enumerate(ways):
        y = TOP + place * (BOX_HEIGHT + GAP)
        boxes.append(_box(stage, y, found, now))
    height = TOP * 2 + len(ways) * (BOX_HEIGHT + GAP) - GAP
    middle = TOP + 2 * (BOX_HEIGHT + GAP)
    was = any(each.stage is Stage.RETURNED for each in found)
    return Diagram(tuple(boxes), height, _box(Stage.RETURNED, middle, found, now) if was else None)


def _box(stage: Stage, y: int, found: Sequence[Visit], now: datetime) -> Box:
    mine = [each for each in found if each.stage is stage]
    is_here = bool(found) and found[-1].stage is stage
    state = "here" if is_here else "done" if mine else "ahead"
    spent = sum((each.lasted(now) for each in mine), timedelta(0))
    rests = is_here and stage in _LAST
    return Box(stage, y, state, spent if mine and not rests else None, len(mine))
