"""Reports on an agreement: handed in by the partner, read by the department, reminded by the clock.

A date that passes decides nothing; a report that is not accepted holds up what waits for it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from policy.rules import clocks, ladder, payments, schedule
from policy.rules.ladder import Step
from schemas.agreements import ReportKind, ReportState, Schedule
from schemas.errors import Refused
from schemas.events import EventType
from schemas.messages import AgreementAct
from schemas.people import SYSTEM
from schemas.tasks import TaskKind
from schemas.terms import ClockRule, ProcessRules
from workflows.agreement_start import Report
from workflows.tasks import Task

if TYPE_CHECKING:
    from workflows.life import Life

_OWED = (ReportState.DUE, ReportState.RETURNED)


def planned(drawn: Schedule, rules: ProcessRules, now: datetime) -> dict[str, Report]:
    """Every report of the schedule, with the reminders that are still to come."""
    steps = ClockRule(remind=schedule.rule_of(rules.active).remind, escalate=())
    found = {}
    for each in drawn.reports:
        due_at = clocks.end_of_day(each.due_on)
        rungs = ladder.rungs(steps, due_at, rules.holidays)
        found[each.id] = Report(
            id=each.id,
            kind=each.kind,
            due_at=due_at,
            rungs=tuple(rung for rung in rungs if rung.at > now),
        )
    return found


def check(life: Life, act: AgreementAct) -> None:
    """Refuse a report that is not owed: unknown, being read, or accepted."""
    report = life.reports.get(act.subject)
    if report is None:
        raise Refused("report_unknown", report=act.subject)
    if report.state not in _OWED:
        raise Refused("report_not_owed", report=report.id, state=report.state)


def hand_in(life: Life, act: AgreementAct) -> None:
    report = life.reports[act.subject]
    report.state = ReportState.SUBMITTED
    life.emit(
        EventType.REPORT_SUBMITTED,
        act.actor,
        request_id=act.request_id,
        texts=act.texts,
        data={
            "report": report.id,
            "costs": dict(act.costs),
            "documents": [document.model_dump() for document in act.documents],
        },
    )
    life.open(
        TaskKind.REPORT,
        subject=report.id,
        detail={"report": report.id, "report_kind": report.kind},
        candidates=payments.readers(report.kind, life.rules.programme),
    )


def follow(life: Life, task: Task) -> None:
    report = life.reports[task.subject or ""]
    accepted = task.outcome == "accept"
    report.state = ReportState.ACCEPTED if accepted else ReportState.RETURNED
    if accepted:
        report.rungs = ()
    message = task.texts.get("message_to_partner")
    life.emit(
        EventType.REPORT_READ,
        task.decider,
        data={"report": report.id, "state": report.state, "task": task.id},
        texts={"message": message} if message else None,
    )


def next_step(life: Life) -> datetime | None:
    """When somebody is reminded of a report next."""
    return min((each.rungs[0].at for each in life.reports.values() if each.rungs), default=None)


def ring(life: Life, until: datetime) -> None:
    """Remind the partner of what it owes, and say what is overdue; not what is being read."""
    while waiting := [r for r in life.reports.values() if r.rungs and r.rungs[0].at <= until]:
        report = min(waiting, key=lambda r: (r.rungs[0].at, r.id))
        rung, *rest = report.rungs
        report.rungs = tuple(rest)
        if report.state not in _OWED:
            continue
        data = {"report": report.id, "due_at": report.due_at}
        if rung.step is Step.REMIND:
            life.emit(EventType.REPORT_REMINDED, SYSTEM, data={**data, "days": rung.days})
        else:
            life.emit(EventType.REPORT_OVERDUE, SYSTEM, data=data)


def standing(life: Life) -> dict[str, tuple[ReportKind, ReportState]]:
    """What each report is and where it stands, as gates of payments ask."""
    return {each.id: (each.kind, each.state) for each in life.reports.values()}
