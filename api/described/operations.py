"""What operations look at first."""

from typing import Literal

from pydantic import Field

from api.described.base import Answer, Instant


class NeedsAttention(Answer):
    code: Literal[
        "failing", "unattended", "mails_given_up", "grants_proposed", "grants_to_attest",
        "tasks_overdue", "tasks_due_soon", "tasks_mine", "tasks_of_group", "lists_missing",
        "rescreening", "money_waiting", "deficits",
    ]  # fmt: skip
    count: int | str = Field(description="Above 10,000 the words `10000+`.")


class Fails(Answer):
    """A proposal for which something fails; what, is told under `waiting`."""

    reference: str
    since: Instant
    messages: int = Field(description="To its workflow.")
    mails: int
    alarms: int
