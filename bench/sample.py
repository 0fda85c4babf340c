"""What one run of one variant took, and how much history one proposal left."""

import statistics
from dataclasses import dataclass, field

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client


@dataclass
class Sample:
    """Some proposals, so many at a time; latencies are milliseconds of single decisions."""

    proposals: int
    at_a_time: int
    seconds: float
    latencies: list[float] = field(default_factory=list)
    waits: int = 0
    """How often something asked for was not open yet (screening, money) and was asked again."""
    late: int = 0
    """How often the engine was late (503) and the same request was sent again."""
    processor: dict[str, float] = field(default_factory=dict)
    """Milliseconds of processor time per proposal, by process."""
    updates: float = 0.0
    """Per proposal, on average."""
    references: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return self.proposals / self.seconds

    @property
    def median(self) -> float:
        return statistics.median(self.latencies)

    @property
    def p99(self) -> float:
        return percentile(self.latencies, 99)


def percentile(values: list[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


@dataclass(frozen=True)
class Footprint:
    """What one finished proposal left in Temporal."""

    events: int
    bytes: int
    actions: int
    workflow_tasks: int


_ACTIONS = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
    EventType.EVENT_TYPE_TIMER_STARTED,
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
}


async def footprint(client: Client, workflow_id: str) -> Footprint:
    """Events, bytes and billable actions of a history (design note on Temporal, section 2)."""
    history = await client.get_workflow_handle(workflow_id).fetch_history()
    events = list(history.events)
    return Footprint(
        events=len(events),
        bytes=sum(event.ByteSize() for event in events),
        actions=_actions(events),
        workflow_tasks=sum(
            event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED for event in events
        ),
    )


def _actions(events: list[HistoryEvent]) -> int:
    """Local activities of one workflow task count once; every attempt of an activity counts."""
    plain = sum(event.event_type in _ACTIONS for event in events)
    retries = sum(
        event.activity_task_started_event_attributes.attempt - 1
        for event in events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED
    )
    local = {
        event.marker_recorded_event_attributes.workflow_task_completed_event_id
        for event in events
        if event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED
    }
    return plain + retries + len(local)
