"""Who did what on a proposal, and who may see it: the values behind separation and access."""

from __future__ import annotations

from enum import StrEnum

from schemas.people import Candidate
from schemas.tasks import TaskKind
from schemas.values import Value


class Duty(StrEnum):
    """The duties of which one person takes at most one on a proposal."""

    ELIGIBILITY = "eligibility"
    COMPLIANCE = "compliance"
    DESK = "desk"
    ARBITRATION = "arbitration"
    RECOMMENDATION = "recommendation"
    APPROVAL = "approval"
    RECONSIDERATION = "reconsideration"
    """Others than those who decided: who took any other duty takes this one not."""


class Act(Value):
    """A decision that was taken on a proposal's task.

    `stands`: it has not been superseded (by a re-opened task, or by arbitration).
    `confirms`, `confirms_kind`: id and kind of the task that a `confirm` was about.
    """

    task: str
    kind: TaskKind
    person: str
    on_behalf_of: str | None = None
    outcome: str
    stands: bool = True
    confirms: str | None = None
    confirms_kind: TaskKind | None = None

    @property
    def persons(self) -> frozenset[str]:
        """Everyone for whom the act counts: who acted, and on whose behalf."""
        return frozenset({self.person} | ({self.on_behalf_of} if self.on_behalf_of else set()))


class Audience(Value):
    """All that decides who sees a proposal.

    `entries`: the role and scope pairs that it has been opened to, see `policy.rules.access`.
    `by_officer`: a programme officer opened it (an annual contribution); its draft is the
    officer's, and the organization sees it from submission.
    `call_open`: submitted to a call that has not closed, so no staff sees it yet.
    `recused`: ids of the persons who lost sight of it.
    """

    organization: str
    programme: str
    draft: bool = False
    by_officer: bool = False
    call_open: bool = False
    entries: frozenset[Candidate] = frozenset()
    recused: frozenset[str] = frozenset()
