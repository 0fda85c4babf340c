"""Whether the service can do its work now."""

from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from commands.office import Office
from store import mails
from store.tables import LeaseRow

OK = "ok"
NOT_SET = "not_set"
HOUSEKEEPING = "housekeeping"


async def ready(office: Office) -> tuple[bool, dict[str, Any]]:
    """Engine, worker and store, each `ok` or a reason; ready means that seeding is finished.

    `mail` only informs: no e-mail, or a mail server that is away, makes nothing less ready.
    """
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
    # Without its scanner the service takes no uploads, and does everything else.
    told = {"scanner": await _scanner(office), "mail": await _mail(office)}
    return is_ready, {"status": status, **parts, **told}


async def _scanner(office: Office) -> str:
    if office.scanner is None:
        return NOT_SET
    return OK if await office.scanner.answers() else "the scanner does not answer"


async def _engine(office: Office) -> str:
    return OK if await office.gateway.is_alive() else "the engine does not answer"


async def _mail(office: Office) -> str:
    if office.mail is None:
        return "no mail server is configured: people are told in Accord alone"
    try:
        async with office.database.reading() as session:
            standing, _ = await mails.standing(session)
    except SQLAlchemyError:
        return "unknown without the store"
    return OK if standing["failed"] == 0 else "e-mails wait to be sent again"
