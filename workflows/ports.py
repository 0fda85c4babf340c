"""What the workflow asks of the world: declared here, implemented in `activities`.

The split keeps databases, files and clocks out of replayed code.
"""

from abc import ABC, abstractmethod

from temporalio import activity

from schemas.agreements import Particulars
from schemas.messages import Batch, BatchResult, ScreeningRequest, ScreeningResult


class ProposalActivities(ABC):
    """Every one of them may run twice; each implementation says what makes that harmless."""

    @activity.defn
    @abstractmethod
    async def record(self, batch: Batch) -> BatchResult:
        """Record events, tasks, letters and money in one transaction; answers for the money."""

    @activity.defn
    @abstractmethod
    async def screen(self, request: ScreeningRequest) -> ScreeningResult:
        """Match every party of a revision against the imported lists."""


class AgreementActivities(ABC):
    """What an agreement asks of the world, beside what every life does."""

    @activity.defn
    @abstractmethod
    async def particulars(self, reference: str) -> Particulars:
        """The instrument, the days and the money of what was signed; reads and changes nothing."""
