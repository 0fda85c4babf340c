"""Lists of proposals: filtered by visibility in SQL, sorted, and paged by key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, literal, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar as Select

from schemas.people import Viewer
from schemas.proposal import Outcome, Stage
from store import audiences, paging, search
from store.tables import AudienceRow, DraftRow, ProposalRow, RevisionRow
from store.visibility import of_own_organization, sees_partner_view, shown_to, sole_entry, visible


async def proposals(
    session: AsyncSession,
    viewer: Viewer,
    *,
    limit: int,
    cursor: str | None,
    sort: str,
    filters: dict[str, str],
    now: datetime,
) -> tuple[Sequence[ProposalRow], str | None]:
    """One page of what *viewer* sees, and the cursor of the next."""
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    # A draft stands among the submitted by when it was created.
    by: Any = col(
        {
            "reference": ProposalRow.reference,
            "created_at": ProposalRow.created_at,
            "submitted_at": ProposalRow.placed_at,
        }[name]
    )
    key = col(ProposalRow.reference)
    few = await paging.only_few(session, shown_to(viewer), *_narrow(session, viewer, filters))
    if few == []:
        return [], None
    named = None if few is None else key.in_(few)
    query: Any = select(ProposalRow)
    if named is None and name == "submitted_at" and (entry := sole_entry(viewer)) is not None:
        # Along what they see, not along all there is.
        along = aliased(AudienceRow)
        by, key = col(along.placed_at), col(along.reference)
        mine = and_(col(along.role) == entry.role.value, col(along.scope) == entry.scope)
        query = query.join(along, and_(key == col(ProposalRow.reference), mine))
    conditions = [visible(viewer), *_filters(viewer, filters, now)]
    if cursor:
        value, last = paging.read_cursor(cursor, instant=name != "reference")
        conditions += paging.behind(by, key, value, last, descending=descending)
    rows = await paging.page(
        session, query, key, by, conditions, named, descending=descending, limit=limit + 1
    )
    page = rows[:limit]
    following = None
    if len(rows) > limit:
        following = paging.cursor_after(getattr(page[-1], by.key), page[-1].reference)
    return page, following


_REVIEW = ("eligibility", "compliance", "desk", "funding")
_PLAIN = ("programme", "organization")
_TOLD = ("outcome", "stage")
"""Columns that a partner reads only once it has been told."""
_STATUS: dict[str, dict[str, Sequence[str]]] = {
    "withdrawn": {"outcome": (Outcome.WITHDRAWN.value,)},
    "decision_made": {"outcome": tuple(o.value for o in Outcome if o is not Outcome.WITHDRAWN)},
    "received": {"stage": (Stage.ELIGIBILITY.value,)},
}
"""What a partner's status says of the row at least."""


def _narrow(
    session: AsyncSession, viewer: Viewer, filters: dict[str, str]
) -> list[Select[str] | None]:
    """The filters that may leave few; a partner's stage and outcome are not the row's."""
    wanted: dict[str, Sequence[str]] = {n: (filters[n],) for n in _PLAIN if filters.get(n)}
    if not viewer.is_partner:
        wanted |= _STATUS.get(filters.get("partner_status") or "", {})
        wanted |= {name: (filters[name],) for name in _TOLD if filters.get(name)}
        if filters.get("stage") == "review":
            wanted["stage"] = _REVIEW
    found: list[Select[str] | None] = []
    if wanted:
        found += [
            select(ProposalRow.reference).where(
                *(col(getattr(ProposalRow, name)).in_(each) for name, each in wanted.items())
            ),
            audiences.narrowed(viewer, wanted),
        ]
    if asked := filters.get("q"):
        found.append(search.candidates(session, asked))
    return found


def _filters(viewer: Viewer, filters: dict[str, str], now: datetime) -> list[ColumnElement[bool]]:
    """A partner's filters go by what a partner reads, so that they tell no more than a view."""
    row = ProposalRow
    partner = of_own_organization(viewer)
    told = and_(col(row.told_at).is_not(None), col(row.told_at) <= now)
    untold = and_(col(row.outcome).is_not(None), ~told)
    shown: list[ColumnElement[bool]] = []
    if programme := filters.get("programme"):
        shown.append(col(row.programme) == programme)
    if organization := filters.get("organization"):
        shown.append(col(row.organization) == organization)
    if stage := filters.get("stage"):
        if stage == "review":
            shown.append(or_(col(row.stage).in_(_REVIEW), and_(partner, untold)))
        elif stage in _REVIEW:
            shown.append(and_(col(row.stage) == stage, ~partner))
        else:
            shown.append(and_(col(row.stage) == stage, or_(~partner, ~untold)))
    if outcome := filters.get("outcome"):
        shown.append(and_(col(row.outcome) == outcome, or_(~partner, told)))
    if status := filters.get("partner_status"):
        shown.append(_status(status, told))
    shown.extend(_says(viewer, partner, word) for word in search.words(filters.get("q") or ""))
    return shown


def _says(viewer: Viewer, partner: ColumnElement[bool], word: str) -> ColumnElement[bool]:
    """A partner finds what it is writing, staff what was submitted."""
    submitted = search.is_submitted(word)
    if not viewer.is_partner:
        return submitted
    working = exists().where(
        and_(
            col(DraftRow.reference) == col(ProposalRow.reference),
            col(DraftRow.words).like(search.contains(word), escape="\\"),
        )
    )
    return or_(and_(partner, working), and_(~partner, submitted))


def _status(status: str, told: ColumnElement[bool]) -> ColumnElement[bool]:
    row = ProposalRow
    decided = and_(col(row.outcome).is_not(None), told)
    asked = or_(col(row.stage) == "returned", col(row.asked).is_(True))
    conditions: dict[str, ColumnElement[bool]] = {
        "draft": col(row.stage) == "draft",
        "withdrawn": and_(decided, col(row.outcome) == "withdrawn"),
        "decision_made": and_(decided, col(row.outcome) != "withdrawn"),
        "more_information_needed": and_(~decided, asked),
        "received": and_(~decided, ~asked, col(row.stage) == "eligibility"),
        "in_review": and_(~decided, ~asked, col(row.stage).not_in(["draft", "eligibility"])),
    }
    return conditions.get(status, literal(value=False))


async def titles(
    session: AsyncSession, viewer: Viewer, rows: Sequence[ProposalRow]
) -> dict[str, str]:
    """Per reference, the title that *viewer* reads: a partner what it writes, staff the revision's.

    What the partner is still writing is the partner's own until it is submitted; who sees a draft
    that an officer opened is one of those who write it.
    """
    own = {
        row.reference
        for row in rows
        if sees_partner_view(viewer, row) or (row.by_officer and row.submitted_at is None)
    }
    others = {row.reference for row in rows} - own
    found: dict[str, str] = {}
    if own:
        working = await session.exec(
            select(DraftRow.reference, DraftRow.title).where(col(DraftRow.reference).in_(own))
        )
        found |= dict(working.all())
    if not others:
        return found
    submitted = await session.exec(
        select(RevisionRow.reference, RevisionRow.title)
        .join(
            ProposalRow,
            and_(
                col(ProposalRow.reference) == col(RevisionRow.reference),
                col(ProposalRow.revision) == col(RevisionRow.number),
            ),
        )
        .where(col(RevisionRow.reference).in_(others))
    )
    return found | dict(submitted.all())
