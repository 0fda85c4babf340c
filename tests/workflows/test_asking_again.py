"""The gateway asks again where the engine threw an update out with the task that it came with."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from temporalio.service import RPCError, RPCStatusCode

from schemas.errors import Unavailable
from schemas.events import WORKFLOW
from schemas.messages import PartnerAct, Taken
from schemas.people import Actor
from workflows.gateway import TemporalGateway

WITHDRAWN = PartnerAct(act="withdraw", actor=Actor(id="partner"), request_id="r1")


@dataclass
class Engine:
    """A client whose workflow answers updates with what is given, one after the other."""

    answers: list[Taken | RPCError]
    asked: list[str] = field(default_factory=list)

    def get_workflow_handle_for(self, *_: Any, **__: Any) -> "Engine":
        return self

    async def execute_update(self, _update: Any, _act: Any, *, id: str, **_: Any) -> Taken:  # noqa: A002
        self.asked.append(id)
        answer = self.answers.pop(0)
        if isinstance(answer, RPCError):
            raise answer
        return answer


class NothingRecorded:
    """A store that has none of the proposal's events."""

    async def length(self, _reference: str, _source: str) -> int:
        return 0

    async def standing(self, _reference: str) -> tuple[str, int]:
        return WORKFLOW, 0

    async def is_recorded(self, _reference: str, _request_id: str) -> bool:
        return False


def refused_by_the_engine(status: RPCStatusCode) -> RPCError:
    return RPCError("unexpected workflow task failure", status, b"")


async def act_on(engine: Engine) -> None:
    gateway = TemporalGateway(engine, NothingRecorded())  # type: ignore[arg-type]
    await gateway.act("CTCBP-2026-000001", WITHDRAWN)


async def test_an_update_thrown_out_with_its_task_is_asked_again_under_its_id():
    thrown_out = refused_by_the_engine(RPCStatusCode.FAILED_PRECONDITION)
    engine = Engine([thrown_out, thrown_out, Taken(source_seq=3)])

    await act_on(engine)

    assert engine.asked == ["r1", "r1", "r1"]


async def test_an_engine_that_is_away_is_told_at_once():
    engine = Engine([refused_by_the_engine(RPCStatusCode.UNAVAILABLE)])

    with pytest.raises(Unavailable):
        await act_on(engine)

    assert engine.asked == ["r1"]
