"""What is recorded of those who ask: refused attempts, and the reading of screening evidence.

Events of the installation: ids and codes alone, no words and no personal data.
"""

import secrets

import structlog

from commands.office import Office
from schemas.errors import AccordError, Forbidden, Refused
from schemas.events import EventType
from schemas.people import Actor
from store.chain import append, installation_event
from store.tables import TaskRow

log = structlog.get_logger()

_SEPARATION = frozenset(
    {
        "separation_of_duties",
        "own_organization",
        "not_to_oneself",
        "delegation_to_oneself",
        "delegation_of_a_delegation",
        "authorities_apart",
    }
)
"""Rules against a conflict of interest: whoever meets one has tried what is not theirs."""


def is_attempt(error: AccordError) -> bool:
    """Whether a refusal is one that is recorded: no grant, or barred by separation of duties."""
    return isinstance(error, Forbidden) or (
        isinstance(error, Refused) and error.code in _SEPARATION
    )


async def record_attempt(office: Office, person: str, error: AccordError, **where: str) -> None:
    """Record who was refused what; the refusal stands even where the store cannot be written."""
    data = {"code": error.code, **where}
    try:
        await _record(office, EventType.REFUSED_ATTEMPT, Actor(id=person), "attempt", data)
    except Exception as failed:  # noqa: BLE001 - the refusal is what is answered
        log.warning("attempt_not_recorded", failure=type(failed).__name__)


async def record_evidence_read(office: Office, person: str, task: TaskRow) -> None:
    """Record that a person was shown the evidence behind a screening task."""
    data = {"task": task.id, "reference": task.reference}
    await _record(office, EventType.EVIDENCE_READ, Actor(id=person), "evidence", data)


async def _record(
    office: Office, type_: EventType, actor: Actor, key: str, data: dict[str, str]
) -> None:
    now = office.now()
    event = installation_event(type_, actor, f"{key}:{secrets.token_hex(12)}", now, data=data)
    async with office.database.writing() as session:
        await append(session, event, now=now)
