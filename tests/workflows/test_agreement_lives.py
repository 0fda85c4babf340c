"""Whole lives of agreements, drawn at random, against a plain model of what must always hold.

Each is carried to new executions at random moments and must say what it would have said in one
(`tests.workflows.running`). The model knows product.md and not the code.
"""

from collections import defaultdict
from contextlib import suppress

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from policy.rules import clocks
from schemas.errors import Refused
from schemas.events import AGREEMENT
from schemas.messages import (
    AgreementAct,
    Decision,
    Facts,
    Notice,
    NoticeKind,
    PartnerAct,
    PartyHits,
    ScreeningResult,
    StaffAct,
)
from schemas.people import Actor
from schemas.tasks import RISK_LEVELS, TaskKind
from store.projection import fold
from tests.workflows.cases import PARTNER, TEXT
from tests.workflows.running import STAFF, Running, agreed

SIGNATORY = Actor(id="demo-signatory-1", organization=PARTNER)
GIVES = ("give_evidence", "judge_condition")
SETTLED = ("met", "waived")
ADVANCING = Facts(inherent=RISK_LEVELS[0], residual=RISK_LEVELS[0])


class Model:
    """What product.md says of any agreement, told by its events alone."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.seen = 0
        self.kinds: dict[str, dict] = {}
        self.holds: set[str] = set()
        self.accepted: set[str] = set()
        self.lapsed: set[str] = set()
        self.open_conditions = set(running.view.row.state["obligations"])
        self.certifiers: defaultdict[str, set[str]] = defaultdict(set)
        self.tranches = {t.id: t for t in running.life.tranches.values()}
        self.follow()

    def follow(self) -> None:
        for event in self.running.events[self.seen :]:
            note = getattr(self, f"_{event.type.value}", None)
            if event.source == AGREEMENT and note is not None:
                note(event.data, event)
        self.seen = len(self.running.events)

    def _task_opened(self, data, _event):
        asked = (data["kind"], data["subject"], data["confirms"])
        twice = [t for t in self.kinds.values() if t["asked"] == asked and t["open"]]
        assert not twice, f"{asked} is asked twice"
        self.kinds[data["task"]] = {**data, "asked": asked, "open": True}

    def _task_cancelled(self, data, _event):
        self.kinds[data["task"]]["open"] = False

    def _task_decided(self, data, event):
        task, person = self.kinds[data["task"]], event.actor.id
        assert task["open"], "decided twice"
        task["open"] = False
        assert task["detail"].get("seal") or not self.holds, "decided while it is paused"
        if data["outcome"] in ("certify", "requisition"):
            self._may_be_paid(task, event)
        if data["outcome"] == "certify":
            self.certifiers[task["subject"]].add(person)
        if data["outcome"] == "requisition":
            assert person not in self.certifiers[task["subject"]], "one person pays alone"

    def _may_be_paid(self, task, event):
        tranche = self.tranches[task["detail"]["tranche"]]
        assert clocks.toronto_day(event.occurred_at) >= tranche.from_day
        assert set(tranche.reports) <= self.accepted, "a report that it waits for is not accepted"
        assert not self.lapsed, "an assessment that it rests on has lapsed"
        assert not self.open_conditions, "a condition that holds payments up is open"

    def _hold_set(self, data, _event):
        self.holds.add(data.get("hold") or data["seal"])

    def _hold_ended(self, data, _event):
        self.holds.remove(data.get("hold") or data["seal"])

    def _report_judged(self, data, _event):
        if data["state"] == "accepted":
            self.accepted.add(data["report"])

    def _condition_judged(self, data, _event):
        if data["state"] in SETTLED:
            self.open_conditions.discard(data["condition"])

    def _assessment_lapsed(self, data, _event):
        self.lapsed.add(data["record"])

    def _assessment_renewed(self, data, _event):
        self.lapsed -= set(data["records"])
        self.open_conditions |= {each["id"] for each in data["conditions"]}

    def check(self) -> None:
        life, ledger = self.running.life, self.running.ledger
        claimed: defaultdict[str, int] = defaultdict(int)
        for payment in life.payments.values():
            assert 0 <= payment.certified <= payment.cents
            if payment.state.counts:
                claimed[payment.tranche] += payment.cents
        for tranche in self.tranches.values():
            assert claimed[tranche.id] <= tranche.cents, "more is claimed than there is"
        schedule = self.running.view.row.state["running"]["tranches"]
        promised: defaultdict[str, int] = defaultdict(int)
        for each in schedule:
            promised[each["fund"]] += each["cents"]
        assert {fund: sum(of.values()) for fund, of in ledger.held.items()} == promised
        assert all(cents >= 0 for of in ledger.held.values() for cents in of.values())
        for fund, of in ledger.held.items():
            mine = [p for p in life.payments.values() if self.tranches[p.tranche].fund == fund]
            assert of["paid"] == sum(p.certified for p in mine if p.state == "paid")
            assert of["certified"] == sum(
                p.certified for p in mine if p.state in ("certified", "requisitioned")
            )


class AgreementLives(RuleBasedStateMachine):
    running: Running
    model: Model

    @initialize(
        instrument=st.sampled_from(("grant", "contribution", "memorandum")),
        days=st.sampled_from((0, 200, 560, 920)),
    )
    def signed(self, instrument, days):
        self.running = Running(instrument)
        self.model = Model(self.running)
        self.running.pass_days(days)

    # ---- what the partner does

    @rule(data=st.data())
    def a_report_is_handed_in(self, data):
        report = data.draw(st.sampled_from((*self.running.life.reports, "R99")))
        self._act("report", SIGNATORY, report, costs={"training": 1_00})

    @rule(data=st.data())
    def a_payment_is_claimed(self, data):
        tranches = list(self.running.life.tranches.values())
        tranche = data.draw(st.sampled_from((*tranches[:2] * 3, *tranches)))
        cents = data.draw(
            st.sampled_from((0, 1, tranche.cents // 3, tranche.cents, tranche.cents + 1))
        )
        self._act("claim", SIGNATORY, tranche.id, costs={"training": cents})

    @rule(data=st.data())
    def the_partner_gives_evidence(self, data):
        self._give(self._condition(data))

    # ---- what staff do

    @rule(data=st.data(), act=st.sampled_from(GIVES))
    def staff_ask_for_a_judgement_or_give_evidence(self, data, act):
        asked = StaffAct(
            act=act, actor=Actor(id="programme-officer-1"), request_id=self.running.a_request(),
            condition=self._condition(data), texts={"reason": TEXT, "words": TEXT},
        )  # fmt: skip
        with suppress(Refused):
            self.running.ask(asked)

    @rule(data=st.data())
    def somebody_decides(self, data):
        self._decide(data, forward=True)

    @rule(data=st.data())
    def another_decides(self, data):
        self._decide(data, forward=True)

    @rule()
    def everybody_does_their_part(self):
        """What holds payments up ends, as far as people's good will goes."""
        life = self.running.life
        for incident in ("incident-1", "incident-2"):
            self._notify(NoticeKind.RESUME, incident=incident)
        self._notify(NoticeKind.UNSEAL, seal="other-1")
        for report in list(life.reports.values()):
            if report.due_at <= self.running.now:
                self._act("report", SIGNATORY, report.id)
        for condition in list(life.obligations):
            self._give(condition)
        for _ in range(3):
            for task in life.open_tasks():
                if task.kind not in (TaskKind.CERTIFY, TaskKind.REQUISITION):
                    for person in self._people(task, forward=True):
                        self._said_of(task, self._first_of(task), person, ADVANCING)

    @rule(
        data=st.data(),
        steps=st.integers(1, 4),
        parts=st.sampled_from((1, 3)),
        ordered=st.sampled_from(("requisition", "requisition", "give_back")),
    )
    def a_payment_goes_some_way(self, data, steps, parts, ordered):
        self.everybody_does_their_part()
        life, today = self.running.life, clocks.toronto_day(self.running.now)
        ready = [t for t in life.tranches.values() if t.from_day <= today]
        if ready:
            tranche = data.draw(st.sampled_from(ready))
            self._act("claim", SIGNATORY, tranche.id, costs={"training": tranche.cents // parts})
        for kind in (TaskKind.CERTIFY, TaskKind.REQUISITION)[: steps - 1]:
            for task in [t for t in life.open_tasks() if t.kind is kind]:
                facts = Facts(certified_cents=task.detail["claimed_cents"])
                outcome = ordered if kind is TaskKind.REQUISITION else "certify"
                for person in self._people(task, forward=True):
                    self._said_of(task, outcome, person, facts)
        for payment in list(life.payments.values()) if steps > 3 else ():
            self._act("paid", SIGNATORY, payment.id, cents=payment.certified, number="1900000001")

    @rule(data=st.data())
    def anybody_decides_anything(self, data):
        self._decide(data, forward=False)

    @rule(data=st.data(), more=st.sampled_from((0, 0, 0, 1)))
    def a_payment_is_advised(self, data, more):
        payments = list(self.running.life.payments.values())
        if payments:
            one = data.draw(st.sampled_from(payments))
            officer = Actor(id="finance-officer-1")
            self._act("paid", officer, one.id, cents=one.certified + more, number="1900000001")

    # ---- what the store and time tell

    @rule(data=st.data(), record=st.sampled_from(("baseline", "vetting")))
    def a_record_no_longer_holds(self, data, record):
        acts = [act for act in self.running.life.acts if act.kind.is_finding]
        found = data.draw(st.sampled_from(acts))
        self._notify(NoticeKind.RECORD, record=record, why="expired", tasks=[found.task])

    @rule(
        kind=st.sampled_from((NoticeKind.SUSPEND, NoticeKind.RESUME, NoticeKind.RESUME)),
        incident=st.sampled_from(("incident-1", "incident-2")),
    )
    def an_incident_suspends_or_is_over(self, kind, incident):
        self._notify(kind, incident=incident)

    @rule(kind=st.sampled_from((NoticeKind.SEAL, NoticeKind.UNSEAL, NoticeKind.UNSEAL)))
    def another_of_the_partners_is_sealed_or_cleared(self, kind):
        self._notify(kind, seal="other-1")

    @rule(hit=st.sampled_from(("a", "b", "")))
    def a_list_changes(self, hit):
        self._notify(NoticeKind.RESCREEN)
        parties = (PartyHits(party="one", owner=False, hits=(hit,)),) if hit else ()
        self.running.screened(ScreeningResult(lists=("list-1",), parties=parties))

    @rule(days=st.sampled_from((0, 1, 5, 30, 91, 365)))
    def time_passes(self, days):
        self.running.pass_days(days)

    @rule()
    def its_execution_is_continued_as_new(self):
        self.running.carry()

    # ---- what always holds

    @invariant()
    def the_model_holds(self):
        if hasattr(self, "running"):
            self.model.follow()
            self.model.check()
            agreed(self.running)
            due = self.running.life.next_deadline()
            assert due is None or due > self.running.now or self.running.life.now < due

    def teardown(self):
        if hasattr(self, "running"):
            self.running.carry()
            self.the_model_holds()
            assert fold(self.running.events).row == self.running.view.row

    # ---- how it is said

    def _condition(self, data):
        return data.draw(st.sampled_from((*self.running.life.obligations, "unknown")))

    def _give(self, condition):
        act = PartnerAct(
            act="give_evidence", actor=SIGNATORY, request_id=self.running.a_request(),
            condition=condition, texts={"words": TEXT},
        )  # fmt: skip
        with suppress(Refused):
            self.running.give(act)

    def _act(self, act, actor, subject, **facts):
        said = AgreementAct(
            act=act, actor=actor, request_id=self.running.a_request(), subject=subject, **facts
        )
        with suppress(Refused):
            self.running.act(said)
            assert not self.running.life.is_new(said.request_id)

    def _notify(self, kind, **data):
        self.running.notify(Notice(id=self.running.a_request(), kind=kind, data=data))

    def _decide(self, data, *, forward):
        running = self.running
        tasks = running.life.open_tasks() if forward else list(running.twin.tasks.values())
        if not tasks:
            return
        task = data.draw(st.sampled_from(tasks))
        choices = [choice.code for choice in running.twin.offered(running.twin.tasks[task.id])]
        outcome = choices[0] if forward else data.draw(st.sampled_from(choices))
        person = data.draw(st.sampled_from(self._people(task, forward=forward)))
        self._said_of(task, outcome, person, self._facts(data, task, forward=forward))

    def _first_of(self, task):
        return self.running.life.offered(task)[0].code

    def _said_of(self, task, outcome, person, facts):
        decision = Decision(
            task=task.id, outcome=outcome, actor=Actor(id=person), facts=facts,
            request_id=self.running.a_request(), texts={"reason": TEXT},
        )  # fmt: skip
        with suppress(Refused):
            self.running.decide(decision)

    def _people(self, task, *, forward):
        """Who holds a grant for *task*; now and then somebody who does not."""
        return [
            person
            for person, grant in STAFF.items()
            if not forward
            or any(
                grant.role == c.role and grant.scope in (c.scope, "all") for c in task.candidates
            )
        ]

    def _facts(self, data, task, *, forward):
        match task.kind:
            case TaskKind.CERTIFY:
                claimed = task.detail["claimed_cents"]
                wrong = () if forward else (0, claimed + 1)
                cents = data.draw(st.sampled_from((claimed, max(claimed // 2, 1), *wrong)))
                return Facts(certified_cents=cents)
            case TaskKind.ADJUDICATE:
                return Facts(confirm_needed=data.draw(st.booleans()))
            case kind if kind.is_finding:
                inherent = data.draw(st.sampled_from(RISK_LEVELS))
                return Facts(inherent=inherent, residual=RISK_LEVELS[0])
            case _:
                return Facts()


TestAgreementLives = AgreementLives.TestCase
TestAgreementLives.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),  # a failing life is short enough to read, and slow to shrink
)
