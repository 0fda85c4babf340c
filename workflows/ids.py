"""The ids of workflows: what each is of, and the reference that all of one proposal share."""

PROPOSAL_PREFIX = "proposal:"
AGREEMENT_PREFIX = "agreement:"
PREFIXES = (PROPOSAL_PREFIX, AGREEMENT_PREFIX)


def proposal_id(reference: str) -> str:
    return f"{PROPOSAL_PREFIX}{reference}"


def agreement_id(reference: str) -> str:
    return f"{AGREEMENT_PREFIX}{reference}"


def reference_of(workflow_id: str) -> str:
    """The proposal that a workflow is of; every payload of one is under the key of that one."""
    for prefix in PREFIXES:
        workflow_id = workflow_id.removeprefix(prefix)
    return workflow_id
