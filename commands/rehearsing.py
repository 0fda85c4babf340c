"""Rehearsing draft terms: what proposals that are over would have come to under them.

Each is lived twice in simulated time (`workflows.rehearsal`), under its own terms and under the
draft, and the two are compared. Nothing is written: neither the store nor the engine hears of it.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import submitting
from policy.catalogue import Catalogue
from policy.rules import clocks, eligibility, term_changes
from schemas.errors import NotFound
from schemas.events import WORKFLOW, EventType, Recorded
from schemas.holds import HoldKind
from schemas.messages import (
    Decision,
    MoneyAnswer,
    Notice,
    NoticeKind,
    PartnerAct,
    PartyHits,
    ProposalStart,
    ScreeningResult,
    StaffAct,
    Submission,
)
from schemas.proposal import DeskShare, PartnerKind
from schemas.tasks import TaskKind
from schemas.terms import Terms
from schemas.values import instant
from store import chain
from store.database import Database
from store.tables import OrganizationRow, ProposalRow, RevisionRow
from workflows.rehearsal import Answer, Life, PartnersAct, Record, live

_PAGE = 100
_NOT_LIVED_AGAIN = {
    EventType.TERMS_CHANGED: "moved",
    EventType.QUESTION_ASKED: "question",
    EventType.REPAIR_PROPOSED: "repair",
    EventType.REVIEW_OPENED: "review",
    EventType.NOTICE_POSTED: "notice",
    EventType.APPROVAL_ASKED_ANEW: "approved_anew",
    EventType.DECISION_UNDONE: "undone",
}
"""What a rehearsal does not know to do again, and why a proposal with it is left out."""
_MONEY = {EventType.RESERVED: MoneyAnswer.RESERVED, EventType.QUEUED: MoneyAnswer.QUEUED}
_ACTS = {EventType.CONDITIONS_ACCEPTED: "accept_conditions", EventType.PARTNER_SIGNED: "sign"}


async def rehearse(
    database: Database, catalogue: Catalogue, draft: Terms
) -> AsyncIterator[dict[str, Any]]:
    """For every proposal of the program that is over, by reference: what would have differed.

    `left_out` says why one cannot be told: `not_reproduced` where living it again under its own
    terms does not end as the record does.
    """
    last = ""
    while True:
        async with database.reading() as session:
            found = await session.exec(
                select(ProposalRow)
                .where(
                    ProposalRow.programme == draft.code,
                    col(ProposalRow.stage).in_(["closed", "active"]),
                    col(ProposalRow.submitted_at).is_not(None),
                    col(ProposalRow.reference) > last,
                )
                .order_by(col(ProposalRow.reference))
                .limit(_PAGE)
            )
            rows = found.all()
            for row in rows:
                yield await _one(session, catalogue, row, draft)
        if len(rows) < _PAGE:
            return
        last = rows[-1].reference


def totals(items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the rehearsal of many amounts to."""
    told = [item for item in items if item["left_out"] is None]
    differing = Counter(name for item in told for name in item["differs"])
    days = [sum(item[side]["days"].values()) for side in ("before", "after") for item in told]
    half = len(told)
    return {
        "proposals": len(items),
        "left_out": len(items) - half,
        "differ": sum(bool(item["differs"]) for item in told),
        "by_subject": dict(sorted(differing.items())),
        "mean_days_before": round(sum(days[:half]) / half, 2) if half else None,
        "mean_days_after": round(sum(days[half:]) / half, 2) if half else None,
    }


async def _one(
    session: AsyncSession, catalogue: Catalogue, row: ProposalRow, draft: Terms
) -> dict[str, Any]:
    events = await chain.events_of(session, row.reference)
    told: dict[str, Any] = {
        "reference": row.reference,
        "from": row.policy_version,
        "left_out": None,
        "differs": [],
    }
    unknown = [why for type_, why in _NOT_LIVED_AGAIN.items() if type_ in {e.type for e in events}]
    if unknown:
        return {**told, "left_out": unknown[0]}
    try:
        terms = catalogue.terms(str(row.policy_version))
    except NotFound:
        return {**told, "left_out": "terms_unknown"}
    before = live(record_of(events, terms))
    if (before.outcome, before.stage) != (row.outcome, row.stage) or before.refused:
        return {**told, "left_out": "not_reproduced"}
    after = live(record_of(events, draft))
    checks = await _checks(session, catalogue, row, draft)
    told |= {"before": _shown(before), "after": _shown(after), "checks": checks}
    old, new = told["before"], told["after"]
    told["differs"] = [name for name in old if name != "ended_at" and old[name] != new[name]]
    if checks:
        told["differs"].append("checks")
    return told


def _shown(life: Life) -> dict[str, Any]:
    shown = life.model_dump(mode="json")
    for name in ("decided_at", "ended_at"):
        moment = getattr(life, name)
        shown[name] = instant(moment) if moment else None
    return shown


async def _checks(
    session: AsyncSession, catalogue: Catalogue, row: ProposalRow, draft: Terms
) -> list[dict[str, Any]]:
    """Automatic checks of the last revision that would say something else under *draft*.

    As of its day, with the facts of then; of a revision whose content is gone nothing is said.
    """
    revision = await session.get(RevisionRow, (row.reference, row.revision))
    organization = await session.get(OrganizationRow, row.organization)
    content = await submitting.content_of(session, row.reference, row.revision)
    if revision is None or organization is None or content.amount is None:
        return []
    day = clocks.toronto_day(revision.submitted_at)
    found = eligibility.run_checks(
        content,
        PartnerKind(organization.kind),
        organization.name,
        draft,
        catalogue.in_force(day).regions,
        day,
    )
    then: dict[str, str] = {check["code"]: check["result"] for check in revision.checks}
    now = {check.code: str(check.result) for check in found}
    worse = term_changes.worse_checks(then, now)
    return [
        {"code": code, "before": then.get(code), "after": now.get(code), "worse": code in worse}
        for code in dict.fromkeys((*then, *now))
        if then.get(code) != now.get(code)
    ]


