"""A proposal's life on the pure `Case`: no engine, and a store of a few lines that answers.

Terms are those of the real catalogue; people are the demonstration's, by the same names; every
event is folded into the read model as the store would fold it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from policy.catalogue import Catalogue
from policy.rules import delegation, desks, separation, triggers
from schemas.errors import Refused
from schemas.events import Event, EventType, Recorded, TextRef
from schemas.holds import HoldKind
from schemas.in_force import InForce
from schemas.messages import (
    Decision,
    Facts,
    MoneyAnswer,
    MoneyMove,
    MoneyRequest,
    Notice,
    NoticeKind,
    PartnerAct,
    PartyHits,
    ProposalStart,
    ScreeningResult,
    Slice,
    StaffAct,
    Submission,
    TermsMove,
)
from schemas.people import Actor, Candidate, Discipline, Level, Role
from schemas.proposal import Content, Section, Stage
from schemas.repairs import Repair, RepairKind, RepairPlan
from schemas.tasks import RISK_LEVELS, ConditionFact, Gate, TaskKind
from store.projection import project
from store.view import View
from tests.policy.proposals import a_proposal, the_catalogue
from workflows.case import Case
from workflows.tasks import Task, act_of

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
CALL_CLOSES = MONDAY + timedelta(days=21)
PARTNER = "demo-international-organization"
LISTS = ("demo_list-1",)
LOW, MEDIUM, HIGH = RISK_LEVELS
FUND = "CTCBP-contributions-2027-28"
TEXT = TextRef(id="text", digest="0" * 64)
_WORDS = {"answer": "answer", "ask": "question", "give_evidence": "words", "post_notice": "where"}
"""Under which name the words of an act stand."""
AFRICA_AND_JORDAN = {
    "countries": [
        {"code": "JO", "share": 60},
        {"code": "NE", "share": 25},
        {"code": "PH", "share": 15},
    ]
}
"""Three desks: the Middle East leads; Africa and Asia-Pacific are consulted."""


def _staff() -> dict[str, Candidate]:
    """The demonstration's staff (api.md, Demonstration), and a third reviewer of norms: some tests
    ask two for that finding, and another confirms what the sample draws."""
    people: dict[str, Candidate] = {}

    def numbered(title: str, role: Role, scope: str, how_many: int = 2) -> None:
        for number in range(1, how_many + 1):
            people[f"{title}-{number}"] = Candidate(role=role, scope=scope)

    numbered("programme-officer", Role.PROGRAMME_OFFICER, "all")
    for discipline in Discipline:
        how_many = 3 if discipline is Discipline.NORMS else 2
        numbered(discipline.value.replace("_", "-"), Role.REVIEWER, discipline, how_many)
    numbered("desk-officer", Role.DESK_OFFICER, "all")
    numbered("head-of-desk", Role.HEAD_OF_DESK, "all")
    numbered("finance-officer", Role.FINANCE_OFFICER, "all")
    numbered("signing-authority", Role.SIGNING_AUTHORITY, "all")
    numbered("director", Role.APPROVER, Level.DIRECTOR)
    numbered("director-general", Role.APPROVER, Level.DIRECTOR_GENERAL, 3)
    numbered("assistant-deputy-minister", Role.APPROVER, Level.ASSISTANT_DEPUTY_MINISTER)
    numbered("deputy-minister", Role.APPROVER, Level.DEPUTY_MINISTER)
    numbered("legal", Role.LEGAL, "all")
    return people


STAFF = _staff()


@dataclass(frozen=True)
class Standing:
    """Where a proposal stands, told by numbers and codes that are the same on the engine."""

    stage: str
    outcome: str | None
    emitted: int
    open_tasks: tuple[str, ...]


@dataclass
class Purse:
    """The money of one fund, and the order in which others wait for it."""

    cents: int = 20_000_000_00
    held: dict[str, int] = field(default_factory=dict)
    committed: dict[str, int] = field(default_factory=dict)
    queue: dict[str, int] = field(default_factory=dict)

    @property
    def standing(self) -> dict[str, int]:
        """What is taken or waits, by reservation."""
        return {**self.held, **self.queue, **self.committed}

    def apply(self, move: MoneyRequest) -> tuple[MoneyAnswer, EventType | None]:
        id_, wanted = move.reservation, sum(part.cents for part in move.slices)
        match move.move:
            case MoneyMove.RESERVE:
                assert id_ not in {*self.held, *self.queue, *self.committed}
                if self.cents >= wanted and not self.queue:
                    self.cents -= wanted
                    self.held[id_] = wanted
                    return MoneyAnswer.RESERVED, EventType.RESERVED
                self.queue[id_] = wanted
                return MoneyAnswer.QUEUED, EventType.QUEUED
            case MoneyMove.RELEASE:
                self.queue.pop(id_, None)
                self.cents += self.held.pop(id_, 0)
                return MoneyAnswer.DONE, None
            case MoneyMove.LAPSE:
                taken = self.held if id_ in self.held else self.queue
                taken[id_] -= wanted
                self.cents += wanted if id_ in self.held else 0
                return MoneyAnswer.DONE, None
            case MoneyMove.REDUCE:
                assert self.held[id_] > wanted  # once
                self.cents += self.held[id_] - wanted
                self.held[id_] = wanted
                return MoneyAnswer.DONE, None
            case MoneyMove.REPROFILE:
                self.cents += self.held[id_] - wanted
                self.held[id_] = wanted
                return MoneyAnswer.DONE, EventType.REPROFILED
            case MoneyMove.COMMIT:
                self.committed[id_] = self.held.pop(id_)
                return MoneyAnswer.DONE, EventType.COMMITTED
            case MoneyMove.UNCOMMIT:
                self.held[id_] = self.committed.pop(id_)
                return MoneyAnswer.DONE, EventType.RESERVED
            case MoneyMove.PASS_OVER:
                self.queue[id_] = self.held.pop(id_)
                self.cents += self.queue[id_]
                return MoneyAnswer.DONE, EventType.QUEUED

    def free(self, cents: int) -> str | None:
        """Money comes free; returns the reservation it is offered to."""
        self.cents += cents
        first = next(iter(self.queue), None)
        if first is None or self.cents < self.queue[first]:
            return None
        self.held[first] = self.queue.pop(first)
        self.cents -= self.held[first]
        return first


class Life:
    """One proposal and everybody who acts on it.

    `hits` maps a party to its unjudged hits, as the store would find them; `lists` empty means
    that nothing was imported.
    """

    def __init__(
        self,
        content: Content | None = None,
        *,
        catalogue: Catalogue | None = None,
        lists: tuple[str, ...] = LISTS,
        hits: dict[str, tuple[str, ...]] | None = None,
        owners: frozenset[str] = frozenset(),
        purse: Purse | None = None,
        screens: bool = True,
        staff: dict[str, Candidate] | None = None,
        number: int = 1,
        reference: str | None = None,
        seed: str | None = None,
        **rules: Any,
    ) -> None:
        self.catalogue = catalogue or the_catalogue()
        self.content = content or a_proposal()
        self.now = MONDAY
        self.lists, self.hits, self.owners = lists, dict(hits or {}), owners
        self.judged: set[str] = set()
        self.purse = purse or Purse()
        self.staff = staff or STAFF
        self.screens = screens
        """False: answers of screening are given by the test, with `screened`."""
        self.requests = 0
        self.taken: list[tuple[Any, Standing]] = []
        """Every act that was taken, and where it left the proposal."""
        self.freed = 0
        self.told: list[tuple[str, str, bool]] = []
        """Seals set and ended for everything alive of the partner."""
        terms = self.catalogue.terms_in_force(self.content.programme, self.now.date())
        self.terms = terms
        self.reference = reference or f"{self.content.programme}-2026-{number:06d}"
        self._sequence: dict[str, int] = {}
        created = Event(
            subject=self.reference, source="draft", source_seq=1, type=EventType.CREATED,
            occurred_at=self.now, actor=Actor(id="demo-signatory-1"),
            data={"organization": PARTNER, "programme": self.content.programme},
        )  # fmt: skip
        self.events: list[Recorded] = []
        self.view = View()
        """The read model, kept up with every event as the store keeps it."""
        self.watchers: list[Callable[[Recorded], None]] = []
        self._record(created)
        start = ProposalStart(
            submission=self.a_submission(self.content),
            rules=terms.rules.model_copy(update=rules),
            policy_version=terms.version,
            seed=seed,
            keeps_money_untold=True,
            renews_approvals=True,
            approves_in_part=True,
            ends_years=True,
        )
        self.case = Case(start, self.now)
        self.drain()

    # ---- what is said to the proposal

    def a_submission(
        self, content: Content, revision: int = 1, changed: tuple[Section, ...] = ()
    ) -> Submission:
        in_force = self.in_force()
        shares, lead = desks.desk_shares(content, in_force.desks, in_force.regions)
        assert content.amount is not None
        return Submission(
            reference=self.reference,
            revision=revision,
            submitted_at=self.now,
            actor=Actor(id="demo-signatory-1", organization=PARTNER),
            organization=PARTNER,
            request_id=self.a_request(),
            content=TEXT,
            sha256="0" * 64,
            amount_cents=content.amount.cents,
            triggers=triggers.declared(content, in_force.measures, in_force.regions),
            desks=shares,
            lead=lead,
            checks={},
            changed=changed,
            call=content.call if revision == 1 else None,
            read_from=CALL_CLOSES if content.call and revision == 1 else None,
        )

    def decide(
        self,
        kind: str,
        outcome: str | None = None,
        *,
        by: str | None = None,
        subject: str | None = None,
        sections: tuple[Section, ...] = (),
        on_behalf_of: str | None = None,
        **facts: Any,
    ) -> Task:
        """Decide the open task of *kind*, advancing, by the first who may, and record it."""
        return self.decide_task(
            self.task(kind, subject), outcome, by=by, sections=sections,
            on_behalf_of=on_behalf_of, **facts,
        )  # fmt: skip

    def decide_task(
        self,
        task: Task,
        outcome: str | None = None,
        *,
        by: str | None = None,
        sections: tuple[Section, ...] = (),
        on_behalf_of: str | None = None,
        **facts: Any,
    ) -> Task:
        outcome = outcome or self.case.offered(task)[0].code
        person = by or (self.takers(task) or ["nobody"])[0]
        decision = Decision(
            task=task.id,
            outcome=outcome,
            actor=Actor(id=person, on_behalf_of=on_behalf_of),
            request_id=self.a_request(),
            facts=Facts(**{**self.usual_facts(task, outcome), **facts}),
            sections=sections,
            texts={"reason": TEXT, "message_to_partner": TEXT},
        )
        self.case.check_decide(decision, self.now)
        self.case.decide(decision, self.now)
        self._judge(task)
        self.drain()
        self._remember(decision)
        return task

    def usual_facts(self, task: Task, outcome: str) -> dict[str, Any]:
        """What the first example of a form amounts to (api.md, Demonstration)."""
        match task.kind:
            case TaskKind.HUMAN_RIGHTS:
                condition = ConditionFact(id=f"{task.id[-3:]}-c1", gates=Gate.PAYMENT)
                return {"inherent": MEDIUM, "residual": LOW, "conditions": (condition,)}
            case TaskKind.GENDER:
                return {"gender_code": 2}
            case TaskKind.MERIT:
                return {"rating": "acceptable"}
            case kind if kind.is_finding:
                return {"inherent": LOW, "residual": LOW}
            case TaskKind.ADJUDICATE:
                return {"hits": dict.fromkeys(task.detail["hits"], outcome)}
            case TaskKind.ARBITRATE if outcome == "proceed":
                target = self.case.tasks[task.arbitrates or ""]
                if target.kind is TaskKind.RECOMMEND:
                    return {"picked": target.id}
                return {"level": LOW} if target.facts.residual is not None else {}
            case TaskKind.RECOMMEND if outcome == "recommend":
                return {
                    "instrument": "contribution",
                    "slices": (Slice(fund=FUND, cents=self.case.submission.amount_cents),),
                    "rung": self.rung(),
                }
            case TaskKind.APPROVE:
                return {"document": "0" * 64}
            case _:
                return {}

    def rung(self) -> Level:
        """The rung that the amount asks for under the delegation in force."""
        return delegation.rung_for_amount(
            self.case.submission.amount_cents, self.in_force().delegation
        )

    def act(self, act: Any, **facts: Any) -> None:
        message = PartnerAct(
            act=act,
            actor=Actor(id="demo-signatory-1", organization=PARTNER),
            request_id=self.a_request(),
            texts={_WORDS.get(act, "reason"): TEXT},
            **facts,
        )
        self.case.check_partner_act(message, self.now)
        self.case.take_partner_act(message, self.now)
        self.drain()
        self._remember(message)

    def staff_act(self, act: Any, *, by: str = "programme-officer-1", **facts: Any) -> None:
        """What staff do beside tasks: hold, resume, ask, withdraw what was asked."""
        message = StaffAct(
            act=act,
            actor=Actor(id=by),
            request_id=self.a_request(),
            texts={_WORDS.get(act, "reason"): TEXT},
            **facts,
        )
        self.case.check_staff_act(message, self.now)
        self.case.take_staff_act(message, self.now)
        self.drain()
        self._remember(message)

    def ask(self, *, by: str = "programme-officer-1", days: int = 10, **facts: Any) -> str:
        """Ask the partner something, due in so many business days; the question's id."""
        self.staff_act("ask", by=by, due_at=self.case.due(days, self.now), **facts)
        return list(self.case.questions)[-1]

    def repair(self, kind: str, *, by: str = "demo-administrator-1", **plan: Any) -> Task:
        """An administrator proposes a repair; returns the task that confirms it."""
        message = Repair(
            plan=RepairPlan(kind=RepairKind(kind), **plan),
            actor=Actor(id=by, role="administrator:all"),
            request_id=self.a_request(),
            texts={"reason": TEXT},
        )
        self.case.check_repair(message)
        self.case.propose_repair(message, self.now)
        confirm = next(reversed(self.case.tasks.values()))
        self.drain()
        self._remember(message)
        return confirm

    def resubmit(self, *changed: Section, **changes: Any) -> None:
        """Submit a new revision in which the sections *changed* differ."""
        self.content = Content.model_validate({**self.content.model_dump(mode="json"), **changes})
        submission = self.a_submission(self.content, self.case.submission.revision + 1, changed)
        self.case.check_resubmit(submission)
        self.case.resubmit(submission, self.now)
        self.drain()
        self._remember(self.content)

    def take_terms(self, move: TermsMove) -> None:
        """Move to newer terms, as whoever saw the preview asks for it."""
        self.case.check_move(move)
        self.case.move(move, self.now)
        self.drain()
        self._remember(move)

    def notify(self, kind: NoticeKind, **data: Any) -> None:
        notice = Notice(id=self.a_request(), kind=kind, data=data)
        self.case.take_notice(notice, self.now)
        self.drain()
        self._remember(notice)

    def import_list(self, **hits: tuple[str, ...]) -> None:
        """A list is imported; *hits* are what it adds, by party."""
        self.lists = (f"list-{self.requests}",)
        for party, found in hits.items():
            self.hits[party] = (*self.hits.get(party, ()), *found)
        self.notify(NoticeKind.RESCREEN)

    def free(self, cents: int) -> None:
        """Money comes free; who is first in the order is offered it."""
        self.freed += cents
        reservation = self.purse.free(cents)
        if reservation is None:
            return
        self._money_event(reservation, EventType.OFFERED)
        self.notify(NoticeKind.OFFER, reservation=reservation)

    def screened(self, request: int, *parties: PartyHits) -> None:
        """An answer of screening, whenever it comes."""
        self.case.take_screening(
            ScreeningResult(lists=self.lists, parties=parties), request, self.now
        )
        self.drain()

    def pass_days(self, days: int) -> None:
        """Let time pass; what falls due on the way happens on the way."""
        until = self.now + timedelta(days=days)
        while (due := self.case.next_deadline()) is not None and due <= until:
            self.now = max(due, self.now)
            self.case.take_time(self.now)
            if self.case.next_deadline() == due:
                break
            self.drain()
        self.now = until
        self.case.now = until
        self.drain()

    # ---- whole ways

    def advance(
        self, until: Callable[[Life], bool], *, without: tuple[str, ...] = (), most: int = 120
    ) -> Life:
        """Take every task (but those *without*) with its advancing example until *until* holds."""
        for _ in range(most):
            if until(self):
                return self
            assert self.step(without), f"nobody can act: {self}"
        raise AssertionError(f"no end: {self}")

    def to(self, stage: Stage | str) -> Life:
        return self.advance(lambda life: life.case.stage == stage)

    def to_task(self, kind: str, *, without: tuple[str, ...] = ()) -> Life:
        return self.advance(lambda life: kind in life.open, without=without)

    def step(self, without: tuple[str, ...] = ()) -> bool:
        """One thing that somebody can do now; False when the proposal waits on nobody."""
        if self.case.stage is Stage.RETURNED:
            self.resubmit()
            return True
        agreement = self.case.agreement
        if self.case.stage is Stage.AGREEMENT and agreement and not agreement.partner_signed:
            if agreement.told_at > self.now:
                self.pass_days(1)
                return True
            self.act("sign" if agreement.conditions_accepted else "accept_conditions")
            return True
        for task in self.case.tasks.values():
            if task.kind in without or not task.is_open:
                continue
            if self.takers(task) and self.may_advance(task):
                self.decide_task(task)
                return True
        return False

    def may_advance(self, task: Task) -> bool:
        try:
            self.case.check_decide(
                Decision(
                    task=task.id,
                    outcome=self.case.offered(task)[0].code,
                    actor=Actor(id=self.takers(task)[0]),
                    request_id="asked",
                ),
                self.now,
            )
        except Refused:
            return False
        return True

    # ---- what can be read

    @property
    def stage(self) -> Stage:
        return self.case.stage

    @property
    def outcome(self) -> str | None:
        return self.case.outcome

    @property
    def open(self) -> list[str]:
        """The kinds of the open tasks, in order."""
        return sorted(t.kind.value for t in self.case.tasks.values() if t.is_open)

    def task(self, kind: str, subject: str | None = None) -> Task:
        found = [
            t
            for t in self.case.tasks.values()
            if t.is_open and t.kind == kind and subject in (None, t.subject, t.confirms)
        ]
        assert found, f"no open {kind} among {self.open}"
        return found[0]

    def of_kind(self, kind: str) -> list[Task]:
        return [t for t in self.case.tasks.values() if t.kind == kind]

    def types(self) -> list[str]:
        return [event.type.value for event in self.events]

    def takers(self, task: Task) -> list[str]:
        """Who of the staff may take *task*: by grant, and by separation of duties."""
        return [person for person in self.candidates(task) if self.separated(task, person)]

    def candidates(self, task: Task) -> list[str]:
        """Who of the staff holds a grant for *task*."""
        return [
            person
            for person, grant in self.staff.items()
            if any(
                grant.role == c.role and grant.scope in (c.scope, "all") for c in task.candidates
            )
        ]

    def separated(self, task: Task, person: str) -> bool:
        tasks = self.case.tasks
        if any(t.decided_by and t.decided_by.id == person for t in self.case.seats(task)):
            return False
        confirmed, arbitrated = tasks.get(task.confirms or ""), tasks.get(task.arbitrates or "")
        return separation.may_decide(
            kind=task.kind,
            confirms=act_of(confirmed, tasks) if confirmed else None,
            confirms_kind=confirmed.kind if confirmed else None,
            arbitrates_kind=arbitrated.kind if arbitrated else None,
            person=person,
            organization=PARTNER,
            acts=[act_of(t, tasks) for t in tasks.values() if t.decided_by],
            submitted_by="demo-signatory-1",
        )

    def in_force(self) -> InForce:
        return self.catalogue.in_force(self.now.date())

    def a_request(self) -> str:
        self.requests += 1
        return f"request-{self.requests}"

    def __str__(self) -> str:
        case = self.case
        where = f"{case.stage} {case.outcome} open={self.open}"
        return f"{where} asks={case.asks} holds={sorted(case.holds)}"

    # ---- the engine and the store in a few lines

    def drain(self) -> None:
        """What `run` does between two waits, with a store that answers at once."""
        case = self.case
        while True:
            if case.is_under_way:
                self._ask()
            while case.outbox:
                entry = case.outbox.popleft()
                self._record(entry.event)
                if entry.money is not None:
                    answer, event_type = self.purse.apply(entry.money)
                    if event_type is not None:
                        self._money_event(entry.money.reservation, event_type)
                    case.take_money(entry.money.reservation, answer)
            if self.screens and case.screening.wanted > case.screening.answered:
                if case.closed_at is not None or not case.is_under_way:
                    return
                self._screen()
                continue
            if not case.is_under_way:
                return
            before = case.emitted
            self._ask()
            if not case.outbox and case.emitted == before:
                return

    def _remember(self, act: Any) -> None:
        case = self.case
        still_open = tuple(t.id[-3:] for t in case.tasks.values() if t.is_open)
        self.taken.append((act, Standing(case.stage, case.outcome, case.emitted, still_open)))

    def _ask(self) -> None:
        case = self.case
        asks = {
            Stage.ELIGIBILITY: case.ask_for_eligibility,
            Stage.COMPLIANCE: case.ask_for_findings,
            Stage.DESK: case.ask_the_desks,
            Stage.FUNDING: case.ask_for_money_and_decision,
            Stage.AGREEMENT: case.ask_for_signatures,
        }
        asks.get(case.enter_next_stage(), lambda: None)()
        case.ask_for_release()

    def _screen(self) -> None:
        found = []
        for party, hits in sorted(self.hits.items()):
            if unjudged := tuple(hit for hit in hits if hit not in self.judged):
                found.append(PartyHits(party=party, owner=party in self.owners, hits=unjudged))
        if not self.lists:
            found = []
        self.case.take_screening(
            ScreeningResult(lists=self.lists, parties=tuple(found)),
            self.case.screening.wanted,
            self.now,
        )

    def _judge(self, task: Task) -> None:
        """The store keeps judgements with the hits; a change asked of the partner clears them."""
        if task.kind is TaskKind.ADJUDICATE and not task.joined:
            self.judged |= set(task.detail["hits"])
        if task.kind is TaskKind.LEGAL and task.outcome == "change":
            about = self.case.tasks[str(task.detail["about"])]
            self.judged -= set(about.detail.get("hits", ()))

    def _record(self, event: Event) -> None:
        position = len(self.events) + 1
        expected = self._sequence.get(event.source, 0) + 1
        assert event.source_seq == expected, f"{event.source} skipped from {expected}"
        self._sequence[event.source] = expected
        recorded = Recorded(
            **dict(event.model_copy(update={"data": _as_json(event.data)})),
            id=f"event-{position}",
            position=position,
            recorded_at=self.now,
            previous_hash="",
            hash=f"hash-{position}",
        )
        self.events.append(recorded)
        project(self.view, recorded)
        if event.data.get("everywhere"):
            self.told.append((event.type.value, str(event.data["seal"]), True))
        for watch in self.watchers:
            watch(recorded)

    def _money_event(self, reservation: str, event_type: EventType) -> None:
        self._record(
            Event(
                subject=self.reference,
                source=f"money:{reservation}:{len(self.events)}",
                source_seq=1,
                type=event_type,
                occurred_at=self.now,
                actor=Actor(id="system"),
                data={"reservation": reservation},
            )
        )


