"""The pure life of a signed agreement, with a store of a few lines, beside a twin of it.

Both are told the same. One is handed on to a new execution at any moment, the other never is: that
they say the same is what being carried means. Every event is folded into the read model as the
store would fold it, and firm money moves in a ledger that remembers every key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from schemas.agreements import Particulars, YearSlice
from schemas.errors import Refused
from schemas.events import Event, EventType, Recorded
from schemas.messages import (
    AgreementAct,
    Decision,
    Entry,
    MoneyMove,
    MoneyRequest,
    Notice,
    PartnerAct,
    ScreeningResult,
    StaffAct,
)
from schemas.people import Candidate, Role
from schemas.proposal import Stage
from store.projection import fold, project
from tests.workflows import cases
from workflows import handing_over
from workflows.agreement_start import AgreementStart
from workflows.life import Life

STAFF = cases.STAFF | {
    f"{role}-{number}": Candidate(role=role, scope="all")
    for role in (Role.CERTIFIER, Role.PAYMENT_AUTHORITY)
    for number in (1, 2)
}
FLOWS = {
    MoneyMove.CERTIFY: ("committed", "certified"),
    MoneyMove.UNCERTIFY: ("certified", "committed"),
    MoneyMove.PAY: ("certified", "paid"),
}
_FORGOTTEN = {"already_decided", "task_cancelled", "task_unknown"}
"""A next execution knows no task that is over; the store does."""


def five_years() -> tuple[YearSlice, ...]:
    """Money of every fiscal year from 2027-28 to 2031-32."""
    return tuple(
        YearSlice(
            fund=f"CTCBP-contributions-{year}-{(year + 1) % 100}",
            fiscal_year=f"{year}-{(year + 1) % 100}",
            cents=100_000_00 + year,
        )
        for year in range(2027, 2032)
    )


@dataclass
class Ledger:
    """What each fund has of the commitment in each state."""

    held: dict[str, dict[str, int]]
    moves: set[tuple[str, str]] = field(default_factory=set)

    def apply(self, request: MoneyRequest) -> None:
        """Make a move: once by its key, and never of more than there is."""
        key = (request.move, str(request.key))
        assert key not in self.moves, f"{key} moves twice"
        self.moves.add(key)
        source, target = FLOWS[request.move]
        for part in request.slices:
            of = self.held[part.fund]
            assert 0 < part.cents <= of[source], f"{key} takes more than is {source}"
            of[source] -= part.cents
            of[target] += part.cents


@cache
def _signed() -> tuple[AgreementStart, tuple[Recorded, ...], datetime]:
    """A proposal that everybody agreed to and both have signed."""
    proposal = cases.Life().to(Stage.ACTIVE)
    return handing_over.start_of(proposal.case), tuple(proposal.events), proposal.now


class Running:
    """One agreement, everybody who acts on it, and its twin."""

    def __init__(self, instrument: Any = "contribution", slices: Any = None) -> None:
        start, events, self.now = _signed()
        self.events, self.view = list(events), fold(events)
        self.requests = self.carries = 0
        self.last: Entry | None = None
        self.life, self.twin = (_begun(start, self.now) for _ in range(2))
        particulars = Particulars(
            instrument=instrument,
            starts_on=date(2027, 4, 1),
            ends_on=date(2032, 3, 31),
            reservation=f"{start.reference}:1",
            slices=slices or five_years(),
            most_history=2000,
        )
        self.ledger = Ledger(
            {s.fund: {"committed": s.cents, "certified": 0, "paid": 0} for s in particulars.slices}
        )
        self._both(lambda life: life.begin(particulars, self.now))

    # ---- what is said to it

    def decide(self, decision: Decision) -> None:
        self._said(
            lambda life: life.check_decide(decision, self.now),
            lambda life: life.decide(decision, self.now),
        )

    def act(self, act: AgreementAct) -> None:
        self._said(
            lambda life: life.check_agreement_act(act),
            lambda life: life.take_agreement_act(act, self.now),
        )

    def give(self, act: PartnerAct) -> None:
        self._said(
            lambda life: life.check_partner_act(act, self.now),
            lambda life: life.take_partner_act(act, self.now),
        )

    def ask(self, act: StaffAct) -> None:
        self._said(
            lambda life: life.check_staff_act(act, self.now),
            lambda life: life.take_staff_act(act, self.now),
        )

    def notify(self, notice: Notice) -> None:
        self._both(lambda life: life.take_notice(notice, self.now))

    def screened(self, result: ScreeningResult) -> None:
        wanted = self.life.screenings_wanted
        self._both(lambda life: life.take_screening(result, wanted, self.now))

    def pass_days(self, days: int) -> None:
        """Let time pass; what falls due on the way happens on the way."""
        until = self.now + timedelta(days=days)
        while (due := self.life.next_deadline()) is not None and due <= until:
            self.now = max(due, self.now)
            self._both(lambda life: life.take_time(self.now))
            assert self.life.next_deadline() != due, "time stands still"
        self.now = until
        self.life.now = self.twin.now = until

    def carry(self) -> None:
        """Begin the next execution: nothing is due at another time, and nothing else is known."""
        before, self.carries = self.life, self.carries + 1
        start = _sent(before.carried(self.last))
        self.life = _begun(start, self.now)
        assert self.life.next_deadline() == before.next_deadline(), "a timer is lost"
        again = _sent(self.life.carried(self.last))
        for name in type(start).model_fields:
            assert getattr(again, name) == getattr(start, name), f"{name} is lost"
        assert self.life.tasks_opened == before.tasks_opened
        before.tasks = {id_: before.tasks[id_] for id_ in self.life.tasks}
        assert self.life.digest() == before.digest()

    def a_request(self) -> str:
        self.requests += 1
        return f"request-{self.requests}"

    # ---- the engine and the store in a few lines

    def _said(self, check: Callable[[Life], None], take: Callable[[Life], None]) -> None:
        """Refused by both with the same facts, or taken by both."""
        codes = []
        for life in (self.life, self.twin):
            before = life.digest()
            try:
                check(life)
            except Refused as refused:
                codes.append((refused.code, refused.facts))
                assert life.digest() == before, "a refusal changed something"
            else:
                codes.append(("", {}))
        if {code for code, _ in codes} <= _FORGOTTEN:
            raise Refused("already_decided")
        assert codes[0] == codes[1], "another execution answers otherwise"
        if code := codes[0][0]:
            raise Refused(code)
        self._both(take)

    def _both(self, happen: Callable[[Life], None]) -> None:
        for life in (self.life, self.twin):
            happen(life)
        entries, others = list(self.life.outbox), list(self.twin.outbox)
        self.life.outbox.clear()
        self.twin.outbox.clear()
        assert entries == others, "another execution tells it otherwise"
        for entry in entries:
            self._record(entry.event)
            if entry.money is not None:
                self.ledger.apply(entry.money)
            self.last = entry

    def _record(self, event: Event) -> None:
        mine = [e.source_seq for e in self.events if e.source == event.source]
        assert event.source_seq == len(mine) + 1
        recorded = Recorded(
            **dict(Event.model_validate(event.model_dump(mode="json"))),
            id=f"event-{len(self.events)}",
            position=len(self.events) + 1,
            recorded_at=self.now,
            previous_hash="",
            hash=f"hash-{len(self.events)}",
        )
        self.events.append(recorded)
        project(self.view, recorded)

    def said(self, event_type: EventType) -> Iterator[Recorded]:
        return (event for event in self.events if event.type is event_type)


def _begun(start: AgreementStart, now: datetime) -> Life:
    """An execution that shares nothing with another one."""
    return Life(_sent(start), now)


def _sent(start: AgreementStart) -> AgreementStart:
    """As the engine hands it over."""
    return AgreementStart.model_validate(start.model_dump(mode="json"))


def agreed(running: Running) -> None:
    """The life and the read model tell the same."""
    life, view = running.life, running.view
    known = view.row.state["running"]
    assert {r["id"]: r["state"] for r in known["reports"]} == {
        r.id: r.state.value for r in life.reports.values()
    }
    assert {
        p["id"]: (p["state"], p["claimed_cents"], p["certified_cents"] or 0, p["late"])
        for p in known["payments"]
    } == {p.id: (p.state.value, p.cents, p.certified, p.late) for p in life.payments.values()}
    assert {e["record"]: tuple(e["kinds"]) for e in known.get("lapsed", ())} == {
        e.record: e.kinds for e in life.lapsed.values()
    }
    assert {id_: o["state"] for id_, o in view.row.state["obligations"].items()} == {
        o.id: o.state.value for o in life.obligations.values()
    }
    assert {t.id: (t.due_at, t.paused) for t in view.tasks.values() if t.state == "open"} == {
        t.id: (t.due_at, life.is_paused(t)) for t in life.open_tasks()
    }
    assert all(life.is_paused(t) == (t.days_left is not None) for t in life.open_tasks())
    assert {h.get("hold") or h["seal"] for h in view.row.state["holds"]} == set(life.holds)
