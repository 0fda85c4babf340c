"""What an installation is asked about again and again: numbers and codes, no names and no words."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from policy.rules.clocks import toronto_day
from store import bulk, mails, messages, money
from store import people as store
from store.tables import (
    AlarmRow,
    BulkItemRow,
    BulkJobRow,
    DocumentRow,
    EventRow,
    FundRow,
    MessageRow,
    ProposalRow,
    RescreeningRow,
    TaskRow,
    TextRow,
    UnattendedRow,
)


class Gauge(NamedTuple):
    """One number with what it is of."""

    name: str
    meaning: str
    value: float
    labels: Mapping[str, str] = {}


async def look(office: Office) -> list[Gauge]:
    """Every gauge as the store has it now."""
    now = office.now()
    found: list[Gauge] = []
    async with office.database.reading() as session:
        waiting, oldest = (
            await session.exec(
                select(func.count(), func.min(MessageRow.created_at)).where(
                    col(MessageRow.delivered_at).is_(None),
                    # An agreement that may not begin yet keeps nobody waiting.
                    or_(col(MessageRow.kind) != messages.BEGIN, col(MessageRow.next_at) <= now),
                )
            )
        ).one()
        age = (now - oldest).total_seconds() if oldest else 0.0
        found.append(
            Gauge("accord_messages_undelivered", "Messages on their way to workflows.", waiting)
        )
        found.append(
            Gauge("accord_message_age_seconds", "How long the oldest of them waits.", max(age, 0.0))
        )
        alarms = (await session.exec(select(func.count()).select_from(AlarmRow))).one()
        found.append(Gauge("accord_alarms", "Alarms that somebody must look at.", alarms))
        found += await _of_mail(session, now)
        found += await _of_rounds(session, now)
        is_open = col(TaskRow.state) == "open"
        opened = (await session.exec(select(func.count()).where(is_open))).one()
        late = await session.exec(select(func.count()).where(is_open, col(TaskRow.due_at) < now))
        found.append(Gauge("accord_tasks_open", "Open tasks.", opened))
        found.append(Gauge("accord_tasks_overdue", "Open tasks that are overdue.", late.one()))
        alone = (await session.exec(select(func.count()).select_from(UnattendedRow))).one()
        found.append(Gauge("accord_tasks_unattended", "Tasks that nobody may take.", alone))
        stages = await session.exec(
            select(ProposalRow.stage, func.count()).group_by(col(ProposalRow.stage))
        )
        found += [
            Gauge("accord_proposals", "Proposals by stage.", count, {"stage": stage})
            for stage, count in stages
        ]
        documents, size = (
            await session.exec(
                select(func.count(), func.coalesce(func.sum(DocumentRow.size), 0))
                .select_from(DocumentRow)
                .join(TextRow, col(TextRow.id) == col(DocumentRow.name_text))
                .where(col(TextRow.disposed_at).is_(None))
            )
        ).one()
        found.append(Gauge("accord_documents", "Documents that are kept.", documents))
        found.append(
            Gauge("accord_documents_bytes", "How large they are, each counted for itself.", size)
        )
        waiting_grants = await store.waiting_grants(session, toronto_day(now))
        found += [
            Gauge(
                "accord_grants_waiting",
                "Grants that wait for an administrator.",
                count,
                {"for": what},
            )
            for what, count in waiting_grants.items()
        ]
        for fund in await session.exec(select(FundRow)):
            found.append(
                Gauge(
                    "accord_fund_available_dollars",
                    "What a fund can still reserve.",
                    money.available(fund) / 100,
                    {"fund": fund.id},
                )
            )
    return found


async def _of_mail(session: AsyncSession, now: datetime) -> list[Gauge]:
    standing, oldest = await mails.standing(session)
    age = (now - oldest).total_seconds() if oldest else 0.0
    return [
        *(
            Gauge("accord_mail", "E-mails that are not done with.", count, {"state": state})
            for state, count in standing.items()
        ),
        Gauge(
            "accord_mail_age_seconds",
            "How long the oldest e-mail waits that was to leave at once.",
            max(age, 0.0),
        ),
    ]


async def _of_rounds(session: AsyncSession, now: datetime) -> list[Gauge]:
    """What the worker does some at a time: acts on many tasks, and screening anew."""
    running = select(BulkJobRow.id).where(BulkJobRow.state == bulk.RUNNING)
    left = await session.exec(
        select(func.count()).where(
            col(BulkItemRow.job).in_(running), BulkItemRow.state == bulk.LEFT
        )
    )
    ordered = await session.exec(
        select(func.min(BulkJobRow.created_at)).where(BulkJobRow.state == bulk.RUNNING)
    )
    unasked, began = (
        await session.exec(
            select(
                func.coalesce(func.sum(RescreeningRow.total - RescreeningRow.asked), 0),
                func.min(RescreeningRow.started_at),
            ).where(col(RescreeningRow.ended_at).is_(None))
        )
    ).one()

    def age(since: datetime | None) -> float:
        return max((now - since).total_seconds(), 0.0) if since else 0.0

    return [
        Gauge("accord_bulk_items_left", "Tasks that jobs still have to act on.", left.one()),
        Gauge("accord_bulk_age_seconds", "How long the oldest job runs.", age(ordered.one())),
        Gauge("accord_rescreening_left", "Proposals that a new list still has to ask.", unasked),
        Gauge(
            "accord_rescreening_age_seconds",
            "How long the oldest screening of everything anew runs.",
            age(began),
        ),
    ]


async def recorded_between(office: Office, since: datetime, until: datetime) -> dict[str, int]:
    """How many events of each type were recorded from *since* until before *until*."""
    async with office.database.reading() as session:
        rows = await session.exec(
            select(EventRow.type, func.count())
            .where(col(EventRow.recorded_at) >= since, col(EventRow.recorded_at) < until)
            .group_by(col(EventRow.type))
        )
        return dict(rows.all())
