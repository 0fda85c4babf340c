"""What somebody can do who reaches the engine, and has no key: nothing."""

import asyncio

import pytest
from temporalio.client import (
    Client,
    RPCError,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.common import RawValue
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import WorkflowSerializationContext

from schemas.messages import Decision
from schemas.people import Actor
from tests.installation import Installation, a_request
from tests.policy.proposals import a_proposal
from workflows.gateway import workflow_id
from workflows.proposal import ProposalWorkflow

JORDAN = a_proposal().model_dump(mode="json")


def without_key(accord: Installation) -> Client:
    config = accord.client.config()
    config["data_converter"] = pydantic_data_converter
    return Client(**config)


def a_forged_decision(task: str) -> Decision:
    return Decision(
        task=task,
        outcome="eligible",
        actor=Actor(id="somebody", role="programme_officer"),
        request_id=a_request(),
    )


async def test_a_forged_update_is_rejected_and_the_proposal_goes_on(accord: Installation):
    reference = await accord.submit(JORDAN)
    task = await accord.task(reference, "eligibility.confirm")
    forger = without_key(accord).get_workflow_handle(workflow_id(reference))

    with pytest.raises(WorkflowUpdateFailedError):
        await forger.execute_update(ProposalWorkflow.decide, a_forged_decision(task["id"]))

    assert (await accord.task(reference, "eligibility.confirm"))["state"] == "open"
    await accord.decide(reference, "eligibility.confirm")
    assert (await accord.view(reference))["stage"] == "compliance"


async def test_many_forged_updates_at_once_do_not_hold_up_the_right_one(accord: Installation):
    reference = await accord.submit(JORDAN)
    task = await accord.task(reference, "eligibility.confirm")
    forger = without_key(accord).get_workflow_handle(workflow_id(reference))

    forged = [
        forger.execute_update(ProposalWorkflow.decide, a_forged_decision(task["id"]))
        for _ in range(4)
    ]
    *refused, _ = await asyncio.gather(
        *forged, accord.decide(reference, "eligibility.confirm"), return_exceptions=True
    )

    assert {type(each) for each in refused} == {WorkflowUpdateFailedError}
    assert (await accord.view(reference))["stage"] == "compliance"


async def test_a_payload_of_another_proposal_is_refused(accord: Installation):
    one, other = await accord.submit(JORDAN), await accord.submit(JORDAN)
    task = await accord.task(other, "eligibility.confirm")
    converter = accord.client.data_converter
    bound = converter.with_context(
        WorkflowSerializationContext(namespace="default", workflow_id=workflow_id(one))
    )
    moved = await bound.encode([a_forged_decision(task["id"])])
    forger = without_key(accord).get_workflow_handle(workflow_id(other))

    with pytest.raises(WorkflowUpdateFailedError):
        await forger.execute_update("decide", RawValue(moved[0]))

    await accord.decide(other, "eligibility.confirm")
    assert (await accord.view(other))["stage"] == "compliance"


async def test_a_question_without_the_key_gets_no_answer(accord: Installation):
    reference = await accord.submit(JORDAN)
    forger = without_key(accord).get_workflow_handle(workflow_id(reference))

    with pytest.raises((WorkflowQueryFailedError, RuntimeError, RPCError, KeyError)):
        await forger.query(ProposalWorkflow.snapshot)
