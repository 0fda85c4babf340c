"""A new wrapping key takes over: every data key is wrapped under it, and signatures go on.

May be cut off anywhere and begun again: data keys are readable all along, and what was done is
found done.
"""

from sqlmodel import col, select

from commands.office import Office
from commands.screening import OPERATOR
from schemas.events import INSTALLATION, EventType
from store import chain
from store.keys import SecretWrappingKey
from store.signing import Signer
from store.tables import EventRow, KeyRow

_PAGE = 200


async def rewrap_all(office: Office, new: bytes) -> int:
    """Wrap every data key under *new*; returns how many were not. Passes until none is left."""
    wrapping, count = SecretWrappingKey(new), 0
    while changed := await _pass(office, wrapping):
        count += changed
    return count


async def _pass(office: Office, new: SecretWrappingKey) -> int:
    changed, last = 0, ""
    while True:
        async with office.database.writing() as session:
            rows = (
                await session.exec(
                    select(KeyRow)
                    .where(col(KeyRow.subject) > last)
                    .order_by(col(KeyRow.subject))
                    .limit(_PAGE)
                    .with_for_update()
                )
            ).all()
            for row in rows:
                wrapped = office.keys.rewrapped(row, new)
                if wrapped is not None:
                    row.wrapped = wrapped
                    session.add(row)
                    changed += 1
        if not rows:
            return changed
        last = rows[-1].subject


async def record(office: Office, new: bytes) -> None:
    """Vouch for the new signing key with the old one, and record the change; once."""
    signer, now = Signer(new), office.now()
    if office.heads is not None and office.signer.public_key not in office.heads.trusted(
        signer.public_key
    ):
        office.heads.add_key(office.signer, signer, now)
    key = f"rotate:{office.signer.public_key[:16]}:{signer.public_key[:16]}"
    async with office.database.writing() as session:
        done = await session.exec(
            select(EventRow.id).where(
                EventRow.subject == INSTALLATION, EventRow.source == f"command:{key}"
            )
        )
        if done.first() is None:
            data = {"old": office.signer.public_key, "new": signer.public_key}
            event = chain.installation_event(EventType.KEY_ROTATED, OPERATOR, key, now, data=data)
            await chain.append(session, event, now=now)
