"""What is answered: the JSON shapes of api.md, made from the store for one reader.

A partner's view is the same paths with less. Nothing that it shows depends on screening, on a
seal, or on who works on the proposal.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import (
    agreements,
    authorities,
    condition_words,
    disposals,
    funds,
    standards,
    submitting,
    task_forms,
)
from commands.office import Office
from policy import check_words
from policy.letters import in_words
from policy.rules import access, clocks, holds
from policy.sentences import GAPS, sentence
from schemas.errors import Gap, NotFound, Refused
from schemas.events import EventType
from schemas.holds import HoldKind, QuestionState
from schemas.people import Role, Viewer
from schemas.proposal import Check, Content, PartnerStatus, Stage
from schemas.values import Money, instant, some_instant
from store import ledger, queries, texts, visibility
from store.tables import (
    DraftRow,
    EventRow,
    FundRow,
    LetterRow,
    OrganizationRow,
    ProposalRow,
    ReservationRow,
    RevisionRow,
)

REVIEW = "review"
OFFICE = ("The department", "Le ministère")
"""As partners read whoever works on their proposals, in English and French."""
_IN_REVIEW = ("eligibility", "compliance", "desk", "funding")


async def proposal_view(
    office: Office, viewer: Viewer, reference: str
) -> tuple[dict[str, Any], int]:
    """The proposal as *viewer* sees it, and the version of its content."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        return await proposal_in(office, session, viewer, row)


async def proposal_in(
    office: Office, session: AsyncSession, viewer: Viewer, row: ProposalRow
) -> tuple[dict[str, Any], int]:
    partner = visibility.sees_partner_view(viewer, row)
    draft = await session.get(DraftRow, row.reference)
    revision = await session.get(RevisionRow, (row.reference, row.revision))
    if partner or revision is None or _is_written_here(viewer, row):
        if draft is None:
            raise NotFound
        content = Content.model_validate(draft.content)
    else:
        # What the partner is still writing is the partner's own until it is submitted.
        content = await submitting.content_of(session, row.reference, row.revision)
    checks = [Check.model_validate(c) for c in await _checks(session, row, revision)]
    view: dict[str, Any] = {
        **content.model_dump(mode="json"),
        **await _summary_of(session, row, content.title or "", partner=partner, now=office.now()),
        "policy_version": row.policy_version,
        "checks": [check_view(office, check, viewer.language) for check in checks],
        "clock": await clock_of(office, session, row, partner=partner),
        "reconsideration": await reconsideration_of(office, session, row, partner=partner),
        "version": draft.version if draft else 1,
    }
    if partner:
        view |= await _for_partner(office, session, row, viewer.language)
    else:
        view |= await _for_staff(session, row, viewer)
        if _is_written_here(viewer, row):
            view["requests"] = _return_asked(
                row, await _letters(office, session, row, viewer.language)
            )
        view["stage_clock"] = clock_view(office, row, row.state.get("stage_clock"))
        view["standards"] = standards.of_proposal(office, row)
    if row.stage == Stage.CLOSED:
        view["disposed"] = await disposals.of_proposal(
            session, row.reference, viewer.language, partner=partner
        )
    return view, int(view["version"])


def _is_written_here(viewer: Viewer, row: ProposalRow) -> bool:
    """Whether the reader is one of the officers who write an annual contribution, now."""
    officer = viewer.holds(Role.PROGRAMME_OFFICER, row.programme)
    return row.by_officer and officer and row.stage in (Stage.DRAFT, Stage.RETURNED)


async def _checks(
    session: AsyncSession, row: ProposalRow, revision: RevisionRow | None
) -> list[dict[str, Any]]:
    """The checks of the last revision, under the terms that the proposal has now."""
    moved = row.state.get("checks_text")
    found = list((await texts.read(session, [moved])).values()) if moved else []
    if found:
        return list(found[0])
    return revision.checks if revision else []


async def summaries(
    session: AsyncSession, viewer: Viewer, rows: Sequence[ProposalRow], *, now: datetime
) -> list[dict[str, Any]]:
    """The proposals in a list, with what is said of them read at once."""
    titles = await queries.titles(session, viewer, rows)
    organizations = await session.exec(
        select(OrganizationRow.id, OrganizationRow.name).where(
            col(OrganizationRow.id).in_({row.organization for row in rows})
        )
    )
    names = dict(organizations.all())
    return [
        _summary(
            row,
            title=titles.get(row.reference),
            organization=names.get(row.organization),
            partner=visibility.sees_partner_view(viewer, row),
            now=now,
        )
        for row in rows
    ]


