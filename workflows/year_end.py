"""The end of a fiscal year: what of a proposal's money is not signed for then, lapses.

An appropriation lapses at its year's end (Financial Administration Act, section 37), 31 March in
Toronto: of money that is reserved or waited for, the ending year's slice goes, and no other. The
program's finance officers are warned ahead: the slice is moved to a later year, or let go. What
both have signed for is not touched.
"""

from datetime import datetime
from typing import NamedTuple

from policy.rules import clocks
from policy.rules.fund_years import fiscal_year_of
from schemas.errors import Refused
from schemas.events import EventType
from schemas.messages import MoneyMove, MoneyRequest, Slice, StaffAct
from schemas.people import SYSTEM
from schemas.proposal import Outcome, Stage
from schemas.tasks import TaskKind
from workflows import conditions, endings, findings
from workflows.dossier import Dossier
from workflows.tasks import candidates_for

WARNED_DAYS = 20
"""Business days: about a month, in which a transfer between years can be agreed."""
_UNSIGNED = ("reserved", "queued", "offered")


class _Ending(NamedTuple):
    year: str
    warned_at: datetime
    lapses_at: datetime


def next_step(case: Dossier) -> datetime | None:
    """When the finance officers are warned, or the ending year's money lapses."""
    ending = _ending(case)
    if ending is None:
        return None
    return ending.lapses_at if ending.year in case.years_warned else ending.warned_at


def ring(case: Dossier, until: datetime) -> None:
    """Warn of the year that ends, and let its money lapse, as far as that is due by *until*."""
    while (ending := _ending(case)) is not None:
        if ending.year not in case.years_warned and ending.warned_at <= until:
            case.years_warned.add(ending.year)
            _warn(case, ending)
        if ending.lapses_at > until:
            return
        _lapse(case, ending.year)


def check(case: Dossier, act: StaffAct) -> None:
    """Refuse to move money that is not reserved, or is signed for, or more than there was."""
    held = case.reservation
    if case.stage not in (Stage.FUNDING, Stage.AGREEMENT):
        raise Refused("nothing_reserved")
    if held is None or held.state not in ("reserved", "offered") or held.moved_from is not None:
        raise Refused("nothing_reserved")
    if held.part is not None:
        raise Refused("approval_not_told")
    if not act.slices or _total(act.slices) > _total(held.slices):
        raise Refused("nothing_reserved")


def take(case: Dossier, act: StaffAct) -> None:
    """Move money to a later year, or let a year's go; the agreement is drawn up anew for it."""
    held = case.reservation
    if held is None:
        return
    held.moved_from, held.slices = held.slices, act.slices
    case.emit(
        EventType.REPROFILE_ASKED,
        act.actor,
        request_id=act.request_id,
        texts={name: ref for name, ref in act.texts.items() if name == "reason"},
        data={
            "reservation": held.id,
            **_slices("from", held.moved_from),
            **_slices("to", act.slices),
        },
        money=MoneyRequest(reservation=held.id, move=MoneyMove.REPROFILE, slices=act.slices),
    )
    _draw_up_anew(case, act)


def _ending(case: Dossier) -> _Ending | None:
    held = case.reservation
    if not case.ends_years or held is None or held.state not in _UNSIGNED:
        return None
    if case.closed_at is not None or case.stage is Stage.ACTIVE:
        return None
    years = sorted(year for part in held.slices if (year := fiscal_year_of(part.fund)))
    if not years:
        return None
    last = clocks.fiscal_year_end(years[0])
    ahead = clocks.business_day(last, -WARNED_DAYS, case.holidays)
    return _Ending(years[0], clocks.morning(ahead), clocks.end_of_day(last))


def _warn(case: Dossier, ending: _Ending) -> None:
    held = case.reservation
    if held is None or ending.lapses_at <= case.now:
        return
    told = candidates_for(TaskKind.RECOMMEND, case.rules.programme)
    case.emit(
        EventType.MONEY_LAPSING,
        SYSTEM,
        data={
            "reservation": held.id,
            "fiscal_year": ending.year,
            "lapses_at": ending.lapses_at,
            "candidates": [each.model_dump(mode="json") for each in told],
            **_slices("slices", _of(held.slices, ending.year)),
        },
    )


def _lapse(case: Dossier, year: str) -> None:
    held = case.reservation
    if held is None:
        return
    gone = _of(held.slices, year)
    left = tuple(part for part in held.slices if part not in gone)
    if held.part is not None:
        held.part = tuple(part for part in held.part if part not in _of(held.part, year))
        left = left if held.part else ()
    data = {"reservation": held.id, "fiscal_year": year, **_slices("slices", gone)}
    if not left:
        case.emit(EventType.YEAR_LAPSED, SYSTEM, data=data)
        endings.close(case, Outcome.LAPSED)
        return
    held.slices = left
    case.emit(
        EventType.YEAR_LAPSED,
        SYSTEM,
        data=data,
        money=MoneyRequest(reservation=held.id, move=MoneyMove.LAPSE, slices=gone),
    )
    if case.agreement is not None:
        case.agreement.is_outdated = True


def _draw_up_anew(case: Dossier, act: StaffAct) -> None:
    """Whoever has accepted or signed did so for another schedule: both are asked again."""
    agreement = case.agreement
    if agreement is None or "agreement" not in act.texts:
        return
    agreement.conditions_accepted = agreement.partner_signed = agreement.is_outdated = False
    agreement.due_at = case.due(case.rules.agreement_days, max(case.now, agreement.told_at))
    signing = case.standing(TaskKind.SIGN_AGREEMENT)
    if signing is not None and signing.is_open:
        case.cancel(signing)
        agreement.signs_anew = True
    case.emit(
        EventType.AGREEMENT_GENERATED,
        SYSTEM,
        texts={"agreement": act.texts["agreement"]},
        data={
            "template": "agreement/1",
            "conditions": [conditions.as_told(each) for each in findings.conditions(case)],
            "due_at": agreement.due_at,
            "told_at": agreement.told_at,
        },
    )


def _of(slices: tuple[Slice, ...], year: str) -> tuple[Slice, ...]:
    return tuple(part for part in slices if fiscal_year_of(part.fund) == year)


def _total(slices: tuple[Slice, ...]) -> int:
    return sum(part.cents for part in slices)


def _slices(name: str, slices: tuple[Slice, ...]) -> dict[str, list[dict[str, object]]]:
    return {name: [part.model_dump(mode="json") for part in slices]}