# ---- from a chain to what people did


def record_of(events: Sequence[Recorded], terms: Terms) -> Record:
    """What people, lists and money did, to be lived again under *terms*."""
    said = [event for event in events if event.source == WORKFLOW]
    [first] = [e for e in said if e.type is EventType.SUBMITTED]
    opened = [e for e in said if e.type is EventType.TASK_OPENED]
    asked_at = {e.data["task"]: e.occurred_at for e in opened}
    own = set(asked_at)
    start = ProposalStart(
        submission=_submission(first), rules=terms.rules, policy_version=terms.version
    )
    withdrawn = next((e for e in said if e.type is EventType.WITHDRAWN), None)
    return Record(
        start=start,
        asked=tuple(
            (
                TaskKind(e.data["kind"]),
                e.data["subject"] or e.data["confirms"] or e.data["arbitrates"],
                e.data["task"],
            )
            for e in opened
        ),
        answers=tuple(
            Answer(
                task=e.data["task"],
                after=e.occurred_at - asked_at[e.data["task"]],
                decision=_decision(e),
            )
            for e in said
            if e.type is EventType.TASK_DECIDED
        ),
        revisions=_since(said, EventType.RETURNED, {EventType.RESUBMITTED: _submission}),
        acts=_since(said, EventType.AGREEMENT_GENERATED, dict.fromkeys(_ACTS, _partner_act)),
        withdrawn=(withdrawn.occurred_at, _partner_act(withdrawn)) if withdrawn else None,
        screened=tuple(
            (e.occurred_at, _screening(e))
            for e in said
            if e.type in (EventType.SCREENED, EventType.SCREENING_MISSING)
        ),
        money={e.data["reservation"]: _MONEY[e.type] for e in reversed(events) if e.type in _MONEY},
        offers=tuple(
            (e.occurred_at, e.data["reservation"]) for e in events if e.type is EventType.OFFERED
        ),
        said=tuple((e.occurred_at, act) for e in said if (act := _pause(e, own)) is not None),
    )


def _since(said: Sequence[Recorded], cause: EventType, acts: Any) -> tuple[PartnersAct, ...]:
    found, at = [], said[0].occurred_at
    for event in said:
        if event.type is cause:
            at = event.occurred_at
        if event.type in acts:
            after: timedelta = event.occurred_at - at
            found.append(PartnersAct(after=after, act=acts[event.type](event)))
    return tuple(found)


def _submission(event: Recorded) -> Submission:
    """The revision as the workflow knew it; of a call's, from when it was read."""
    data = event.data
    return Submission(
        reference=event.subject,
        revision=data["revision"],
        submitted_at=event.occurred_at,
        actor=event.actor,
        organization=data.get("organization", event.actor.organization or ""),
        request_id=event.request_id or "",
        content=event.texts["content"],
        sha256=data["sha256"],
        amount_cents=data["amount_cents"],
        triggers=tuple(data["triggers"]),
        desks=tuple(DeskShare.model_validate(share) for share in data["desks"]),
        lead=data["lead"],
        checks=data["checks"],
        changed=tuple(data.get("changed", ())),
    )


def _decision(event: Recorded) -> Decision:
    data = event.data
    return Decision.model_validate(
        {
            "task": data["task"],
            "outcome": data["outcome"],
            "actor": event.actor.model_dump(),
            "request_id": event.request_id or "",
            "facts": data["facts"],
            "sections": data["sections"],
            "texts": {name: ref.model_dump() for name, ref in event.texts.items()},
        }
    )


def _partner_act(event: Recorded) -> PartnerAct:
    act = _ACTS.get(event.type, "withdraw")
    return PartnerAct.model_validate(
        {"act": act, "actor": event.actor.model_dump(), "request_id": event.request_id or ""}
    )


def _screening(event: Recorded) -> ScreeningResult:
    parties = event.data.get("parties", ())
    return ScreeningResult(
        lists=tuple(event.data.get("lists", ())),
        parties=tuple(PartyHits.model_validate(party) for party in parties),
    )


def _pause(event: Recorded, own: set[str]) -> StaffAct | Notice | None:
    """What set or ended a pause, where no task of the proposal's own did."""
    if event.type not in (EventType.HOLD_SET, EventType.HOLD_ENDED):
        return None
    begins, seal = event.type is EventType.HOLD_SET, event.data.get("seal")
    if event.data["kind"] == HoldKind.HOLD:
        return StaffAct(
            act="hold" if begins else "resume",
            actor=event.actor,
            request_id=event.request_id or "",
            texts=event.texts,
        )
    if event.data["kind"] == HoldKind.SUSPENSION:
        kind = NoticeKind.SUSPEND if begins else NoticeKind.RESUME
        incident = event.data["hold"]
        return Notice(id=f"{kind}-{incident}", kind=kind, data={"incident": incident})
    if seal is None or seal in own:
        return None
    kind = NoticeKind.SEAL if begins else NoticeKind.UNSEAL
    return Notice(id=f"{kind}-{seal}", kind=kind, data={"seal": seal})
