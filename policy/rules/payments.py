"""What holds a payment up: its day, reports, conditions, lapsed assessments, any suspension.

Asked when entitlement is certified and when payment is requisitioned, so that what has closed in
between stops it there (product.md, Active).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from schemas.agreements import ClosedGate, ReportKind, ReportState, Tranche
from schemas.holds import HoldKind
from schemas.people import ALL, Candidate, Role

_READERS = {
    ReportKind.PROGRESS: Role.PROGRAMME_OFFICER,
    ReportKind.FINANCIAL: Role.FINANCE_OFFICER,
}


def readers(kind: ReportKind, programme: str) -> tuple[Candidate, ...]:
    """Who accepts a report of *kind*, or returns it."""
    return (Candidate(role=_READERS[kind], scope=programme),)


def closed(
    tranche: Tranche,
    *,
    today: date,
    reports: Mapping[str, tuple[ReportKind, ReportState]],
    conditions: Sequence[ClosedGate],
    assessments: Sequence[ClosedGate] = (),
    holds: Collection[HoldKind],
    programme: str,
) -> tuple[ClosedGate, ...]:
    """Every gate of *tranche* that is closed, in the order in which they are told.

    *conditions*: those that hold a payment up and are open. *assessments*: the records that no
    longer hold, and whose findings are not made anew yet.
    """
    found: list[ClosedGate] = [
        ClosedGate(gate="suspension", what=kind, candidates=_who_ends(kind, programme))
        for kind in sorted(holds)
    ]
    found += assessments
    if today < tranche.from_day:
        found.append(ClosedGate(gate="day", what=tranche.from_day.isoformat()))
    for report in tranche.reports:
        kind, state = reports[report]
        if state is not ReportState.ACCEPTED:
            submitted = state is ReportState.SUBMITTED
            found.append(
                ClosedGate(
                    gate="report",
                    what=report,
                    state=state,
                    by_partner=not submitted,
                    candidates=readers(kind, programme) if submitted else (),
                )
            )
    return (*found, *conditions)


def _who_ends(kind: HoldKind, programme: str) -> tuple[Candidate, ...]:
    if kind in (HoldKind.SEAL, HoldKind.HOLD):
        return (Candidate(role=Role.LEGAL, scope=ALL),)  # "paused, ask legal"
    return (Candidate(role=Role.PROGRAMME_OFFICER, scope=programme),)
