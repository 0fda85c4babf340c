"""Reports and payments of an agreement: what is owed and held up, handed in, claimed, paid.

A partner reads its own: what it owes and has claimed, and which gates are its own to open. Who of
the department has what in hand, and what has suspended the agreement, is told to staff alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import closing_views, given_documents
from commands.condition_words import judges, partners_id
from commands.office import Office
from policy.rules import access, clocks, gates, holds, payments
from schemas.agreements import ClosedGate, PaymentState, ReportKind, ReportState, Tranche
from schemas.errors import NotFound
from schemas.holds import HoldKind
from schemas.people import Candidate, Role, Viewer
from schemas.tasks import ConditionState, Gate, KeptBy, TaskKind
from schemas.values import Money
from store import people, texts, visibility
from store.tables import ProposalRow, TaskRow


async def of_agreement(office: Office, viewer: Viewer, reference: str) -> dict[str, Any]:
    """The schedule of an agreement, its reports and its payments, and what holds each up.

    NotFound before it has begun.
    """
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        return await _shown(office, session, viewer, row)


async def about(
    office: Office, session: AsyncSession, row: ProposalRow, task: TaskRow
) -> dict[str, Any] | None:
    """What a task of an agreement looks at: the report or payment, as staff read it."""
    if task.kind == TaskKind.CLOSE:
        return closing_views.figures(row.state["running"])
    shown = await _staff_view(office, session, row)
    both = [*shown["reports"], *shown["payments"]]
    return next((each for each in both if each["id"] == task.subject), None)


def documents_are_asked(row: ProposalRow) -> bool:
    """Whether the partner may attach documents for a report or a claim."""
    return row.stage == "active" and "running" in row.state


async def _shown(
    office: Office, session: AsyncSession, viewer: Viewer, row: ProposalRow
) -> dict[str, Any]:
    if "running" not in row.state:
        raise NotFound
    partner = visibility.sees_partner_view(viewer, row)
    shown = await _staff_view(
        office, session, row, evidence=access.may_see_evidence(viewer, row.reference)
    )
    return _for_partner(row, shown) if partner else shown


async def _staff_view(
    office: Office, session: AsyncSession, row: ProposalRow, *, evidence: bool = False
) -> dict[str, Any]:
    known = row.state["running"]
    words = await _words(session, known)
    titled = await given_documents.titled(
        session, [document for act in _acts(known) for document in act["documents"]]
    )
    names = await people.names_of(session, {act["by"] for act in _acts(known)})

    def given(act: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "at": act["at"],
            "by": {"id": act["by"], "name": names.get(act["by"], act["by"])},
            "words": words.get(act["words"] or ""),
            "costs": _lines(act["costs"]),
            "documents": [titled.get(each["id"], each) for each in act["documents"]],
        }

    closed = await _gates(office, session, row, evidence=evidence)
    return {
        "reference": row.reference,
        **{n: known[n] for n in ("began_at", "instrument", "basis", "starts_on", "ends_on")},
        "reports": [
            {
                **{n: report[n] for n in _REPORT},
                "given": [given(act) for act in report["given"]],
                "message": words.get(report["message"] or ""),
            }
            for report in known["reports"]
        ],
        "tranches": [_tranche(each, known, closed[each["id"]]) for each in known["tranches"]],
        "payments": [
            {
                **{n: payment[n] for n in _PAYMENT},
                "claimed": _money(payment["claimed_cents"]),
                "certified": _money(payment["certified_cents"]),
                **given(payment),
                "message": words.get(payment["message"] or ""),
                "gates": closed[payment["tranche"]]
                if payment["state"] in (PaymentState.CLAIMED, PaymentState.CERTIFIED)
                else [],
            }
            for payment in known["payments"]
        ],
        "figures": closing_views.figures(known),
        "closing": closing_views.ending(known),
    }


_REPORT = ("id", "kind", "covers_from", "covers_to", "due_on", "final", "state", "overdue")
_PAYMENT = ("id", "tranche", "state", "late", "number", "paid_on", "due_at")


def _acts(known: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*(act for report in known["reports"] for act in report["given"]), *known["payments"]]


async def _words(session: AsyncSession, known: Mapping[str, Any]) -> dict[str, Any]:
    said = [act["words"] for act in _acts(known)]
    said += [each["message"] for each in (*known["reports"], *known["payments"])]
    return dict(await texts.read(session, [text for text in said if text]))


def _lines(costs: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"category": name, "amount": _money(cents)} for name, cents in sorted(costs.items())]


def _money(cents: int | None) -> dict[str, str] | None:
    return None if cents is None else Money.of_cents(cents).model_dump(mode="json")


def _tranche(
    tranche: Mapping[str, Any], known: Mapping[str, Any], closed: list[dict[str, Any]]
) -> dict[str, Any]:
    of_it = [p for p in known["payments"] if p["tranche"] == tranche["id"]]
    taken = sum(p["claimed_cents"] for p in of_it if PaymentState(p["state"]).counts)
    paid = sum(p["certified_cents"] for p in of_it if p["state"] == PaymentState.PAID)
    facts = {n: tranche[n] for n in ("id", "fund", "fiscal_year", "from_day", "reports")}
    return {
        **facts,
        "holdback": tranche["holdback"],
        "amount": _money(tranche["cents"]),
        "left": _money(tranche["cents"] - taken),
        "paid": _money(paid),
        "gates": closed,
    }


async def _gates(
    office: Office, session: AsyncSession, row: ProposalRow, *, evidence: bool
) -> dict[str, list[dict[str, Any]]]:
    """What holds each tranche up now, as the engine would refuse its payment."""
    known = row.state["running"]
    asked = await session.exec(
        select(TaskRow.id).where(
            TaskRow.reference == row.reference,
            TaskRow.kind == TaskKind.ADJUDICATE.value,
            TaskRow.state == "open",
        )
    )
    unclean = {HoldKind.HOLD} if asked.first() else set()
    kinds = unclean | {
        holds.shown_as(HoldKind(h["kind"]), evidence=evidence) for h in row.state["holds"]
    }
    conditions = await _conditions(office, session, row)
    return {
        each["id"]: [
            gate.model_dump(mode="json")
            for gate in payments.closed(
                Tranche.model_validate(each),
                today=clocks.toronto_day(office.now()),
                reports={
                    r["id"]: (ReportKind(r["kind"]), ReportState(r["state"]))
                    for r in known["reports"]
                },
                conditions=conditions,
                assessments=_assessments(row),
                holds=kinds,
                programme=row.programme,
            )
        ]
        for each in known["tranches"]
    }


def _assessments(row: ProposalRow) -> list[ClosedGate]:
    return [
        ClosedGate(
            gate="assessment",
            what=each["record"],
            state=each["why"],
            candidates=tuple(
                Candidate(role=Role.REVIEWER, scope=kind.removeprefix("compliance."))
                for kind in each["kinds"]
            ),
        )
        for each in row.state["running"].get("lapsed", ())
    ]


async def _conditions(office: Office, session: AsyncSession, row: ProposalRow) -> list[ClosedGate]:
    holding = gates.holding_up(Gate.PAYMENT)
    open_ones = [
        each
        for each in row.state.get("conditions", ())
        if each["gates"] in holding and not ConditionState(each["state"]).is_over
    ]
    wanted = {each["task"] for each in open_ones}
    tasks = await session.exec(select(TaskRow).where(col(TaskRow.id).in_(wanted)))
    setting = {task.id: task for task in tasks}
    return [
        ClosedGate(
            gate="condition",
            what=each["id"],
            state=each["state"],
            by_partner=each.get("kept_by", KeptBy.PARTNER) == KeptBy.PARTNER,
            candidates=judges(office, row, setting.get(each["task"])),
        )
        for each in open_ones
    ]


def _for_partner(row: ProposalRow, shown: dict[str, Any]) -> dict[str, Any]:
    """Its own: no fund, nobody's name at the department, nothing of what has suspended it."""

    def closed(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [
            {
                **gate,
                "what": partners_id(row.reference, gate["what"])
                if gate["gate"] == "condition"
                else gate["what"],
                "candidates": [],
            }
            for gate in found
            if gate["gate"] not in ("assessment", "suspension")
        ]

    return {
        **shown,
        "figures": None,
        "tranches": [
            {**each, "fund": None, "gates": closed(each["gates"])} for each in shown["tranches"]
        ],
        "payments": [
            {
                **each,
                "gates": closed(each["gates"]),
                "certified": each["certified"] if each["state"] == PaymentState.PAID else None,
                "state": PaymentState.CLAIMED
                if each["state"] in (PaymentState.CERTIFIED, PaymentState.REQUISITIONED)
                else each["state"],
                "late": False,
            }
            for each in shown["payments"]
        ],
    }
