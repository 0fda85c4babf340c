"""The worker's loop beside the workflows: one leader relays messages and forgets what has aged.

Led by a lease row, so that of several workers one does the work. A worker that stops renewing
the lease is seen by the health check within seconds.
"""

import asyncio
from datetime import timedelta

import structlog
from sqlalchemy import delete
from sqlmodel import col

from commands import signing_heads, submitting
from commands.health import HOUSEKEEPING
from commands.office import Office
from schemas.errors import AccordError, Refused
from schemas.messages import Notice, NoticeKind
from store import messages
from store.idempotency import forget_old
from store.tables import LeaseRow, MessageRow, TokenRow

log = structlog.get_logger()
LEASE = timedelta(seconds=10)
EVERY = timedelta(seconds=0.5)
AT_A_TIME = 20
_ROUNDS_BETWEEN_SIGNINGS = signing_heads.EVERY // EVERY


async def keep_house(office: Office, holder: str, stop: asyncio.Event) -> None:
    """Run until *stop*; a failing round is logged and tried again."""
    rounds = 0
    while not stop.is_set():
        try:
            if await lead(office, holder):
                await relay(office)
                if rounds % _ROUNDS_BETWEEN_SIGNINGS == 0:
                    await signing_heads.sign_changed(office)
                if rounds % 1200 == 0:
                    await forget(office)
                rounds += 1
        except Exception:
            log.warning("housekeeping_round_failed", exc_info=True)
        try:
            await asyncio.wait_for(stop.wait(), EVERY.total_seconds())
        except TimeoutError:
            continue


async def lead(office: Office, holder: str) -> bool:
    """Take or renew the lease; false while another holds it."""
    now = office.now()
    async with office.database.reading() as session:
        row = await session.get(LeaseRow, HOUSEKEEPING)
    if row is not None and row.holder == holder and row.until - now > LEASE / 2:
        return True
    async with office.database.writing(HOUSEKEEPING) as session:
        row = await session.get(LeaseRow, HOUSEKEEPING)
        if row is not None and row.holder != holder and row.until > now:
            return False
        row = row or LeaseRow(name=HOUSEKEEPING, holder=holder, until=now)
        row.holder, row.until = holder, now + LEASE
        session.add(row)
    return True


async def relay(office: Office) -> int:
    """Deliver what is due, several proposals at a time; returns how many were delivered."""
    async with office.database.reading() as session:
        rows = await messages.due(session, office.now(), limit=AT_A_TIME)
    done = await asyncio.gather(*(_deliver(office, row) for row in rows))
    return sum(done)


async def _deliver(office: Office, row: MessageRow) -> bool:
    try:
        if row.kind in (messages.SUBMIT, messages.RESUBMIT):
            await submitting.deliver(office, row)
        else:
            notice = Notice(id=row.id, kind=NoticeKind(row.kind), data=row.payload)
            await office.gateway.notify(row.reference, notice)
            async with office.database.writing(row.reference) as session:
                await messages.delivered(session, row.id, office.now())
    except Refused as refused:
        log.info("message_refused", proposal=row.reference, kind=row.kind, code=refused.code)
        return True
    except AccordError as error:
        async with office.database.writing(row.reference) as session:
            await messages.failed(session, row.id, error.code, office.now())
        log.warning("message_not_delivered", proposal=row.reference, kind=row.kind)
        return False
    return True


async def forget(office: Office) -> None:
    """Idempotency keys after seven days, and tokens that have run out."""
    now = office.now()
    async with office.database.writing() as session:
        await forget_old(session, now)
        await session.exec(delete(TokenRow).where(col(TokenRow.expires_at) < now))