def _as_json(data: dict[str, Any]) -> dict[str, Any]:
    return Event(
        subject="-", source="-", source_seq=0, type=EventType.CREATED, occurred_at=MONDAY,
        actor=Actor(id="-"), data=data,
    ).model_dump(mode="json")["data"]  # fmt: skip


def refusal(act: Callable[[], object]) -> str:
    """The code with which *act* is refused."""
    try:
        act()
    except Refused as refused:
        return refused.code
    raise AssertionError("it was taken")


def agreed(life: Life) -> None:
    """Case and read model tell the same."""
    view, case = life.view, life.case
    row = view.row
    assert (row.stage, row.outcome) == (case.stage, case.outcome)
    assert row.revision == case.submission.revision
    assert {t.id: t.state for t in view.tasks.values()} == {
        t.id: t.state.value for t in case.tasks.values()
    }
    assert {t.id: t.stands for t in view.tasks.values() if t.state != "cancelled"} == {
        t.id: t.stands for t in case.tasks.values() if t.state != "cancelled"
    }
    assert {t.id: t.due_at for t in view.tasks.values() if t.state == "open"} == {
        t.id: t.due_at for t in case.tasks.values() if t.is_open
    }
    assert row.residual_risk == case.residual()
    assert [c["id"] for c in row.state["conditions"]] == [c.id for c in case.conditions()]
    assert (row.state["clock"] or {}).get("due_at") == _z(case.clock.due_at)
    assert (row.state["clock"] or {}).get("business_days_left") == case.clock.days_left
    assert {h["seal"] for h in row.state["holds"] if h["kind"] == "seal"} == case.seals
    assert {h["hold"] for h in row.state["holds"] if "hold" in h} == {
        hold.id
        for hold in case.holds.values()
        if hold.kind in (HoldKind.HOLD, HoldKind.QUESTION, HoldKind.SUSPENSION)
    }
    returned = any(h["kind"] == "return" for h in row.state["holds"])
    assert returned == (case.stage is Stage.RETURNED) == ("return" in case.holds)
    assert {t.id for t in view.tasks.values() if t.paused} == {
        t.id for t in case.open_tasks() if t.days_left is not None
    }
    assert all(case.is_paused(t) == (t.days_left is not None) for t in case.open_tasks())
    assert row.state["lead"] == case.submission.lead


def _z(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment else None
