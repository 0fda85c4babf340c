"""The schedule of an agreement: which reports it owes, in which parts its money is paid, and when.

Drawn at the signature from the terms and the instrument. A tranche waits for its day and for the
reports that are due by then; conditions, suspension and screening are asked for when it is paid.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from policy.rules import clocks
from schemas.agreements import (
    Instrument,
    Particulars,
    PlannedReport,
    ReportKind,
    Schedule,
    Tranche,
    YearSlice,
)
from schemas.terms import ActiveRule, PaymentRule

_MONTHS = 12
_BY_HAND: dict[Instrument, PaymentRule] = {
    "grant": PaymentRule(basis="advance", per_year=2),
    "contribution": PaymentRule(basis="reimbursement", per_year=2, holdback_percent=5),
    "memorandum": PaymentRule(basis="reimbursement", per_year=1),
}
"""Of terms that are older than this rule, or do not name an instrument."""


def rule_of(active: ActiveRule | None) -> ActiveRule:
    """The rule of the terms; of older ones the one that first was written."""
    return active or ActiveRule()


def drawn(
    particulars: Particulars,
    active: ActiveRule | None,
    signed_on: date,
    holidays: Collection[date],
) -> Schedule:
    """The schedule of what was signed on *signed_on*: nothing is paid, nor reported on, before.

    The cents of the tranches add up to those of every fund.
    """
    rule = rule_of(active)
    paid = rule.instruments.get(particulars.instrument) or _BY_HAND[particulars.instrument]
    starts_on = max(particulars.starts_on, signed_on)
    ends_on = max(particulars.ends_on, starts_on)
    reports = _reports(rule, starts_on, ends_on, holidays)
    return Schedule(
        instrument=particulars.instrument,
        basis=paid.basis,
        starts_on=starts_on,
        ends_on=ends_on,
        reports=reports,
        tranches=_tranches(paid, particulars.slices, starts_on, ends_on, reports),
    )


def _reports(
    rule: ActiveRule, starts_on: date, ends_on: date, holidays: Collection[date]
) -> tuple[PlannedReport, ...]:
    planned = []
    periods = list(_periods(starts_on, ends_on, rule.report_months))
    for number, (first, last) in enumerate(periods, start=1):
        final = number == len(periods)
        days = rule.final_report_days if final else rule.report_days
        due_on = clocks.business_day(last, days, holidays)
        planned += [
            PlannedReport(
                id=f"{letter}{number:02d}",
                kind=kind,
                covers_from=first,
                covers_to=last,
                due_on=due_on,
                final=final,
            )
            for letter, kind in (("R", ReportKind.PROGRESS), ("F", ReportKind.FINANCIAL))
        ]
    return tuple(planned)


def _periods(starts_on: date, ends_on: date, months: int) -> Iterator[tuple[date, date]]:
    number, first = 1, starts_on
    while first <= ends_on:
        following = _months_after(starts_on, number * months)
        yield first, min(following - timedelta(days=1), ends_on)
        number, first = number + 1, following


def _tranches(
    paid: PaymentRule,
    slices: Sequence[YearSlice],
    starts_on: date,
    ends_on: date,
    reports: Sequence[PlannedReport],
) -> tuple[Tranche, ...]:
    in_order = sorted(slices, key=lambda part: (part.fiscal_year, part.fund))
    held = _held_back(in_order, paid.holdback_percent)
    found: list[Tranche] = []
    for part in in_order:
        first = max(clocks.fiscal_year_start(part.fiscal_year), starts_on)
        last = max(min(clocks.fiscal_year_end(part.fiscal_year), ends_on), first)
        days = _days(first, last, paid.per_year)
        left = part.cents - held.get(part.fund, 0)
        for day, cents in zip(days, _shares(left, len(days)), strict=True):
            found.append(_tranche(len(found) + 1, part, cents, day, reports))
    for part in in_order:
        if cents := held.get(part.fund, 0):
            final = tuple(report.id for report in reports)
            tranche = _tranche(len(found) + 1, part, cents, ends_on, ())
            found.append(tranche.model_copy(update={"reports": final, "holdback": True}))
    return tuple(tranche for tranche in found if tranche.cents)


def _tranche(
    number: int, part: YearSlice, cents: int, day: date, reports: Sequence[PlannedReport]
) -> Tranche:
    return Tranche(
        id=f"T{number:02d}",
        fund=part.fund,
        fiscal_year=part.fiscal_year,
        cents=cents,
        from_day=day,
        reports=tuple(report.id for report in reports if report.due_on <= day),
    )


def _held_back(slices: Sequence[YearSlice], percent: int) -> dict[str, int]:
    """What is held back of each fund: the last money first, for it is the last to be paid."""
    left = sum(part.cents for part in slices) * percent // 100
    held: dict[str, int] = {}
    for part in reversed(slices):
        held[part.fund] = min(left, part.cents)
        left -= held[part.fund]
    return held


def _days(first: date, last: date, parts: int) -> list[date]:
    """The first days of *parts* equal parts of a year, as far as they fall before its end."""
    days = [_months_after(first, _MONTHS * part // parts) for part in range(parts)]
    return [day for day in days if day <= last]


def _shares(cents: int, parts: int) -> list[int]:
    """Equal shares in whole cents; what does not divide goes to the last."""
    each = cents // parts
    return [each] * (parts - 1) + [cents - each * (parts - 1)]


def _months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    index = day.year * _MONTHS + day.month - 1 + months
    year, month = divmod(index, _MONTHS)
    following = date(year + (month + 1) // _MONTHS, (month + 1) % _MONTHS + 1, 1)
    end = following - timedelta(days=1)
    return date(year, month + 1, min(day.day, end.day))
