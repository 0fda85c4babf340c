"""Answers about why something waits."""

from typing import Literal

from pydantic import Field

from api.described.base import Answer, Instant


class On(Answer):
    kind: Literal["role", "person", "partner", "department", "system", "money"]
    who: str = Field(
        description="A role and its scope (`reviewer:norms`), a person's name, an organization "
        "(`you` to the partner), fund ids, or a code: `the_department`, `ask_legal`, "
        "`incident` (one that touches it is not assessed yet), "
        "`no_list_imported`, `agreement_conditions`, `screening`, `recording`, `engine`, `mail`, "
        "`next_step`, `event_conflict`, `undo_window` (a decision that is not told yet), "
        "`nobody_may_take` (its task has no candidate left)."
    )


class Next(Answer):
    at: Instant
    what: Literal[
        "remind",
        "overdue",
        "escalate",
        "lapses",
        "unfunded",
        "decision_expected",
        "call_closes",
        "clock_goes_on",
        "repair_ends",
        "notice_ends",
        "closes",
        "letter_told",
    ]
    to: str | None = Field(default=None, description="Of an escalation: who may take it too.")


class Failing(Answer):
    what: str = Field(description="A code.")
    work: Literal["record", "screen", "next_step", "message", "mail"]
    cause: str | None = Field(description="The class of an unexpected error, never its text.")
    detail: str = Field(description="A sentence in the reader's language.")
    tries: int
    next_at: Instant | None


class WaitingItem(Answer):
    on: On
    task: str | None
    since: Instant | None
    due_at: Instant | None
    next: Next | None
    nudged_at: Instant | None = Field(description="The last time somebody nudged.")
    failing: Failing | None
    acts: list[
        Literal[
            "edit", "submit", "withdraw", "accept-conditions", "sign", "claim", "release",
            "decide", "recuse", "comment", "reassign", "nudge", "import_list", "resume", "answer",
            "withdraw_question", "retry", "reconsider", "undo", "ask",
            "give-evidence",
        ]
    ] = Field(description="What the reader may do about it.")  # fmt: skip


class Waiting(Answer):
    items: list[WaitingItem]
    acts: list[Literal["hold", "ask"]] = Field(
        description="What the reader may do with the proposal as a whole."
    )


class Found(Answer):
    what: str = Field(description="A code, such as `chain_broken` or `read_model`.")
    count: int


class Head(Answer):
    position: int
    hash: str


class Verification(Answer):
    """What recomputing one proposal's chain found; places are told by `accord verify` alone."""

    reference: str
    at: Instant
    intact: bool
    events: int | None = Field(description="To those who see screening evidence alone.")
    head: Head | None = Field(description="To those who see screening evidence alone.")
    differences: list[Found]
    pending: list[Found] = Field(description="What is under way, and no difference.")
    disposed: int = Field(description="Texts that were disposed of under a rule.")


class Nudged(Answer):
    task: str
    nudged_at: Instant


class Retried(Answer):
    """What was failing, and is tried at once."""

    works: list[Literal["record", "screen"]]
    messages: int
    mails: int
