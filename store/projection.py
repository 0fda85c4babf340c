"""The read model as a fold over events: pure, so that it can be rebuilt and compared.

`project` changes rows in memory only; `store.recording` loads and saves them. What is shown to
people (sentences, names) is made when it is read.
"""

from collections.abc import Callable, Iterable

from policy.rules import access, holds
from schemas.events import EventType, Recorded
from schemas.holds import HoldKind, QuestionState
from schemas.people import Candidate, Role
from schemas.tasks import TaskKind
from schemas.values import instant
from store import (
    obligations,
    projected_endings,
    projected_holds,
    projected_tasks,
    running,
)
from store.tables import ProposalRow
from store.view import View, clock_at, set_due_dates, set_stage_clock, take_time, weigh


def fold(events: Iterable[Recorded]) -> View:
    """The read model that *events* amount to, from nothing."""
    view = View()
    for event in events:
        project(view, event)
    return view


def project(view: View, event: Recorded) -> None:
    """Let *event* change *view*; types that change nothing read are passed over."""
    handler = _HANDLERS.get(event.type)
    if handler is not None:
        handler(view, event)
    if view.proposal is not None:
        _pause_tasks(view)
        view.proposal.chain_position = event.position
        view.proposal.chain_head = event.hash


def _pause_tasks(view: View) -> None:
    kinds = {HoldKind(hold["kind"]) for hold in view.row.state["holds"]}
    for task in view.tasks.values():
        waits = task.state == "open" and not task.detail.get("repair")
        paused = waits and holds.is_paused(
            kinds, TaskKind(task.kind), ends_a_seal=bool(task.detail.get("seal"))
        )
        if task.paused is not paused:
            task.paused = paused


def _created(view: View, event: Recorded) -> None:
    view.proposal = ProposalRow(
        reference=event.subject,
        organization=event.data["organization"],
        programme=event.data["programme"],
        created_at=event.occurred_at,
        placed_at=event.occurred_at,
        stage="draft",
        by_officer=bool(event.data.get("by_officer")),
        state={"holds": [], "clock": None},
    )
    if view.proposal.by_officer:
        view.admit((Candidate(role=Role.PROGRAMME_OFFICER, scope=view.proposal.programme),))


def _deleted(view: View, _event: Recorded) -> None:
    view.proposal = None


def _submitted(view: View, event: Recorded) -> None:
    row = view.row
    row.submitted_at = row.placed_at = event.occurred_at
    row.policy_version = event.policy_version
    row.call = event.data.get("call")
    view.admit(access.entries_on_submission(row.programme))
    view.set(
        holds=[],
        screening={"state": "pending", "since": instant(event.occurred_at), "lists": []},
        clock={"due_at": event.data["due_at"], "paused": False, "business_days_left": None},
        since=instant(event.occurred_at),
        conditions=[],
        money=None,
        agreement=None,
        returned=None,
    )
    _revised(view, event)


def _resubmitted(view: View, event: Recorded) -> None:
    take_time(view, event)
    for task_id in event.data["superseded"]:
        if task_id in view.tasks:
            view.tasks[task_id].stands = False
    set_due_dates(view, event.data["task_due"])
    view.set(
        returned=None,
        since=instant(event.occurred_at),
        holds=[hold for hold in view.row.state["holds"] if hold["kind"] != "return"],
        clock=clock_at(event.data["due_at"], event.data.get("days_left")),
    )
    for task in view.tasks.values():
        if task.state == "open":
            task.revision = event.data["revision"]
    _revised(view, event)
    weigh(view)


def _asked_anew(view: View, event: Recorded) -> None:
    for task_id in event.data["superseded"]:
        view.tasks[task_id].stands = False
    weigh(view)


def _review_opened(view: View, event: Recorded) -> None:
    """By a sentence: an approval that was asked for rests on the review too."""
    opened = {
        "by": event.actor.id,
        "at": instant(event.occurred_at),
        "reason": event.texts["reason"].id,
    }
    reviews = view.row.state.get("reviews", {})
    view.set(reviews={**reviews, event.data["trigger"]: opened})
    _asked_anew(view, event)


def _moved(view: View, event: Recorded) -> None:
    """Under newer terms: their checks, and without the answers that they make void."""
    checks = event.texts.get("checks")
    for task_id in event.data["superseded"]:
        view.tasks[task_id].stands = False
    view.row.policy_version = event.data["to"]
    view.set(checks=event.data["checks"], checks_text=checks.id if checks else None)
    weigh(view)


