"""Why a proposal, or a task, waits: on whom, since when, what is next, what fails, what one may do.

Codes and facts alone; the OpenAPI says what each code means. As long as a proposal is neither
active nor closed, there is always something that it waits for. An act is named only where it
would be taken from this reader now.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import failing, nudging, taking, task_views, unattended, undoing, views
from commands.office import Office
from policy.rules import access, clocks, holds, ladder, on_behalf
from schemas.engine import Work
from schemas.holds import HoldKind, QuestionState
from schemas.people import Candidate, Role, Viewer
from schemas.proposal import Stage
from schemas.requests import TaskFilter
from schemas.tasks import ConditionState, Gate, KeptBy, TaskKind
from schemas.terms import ClockRule
from schemas.values import instant, some_instant
from store import inboxes, visibility
from store.tables import (
    CallRow,
    ClaimRow,
    DraftRow,
    ProposalRow,
    ReservationRow,
    TaskRow,
)

Item = dict[str, Any]
_MOST_TASKS = 200
_BEFORE_SIGNING = (
    TaskKind.APPROVE,
    TaskKind.RECORD_DECISION,
    TaskKind.CLEAR_NOTICE,
    TaskKind.DETERMINE,
)
"""What is still asked for after the partner has signed, and keeps the department from signing."""
_COMMITTING = (TaskKind.APPROVE, TaskKind.RECORD_DECISION, TaskKind.SIGN_AGREEMENT)
"""Nobody approves or signs while a hit is not judged (product.md, section 3)."""


async def waiting(office: Office, viewer: Viewer, reference: str) -> dict[str, Any]:
    """Everything that the proposal waits for; a partner reads only whose turn it is.

    `acts` beside the items are those on the proposal as a whole.
    """
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        if visibility.sees_partner_view(viewer, row):
            return {"items": await _for_partner(office, session, row, viewer), "acts": []}
    return {"items": await _for_staff(office, viewer, row), "acts": _officers_acts(row, viewer)}


async def of_task(office: Office, viewer: Viewer, task_id: str) -> dict[str, Any]:
    """What a task waits for: whoever is asked, what pauses it, what must come first, what fails.

    Where it is decided or cancelled nothing, but for an undo window that still runs.
    """
    async with office.database.reading() as session:
        row, task = await taking.find_task(session, viewer, task_id)
        others = await session.exec(select(TaskRow).where(TaskRow.reference == row.reference))
        kinds = {other.id: TaskKind(other.kind) for other in others}
        windows = await _on_undo_window(office, session, row, viewer)
    if task.state != "open":
        return {"items": [item for item in windows if item["task"] == task.id], "acts": []}
    items = await _for_staff(office, viewer, row)
    kept = [item for item in items if _keeps_waiting(item, task, kinds)]
    return {"items": kept, "acts": _officers_acts(row, viewer)}


def _keeps_waiting(item: Item, task: TaskRow, kinds: dict[str, TaskKind]) -> bool:
    if item["on"]["who"] == "undo_window":
        return False
    if item["task"] == task.id or item["on"]["kind"] == "system":
        return True
    if task.paused:
        return item["task"] is None or kinds[item["task"]] is TaskKind.LEGAL
    if task.kind not in _COMMITTING:
        return False
    of_screening = item["task"] and kinds[item["task"]] in (TaskKind.ADJUDICATE, TaskKind.LEGAL)
    return bool(of_screening) or item["on"]["who"] in ("no_list_imported", "agreement_conditions")


async def _for_staff(office: Office, viewer: Viewer, row: ProposalRow) -> list[Item]:
    troubles = await failing.of_engine(office, row)
    screening = [each for each in troubles if each.work is Work.SCREEN]
    async with office.database.reading() as session:
        items = [
            *_on_partner(row, viewer),
            *_on_questions(row, viewer),
            *_owed(row, own=False, may_give=False),
            *_on_holds(row, viewer),
            *await _on_undo_window(office, session, row, viewer),
            *await _on_people(office, session, row, viewer),
            *([] if screening else _on_screening(row, viewer)),
            *await _on_money(office, session, row),
            *await failing.items(session, row, viewer, troubles, office.now()),
        ]
    if not any(item["task"] or item["on"]["who"] == "ask_legal" for item in items):
        seals = [h["since"] for h in row.state.get("holds", ()) if h["kind"] == HoldKind.SEAL]
        # Set elsewhere: what ends it is a task of another proposal.
        items += [_item("department", "ask_legal", since) for since in seals[:1]]
    if not items and row.stage not in (Stage.DRAFT, Stage.ACTIVE, Stage.CLOSED):
        items = [_item("system", "next_step", row.state["since"])]
    return items


def _item(
    kind: str,
    who: str,
    since: str | None,
    *,
    task: str | None = None,
    due_at: str | None = None,
    then: str | Item | None = None,
    nudged_at: str | None = None,
    acts: tuple[str, ...] = (),
) -> Item:
    if isinstance(then, str):
        then = {"at": due_at, "what": then} if due_at else None
    return {
        "on": {"kind": kind, "who": who},
        "task": task,
        "since": since,
        "due_at": due_at,
        "next": then,
        "nudged_at": nudged_at,
        "failing": None,
        "acts": list(acts),
    }


async def _for_partner(
    office: Office, session: AsyncSession, row: ProposalRow, viewer: Viewer
) -> list[Item]:
    if row.stage == Stage.DRAFT:
        since = instant(row.created_at)
        draft = await session.get(DraftRow, row.reference)
        if draft is not None and draft.submitting is not None:
            return [_item("department", "the_department", instant(draft.saved_at))]
        return [_item("partner", "you", since, acts=("edit", *_signatory(viewer, row, "submit")))]
    if row.stage in (Stage.CLOSED, Stage.ACTIVE) and views.is_told(row, office.now()):
        owed = _owed(row, own=True, may_give=bool(_signatory(viewer, row, "give-evidence")))
        return owed or _on_reconsideration(office, row, viewer)
    if views.is_told(row, office.now()) or row.stage == Stage.RETURNED:
        may_give = bool(_signatory(viewer, row, "give-evidence"))
        mine = _on_partner(row, viewer) or _owed(row, own=True, may_give=may_give)
        if mine:
            return mine
    if asked := _on_questions(row, viewer):
        return asked
    call = await session.get(CallRow, row.call) if row.call else None
    if call is not None and call.closed_at is None:  # nobody reads it before
        return [
            _item(
                "department",
                "the_department",
                some_instant(row.submitted_at),
                due_at=instant(call.ends_at),
                then="call_closes",
                acts=_signatory(viewer, row, "withdraw"),
            )
        ]
    clock = await views.clock_of(office, session, row, partner=True)
    signed_at = (row.state.get("agreement") or {}).get("partner_signed_at")
    return [
        _item(
            "department",
            "the_department",
            signed_at or (instant(row.submitted_at) if row.submitted_at else None),
            due_at=(clock or {}).get("due_at"),
            then="decision_expected",
            acts=_signatory(viewer, row, "withdraw"),
        )
    ]


def _on_partner(row: ProposalRow, viewer: Viewer) -> list[Item]:
    """What the partner is asked for: an answer to a return, or acceptance and signature."""
    own = visibility.sees_partner_view(viewer, row)
    who = "you" if own else row.organization
    if row.stage == Stage.RETURNED:
        due_at = row.state["returned"]["due_at"]
        acts = ("edit", *_signatory(viewer, row, "submit", "withdraw")) if own else ()
        since = row.state["since"]
        return [_item("partner", who, since, due_at=due_at, then="lapses", acts=acts)]
    agreement = row.state.get("agreement")
    if row.stage != Stage.AGREEMENT or not agreement or agreement["partner_signed_at"]:
        return []
    accepted = agreement["conditions_accepted_at"]
    asked = "sign" if accepted else "accept-conditions"
    acts = _signatory(viewer, row, asked, "withdraw") if own else ()
    return [
        _item(
            "partner",
            who,
            accepted or agreement["told_at"],
            due_at=agreement["due_at"],
            then="lapses",
            acts=acts,
        )
    ]


def _on_reconsideration(office: Office, row: ProposalRow, viewer: Viewer) -> list[Item]:
    """Of a decision against it the partner may still ask, or has asked, that others look again."""
    asked = row.state.get("reconsideration")
    if asked:
        told = asked["told_at"] and datetime.fromisoformat(asked["told_at"]) <= office.now()
        return [] if told else [_item("department", "the_department", asked["asked_at"])]
    until = views.reconsidered_until(office, row)
    if until is None or until < office.now() or row.told_at is None:
        return []
    return [
        _item(
            "partner",
            "you",
            instant(row.told_at),
            due_at=instant(until),
            then="closes",
            acts=_signatory(viewer, row, "reconsider"),
        )
    ]


def _on_questions(row: ProposalRow, viewer: Viewer) -> list[Item]:
    """What the partner is asked without anything being changed; silence decides nothing."""
    own = visibility.sees_partner_view(viewer, row)
    officer = viewer.holds(Role.PROGRAMME_OFFICER, row.programme)
    items = []
    for question in row.state.get("questions", ()):
        if question["state"] != QuestionState.OPEN:
            continue
        may_withdraw = not own and (officer or question["asked_by"] == viewer.id)
        items.append(
            _item(
                "partner",
                "you" if own else row.organization,
                question["asked_at"],
                due_at=question["due_at"],
                then="clock_goes_on",
                acts=_signatory(viewer, row, "answer", "withdraw")
                if own
                else ("withdraw_question",)
                if may_withdraw
                else (),
            )
        )
    return items


async def _on_undo_window(
    office: Office, session: AsyncSession, row: ProposalRow, viewer: Viewer
) -> list[Item]:
    """A decision that is not told yet: whoever took it may still take it back."""
    found = await undoing.untold(office, session, row)
    if found is None or not task_views.shows_task(viewer, found[0]):
        return []
    task, letter, owners = found
    mine = viewer.id in owners and on_behalf.candidacies(
        viewer, taking.candidates_of(task), row.reference
    )
    return [
        _item(
            "system",
            "undo_window",
            instant(letter.written_at),
            task=task.id,
            due_at=instant(letter.told_at),
            then="letter_told",
            acts=("undo",) if mine else (),
        )
    ]


def _signatory(viewer: Viewer, row: ProposalRow, *acts: str) -> tuple[str, ...]:
    return acts if viewer.holds(Role.SIGNATORY, row.organization) else ()


def _on_holds(row: ProposalRow, viewer: Viewer) -> list[Item]:
    """What pauses the proposal and is no task that the reader may know of."""
    items, sealed = [], None
    evidence = access.may_see_evidence(viewer, row.reference)
    for hold in row.state.get("holds", ()):
        kind = HoldKind(hold["kind"])
        if kind is HoldKind.HOLD:
            who = Candidate(role=Role.PROGRAMME_OFFICER, scope=row.programme)
            acts = ("resume",) if on_behalf.candidacies(viewer, [who], row.reference) else ()
            items.append(_item("role", f"{who.role}:{who.scope}", hold["since"], acts=acts))
        elif kind is HoldKind.SUSPENSION:
            items.append(_item("department", "incident", hold["since"]))
        elif holds.shown_as(kind, evidence=evidence) is not kind:
            sealed = sealed or hold["since"]
    return items if sealed is None else [*items, _item("department", "ask_legal", sealed)]


async def _on_people(
    office: Office, session: AsyncSession, row: ProposalRow, viewer: Viewer
) -> list[Item]:
    found = await session.exec(
        select(TaskRow)
        .where(TaskRow.reference == row.reference, TaskRow.state == "open")
        .order_by(col(TaskRow.number))
    )
    tasks = found.all()
    mine, _ = await inboxes.tasks(
        session,
        viewer,
        view="group",
        now=office.now(),
        asked=TaskFilter(reference=row.reference),
        limit=_MOST_TASKS,
        cursor=None,
    )
    may_take = {task.id for task in mine}
    alone = await unattended.known(session, row, office)
    nudges = await nudging.last_nudges(session, row.reference, [task.id for task in tasks])
    items = []
    for task in tasks:
        if not task_views.shows_task(viewer, task) or task.paused:
            continue  # where it is paused, what ends the pause is listed instead
        claim = await session.get(ClaimRow, task.id)
        first = task.candidates[0]
        held = claim is not None and claim.person is not None
        who = (
            (await task_views.person(session, str(claim.person)))["name"]
            if claim is not None and held
            else "nobody_may_take"
            if task.id in alone
            else f"{first['role']}:{first['scope']}"
        )
        mine_to_hold = claim is not None and claim.person == viewer.id
        candidate = on_behalf.candidacies(viewer, taking.candidates_of(task), row.reference)
        acts: list[str] = []
        if task.id in may_take and (mine_to_hold or not held):
            acts.append("release" if held else "claim")
            if not _must_come_first(row, task, tasks, office.now()):
                acts.append("decide")
        if candidate:
            acts.append("recuse")
        if "claim" in acts or "release" in acts:
            acts += ["ask"] if not task.evidence and _may_be_asked(row) else []
        if access.may_comment(viewer):
            acts.append("comment")
        if task.id not in alone and (candidate or viewer.holds(Role.ADMINISTRATOR)):
            acts.append("reassign")
        nudge = nudges.get(task.id)
        nudged_today = nudge is not None and nudging.is_of_today(office, nudge.occurred_at)
        if access.may_nudge(viewer) and not mine_to_hold and not nudged_today:
            acts.append("nudge")
        items.append(
            _item(
                "person" if held else "role",
                who,
                instant(task.opened_at),
                task=task.id,
                due_at=instant(task.due_at),
                then=next_step(office, row, task),
                nudged_at=instant(nudge.occurred_at) if nudge else None,
                acts=tuple(acts),
            )
        )
        if task.kind == TaskKind.SIGN_AGREEMENT and _unmet(row):
            items.append(_item("department", "agreement_conditions", instant(task.opened_at)))
    return items


def _officers_acts(row: ProposalRow, viewer: Viewer) -> list[str]:
    """What an officer of the program may do with the proposal as a whole, whatever it waits for."""
    officer = [Candidate(role=Role.PROGRAMME_OFFICER, scope=row.programme)]
    if row.submitted_at is None or not on_behalf.candidacies(viewer, officer, row.reference):
        return []
    held = HoldKind.HOLD in {each["kind"] for each in row.state.get("holds", ())}
    may_hold = row.stage in holds.RULES[HoldKind.HOLD].stages and not held
    return [*(["hold"] if may_hold else []), *(["ask"] if _may_be_asked(row) else [])]


def _may_be_asked(row: ProposalRow) -> bool:
    """Whether the partner may be asked a question now."""
    standing = {HoldKind(each["kind"]) for each in row.state.get("holds", ())}
    return row.stage in holds.RULES[HoldKind.QUESTION].stages and standing <= holds.BESIDE_QUESTIONS


def _must_come_first(
    row: ProposalRow, task: TaskRow, tasks: Sequence[TaskRow], now: datetime
) -> bool:
    """Whether every outcome of the task would be refused now, whoever decides it.

    A signature has no other outcome: screening must be done, what gates it be met, and what was
    asked for anew be in. A determination waits until its notice has stood long enough.
    """
    if task.kind == TaskKind.DETERMINE:
        return now < _stands_until(task)
    if task.kind != TaskKind.SIGN_AGREEMENT:
        return False
    if any(TaskKind(t.kind).is_finding or t.kind in _BEFORE_SIGNING for t in tasks):
        return True
    screening = (row.state.get("screening") or {}).get("state")
    unjudged = any(t.kind in (TaskKind.ADJUDICATE, TaskKind.LEGAL) for t in tasks)
    return screening != "done" or unjudged or _unmet(row)


def _stands_until(task: TaskRow) -> datetime:
    """Until when the notice stands before the determination."""
    return datetime.fromisoformat(task.detail["not_before"])


def _unmet(row: ProposalRow) -> bool:
    return any(
        c["gates"] == Gate.AGREEMENT and not ConditionState(c["state"]).is_over
        for c in row.state.get("conditions", ())
    )


def _owed(row: ProposalRow, *, own: bool, may_give: bool) -> list[Item]:
    """Conditions that keep the department from signing, or that are overdue: on who owes each."""
    obligations = row.state.get("obligations", {})
    if not obligations or row.stage not in (Stage.AGREEMENT, Stage.ACTIVE):
        return []
    items = []
    for each in row.state["conditions"]:
        known = obligations.get(each["id"])
        if known is None or each["state"] not in (ConditionState.OPEN, ConditionState.NOT_MET):
            continue
        late = any(step["step"] == "overdue" for step in known["reached"])
        holds_up = each["gates"] == Gate.AGREEMENT and row.stage == Stage.AGREEMENT
        if not (late or holds_up):
            continue
        if each.get("kept_by", KeptBy.PARTNER) == KeptBy.PARTNER:
            acts = ("give-evidence",) if may_give else ()
            who = "you" if own else row.organization
            items.append(_item("partner", who, row.state["since"], acts=acts))
        elif not own:
            items.append(_item("department", "agreement_conditions", row.state["since"]))
    return items[:1]


def next_step(office: Office, row: ProposalRow, task: TaskRow) -> Item | None:
    """What silence on the task leads to next; None when every step has been taken.

    Above the task's own steps stand those of a stage or a decision that is late.
    """
    if task.detail.get("repair"):
        return {"at": instant(task.due_at), "what": "repair_ends", "to": None}
    if task.kind == TaskKind.DETERMINE and office.now() < _stands_until(task):
        return {"at": instant(_stands_until(task)), "what": "notice_ends", "to": None}
    steps = (_step_of_task(office, row, task), _step_above(office, row, task))
    return min((each for each in steps if each), key=lambda each: str(each["at"]), default=None)


def _step_above(office: Office, row: ProposalRow, task: TaskRow) -> Item | None:
    rules = office.catalogue.terms(row.policy_version or "").rules
    due = {name: (row.state.get(name) or {}).get("due_at") for name in ("clock", "stage_clock")}
    if rules.standards is None:
        return None
    steps = ladder.above(
        rules.standards,
        decision_due=_moment(due["clock"]),
        stage=row.stage,
        stage_due=_moment(due["stage_clock"]),
        holidays=rules.holidays,
    )
    asked = {candidate["scope"] for candidate in task.candidates}
    for step in steps:
        to = ladder.asks_above(step, TaskKind(task.kind), task.stage)
        if to is not None and to not in asked and step.at > office.now():
            return {"at": instant(step.at), "what": ladder.Step.ESCALATE.value, "to": to}
    return None


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def _step_of_task(office: Office, row: ProposalRow, task: TaskRow) -> Item | None:
    if task.ladder is None or "remind" not in task.ladder:
        return {"at": instant(task.due_at), "what": "overdue", "to": None}
    reached = {f"{step['step']}:{step['days']}" for step in task.ladder["reached"]}
    holidays = office.catalogue.terms(row.policy_version or "").rules.holidays
    rule = ClockRule.model_validate({key: task.ladder[key] for key in ClockRule.model_fields})
    for rung in ladder.rungs(rule, task.due_at, holidays):
        if rung.code not in reached and rung.at > office.now():
            return {"at": instant(rung.at), "what": rung.step.value, "to": rung.to}
    return None


def _on_screening(row: ProposalRow, viewer: Viewer) -> list[Item]:
    screening = row.state.get("screening")
    if not screening or row.stage in (Stage.CLOSED, Stage.ACTIVE):
        return []
    if screening["state"] == "missing":
        may = viewer.holds(Role.ADMINISTRATOR) or viewer.holds(Role.REVIEWER, "screening")
        acts = ("import_list",) if may else ()
        return [_item("department", "no_list_imported", screening["since"], acts=acts)]
    if screening["state"] == "pending":
        return [_item("system", "screening", screening["since"])]
    return []


async def _on_money(office: Office, session: AsyncSession, row: ProposalRow) -> list[Item]:
    money = row.state.get("money")
    if not money or money["state"] != "queued" or row.stage == Stage.CLOSED:
        return []
    reservation = await session.get(ReservationRow, money["reservation"])
    funds = ", ".join(part["fund"] for part in reservation.slices) if reservation else ""
    rules = office.catalogue.terms(row.policy_version or "").rules
    since = datetime.fromisoformat(money["since"])
    due_at = instant(clocks.due_at(since, rules.funding_wait_days, rules.holidays))
    if "due_at" in money:  # a hold stopped the wait; None while it stands still
        due_at = money["due_at"]
    return [_item("money", funds, money["since"], due_at=due_at, then="unfunded")]
