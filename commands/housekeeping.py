"""The worker's loop beside the workflows: one leader relays messages and forgets what has aged.

Led by a lease row, so that of several workers one does the work. A worker that stops renewing
the lease is seen by the health check within seconds.
"""

import asyncio
from datetime import timedelta

import structlog
from sqlalchemy import delete
from sqlmodel import col

from commands import (
    acting_appointments,
    authorizations,
    beginning_agreements,
    bulk_running,
    calls,
    feed,
    fund_corrections,
    fund_openings,
    grants,
    incidents,
    overdue_incidents,
    readiness,
    repairs_of_closed,
    rerouting,
    rescreening,
    reusable_records,
    signing_heads,
    submitting,
    telling_police,
    unattended,
)
from commands.health import HOUSEKEEPING
from commands.mailing import Postman
from commands.office import Office
from schemas.errors import AccordError, Refused
from schemas.messages import Notice, NoticeKind
from store import bulk, mails, messages
from store.idempotency import forget_old
from store.tables import LeaseRow, MessageRow, TokenRow

log = structlog.get_logger()
LEASE = timedelta(seconds=12)
RENEWED_WITH = timedelta(seconds=9)
"""Left when it is renewed: more than a round takes, which waits 8 s for an engine that is away."""
EVERY = timedelta(seconds=0.5)
AT_A_TIME = 20
_ROUNDS_BETWEEN_PARTS = 3
"""A look at what there is costs more than waiting a second for it."""
_ROUNDS_BETWEEN_REROUTINGS = 20
"""Ten seconds: an absence begins at midnight, and nobody waits for the second."""
_ROUNDS_BETWEEN_SIGNINGS = signing_heads.EVERY // EVERY
_ROUNDS_BETWEEN_LOOKS = repairs_of_closed.LOOKED_AFTER // EVERY


async def keep_house(office: Office, holder: str, stop: asyncio.Event) -> None:
    """Run until *stop*; a failing round is logged and tried again.

    Who stops in good order leaves the lease to the next at once.
    """
    postman = Postman(office)
    try:
        await _rounds(office, holder, stop, postman)
    finally:
        await postman.stop()
        await resign(office, holder)


async def _rounds(office: Office, holder: str, stop: asyncio.Event, postman: Postman) -> None:
    rounds, has_more = 0, False
    while not stop.is_set():
        try:
            if await lead(office, holder):
                await relay(office)
                await feed.go_on(office)
                if has_more or rounds % _ROUNDS_BETWEEN_PARTS == 0:
                    postman.go_on()
                    has_more = await _go_on(office)
                if rounds % _ROUNDS_BETWEEN_LOOKS == 0:
                    await repairs_of_closed.end_silent(office)
                    await fund_corrections.end_silent(office)
                    await fund_openings.end_silent(office)
                    await acting_appointments.end_silent(office)
                if rounds % _ROUNDS_BETWEEN_SIGNINGS == 0:
                    await signing_heads.sign_changed(office)
                if rounds % _ROUNDS_BETWEEN_REROUTINGS == 0:
                    await incidents.go_on_with_newer(office)
                    await rerouting.reroute(office)
                if rounds % 1200 == 0:
                    await unattended.look(office)
                    await forget(office)
                    await grants.record_lapses(office)
                    await telling_police.remind(office)
                    await overdue_incidents.remind(office)
                    await reusable_records.end_due(office)
                    await authorizations.end_due(office)
                rounds += 1
        except Exception:
            log.warning("housekeeping_round_failed", exc_info=True)
        try:
            await asyncio.wait_for(stop.wait(), EVERY.total_seconds())
        except TimeoutError:
            continue


async def _go_on(office: Office) -> bool:
    """Do a part of everything that is done in parts; whether there was anything to do."""
    parts = (calls.close_due, bulk_running.go_on, rescreening.go_on, incidents.go_on)
    return any([await part(office) for part in parts])


async def lead(office: Office, holder: str) -> bool:
    """Take or renew the lease; false while another holds it."""
    now = office.now()
    async with office.database.reading() as session:
        row = await session.get(LeaseRow, HOUSEKEEPING)
    if row is not None and row.holder == holder and row.until - now > RENEWED_WITH:
        return True
    async with office.database.writing(HOUSEKEEPING) as session:
        row = await session.get(LeaseRow, HOUSEKEEPING)
        if row is not None and row.holder != holder and row.until > now:
            return False
        row = row or LeaseRow(name=HOUSEKEEPING, holder=holder, until=now)
        row.holder, row.until = holder, now + LEASE
        session.add(row)
    return True


async def resign(office: Office, holder: str) -> None:
    """Let go of the lease, if it is this holder's."""
    async with office.database.writing(HOUSEKEEPING) as session:
        row = await session.get(LeaseRow, HOUSEKEEPING)
        if row is not None and row.holder == holder:
            row.until = office.now()
            session.add(row)


async def relay(office: Office) -> int:
    """Deliver what is due, several proposals at a time; returns how many were delivered."""
    async with office.database.reading() as session:
        rows = await messages.due(session, office.now(), limit=AT_A_TIME)
    # All end before the next round begins, which must not deliver beside this one.
    done = await asyncio.gather(*(_deliver(office, row) for row in rows), return_exceptions=True)
    for each in done:
        if isinstance(each, BaseException):
            raise each
    return sum(bool(each) for each in done)


async def _deliver(office: Office, row: MessageRow) -> bool:
    """Whether it is done with. The row's id is the update's: a second delivery changes nothing."""
    try:
        if row.kind == messages.ACT:
            found = await office.gateway.recover(row.reference)
            async with office.database.writing(row.reference) as session:
                await messages.looked(session, row.id, office.now())
            if found:
                log.warning("act_recovered", proposal=row.reference)
            return True
        if row.kind == messages.BEGIN:
            return await beginning_agreements.deliver(office, row)
        if row.kind in (messages.SUBMIT, messages.RESUBMIT):
            await submitting.deliver(office, row)
            return True
        notice = Notice(id=row.id, kind=NoticeKind(row.kind), data=row.payload)
        await office.gateway.notify(row.reference, notice)
    except Refused as refused:
        async with office.database.writing(row.reference) as session:
            await messages.refused(session, row.id, refused.code, office.now())
        log.warning("message_refused", proposal=row.reference, kind=row.kind, code=refused.code)
        return True
    except Exception as error:
        expected = isinstance(error, AccordError)
        code = error.code if isinstance(error, AccordError) else "unexpected"
        async with office.database.writing(row.reference) as session:
            await messages.failed(session, row.id, code, office.now())
        log.warning(
            "message_not_delivered",
            proposal=row.reference,
            kind=row.kind,
            code=code,
            exc_info=not expected,
        )
        return False
    async with office.database.writing(row.reference) as session:
        await messages.delivered(session, row.id, office.now())
    return True


async def forget(office: Office) -> None:
    """Idempotency keys after seven days, tokens that have run out, messages long delivered."""
    now = office.now()
    async with office.database.writing() as session:
        await forget_old(session, now)
        await messages.forget_old(session, now)
        await readiness.forget_old(session, now)
        await mails.forget_old(session, now)
        await bulk.forget_old(session, now)
        await session.exec(delete(TokenRow).where(col(TokenRow.expires_at) < now))