def _revised(view: View, event: Recorded) -> None:
    if view.row.state.get("checks_text"):
        view.set(checks_text=None)  # the revision has its own again
    view.row.revision = event.data["revision"]
    view.set(
        checks=event.data["checks"],
        triggers=event.data["triggers"],
        desks=event.data["desks"],
        lead=event.data["lead"],
        amount_cents=event.data["amount_cents"],
    )


def _entered(view: View, event: Recorded) -> None:
    take_time(view, event)
    view.row.stage = event.data["stage"]
    view.set(since=instant(event.occurred_at))
    set_stage_clock(view, event.data.get("due_at"), event.data.get("stage_days_left"))


def _returned(view: View, event: Recorded) -> None:
    data = event.data
    take_time(view, event)
    view.row.stage = "returned"
    since = instant(event.occurred_at)
    view.set(
        since=since,
        returned={"sections": data["sections"], "due_at": data["due_at"], "task": data["task"]},
        holds=[*view.row.state["holds"], {"kind": "return", "since": since, "seal": None}],
        clock={"due_at": None, "paused": True, "business_days_left": data["days_left"]},
    )
    set_stage_clock(view, None, data.get("stage_days_left"))


def _missed(view: View, event: Recorded) -> None:
    missed = {"standard": event.data["standard"], "due_at": event.data["due_at"]}
    view.set(missed=[*view.row.state.get("missed", ()), missed])


def _recused(view: View, event: Recorded) -> None:
    view.recused |= {event.actor.id}


def _screened(view: View, event: Recorded) -> None:
    view.set(
        screening={
            "state": "done",
            "since": instant(event.occurred_at),
            "lists": event.data["lists"],
        }
    )


def _not_screened(view: View, event: Recorded) -> None:
    view.set(screening={"state": "missing", "since": instant(event.occurred_at), "lists": []})


def _approved(view: View, event: Recorded) -> None:
    view.row.outcome, view.row.decided_at = "approved", event.occurred_at
    view.set(obligations=obligations.begun(event))
    view.set(
        clock=None,
        decision={
            name: event.data[name]
            for name in ("document", "rung", "instrument", "slices", "conditions")
        },
    )


def _notice_posted(view: View, event: Recorded) -> None:
    posted = {name: event.data[name] for name in ("about", "posted_on", "not_before")}
    where = event.texts["where"].id
    view.set(notice={**posted, "by": event.actor.id, "where": where})


def _approved_anew(view: View, event: Recorded) -> None:
    """The decision goes on under another approval; conditions that stand go on as they are."""
    known = view.row.state["obligations"]
    begun = obligations.begun(event)
    view.set(
        obligations={each: known.get(each, new) for each, new in begun.items()},
        decision={
            **view.row.state["decision"],
            **{name: event.data[name] for name in ("document", "rung", "conditions")},
        },
    )
    weigh(view)


def _generated(view: View, event: Recorded) -> None:
    view.set(
        agreement={
            "template": event.data["template"],
            "document": event.texts["agreement"].model_dump() if event.texts else None,
            "generated_at": instant(event.occurred_at),
            "told_at": event.data["told_at"],
            "due_at": event.data["due_at"],
            "conditions_accepted_at": None,
            "partner_signed_at": None,
            "department_signed_at": None,
        }
    )


def _signs(name: str) -> Callable[[View, Recorded], None]:
    def sign(view: View, event: Recorded) -> None:
        view.set(agreement={**view.row.state["agreement"], name: instant(event.occurred_at)})

    return sign


def _money(state: str) -> Callable[[View, Recorded], None]:
    def move(view: View, event: Recorded) -> None:
        view.set(
            money={
                "reservation": event.data["reservation"],
                "state": state,
                "since": instant(event.occurred_at),
            }
        )

    return move


def _began(view: View, event: Recorded) -> None:
    view.set(running=running.begun(event))


def _ran(view: View, event: Recorded) -> None:
    view.set(running=running.after(view.row.state["running"], event))


def _agreement_closed(view: View, event: Recorded) -> None:
    """What was decided and told of the proposal stands; its agreement is over."""
    take_time(view, event)
    _ran(view, event)
    view.row.stage = "closed"
    view.set(since=instant(event.occurred_at), clock=None)
    set_stage_clock(view, None)


def _assessed_anew(view: View, event: Recorded) -> None:
    """What a finding set that was made anew binds beside what the approval did."""
    _ran(view, event)
    view.set(obligations={**obligations.begun(event), **view.row.state.get("obligations", {})})
    weigh(view)


def _obliged(view: View, event: Recorded) -> None:
    view.set(obligations=obligations.after(view.row.state["obligations"], event))
    weigh(view)


