"""Kept histories replay with today's code, and every decision leaves the same state behind.

Replay alone notices changed commands. That a rule, a clock or a re-opening has changed for
proposals under way shows only in the state that each update answered when it was first taken.
"""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from policy.rules import clocks
from workflows.agreement import AgreementWorkflow
from workflows.case import Case
from workflows.docket import Docket
from workflows.life import Life
from workflows.proposal import ProposalWorkflow

HISTORIES = Path(__file__).parents[1] / "histories"
KEPT = sorted(HISTORIES.glob("*.json"))
AGREEMENTS = sorted((HISTORIES / "agreements").glob("*.json"))
"""One for each execution of an agreement's life."""


def states_answered(kept: dict[str, Any]) -> list[str]:
    """The state that every update answered, in the order in which they were taken."""
    completed = [
        event["workflowExecutionUpdateCompletedEventAttributes"]
        for event in kept["events"]
        if "workflowExecutionUpdateCompletedEventAttributes" in event
    ]
    answers = []
    for update in sorted(completed, key=lambda u: int(u["acceptedEventId"])):
        payload = update["outcome"]["success"]["payloads"][0]
        answers.append(json.loads(base64.b64decode(payload["data"]))["state"])
    return [state for state in answers if state]


async def states_when_replayed(kept: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []

    def listening(life: type[Docket]) -> None:
        digest = life.digest

        def listen(self: Docket) -> str:
            told.append(digest(self))
            return told[-1]

        monkeypatch.setattr(life, "digest", listen)

    listening(Case)
    listening(Life)
    replayer = Replayer(
        workflows=[ProposalWorkflow, AgreementWorkflow],
        data_converter=pydantic_data_converter,
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    await replayer.replay_workflow(WorkflowHistory.from_json("kept", kept))
    return told


def test_there_is_a_history_for_every_way_a_proposal_can_go():
    assert {file.stem for file in KEPT} >= {
        "approved",
        "asked_of_several",
        "declined",
        "lapsed",
        "moved_to_newer_terms",
        "repaired",
        "returned_and_approved",
        "withdrawn",
    }


def test_there_is_a_history_of_what_agreements_go_through():
    assert {file.stem for file in AGREEMENTS} >= {
        "carried_with_open_tasks_1",
        "carried_with_open_tasks_2",
        "reported_and_paid_1",
        "suspended_sealed_and_assessed_anew_1",
    }


@pytest.mark.parametrize("file", [*KEPT, *AGREEMENTS], ids=lambda file: file.stem)
async def test_a_kept_history_replays_to_the_same_states(file, monkeypatch):
    kept = json.loads(file.read_text())

    replayed = await states_when_replayed(kept, monkeypatch)

    assert replayed == states_answered(kept)


def events_recorded(kept: dict[str, Any]) -> list[dict[str, Any]]:
    """Every event that the history gave the store to record, once, in order."""
    recorded = {}
    for event in kept["events"]:
        scheduled = event.get("activityTaskScheduledEventAttributes", {})
        if scheduled.get("activityType", {}).get("name") == "record":
            [payload] = scheduled["input"]["payloads"]
            for entry in json.loads(base64.b64decode(payload["data"]))["entries"]:
                recorded[entry["event"]["source_seq"]] = entry["event"]
    return [recorded[number] for number in sorted(recorded)]


@pytest.mark.parametrize(
    "file", [f for f in KEPT if "engine_first" in f.stem], ids=lambda file: file.stem
)
async def test_a_kept_history_tells_the_same_events_again(file, monkeypatch):
    kept, told = json.loads(file.read_text()), []
    emit = Case.emit

    def listening(case: Case, *args: Any, **kwargs: Any) -> None:
        emit(case, *args, **kwargs)
        told.append(case.outbox[-1].event)

    monkeypatch.setattr(Case, "emit", listening)

    await states_when_replayed(kept, monkeypatch)

    # What is recorded again under the same key must have the same content (`redrain`).
    assert [event.model_dump(mode="json") for event in told] == events_recorded(kept)


@pytest.mark.parametrize("file", [KEPT[0], AGREEMENTS[-1]], ids=lambda file: file.stem)
async def test_a_changed_rule_is_noticed_although_replay_passes(file, monkeypatch):
    kept = json.loads(file.read_text())
    monkeypatch.setattr(
        Docket, "due", lambda self, days, start: clocks.due_at(start, days + 1, self.holidays)
    )

    replayed = await states_when_replayed(kept, monkeypatch)

    assert replayed != states_answered(kept)
