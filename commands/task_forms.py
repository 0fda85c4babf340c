"""What a task's form is made of: the proposal, the evidence and the money behind one task."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import (
    approval,
    closing_views,
    condition_words,
    payment_views,
    record_views,
    review_reasons,
    submitting,
    visible_documents,
)
from commands.office import Office
from policy import match_sentences
from policy.rules import delegation, ownership, triggers
from policy.rules.forms.findings import is_rated
from schemas.forms import (
    VOTES,
    ConditionLine,
    DocumentLine,
    FormContext,
    FundLine,
    HitLine,
    RecommendationLine,
)
from schemas.messages import Slice
from schemas.people import Discipline, Viewer
from schemas.proposal import BeneficiaryKind, Content, PartnerKind, Section, Trigger
from schemas.tasks import TaskKind
from schemas.terms import Terms
from store import hits, money
from store.tables import (
    FundRow,
    HitRow,
    OrganizationRow,
    PersonRow,
    ProposalRow,
    ReservationRow,
    TaskRow,
)

_NEEDS_MONEY = (TaskKind.RECOMMEND,)


async def context_for(
    office: Office, session: AsyncSession, viewer: Viewer, row: ProposalRow, task: TaskRow
) -> FormContext:
    """Everything that the form of *task* depends on, as it stands now and as *viewer* may know it:
    a document that one may not know of is not offered as evidence."""
    kind = TaskKind(task.kind)
    terms = office.catalogue.terms(row.policy_version or "")
    content = await submitting.content_of(session, row.reference, row.revision)
    context: dict[str, Any] = {
        "kind": kind,
        "task_id": task.id,
        "reference": row.reference,
        "today": office.today(),
        "sealing": bool(task.detail.get("seal")),
        "offer": bool(task.detail.get("offer")),
        "in_part": bool(task.detail.get("part")),
        "places": (
            *(country.code for country in content.countries),
            *(region.code for region in content.regions),
        ),
        "declared": tuple(Trigger(t) for t in row.state.get("triggers", ())),
        "gender_code": content.gender_equality_code,
        "ends_on": content.end_date,
        "amount_cents": content.amount.cents if content.amount else 0,
        "years": _years(content),
        "matrix": terms.matrix,
        **_units(content),
    }
    if task.confirms:
        context["confirms"] = await _kind_of(session, task.confirms)
    if task.arbitrates:
        context["arbitrates"] = await _kind_of(session, task.arbitrates)
        context["recommendations"] = await _recommendations(session, task.arbitrates)
    if kind.is_finding:
        context["checklist"] = terms.checklists.get(
            Discipline(kind.value.removeprefix("compliance."))
        )
        context |= await _facts_for_checklists(session, viewer, row, task, content)
    if kind in (TaskKind.CLEAR_NOTICE, TaskKind.DETERMINE):
        told = ("about", "posted_on", "not_before")
        context["notice"] = {name: task.detail.get(name) for name in told}
    if kind is TaskKind.COUNTRY_MEASURES:
        context |= _measures(office, content)
    if is_rated(kind):
        context["records"] = await record_views.lines_for(office, session, row, content)
    if kind is TaskKind.ELIGIBILITY:
        checks = row.state.get("checks", {})
        context["failed_checks"] = tuple(c for c, result in checks.items() if result == "fail")
    if kind is TaskKind.ADJUDICATE:
        context |= await _evidence(office, session, row, task)
    if kind is TaskKind.CONSULT:
        shares = {share["desk"]: share for share in row.state.get("desks", ())}
        context["desk_places"] = tuple(shares.get(task.subject, {}).get("places", ()))
    if kind is TaskKind.RELEASE:
        context["sections"] = tuple(Section(s) for s in task.detail.get("sections", ()))
    if kind is TaskKind.RECOMMEND:
        context |= await _funds(office, session, row, content, terms)
    if kind in (TaskKind.APPROVE, TaskKind.RECORD_DECISION, TaskKind.SIGN_OFF):
        context["conditions"] = await condition_lines(session, row)
    if kind is TaskKind.CONDITION and task.subject:
        context["judges"] = await condition_words.judged_line(session, row, task.subject)
    if kind in (TaskKind.REPORT, TaskKind.CERTIFY, TaskKind.REQUISITION):
        context["running"] = await payment_views.about(office, session, row, task)
        context["claimed_cents"] = task.detail.get("claimed_cents", 0)
    if kind is TaskKind.CLOSE:
        context["running"] = await payment_views.about(office, session, row, task)
        context["claimed_cents"] = closing_views.eligible_cents(row.state["running"])
    if kind in (TaskKind.APPROVE, TaskKind.RECORD_DECISION):
        context["document"] = approval.digest_of(await approval.document(office, session, row))
        context["rung"] = task.detail.get("rung")
        context["reserved"] = await _reserved(session, row)
    return FormContext(**context)


async def condition_lines(session: AsyncSession, row: ProposalRow) -> tuple[ConditionLine, ...]:
    """The conditions that stand, with their words."""
    return tuple(
        ConditionLine(
            id=each["id"], text=each["text"], gates=each["gates"], due_date=each["due_date"]
        )
        for each in await condition_words.of_proposal(session, row)
    )


async def _reserved(session: AsyncSession, row: ProposalRow) -> tuple[Slice, ...]:
    reservation = (row.state.get("money") or {}).get("reservation")
    held = await session.get(ReservationRow, reservation) if reservation else None
    return tuple(Slice.model_validate(part) for part in held.slices) if held else ()


async def _kind_of(session: AsyncSession, task_id: str) -> TaskKind | None:
    task = await session.get(TaskRow, task_id)
    return TaskKind(task.kind) if task else None


async def _recommendations(
    session: AsyncSession, arbitrated: str
) -> tuple[RecommendationLine, ...]:
    """What several people recommended, but who asked for changes: that is an outcome of its own."""
    about = await session.get_one(TaskRow, arbitrated)
    if about.kind != TaskKind.RECOMMEND:
        return ()
    same = select(TaskRow, PersonRow.name).where(
        TaskRow.reference == about.reference,
        TaskRow.kind == about.kind,
        TaskRow.state == "done",
        TaskRow.stands,
        TaskRow.outcome != "return",
        PersonRow.id == TaskRow.decided_by,
    )
    return tuple(
        RecommendationLine(
            task=task.id,
            by=name,
            outcome=task.outcome or "",
            instrument=facts.get("instrument"),
            slices=facts.get("slices", ()),
            priority=facts.get("priority", 0),
        )
        for task, name in await session.exec(same.order_by(col(TaskRow.number)))
        for facts in [task.facts or {}]
    )


def _years(content: Content) -> dict[str, int]:
    years: dict[str, int] = {}
    for line in content.budget:
        years[line.fiscal_year] = years.get(line.fiscal_year, 0) + line.amount.cents
    return dict(sorted(years.items()))


def _measures(office: Office, content: Content) -> dict[str, Any]:
    """What is in force today counts, whatever was when the review was opened."""
    policy = office.catalogue.in_force(office.today())
    return {
        "measures": triggers.measures_touched(content, policy.measures, policy.regions),
        "measures_version": policy.measures.version,
    }


async def _facts_for_checklists(
    session: AsyncSession, viewer: Viewer, row: ProposalRow, task: TaskRow, content: Content
) -> dict[str, Any]:
    """What the questions of a checklist hang on, and the documents that its answers may name."""
    organization = await session.get(OrganizationRow, row.organization)
    attached = await visible_documents.of_tasks(session, viewer, [task])
    sent = await visible_documents.items(
        session, viewer, await visible_documents.of_proposal(session, viewer, row)
    )
    lines = {
        each["sha256"]: DocumentLine(sha256=each["sha256"], name=each["name"] or each["id"])
        for each in (*attached.get(task.id, ()), *sent)
    }
    return {
        "triggers": await review_reasons.triggers_of(session, row),
        "partner_kind": organization.kind if organization else None,
        "focus_areas": content.focus_areas,
        "assistance": content.assistance,
        "documents": tuple(lines.values()),
    }


def _units(content: Content) -> dict[str, Any]:
    units = [b for b in content.beneficiaries if b.kind is BeneficiaryKind.SECURITY_UNIT]
    names = {f"unit-{number}": unit.name for number, unit in enumerate(units, start=1)}
    return {"units": tuple(names), "unit_names": names}


async def _evidence(
    office: Office, session: AsyncSession, row: ProposalRow, task: TaskRow
) -> dict[str, Any]:
    wanted = set(task.detail.get("hits", ()))
    all_hits = await hits.hits_of(session, row.reference)
    found = [h for h in all_hits if h.id in wanted]
    policy = office.catalogue.in_force(office.today()).screening
    owned = _owned(all_hits, policy.owner_share_percent)
    lines = tuple(
        HitLine(
            id=hit.id,
            list=hit.list_id,
            entry=hit.entry,
            name=hit.entry_name,
            score=hit.score,
            features=tuple(sorted(hit.features)),
            compared=hit.features.get("compared", {}),
            explained=match_sentences.in_both(hit.features) if "name" in hit.features else {},
            counts_as_listed=hit.owner and owned,
        )
        for hit in found
    )
    return {"hits": lines, "confirm_from": policy.confirm_from}


def _owned(found: Sequence[HitRow], owner_share_percent: int) -> bool:
    """Whether all owners and directors with a hit that is not ruled out make the partner listed."""
    parties = {
        hit.party: hit.features.get("compared", {}).get("party", {})
        for hit in found
        if hit.owner and hit.judgement != hits.NO_MATCH
    }
    told = ((str(said.get("relation")), said.get("share_percent")) for said in parties.values())
    return ownership.counts_as_listed(told, owner_share_percent)


async def _funds(
    office: Office, session: AsyncSession, row: ProposalRow, content: Content, terms: Terms
) -> dict[str, Any]:
    organization = await session.get(OrganizationRow, row.organization)
    federal = organization is not None and organization.kind == PartnerKind.CANADIAN_FEDERAL
    instruments = (
        tuple(i for i in terms.instruments if (i == "memorandum") == federal) or terms.instruments
    )
    # A contribution first: its costs are accounted for, the safer choice where both may be.
    instruments = tuple(sorted(instruments, key=lambda i: (i != "contribution", i)))
    years = _years(content)
    rows = await session.exec(
        select(FundRow).where(
            FundRow.programme == row.programme,
            col(FundRow.fiscal_year).in_(list(years)),
            col(FundRow.vote).in_([VOTES[i] for i in instruments]),
        )
    )
    funds = sorted(rows, key=lambda f: (f.fiscal_year, f.vote))
    first = VOTES[instruments[0]]
    by_year = {fund.fiscal_year: fund.id for fund in funds if fund.vote == first}
    table = office.catalogue.in_force(office.today()).delegation
    cents = content.amount.cents if content.amount else 0
    return {
        "instruments": instruments,
        "funds": tuple(
            FundLine.model_validate(
                {
                    "id": fund.id,
                    "fiscal_year": fund.fiscal_year,
                    "vote": fund.vote,
                    "available_cents": money.available(fund),
                }
            )
            for fund in funds
        ),
        "slices_default": tuple(
            Slice(fund=by_year[year], cents=amount)
            for year, amount in years.items()
            if year in by_year
        ),
        "rung": delegation.rung_for_amount(cents, table),
    }