async def _summary_of(
    session: AsyncSession, row: ProposalRow, title: str | None, *, partner: bool, now: datetime
) -> dict[str, Any]:
    """One proposal as a list tells of it, whose title is known."""
    organization = await session.get(OrganizationRow, row.organization)
    name = organization.name if organization else None
    return _summary(row, title=title, organization=name, partner=partner, now=now)


def _summary(
    row: ProposalRow,
    *,
    title: str | None,
    organization: str | None,
    partner: bool,
    now: datetime,
) -> dict[str, Any]:
    told = is_told(row, now)
    cents = row.state.get("amount_cents")
    return {
        "reference": row.reference,
        "programme": row.programme,
        "title": title,
        "organization": row.organization,
        "organization_name": organization,
        "revision": row.revision,
        "stage": partner_stage(row, told=told) if partner else row.stage,
        "partner_status": partner_status(row, told=told),
        "outcome": row.outcome if told or not partner else None,
        "requested": Money.of_cents(cents).model_dump() if cents is not None else None,
        "created_at": instant(row.created_at),
        "submitted_at": some_instant(row.submitted_at),
        "decided_at": some_instant(row.decided_at) if told or not partner else None,
    }


def is_told(row: ProposalRow, now: datetime) -> bool:
    """Whether the partner has been told the outcome."""
    return row.told_at is not None and row.told_at <= now


def partner_stage(row: ProposalRow, *, told: bool) -> str:
    """Where a partner reads the proposal stands."""
    if row.stage in _IN_REVIEW or (row.outcome is not None and not told):
        return REVIEW
    return row.stage


def partner_status(row: ProposalRow, *, told: bool) -> PartnerStatus:
    """What a partner reads of the state (product.md, section 3)."""
    if row.stage == Stage.DRAFT:
        return PartnerStatus.DRAFT
    if row.outcome is not None and told:
        withdrawn = row.outcome == "withdrawn"
        return PartnerStatus.WITHDRAWN if withdrawn else PartnerStatus.DECISION_MADE
    if row.stage == Stage.RETURNED or row.asked:
        return PartnerStatus.MORE_INFORMATION_NEEDED
    if row.stage == Stage.ELIGIBILITY or row.outcome == "ineligible":
        return PartnerStatus.RECEIVED  # until it is told, a decision changes nothing here
    return PartnerStatus.IN_REVIEW


def clock_view(
    office: Office, row: ProposalRow, clock: dict[str, Any] | None
) -> dict[str, Any] | None:
    """The clock to a decision: it runs, or stands still while the partner holds the ball.

    Days are counted as they were promised: by the days off of the pinned terms.
    """
    if not clock:
        return None
    if clock["due_at"] is None:
        return dict(clock)
    due_at = datetime.fromisoformat(clock["due_at"])
    holidays = office.catalogue.terms(row.policy_version or "").rules.holidays
    left = clocks.days_left(office.now(), due_at, holidays)
    return {"due_at": instant(due_at), "paused": False, "business_days_left": left}


async def clock_of(
    office: Office, session: AsyncSession, row: ProposalRow, *, partner: bool
) -> dict[str, Any] | None:
    """The clock as the reader may know it: for a partner it runs on until the decision is told."""
    untold = row.outcome is not None and not is_told(row, office.now())
    if not (partner and untold):
        return clock_view(office, row, row.state.get("clock"))
    due_at = await _last_due(session, row.reference)
    return clock_view(office, row, {"due_at": due_at} if due_at else None)


async def _last_due(session: AsyncSession, reference: str) -> str | None:
    found = await session.exec(
        select(EventRow)
        .where(
            EventRow.subject == reference,
            col(EventRow.type).in_(list(PROMISING)),
        )
        .order_by(col(EventRow.position).desc())
    )
    return next(filter(None, (promised(event.type, event.data) for event in found)), None)


QUESTION_ENDED = (
    EventType.QUESTION_ANSWERED,
    EventType.QUESTION_WITHDRAWN,
    EventType.QUESTION_EXPIRED,
)
PROMISING = (
    EventType.SUBMITTED,
    EventType.RESUBMITTED,
    EventType.REOPENED,
    EventType.DECISION_UNDONE,
    EventType.HOLD_ENDED,
    *QUESTION_ENDED,
)
"""What sets the date of the decision, or sets it anew."""


def promised(event_type: str, data: dict[str, Any]) -> str | None:
    """When the decision is due, as an event tells it; None where it tells nothing of it."""
    submits = event_type in (EventType.SUBMITTED, EventType.RESUBMITTED)
    due_at: str | None = data.get("due_at" if submits else "decision_due")
    return due_at


