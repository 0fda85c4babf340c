"""Agreements begin: once both have signed, or now, where both signed before they had lives.

Nothing of what was decided changes; what begins is the schedule, and that somebody follows it.
"""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import condition_words
from commands.office import Office
from schemas.agreements import Adopted, Beginning, Followed
from schemas.errors import NotFound, Refused
from schemas.events import AGREEMENT
from schemas.proposal import Stage
from schemas.tasks import ConditionFact, ConditionState
from store import chain, duties, messages
from store.tables import MessageRow, ProposalRow, TaskRow

log = structlog.get_logger()
_SEED_BYTES = 32


async def begin_all(office: Office) -> list[str]:
    """Begin every agreement that has not; the references of those that did. Harmless twice."""
    async with office.database.reading() as session:
        found = await session.exec(
            select(ProposalRow)
            .where(ProposalRow.stage == Stage.ACTIVE)
            .order_by(col(ProposalRow.reference))
        )
        waiting = [
            row.reference
            for row in found
            if not await chain.last_of(session, row.reference, AGREEMENT)
            and (row.told_at is None or row.told_at <= office.now())
        ]
    return [reference for reference in waiting if await begin(office, reference)]


async def deliver(office: Office, message: MessageRow) -> bool:
    """Begin what a proposal has handed over; whether the message is done with (decision 0019).

    Begun twice, the engine begins it once. What may still be taken back, or has a task left that
    its agreement does not take along, is looked at again.
    """
    reference = message.reference
    found = await office.gateway.begin_agreement(reference)
    async with office.database.writing(reference) as session:
        if found is Beginning.NOT_YET:
            row = await session.get(ProposalRow, reference)
            if row is not None and row.stage == Stage.ACTIVE:
                await messages.look_again(session, message, office.now())
                return False
        await messages.delivered(session, message.id, office.now())
    if found is Beginning.BEGUN:
        log.info("agreement_begun", proposal=reference)
    return True


async def begin(office: Office, reference: str) -> bool:
    """Begin the agreement of *reference*, unless its proposal has something left to do.

    One that started under earlier code begins it itself where it still runs.
    """
    with suppress(NotFound):
        found = await office.gateway.begin_agreement(reference)
        if found is Beginning.BEGUN:
            log.info("agreement_begun", proposal=reference)
        if found is not Beginning.BY_ITSELF:
            return found is Beginning.BEGUN
    try:
        await office.gateway.hand_over(reference, f"hand-over-{uuid.uuid4().hex}")
    except (NotFound, Refused):
        async with office.database.reading() as session:
            adopted = await _adopted(office, session, reference)
        if not await office.gateway.adopt(adopted):
            return False
    log.info("agreement_begun", proposal=reference)
    return True


async def _adopted(office: Office, session: AsyncSession, reference: str) -> Adopted:
    row = await session.get_one(ProposalRow, reference)
    done = await duties.duties_of(session, row)
    signed = [t.decided_at for t in done.tasks.values() if t.kind == "agreement.sign"]
    version = row.policy_version or ""
    return Adopted(
        reference=reference,
        revision=row.revision,
        organization=row.organization,
        submitted_by=done.submitted_by or "",
        rules=office.catalogue.terms(version).rules,
        policy_version=version,
        signed_at=next((at for at in signed if at), row.decided_at or office.now()),
        acts=tuple(done.acts.values()),
        conditions=tuple(_conditions(office, row, done.tasks)),
        tasks_opened=len(done.tasks),
        seed=secrets.token_hex(_SEED_BYTES),
    )


def _conditions(office: Office, row: ProposalRow, tasks: Mapping[str, TaskRow]) -> list[Followed]:
    return [
        Followed(
            condition=ConditionFact.model_validate(
                {name: each[name] for name in ConditionFact.model_fields if name in each}
            ),
            state=ConditionState(each["state"]),
            given_by=tuple(given["by"] for given in _given(row, each["id"])),
            judges=condition_words.judges(office, row, tasks.get(each["task"])),
        )
        for each in row.state.get("conditions", ())
    ]


def _given(row: ProposalRow, condition: str) -> Sequence[Mapping[str, Any]]:
    known: Mapping[str, Any] = row.state.get("obligations", {}).get(condition, {})
    given: Sequence[Mapping[str, Any]] = known.get("given", ())
    return given
