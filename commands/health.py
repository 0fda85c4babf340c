"""Whether the service can do its work now."""

from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from commands.office import Office
from store.tables import LeaseRow

OK = "ok"
HOUSEKEEPING = "housekeeping"


async def ready(office: Office) -> tuple[bool, dict[str, Any]]:
    """Engine, worker and store, each `ok` or a reason; ready means that seeding is finished."""
    parts = {"engine": await _engine(office), "store": OK, "worker": OK}
    try:
        async with office.database.reading() as session:
            lease = await session.get(LeaseRow, HOUSEKEEPING)
    except SQLAlchemyError:
        parts |= {"store": "the store does not answer", "worker": "unknown without the store"}
    else:
        if lease is None or lease.until < office.now():
            parts["worker"] = "no worker has reported in the last seconds"
    is_ready = all(part == OK for part in parts.values()) and office.seeding is None
    status = OK if is_ready else office.seeding or "not ready"
    return is_ready, {"status": status, **parts}


async def _engine(office: Office) -> str:
    return OK if await office.gateway.is_alive() else "the engine does not answer"