_HANDLERS: dict[EventType, Callable[[View, Recorded], None]] = {
    EventType.CREATED: _created,
    EventType.DELETED: _deleted,
    EventType.SUBMITTED: _submitted,
    EventType.RESUBMITTED: _resubmitted,
    EventType.STAGE_ENTERED: _entered,
    EventType.TERMS_CHANGED: _moved,
    EventType.RELIANCE_ENDED: _asked_anew,
    EventType.REVIEW_OPENED: _review_opened,
    EventType.NOTICE_POSTED: _notice_posted,
    EventType.APPROVAL_ASKED_ANEW: _asked_anew,
    EventType.APPROVAL_RENEWED: _approved_anew,
    EventType.RETURNED: _returned,
    EventType.TASK_OPENED: projected_tasks.opened,
    EventType.TASK_DECIDED: projected_tasks.decided,
    EventType.TASK_CANCELLED: projected_tasks.cancelled,
    EventType.TASK_REMINDED: projected_tasks.reaches("remind"),
    EventType.TASK_OVERDUE: projected_tasks.reaches("overdue"),
    EventType.TASK_ESCALATED: projected_tasks.reaches("escalate"),
    EventType.STANDARD_MISSED: _missed,
    EventType.RECUSED: _recused,
    EventType.REPAIR_PROPOSED: projected_tasks.repair_proposed,
    EventType.REPAIR_DONE: projected_tasks.repair_ends("done"),
    EventType.REPAIR_ENDED: projected_tasks.repair_ends("ended"),
    EventType.SCREENED: _screened,
    EventType.SCREENING_MISSING: _not_screened,
    EventType.QUESTION_ASKED: projected_holds.question_asked,
    EventType.QUESTION_ANSWERED: projected_holds.question_ends(QuestionState.ANSWERED),
    EventType.QUESTION_WITHDRAWN: projected_holds.question_ends(QuestionState.WITHDRAWN),
    EventType.QUESTION_EXPIRED: projected_holds.question_ends(QuestionState.EXPIRED),
    EventType.HOLD_SET: projected_holds.held,
    EventType.HOLD_ENDED: projected_holds.hold_ended,
    EventType.LETTER_WRITTEN: projected_endings.letter,
    EventType.LETTER_TAKEN_BACK: projected_endings.taken_back,
    EventType.DECISION_UNDONE: projected_endings.undone,
    EventType.INELIGIBLE: projected_endings.ended,
    EventType.DECLINED: projected_endings.ended,
    EventType.UNFUNDED: projected_endings.ended,
    EventType.LAPSED: projected_endings.ended,
    EventType.WITHDRAWN: projected_endings.ended,
    EventType.CLOSED: projected_endings.closed,
    EventType.RECONSIDERATION_ASKED: projected_endings.reconsideration_asked,
    EventType.UPHELD: projected_endings.upheld,
    EventType.REOPENED: projected_endings.reopened,
    EventType.APPROVED: _approved,
    EventType.AGREEMENT_GENERATED: _generated,
    EventType.CONDITIONS_ACCEPTED: _signs("conditions_accepted_at"),
    EventType.EVIDENCE_GIVEN: _obliged,
    EventType.CONDITION_REMINDED: _obliged,
    EventType.CONDITION_OVERDUE: _obliged,
    EventType.CONDITION_ESCALATED: _obliged,
    EventType.CONDITION_JUDGED: _obliged,
    EventType.PARTNER_SIGNED: _signs("partner_signed_at"),
    EventType.DEPARTMENT_SIGNED: _signs("department_signed_at"),
    EventType.AGREEMENT_BEGAN: _began,
    EventType.AGREEMENT_CLOSED: _agreement_closed,
    **dict.fromkeys(
        (
            EventType.REPORT_OVERDUE,
            EventType.REPORT_SUBMITTED,
            EventType.REPORT_READ,
            EventType.PAYMENT_CLAIMED,
            EventType.PAYMENT_RETURNED,
            EventType.PAYMENT_CERTIFIED,
            EventType.PAYMENT_REQUISITIONED,
            EventType.PAYMENT_GIVEN_BACK,
            EventType.PAYMENT_LATE,
            EventType.PAYMENT_MADE,
            EventType.OVERPAYMENT_FOUND,
            EventType.OVERPAYMENT_OVERDUE,
            EventType.OVERPAYMENT_RECOVERED,
            EventType.ASSESSMENT_LAPSED,
        ),
        _ran,
    ),
    EventType.ASSESSMENT_RENEWED: _assessed_anew,
    EventType.RESERVED: _money("reserved"),
    EventType.QUEUED: _money("queued"),
    EventType.OFFERED: _money("offered"),
    EventType.RELEASED: _money("released"),
    EventType.COMMITTED: _money("committed"),
}
