"""Keeping records no longer than policy says: disposal, legal hold, and the end of a data key.

The operator acts at the machine itself; everything is an event of the installation. Whatever is
disposed of, chains stay valid: the words go, who decided what and when remains.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from commands.screening import OPERATOR
from policy.rules.clocks import toronto_day
from schemas.errors import NotFound, Refused
from schemas.events import INSTALLATION, EventType
from schemas.in_force import Retention, TextKind
from schemas.values import digest, instant
from store import chain, disposing, texts
from store.disposing import Closed
from store.tables import KeyRow, ProposalRow

_ENDED = ("closed",)


class Engine(Protocol):
    """What is asked of the engine; see `workflows.operating.Operations`."""

    async def is_running(self, reference: str) -> bool: ...


@dataclass(frozen=True)
class Due:
    """Texts of one kind of one proposal that a rule says are to go."""

    reference: str
    kind: TextKind
    under: str
    closed_on: date
    since: date
    """The first day on which the rule lets them go."""
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What would be disposed of now, and what a hold keeps."""

    due: tuple[Due, ...]
    held: tuple[str, ...]


# ---- disposal


async def plan(office: Office) -> Plan:
    """What the rules in force say is to be disposed of; changes nothing."""
    rules, today = office.catalogue.in_force(office.today()).retention, office.today()
    due: list[Due] = []
    held: list[str] = []
    async with office.database.reading() as session:
        on_hold = await disposing.on_legal_hold(session)
        last = ""
        while page := await disposing.closed(session, after=last):
            for proposal in page:
                found = await _due(session, proposal, rules, today)
                if found and (proposal.held or proposal.reference in on_hold):
                    held.append(proposal.reference)
                else:
                    due += found
            last = page[-1].reference
    return Plan(tuple(due), tuple(held))


async def dispose(office: Office) -> Plan:
    """Dispose of what is due, a proposal at a time; may be interrupted and repeated."""
    planned = await plan(office)
    done: list[Due] = []
    for reference in sorted({each.reference for each in planned.due}):
        done += await _dispose(office, reference)
    return Plan(tuple(done), planned.held)


async def _dispose(office: Office, reference: str) -> list[Due]:
    """One transaction; what is due is worked out again inside it."""
    now, today = office.now(), office.today()
    rules = office.catalogue.in_force(today).retention
    async with office.database.writing() as session:
        proposal = await disposing.closed_one(session, reference)
        if proposal is None or proposal.held:
            return []
        if reference in await disposing.on_legal_hold(session):
            return []
        found = await _due(session, proposal, rules, today)
        for each in found:
            await disposing.dispose(
                session, reference, each.kind, each.texts, under=each.under, now=now
            )
        for under in sorted({each.under for each in found}):
            parts = [each for each in found if each.under == under]
            ids = sorted(text for each in parts for text in each.texts)
            await _record(
                session,
                EventType.TEXTS_DISPOSED,
                f"dispose:{reference}:{digest([under, ids])[:16]}",
                now,
                reference=reference,
                under=under,
                kinds=[each.kind for each in parts],
                texts=ids,
            )
    return found


async def _due(session: AsyncSession, proposal: Closed, rules: Retention, today: date) -> list[Due]:
    closed_on = toronto_day(proposal.closed_at)
    found = []
    texts_of = None
    for kind in TextKind:
        rule = rules.rule(kind, proposal.outcome)
        if rule is None:
            continue
        since = months_later(closed_on, rule.months_after_closing)
        if since > today:
            continue
        if texts_of is None:
            texts_of = await disposing.texts_of(session, proposal.reference)
        if ids := texts_of.get(kind):
            under = f"{rules.version}#{rule.code}"
            found.append(Due(proposal.reference, kind, under, closed_on, since, tuple(ids)))
    return found


def months_later(day: date, months: int) -> date:
    """The same day *months* later; the first of the next month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:
        year, month = divmod(day.year * 12 + day.month + months, 12)
        return date(year, month + 1, 1)


# ---- legal hold


async def hold(office: Office, reference: str, reason: str) -> None:
    """Keep everything of a proposal until `release`; said again, it changes nothing."""
    now = office.now()
    async with office.database.writing() as session:
        await _known(session, reference)
        if reference in await disposing.on_legal_hold(session):
            return
        key = f"hold:{reference}:{instant(now)}"
        said = await texts.put(session, INSTALLATION, f"{key}:reason", reason, now=now)
        event = chain.installation_event(
            EventType.RECORDS_HELD,
            OPERATOR,
            key,
            now,
            data={"reference": reference},
            texts={"reason": said},
        )
        await chain.append(session, event, now=now)


async def release(office: Office, reference: str) -> None:
    """Lift the legal hold."""
    now = office.now()
    async with office.database.writing() as session:
        held = (await disposing.on_legal_hold(session)).get(reference)
        if held is None:
            raise Refused("not_on_legal_hold", reference=reference)
        key = f"release:{reference}:{held.position}"
        await _record(session, EventType.RECORDS_RELEASED, key, now, reference=reference)


async def legal_holds(office: Office) -> list[dict[str, Any]]:
    """What is on legal hold, since when and why."""
    async with office.database.reading() as session:
        held = await disposing.on_legal_hold(session)
        reasons = await texts.read(session, [e.texts["reason"].id for e in held.values()])
    return [
        {
            "reference": reference,
            "since": instant(event.recorded_at),
            "reason": reasons.get(event.texts["reason"].id),
        }
        for reference, event in sorted(held.items())
    ]


# ---- data keys


async def destroy_key(office: Office, engine: Engine, reference: str) -> None:
    """Destroy a closed proposal's data key: its history in the engine is read by nobody again.

    The store keeps the case as before. Refused while the proposal is not closed, is held, or its
    workflow still runs. Done once; a second time is NotFound.
    """
    async with office.database.reading() as session:
        row = await _known(session, reference)
        if row.stage not in _ENDED:
            raise Refused("not_closed", reference=reference, stage=row.stage)
        on_hold = await disposing.on_legal_hold(session)
        if row.state.get("holds") or reference in on_hold:
            raise Refused("on_hold", reference=reference)
    if await engine.is_running(reference):
        raise Refused("workflow_running", reference=reference)
    now = office.now()
    async with office.database.writing() as session:
        key = await session.get(KeyRow, reference)
        if key is None:
            raise NotFound("key_unknown", reference=reference)
        await session.delete(key)
        await _record(
            session,
            EventType.KEY_DESTROYED,
            f"destroy-key:{reference}:{key.id}",
            now,
            reference=reference,
            key=key.id,
        )
    office.keys.forget(reference)


async def _known(session: AsyncSession, reference: str) -> ProposalRow:
    found = await session.exec(
        select(ProposalRow).where(
            ProposalRow.reference == reference, col(ProposalRow.submitted_at).is_not(None)
        )
    )
    row = found.first()
    if row is None:
        raise NotFound("proposal_unknown", reference=reference)
    return row


async def _record(
    session: AsyncSession, event_type: EventType, source: str, now: datetime, **data: Any
) -> None:
    event = chain.installation_event(event_type, OPERATOR, source, now, data=data)
    await chain.append(session, event, now=now)
