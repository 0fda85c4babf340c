"""Whole lives, drawn at random, against a plain model of what must always hold.

The model knows product.md and not the code: it keeps its own notes of who did what, reads what
the events amount to in the read model, and looks at the case's own state only to compare.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from schemas.events import Recorded
from schemas.messages import NoticeKind
from schemas.people import Candidate, Role
from schemas.tasks import TaskKind
from store.projection import fold
from tests.policy.proposals import a_proposal
from tests.workflows import moves
from tests.workflows.cases import AFRICA_AND_JORDAN, LISTS, STAFF, Life, Purse, agreed
from workflows import reconsidering

FINDINGS = ("norms", "human_rights", "gender", "merit")
TRIGGERED = {
    "equipment": "export_control",
    "works": "environment",
    "information": "information_sharing",
    "places": "territory",
    "measures": "country_measures",
}
DUTY_OF = {
    "eligibility.confirm": "eligibility",
    "screening.adjudicate": "compliance",
    "desk.consult": "desk",
    "desk.sign_off": "desk",
    "arbitrate": "arbitration",
    "funding.recommend": "recommendation",
    "funding.approve": "approval",
    "reconsider": "reconsideration",
    **{f"compliance.{code}": "compliance" for code in (*FINDINGS, *TRIGGERED.values())},
}
CLOSING = {
    "found_ineligible": "ineligible",
    "proposal_declined": "declined",
    "proposal_unfunded": "unfunded",
    "proposal_withdrawn": "withdrawn",
    "proposal_lapsed": "lapsed",
}
THIRD = {"norms-3": Candidate(role=Role.REVIEWER, scope="norms")}
"""Where two are asked for a finding, a third confirms it."""
QUORUM = {TaskKind.NORMS: 2, TaskKind.ELIGIBILITY: 2, TaskKind.APPROVE: 2}
ENOUGH = 100_000_000_00


class Model:
    """What product.md says of any life, told by its events alone."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.kinds: dict[str, dict[str, Any]] = {}
        self.duties: defaultdict[str, set[str]] = defaultdict(set)
        self.makers: dict[str, str] = {}
        self.arbitrators: set[str] = set()
        self.holds: set[str] = set()
        self.returned = False
        self.triggers: set[str] = set()
        self.repair: str | None = None
        self.stage = "eligibility"
        self.ended: list[str] = []
        self.reconsidered = False
        self.money = life.purse.cents + sum(life.purse.held.values())
        for event in life.events:
            self.follow(event)
        life.watchers.append(self.follow)

    def follow(self, event: Recorded) -> None:
        """Note what happened, and check that it may have happened then."""
        note = getattr(self, f"_{event.type.value}", None)
        if note is not None:
            note(event)
        if event.type in CLOSING:
            self.ended.append(CLOSING[event.type])

    def _proposal_submitted(self, event: Recorded) -> None:
        self.triggers |= set(event.data["triggers"])

    def _proposal_resubmitted(self, event: Recorded) -> None:
        assert self.returned
        self.triggers |= set(event.data["triggers"])
        self.returned = False

    def _returned_to_partner(self, _event: Recorded) -> None:
        assert not self.returned
        self.returned = True

    def _proposal_declined(self, _event: Recorded) -> None:
        # So what is taken back, or reconsidered, was never with the partner.
        assert not self.returned, "decided while the partner was changing it"

    _found_ineligible = _proposal_unfunded = _proposal_declined

    def _hold_set(self, event: Recorded) -> None:
        self.holds.add(_hold(event))

    def _hold_ended(self, event: Recorded) -> None:
        self.holds.remove(_hold(event))

    def _proposal_closed(self, _event: Recorded) -> None:
        self.holds = {hold for hold in self.holds if "-T" in hold}

    def _question_asked(self, event: Recorded) -> None:
        assert not self.returned, "asked while its sections are asked for"
        assert not any("-T" in hold for hold in self.holds), "asked while sealed"
        kind = self.kinds[event.data["task"]]["kind"] if event.data["task"] else ""
        assert kind != "screening.adjudicate", "a question told of a hit"
        self.holds.add(event.data["question"])

    def _question_answered(self, event: Recorded) -> None:
        self.holds.remove(event.data["question"])

    _question_withdrawn = _question_expired = _question_answered

    def _question_reminded(self, event: Recorded) -> None:
        assert event.data["question"] in self.holds, "reminded of what is over"

    def _reconsideration_asked(self, _event: Recorded) -> None:
        assert self.ended, "nothing was decided"
        assert self.ended[-1] in ("ineligible", "declined", "unfunded")
        assert not self.reconsidered, "one decision was reconsidered twice"
        self.reconsidered = True

    def _proposal_reopened(self, _event: Recorded) -> None:
        assert self.reconsidered
        assert not self.life.purse.held
        self.ended, self.reconsidered = [], False

    def _decision_taken_back(self, event: Recorded) -> None:
        """Nothing was told, nobody else took it back, and it is asked as before."""
        if event.data["outcome"] != "approved":
            assert self.ended == [event.data["outcome"]]
        assert event.actor.id in {self.makers[task] for task in event.data["tasks"]}
        letters = self.life.view.letters.values()
        assert all(letter.told_at <= event.occurred_at for letter in letters), "one is untold"
        assert not self.reconsidered
        self.ended = []

    def _task_reminded(self, event: Recorded) -> None:
        self._not_while_it_stands_still(event)

    def _task_overdue(self, event: Recorded) -> None:
        self._not_while_it_stands_still(event)

    def _task_escalated(self, event: Recorded) -> None:
        self._not_while_it_stands_still(event)

    def _not_while_it_stands_still(self, event: Recorded) -> None:
        detail = self.kinds[event.data["task"]]["detail"]
        runs_on = bool(detail.get("seal") or detail.get("repair"))
        assert runs_on or not (self.holds or self.returned), "the clock of a hold ran"

    def _standard_missed(self, _event: Recorded) -> None:
        assert not self._stopped, "a standard was missed while its clock stood still"

    def _proposal_unfunded(self, _event: Recorded) -> None:
        assert not self._stopped, "a wait for money ended while it stood still"

    def _proposal_lapsed(self, _event: Recorded) -> None:
        assert not any("-H" in hold for hold in self.holds), "a proposal on hold lapsed"

    @property
    def _stopped(self) -> bool:
        """A seal alone lets the clock to a decision run."""
        return self.returned or any("-T" not in hold for hold in self.holds)

    def _task_opened(self, event: Recorded) -> None:
        data = event.data
        seat = data["detail"].get("seat")
        question = (data["kind"], data["subject"], data["confirms"], data["arbitrates"], seat)
        twice = [
            t for t in self.kinds.values() if t["question"] == question and t["state"] == "open"
        ]
        assert not twice, f"{question} is asked twice"
        self.kinds[data["task"]] = {**data, "question": question, "state": "open"}

    def _task_cancelled(self, event: Recorded) -> None:
        self.kinds[event.data["task"]]["state"] = "cancelled"

    def _task_decided(self, event: Recorded) -> None:
        task, person = self.kinds[event.data["task"]], event.actor.id
        assert task["state"] == "open", "decided twice"
        task |= {"state": "done", "outcome": event.data["outcome"], "facts": event.data["facts"]}
        sealing = bool(task["detail"].get("seal"))
        repairs = bool(task["detail"].get("repair"))
        assert sealing or repairs or not (self.holds or self.returned), "decided while on hold"
        kind = task["kind"]
        if task["detail"].get("repair"):
            assert person != task["detail"]["proposed_by"], "confirms what it proposed"
            self.makers[event.data["task"]] = person
            return
        if kind == "confirm":
            target = self.kinds[task["confirms"]]
            assert self.makers[task["confirms"]] != person, "confirms what it decided"
            kind = target["kind"]
        duty = DUTY_OF.get(kind)
        if duty is not None:
            self.duties[person].add(duty)
            assert len(self.duties[person]) == 1, f"two duties of {person}"
        if duty == "arbitration":
            self.arbitrators.add(person)
            assert len(self.arbitrators) == 1, "two arbitrate"
        if kind == "eligibility.confirm":
            self.triggers |= set(event.data["facts"].get("triggers", ()))
        self.makers[event.data["task"]] = person

    def _repair_proposed(self, event: Recorded) -> None:
        assert self.repair is None, "two repairs at a time"
        assert event.actor.role == "administrator:all"
        self.repair = event.data["repair"]

    def _repair_ended(self, event: Recorded) -> None:
        assert self.repair == event.data["repair"]
        self.repair = None

    def _repair_done(self, event: Recorded) -> None:
        """It answers nothing: what stood before and is not asked anew stands, and no more."""
        assert self.repair == event.data["repair"]
        assert event.actor.id != event.data["proposed_by"]
        self.repair = None
        if event.data["kind"] == "rewind":
            assert (self.holds, self.returned, self.ended) == (set(), False, [])
            order = [stage.value for stage in self.life.case.rules.stages]
            assert order.index(event.data["stage"]) <= order.index(self.stage), "forward"

    def _stage_entered(self, event: Recorded) -> None:
        self.stage = event.data["stage"]

    def _proposal_approved(self, event: Recorded) -> None:
        """Nothing is approved of which anything is missing."""
        view = self.life.view
        answered = {t.id: t for t in view.tasks.values() if t.stands and t.state == "done"}
        assert not self.returned

        def settled(task_id: str, kinds: dict[str, str]) -> bool:
            return any(
                other.outcome == kinds.get(other.kind)
                and task_id in (other.confirms, other.arbitrates, other.detail.get("about"))
                for other in answered.values()
            )

        needed = [*FINDINGS, *(f for t, f in TRIGGERED.items() if t in self.triggers)]
        for code in needed:
            found = self._answers(answered, f"compliance.{code}")
            assert found, f"{code} does not stand"
            disputed = len({(t.outcome, (t.facts or {}).get("residual")) for t in found}) > 1
            if disputed and "barred" not in {t.outcome for t in found}:
                assert any(settled(t.id, {"arbitrate": "proceed"}) for t in found)
                continue
            found.sort(key=lambda t: bool((t.facts or {}).get("joined")))
            facts, outcome = found[0].facts or {}, found[0].outcome
            rated = {facts.get("inherent", "low"), facts.get("residual", "low")}
            if outcome == "recommend_refusal":
                assert settled(found[0].id, {"arbitrate": "proceed"})
            if outcome == "barred":
                assert settled(found[0].id, {"legal.disposition": "authorized"})
            if outcome != "recommend_refusal" and rated & {"medium", "high"}:
                assert settled(found[0].id, {"confirm": "agree", "arbitrate": "proceed"})
            assert outcome != "return"
        desks = {d["desk"] for d in view.row.state["desks"]}
        lead = view.row.state["lead"]
        for desk in desks:
            kind = "desk.sign_off" if desk == lead else "desk.consult"
            found = [t for t in answered.values() if (t.kind, t.subject) == (kind, desk)]
            assert len(found) == 1, f"{desk} has not answered"
            if found[0].outcome == "object":
                assert settled(found[0].id, {"arbitrate": "proceed"})
        for hit in (t for t in answered.values() if t.kind == "screening.adjudicate"):
            if hit.outcome != "no_match":
                assert any(
                    t.detail.get("about") == hit.id
                    and t.outcome in ("not_applicable", "authorized")
                    for t in answered.values()
                )
        reservation = event.data["reservation"]
        assert self.life.purse.held[reservation] == view.row.state["amount_cents"]
        approver = event.actor.id
        assert approver not in self.arbitrators

    def _answers(self, answered: dict[str, Any], kind: str) -> list[Any]:
        """The answers that stand: as many as the terms ask for, each of another person."""
        found = [t for t in answered.values() if t.kind == kind]
        people = self.life.case.rules.quorum.get(TaskKind(kind), 1)
        alone = any(t.outcome == "barred" for t in found)
        assert alone or len(found) in (0, people), f"{len(found)} of {people} answered {kind}"
        assert len({t.decided_by for t in found}) == len(found), "one person answered twice"
        return found

    def check(self) -> None:
        life, view, purse = self.life, self.life.view, self.life.purse
        assert self.money + life.freed == (
            purse.cents + sum(purse.held.values()) + sum(purse.committed.values())
        )
        assert len(purse.held) + len(purse.queue) + len(purse.committed) <= 1
        assert len(self.ended) <= 1
        still_open = [t for t in view.tasks.values() if t.state == "open"]
        under_way = [r["id"] for r in view.row.state.get("repairs", ()) if r["state"] == "proposed"]
        assert under_way == ([self.repair] if self.repair else [])
        asked = [t.detail["repair"] for t in still_open if t.detail.get("repair")]
        assert asked == under_way, "what is asked is what is under way"
        if view.row.stage == "closed":
            assert self.ended == [view.row.outcome]
            anew = {t.id for t in still_open if t.kind.startswith("reconsider")}
            recorded = {t.id for t in view.tasks.values() if t.kind == "reconsider.record_decision"}
            for task in still_open:
                assert task.detail.get("seal") or task.id in anew or task.confirms in recorded
            assert self.reconsidered or not anew
            assert not purse.held
            assert not purse.queue
        if view.row.stage == "active":
            assert (view.row.outcome, still_open) == ("approved", [])
            assert list(purse.committed.values()) == [view.row.state["amount_cents"]]
        for task in life.case.tasks.values():
            if task.is_open:
                assert life.takers(task), f"nobody may take {task.id} {task.kind}"


