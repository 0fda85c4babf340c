"""What can happen in a proposal's life, each as one move that draws its own choices.

The same moves make up the lives of `test_lives.py`, drawn by Hypothesis on the pure case, and by
a seed for those that are then lived again on the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from policy.rules.sections import changed_sections
from schemas.errors import Refused
from schemas.messages import NoticeKind, TermsMove
from schemas.people import Actor, Level
from schemas.proposal import Content, Section, Stage
from schemas.tasks import RISK_LEVELS, ConditionFact, Gate, TaskKind
from tests.policy.proposals import dollars
from tests.workflows.cases import AFRICA_AND_JORDAN, Life
from workflows.tasks import Task
from workflows.unattended import what_if

Draw = Callable[[int], int]
"""A number below the one given."""

CHANGES: dict[Section, dict[str, Any]] = {
    Section.SUMMARY: {"summary": "Officers learn to find forged documents, and to train others."},
    Section.COUNTRIES: AFRICA_AND_JORDAN,
    Section.DATES: {"end_date": "2029-03-30"},
    Section.BUDGET: {
        "amount": dollars("3000000.00"),
        "budget": [
            {"fiscal_year": "2027-28", "category": "training", "amount": dollars("1500000.00")},
            {"fiscal_year": "2028-29", "category": "equipment", "amount": dollars("1500000.00")},
        ],
    },
    Section.BENEFICIARIES: {
        "beneficiaries": [{"name": "Border Police", "kind": "security_unit", "country": "JO"}]
    },
    Section.PARTIES: {
        "named_parties": [{"name": "S. Haddad", "kind": "person", "relation": "director"}]
    },
    Section.WORKS: {"physical_works": True},
    Section.INFORMATION_SHARING: {"information_sharing": True},
    Section.HUMAN_RIGHTS: {"human_rights_analysis": "Detention is monitored by a third party."},
    Section.GENDER: {"gender_analysis": "Women are half of the trainees."},
    Section.RESULTS: {"expected_results": "Forged documents are found and reported."},
}


def decide(life: Life, draw: Draw) -> None:
    """Somebody who may decides something: mostly to advance, sometimes not."""
    tasks = [t for t in life.case.tasks.values() if t.is_open and life.takers(t)]
    if not tasks:
        return
    task = tasks[draw(len(tasks))]
    takers = life.takers(task)
    codes = [c.code for c in life.case.offered(task)]
    stopping = {"ineligible", "refuse", "decline", "declined"}
    gentle = [code for code in codes if code not in stopping]
    outcome = codes[0] if draw(3) else (codes if draw(8) == 0 else gentle)[draw(len(gentle))]
    # Of the demonstration's two, both answer where two are asked: nobody is left to confirm.
    facts = _rated(task, draw) if task.kind.is_finding and not task.group else {}
    if task.kind is TaskKind.ADJUDICATE and outcome == "no_match":
        facts["confirm_needed"] = bool(draw(2))
    if task.kind is TaskKind.ARBITRATE and life.usual_facts(task, outcome):
        facts["level"] = RISK_LEVELS[draw(3)]
    if task.kind is TaskKind.GENDER:
        facts["gender_code"] = draw(4)
    person = takers[draw(len(takers))]
    sections = tuple(Section) if outcome in ("return", "release", "change") else ()
    why = refused(lambda: life.decide_task(task, outcome, by=person, sections=sections, **facts))
    assert why in (
        None,
        "on_hold",
        "screening_open",
        "findings_open",
        "approval_below_risk",
        "approval_asked_anew",
    )


def refused(act: Callable[[], object]) -> str | None:
    """The code with which *act* is refused; None when it is taken."""
    try:
        act()
    except Refused as refusal:
        return refusal.code
    return None


def _rated(task: Task, draw: Draw) -> dict[str, Any]:
    if task.kind in (TaskKind.MERIT, TaskKind.GENDER) or draw(3):
        return {}
    inherent = draw(3)
    condition = ConditionFact(id=f"{task.id[-3:]}-c9", gates=Gate.PAYMENT)
    return {
        "inherent": RISK_LEVELS[inherent],
        "residual": RISK_LEVELS[draw(inherent + 1)],
        "conditions": (condition,),
    }


def try_anything(life: Life, draw: Draw) -> None:
    """Anybody whose role allows it tries any task, open or not: a refusal changes nothing."""
    tasks = list(life.case.tasks.values())
    task = tasks[draw(len(tasks))]
    people = life.candidates(task)
    person = people[draw(len(people))]
    codes = [c.code for c in life.case.offered(task)]
    outcome, before = codes[draw(len(codes))], life.case.digest()
    everything = tuple(Section)
    if refused(lambda: life.decide_task(task, outcome, by=person, sections=everything)):
        assert life.case.digest() == before


def go_on(life: Life, draw: Draw) -> None:
    """Several steps as everybody hopes for."""
    for _ in range(1 + draw(8)):
        if life.stage in (Stage.CLOSED, Stage.ACTIVE) or not life.step():
            return


def partner_acts(life: Life, draw: Draw) -> None:
    act = ("accept_conditions", "sign", "accept_conditions", "sign", "withdraw")[draw(5)]
    if act == "withdraw" and draw(4):
        return
    assert refused(lambda: life.act(act)) != "on_hold"


def partner_asks_again(life: Life, draw: Draw) -> None:
    """Mostly refused: nothing was decided against the partner, or it was reconsidered before."""
    before = life.case.digest()
    if draw(2) and refused(lambda: life.act("reconsider")):
        assert life.case.digest() == before


def take_back(life: Life, draw: Draw) -> None:
    """Whoever decided last tries to take it back; sometimes what ends the proposal just now."""
    ending = {"ineligible", "refuse", "decline", "approve"}
    for task in [t for t in life.case.open_tasks() if not t.is_repair]:
        codes = sorted(ending & {c.code for c in life.case.offered(task)})
        if codes and (takers := life.takers(task)) and draw(2):
            outcome = codes[draw(len(codes))]
            refused(lambda t=task, o=outcome, by=takers[0]: life.decide_task(t, o, by=by))
            break
    done = [t for t in life.case.tasks.values() if t.decided_by and not t.is_repair]
    if not done:
        return
    task = max(done, key=lambda t: (t.decided_at or t.opened_at, t.id))
    decided = life.case.ended if life.case.closed_at else life.case.approved
    task = life.case.tasks.get((decided and decided.task) or "", task)
    before = life.case.digest()
    if refused(lambda: life.staff_act("undo", by=task.decider.id, task=task.id)):
        assert life.case.digest() == before


def resubmit(life: Life, draw: Draw) -> None:
    if life.stage is not Stage.RETURNED:
        return
    changes: dict[str, Any] = {}
    for change in CHANGES.values():
        if not draw(4):
            changes |= change
    changed = Content.model_validate({**life.content.model_dump(mode="json"), **changes})
    life.resubmit(*changed_sections(life.content, changed), **changes)


def time_passes(life: Life, draw: Draw) -> None:
    life.pass_days((1, 3, 10, 45)[draw(4)])


def seal_elsewhere(life: Life, draw: Draw) -> None:
    seal = f"other-T{draw(2):02d}"
    life.notify((NoticeKind.SEAL, NoticeKind.UNSEAL)[draw(2)], seal=seal)


def record_no_longer_holds(life: Life, draw: Draw) -> None:
    """Whatever findings were made relied on something that no longer holds."""
    made = [t.id for t in life.case.tasks.values() if t.kind.is_finding and draw(2)]
    life.notify(NoticeKind.RECORD, record=f"record-{draw(2)}", why="expired", tasks=made)


def officer_holds(life: Life, draw: Draw) -> None:
    """Hold, or resume what is held: refused where there is nothing to pause or to resume."""
    act, before = ("hold", "resume")[draw(2)], life.case.digest()
    if refused(lambda: life.staff_act(act)):
        assert life.case.digest() == before


def somebody_asks(life: Life, draw: Draw) -> None:
    """A question, inside a task or not; answered, withdrawn, or left to its date."""
    before = life.case.digest()
    asked = list(life.case.questions)
    what = draw(3) if asked else 0
    tasks = [None, *life.case.tasks]

    def act() -> None:
        if what == 0:
            life.ask(days=1 + draw(20), task=tasks[draw(len(tasks))])
        elif what == 1:
            life.act("answer", question=asked[draw(len(asked))])
        else:
            life.staff_act("withdraw_question", question=asked[draw(len(asked))])

    if refused(act):
        assert life.case.digest() == before


def propose_repair(life: Life, draw: Draw) -> None:
    """An administrator proposes any repair; a refusal changes nothing."""
    tasks = [t.id for t in life.case.tasks.values() if t.is_open]
    stages = (*life.case.rules.stages[:4], Stage.AGREEMENT, Stage.ACTIVE)
    kind, plan = (
        ("unstick", {}),
        ("rewind", {"stage": stages[draw(len(stages))]}),
        ("rewind", {"stage": stages[draw(4)]}),
        ("reassign", {"task": tasks[draw(len(tasks))] if tasks else "none", "person": "legal-1"}),
        ("cancel_duplicate", {"duplicate_of": "CTCBP-2026-000009"}),
        ("resend", {"letter": f"{life.reference}-L01"}),
    )[draw(6) if draw(4) else draw(3)]
    if life.case.closed_at is not None or life.stage is Stage.ACTIVE:
        return  # told to the store alone
    before = life.case.digest()
    why = refused(lambda: life.repair(kind, **plan))
    if why is not None:
        assert life.case.digest() == before
        assert why in REFUSED_REPAIRS


REFUSED_REPAIRS = (
    *("repair_under_way", "repair_after_decision", "repair_not_back", "repair_task_over"),
    *("on_hold", "task_unknown"),
)


def confirm_repair(life: Life, draw: Draw) -> None:
    """Whoever owns the stage answers the repair that is under way, mostly with a yes."""
    repair = life.case.repair
    if repair is None:
        return
    outcome = "agree" if draw(5) else "disagree"
    before, money = len(life.events), life.purse.standing
    stood = _standing(life)
    why = refused(lambda: life.decide_task(life.case.tasks[repair.task], outcome))
    assert why in (None, "on_hold", "repair_stale")
    if why is None:
        first, *rest = life.events[before:]
        assert (first.type, first.data["task"]) == ("task_decided", repair.task)
        assert {event.type.value for event in rest} <= OF_REPAIRS, "a repair answers nothing"
        assert _standing(life) <= stood, "what did not stand does not stand now"
        closes = repair.plan.kind == "cancel_duplicate" and outcome == "agree"
        assert life.purse.standing == ({} if closes else money), "money moves once or not at all"
        if repair.plan.kind == "rewind" and outcome == "agree":
            order = life.case.rules.stages
            gone = order[order.index(repair.plan.stage) :]
            left = [life.case.tasks[task] for task in _standing(life)]
            assert not [t for t in left if t.stage in gone and t.kind in MANDATORY]


def repair_at_once(life: Life, draw: Draw) -> None:
    """A repair is proposed, and answered before anything else happens."""
    propose_repair(life, draw)
    confirm_repair(life, draw)


OF_REPAIRS = {
    *("repair_done", "repair_ended", "letter_sent_again", "stage_entered"),
    *("task_opened", "task_cancelled", "hold_ended", "parties_screened", "screening_not_possible"),
    *("proposal_withdrawn", "proposal_closed", "money_released"),
}
"""What a repair may lead to: no decision, approval, agreement, signature or commitment."""
MANDATORY = {
    kind for kind in TaskKind if kind.is_finding or kind.value.startswith(("desk", "funding"))
} | {TaskKind.ELIGIBILITY}


def _standing(life: Life) -> set[str]:
    """The answers that count, those on repairs left out."""
    tasks = life.case.tasks.values()
    return {t.id for t in tasks if t.decided_by and t.stands and not t.is_repair}


def list_comes(life: Life, draw: Draw) -> None:
    """A list is imported, with a new hit or with nothing that concerns this proposal."""
    party = ("one", "two")[draw(2)]
    life.import_list(**({} if draw(2) else {party: (f"hit-{life.requests}",)}))


def newer_terms(life: Life, draw: Draw) -> None:
    """Newer terms of the program: other days, another sample, another level, other questions."""
    rules = life.case.rules
    version = rules.version + timedelta(days=1)
    findings = [kind for kind in TaskKind if kind.is_finding]
    move = TermsMove(
        rules=rules.model_copy(
            update={
                "version": version,
                # Where two answer there is, of the demonstration's two, nobody left to confirm.
                "low_sample_percent": 0 if rules.quorum else (0, 50, 100)[draw(3)],
                "task_days": {kind: 5 + draw(20) for kind in TaskKind},
                "residual_levels": {RISK_LEVELS[draw(3)]: list(Level)[draw(len(Level))]},
                "findings": tuple(
                    rule.model_copy(update={"when": rule.when if draw(6) else None})
                    for rule in rules.findings
                ),
            }
        ),
        policy_version=f"{rules.programme}/{version}",
        checks={},
        voids=tuple(kind for kind in (TaskKind.ELIGIBILITY, *findings) if not draw(4)),
        seen=life.case.emitted - (0 if draw(5) else 1),
        actor=Actor(id="programme-officer-1"),
        request_id=life.a_request(),
        texts={},
    )
    before, told = life.case.digest(), what_if(life.case, move)
    assert life.case.digest() == before
    why = refused(lambda: life.take_terms(move))
    if why is not None:
        assert why == told.refused or (why == "preview_stale" and move.seen < told.seen)


def money_comes(life: Life, draw: Draw) -> None:
    life.free((0, 1_000_000_00, 3_400_000_00)[draw(3)])
