"""The answer to a decision, made and kept in the transaction that records it.

A transaction costs more than what is read in it. What cannot be answered so is answered after
it: nothing that goes wrong with an answer undoes the act.
"""

from typing import Any, Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from commands import task_views
from commands.office import Office
from schemas.errors import AccordError
from schemas.people import Viewer


class Keep(Protocol):
    """Keeps an answer for whoever repeats the request."""

    @property
    def subject(self) -> str:
        """What to name to `Database.writing`."""
        ...

    async def __call__(self, session: AsyncSession, answer: dict[str, Any]) -> None: ...


class Answering:
    """Reads `{task, proposal}` at the end of the recording; a `schemas.engine.Then`."""

    def __init__(self, office: Office, viewer: Viewer, task_id: str, keep: Keep | None) -> None:
        self._office = office
        self._viewer = viewer
        self._task_id = task_id
        self._keep = keep
        self.answer: dict[str, Any] | None = None
        """What was read; None where it is to be read afterwards."""

    @property
    def subject(self) -> str:
        return self._keep.subject if self._keep else self._task_id

    async def __call__(self, session: AsyncSession) -> None:
        within = await self._office.database.read_within(session)
        try:
            answer = await task_views.task_and_proposal_in(
                self._office, within, self._viewer, self._task_id
            )
        except AccordError:  # such as what the decision itself has hidden from its maker
            return
        if self._keep is not None:
            await self._keep(session, answer)
        self.answer = answer