def _hold(event: Recorded) -> str:
    return str(event.data.get("hold") or event.data["seal"])


def an_end_is_reachable(life: Life) -> None:
    """Whatever happened: when the world is willing, everybody's good will ends it."""
    if not life.lists:
        life.import_list()
    for seal in sorted(s for s in life.case.seals if s.startswith("other-")):
        life.notify(NoticeKind.UNSEAL, seal=seal)
    if any(hold.kind == "hold" for hold in life.case.holds.values()):
        life.staff_act("resume")
    for question in [q.id for q in life.case.questions.values() if q.is_open]:
        life.act("answer", question=question)
    while anew := [t for t in life.case.open_tasks() if t.kind in reconsidering.KINDS]:
        if anew[0].kind is TaskKind.RECONSIDER:
            life.decide_task(anew[0], "uphold")
        else:
            life.decide_task(anew[0], "upheld")
            life.decide("confirm", "agree", subject=anew[0].id)
    life.free(ENOUGH)
    life.advance(lambda life: not life.case.is_under_way or life.case.closed_at is not None)
    for task in [t for t in life.case.tasks.values() if t.is_open]:
        life.decide_task(task)
    assert life.open == []


class Lives(RuleBasedStateMachine):
    life: Life
    model: Model

    @initialize(
        desks=st.booleans(),
        listed=st.booleans(),
        hits=st.sampled_from(({}, {"one": ("hit-a",)}, {"one": ("hit-a",), "two": ("hit-b",)})),
        owner=st.booleans(),
        poor=st.booleans(),
        quorum=st.sampled_from(({}, {}, QUORUM)),
        window=st.sampled_from((0, 24 * 60)),
    )
    def submitted(self, desks, listed, hits, owner, poor, quorum, window):
        self.life = Life(
            a_proposal(**(AFRICA_AND_JORDAN if desks else {})),
            lists=LISTS if listed else (),
            hits=hits,
            owners=frozenset({"one"} if owner else ()),
            purse=Purse(cents=1_000_000_00) if poor else None,
            quorum=quorum,
            staff=STAFF | THIRD,
            undo_minutes=window,
            **({"low_sample_percent": 0} if quorum else {}),
        )
        self.model = Model(self.life)

    def _move(self, move, data) -> None:
        move(self.life, lambda below: data.draw(st.integers(0, below - 1)))

    @rule(data=st.data())
    def newer_terms(self, data: st.DataObject) -> None:
        self._move(moves.newer_terms, data)

    @rule(data=st.data())
    def somebody_decides(self, data):
        self._move(moves.decide, data)

    @rule(data=st.data())
    def another_decides(self, data):
        self._move(moves.decide, data)

    @rule(data=st.data())
    def anybody_tries_anything(self, data):
        self._move(moves.try_anything, data)

    @rule(data=st.data())
    def it_goes_on(self, data):
        self._move(moves.go_on, data)

    @rule(data=st.data())
    def the_partner_acts(self, data):
        self._move(moves.partner_acts, data)

    @rule(data=st.data())
    def the_partner_asks_to_reconsider(self, data):
        self._move(moves.partner_asks_again, data)

    @rule(data=st.data())
    def who_decided_takes_it_back(self, data):
        self._move(moves.take_back, data)

    @rule(data=st.data())
    def the_partner_answers_a_return(self, data):
        self._move(moves.resubmit, data)

    @rule(data=st.data())
    def time_passes(self, data):
        self._move(moves.time_passes, data)

    @rule(data=st.data())
    def a_seal_is_set_or_ended_elsewhere(self, data):
        self._move(moves.seal_elsewhere, data)

    @rule(data=st.data())
    def a_record_that_findings_rely_on_no_longer_holds(self, data):
        self._move(moves.record_no_longer_holds, data)

    @rule(data=st.data())
    def an_officer_holds_or_resumes(self, data):
        self._move(moves.officer_holds, data)

    @rule(data=st.data())
    def somebody_asks_the_partner(self, data):
        self._move(moves.somebody_asks, data)

    @rule(data=st.data())
    def a_repair_is_proposed(self, data):
        self._move(moves.propose_repair, data)

    @rule(data=st.data())
    def a_repair_is_answered(self, data):
        self._move(moves.confirm_repair, data)

    @rule(data=st.data())
    def a_repair_goes_through(self, data):
        self._move(moves.repair_at_once, data)

    @rule(data=st.data())
    def a_list_is_imported(self, data):
        self._move(moves.list_comes, data)

    @rule(data=st.data())
    def money_comes_free(self, data):
        self._move(moves.money_comes, data)

    @invariant()
    def the_model_holds(self):
        if hasattr(self, "life"):
            self.model.check()
            agreed(self.life)

    def teardown(self):
        if hasattr(self, "life"):
            an_end_is_reachable(self.life)
            self.the_model_holds()
            assert fold(self.life.events).row == self.life.view.row


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=150,
    stateful_step_count=30,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),  # a failing life is short enough to read, and slow to shrink
)