async def _for_partner(
    office: Office, session: AsyncSession, row: ProposalRow, language: str
) -> dict[str, Any]:
    told = is_told(row, office.now())
    shown = await _letters(office, session, row, language)
    requests = _return_asked(row, shown)
    asked = [q for q in row.state.get("questions", ()) if q["state"] == QuestionState.OPEN]
    words_asked = await texts.read(session, [question["question"] for question in asked])
    requests += [
        {
            "kind": "question",
            "id": question["id"],
            "office": OFFICE[language == "fr"],
            "sections": [],
            "due_at": question["due_at"],
            "business_days_left": None,
            "message": words_asked.get(question["question"]),
        }
        for question in asked
    ]
    return {
        "requests": requests,
        "letters": shown,
        "agreement": await agreements.shown(session, row.state.get("agreement"), language)
        if told
        else None,
        "conditions": await _conditions_told(session, row) if told and _was_approved(row) else [],
        "payments": [],
    }


def _return_asked(row: ProposalRow, letters: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a return asks of whoever writes the proposal: its sections, until when, in its words."""
    returned = row.state.get("returned")
    if not returned:
        return []
    words = [letter["message"] for letter in letters if letter["kind"] == "returned"]
    return [
        {
            "kind": "return",
            "sections": returned["sections"],
            "due_at": returned["due_at"],
            "business_days_left": returned.get("business_days_left"),
            "message": words[-1] if words else None,
        }
    ]


async def _letters(
    office: Office, session: AsyncSession, row: ProposalRow, language: str
) -> list[dict[str, Any]]:
    """The letters that the partner has been told of, in words."""
    letters = await session.exec(
        select(LetterRow)
        .where(LetterRow.reference == row.reference, LetterRow.told_at <= office.now())
        .order_by(col(LetterRow.id))
    )
    return await letter_views(session, letters.all(), language)


async def letter_views(
    session: AsyncSession, letters: Sequence[LetterRow], language: str
) -> list[dict[str, Any]]:
    """Letters in words, with the deciding official's message as it was written."""
    ids = {each.id: each.texts["message"]["id"] for each in letters if "message" in each.texts}
    bodies = await texts.read(session, ids.values())
    messages = {each.id: bodies.get(ids.get(each.id, "")) for each in letters}
    relied_on = await authorities.of_letters(session, letters)
    return [
        {
            "id": each.id,
            "kind": each.kind,
            "written_at": instant(each.written_at),
            "message": messages[each.id],
            **in_words(
                each.template,
                reference=each.reference,
                message=messages[each.id],
                language=language,
                authority=relied_on.get(each.id),
            ),
        }
        for each in letters
    ]


async def _for_staff(session: AsyncSession, row: ProposalRow, viewer: Viewer) -> dict[str, Any]:
    evidence = access.may_see_evidence(viewer, row.reference)
    return {
        "residual_risk": row.residual_risk,
        "conditions": await _conditions(session, row),
        "commitments": await _commitments(session, row.reference),
        "payments": [],
        "holds": await holds_shown(session, row, viewer),
        "triggers": row.state.get("triggers", []),
        "desks": row.state.get("desks", []),
        "lead": row.state.get("lead"),
        "screening": row.state.get("screening") if evidence else None,
        "money": row.state.get("money"),
        "decision": with_money(row.state.get("decision")),
        "agreement": await agreements.shown(session, row.state.get("agreement"), viewer.language),
        "returned": row.state.get("returned"),
    }


def with_money(data: Any) -> Any:
    """Facts as the store keeps them, with amounts of money instead of cents."""
    if isinstance(data, dict):
        return {
            "amount" if name in _CENTS else name: Money.of_cents(each).model_dump()
            if name in _CENTS and isinstance(each, int)
            else with_money(each)
            for name, each in data.items()
        }
    return [with_money(each) for each in data] if isinstance(data, list) else data


_CENTS = ("cents", "amount_cents")


def reconsidered_until(office: Office, row: ProposalRow) -> datetime | None:
    """Until when the decision on a closed proposal may be reconsidered; None: it never may."""
    if row.stage != Stage.CLOSED or row.decided_at is None or row.policy_version is None:
        return None
    rules = office.catalogue.terms(row.policy_version).rules
    if row.outcome not in rules.reconsideration:
        return None
    return clocks.due_at(row.decided_at, rules.reconsideration_days, rules.holidays)


async def reconsideration_of(
    office: Office, session: AsyncSession, row: ProposalRow, *, partner: bool
) -> dict[str, Any] | None:
    """Whether the decision may be reconsidered, is, or was; to a partner as it was told."""
    asked = row.state.get("reconsideration")
    until = reconsidered_until(office, row)
    if (partner and not is_told(row, office.now()) and not asked) or not (asked or until):
        return None
    shown = {
        "until": instant(until) if until else None,
        "state": "open" if until and office.now() <= until else "over",
        "asked_at": None,
        "reason": None,
    }
    if asked:
        told_at = datetime.fromisoformat(asked["told_at"]) if asked["told_at"] else None
        untold = asked["state"] == "upheld" and (told_at is None or told_at > office.now())
        words = await texts.read(session, [asked["reason"]])
        shown |= {
            "state": "asked" if partner and untold else asked["state"],
            "asked_at": asked["asked_at"],
            "reason": words.get(asked["reason"]),
        }
    return shown


def mask_seal(viewer: Viewer, refused: Refused, reference: str) -> None:
    """Let a refusal name the hold as *viewer* may know it: "paused, ask legal" to most."""
    if "hold" in refused.facts:
        evidence = access.may_see_evidence(viewer, reference)
        shown = holds.shown_as(HoldKind(refused.facts["hold"]), evidence=evidence)
        refused.facts["hold"] = shown


async def holds_shown(
    session: AsyncSession, row: ProposalRow, viewer: Viewer
) -> list[dict[str, Any]]:
    """The holds that a member of staff may see; a seal is "paused, ask legal" to most.

    `reason` is the words of whoever set it, or a code where a decision did.
    """
    evidence = access.may_see_evidence(viewer, row.reference)
    standing = [(HoldKind(hold["kind"]), hold) for hold in row.state.get("holds", ())]
    said = await texts.read(session, [h["reason"] for _, h in standing if "reason" in h])
    return [
        {
            "kind": holds.shown_as(kind, evidence=evidence),
            "since": hold["since"],
            "reason": said.get(hold["reason"])
            if "reason" in hold
            else _HOLD_REASONS[holds.shown_as(kind, evidence=evidence)],
        }
        for kind, hold in standing
    ]


_HOLD_REASONS = {
    HoldKind.HOLD: "ask_legal",
    HoldKind.RETURN: "returned",
    HoldKind.SEAL: "legal_disposes",
    HoldKind.SUSPENSION: "incident",
}


async def _conditions(session: AsyncSession, row: ProposalRow) -> list[dict[str, Any]]:
    lines = await task_forms.condition_lines(session, row)
    states = {c["id"]: c["state"] for c in row.state.get("conditions", ())}
    return [
        {**line.model_dump(mode="json"), "state": states.get(line.id, "open")} for line in lines
    ]


def _was_approved(row: ProposalRow) -> bool:
    """Whether the partner was told of an approval: of a withdrawal's review it reads nothing."""
    return row.outcome in ("approved", "terminated") or row.state.get("agreement") is not None


async def _conditions_told(session: AsyncSession, row: ProposalRow) -> list[dict[str, Any]]:
    """The conditions with ids of the partner's own: those of the file count tasks."""
    return [
        {**condition, "id": condition_words.partners_id(row.reference, condition["id"])}
        for condition in await _conditions(session, row)
    ]


async def _commitments(session: AsyncSession, reference: str) -> list[dict[str, Any]]:
    rows = await session.exec(
        select(ReservationRow)
        .where(ReservationRow.reference == reference, ReservationRow.state != "released")
        .order_by(col(ReservationRow.asked_seq))
    )
    found = rows.all()
    lines = await ledger.lines_of(session, [row.id for row in found])
    shown = []
    for row in found:
        for part in row.slices:
            fund = await session.get(FundRow, part["fund"])
            shown.append(
                {
                    "id": f"{row.id}:{part['fund']}",
                    "reservation": row.id,
                    "fund": part["fund"],
                    "fiscal_year": fund.fiscal_year if fund else None,
                    "amount": Money.of_cents(part["cents"]).model_dump(),
                    "state": row.state,
                    "held": funds.held(lines.get(row.id, ()), part["fund"]),
                }
            )
    return shown


def check_view(office: Office, check: Check, language: str) -> dict[str, Any]:
    """A check with its sentence."""
    return {
        "code": check.code,
        "result": check.result,
        "detail": check_words.in_words(check, office.catalogue.names, language),
        "reason": check.detail,
        "source": check.source,
    }


def receipt_view(office: Office, receipt: dict[str, Any], language: str) -> dict[str, Any]:
    """A receipt with its checks in words; the signature covers none of these."""
    checks = [
        check_view(office, Check.model_validate(check), language) for check in receipt["checks"]
    ]
    return {**receipt, "checks": checks}


def gap_view(gap: Gap, language: str) -> dict[str, Any]:
    words = GAPS.get(gap.code)
    detail = sentence(words, gap.facts, language) if words else gap.code
    return {"pointer": gap.pointer, "code": gap.code, "detail": detail}
