"""A record that an agreement rests on: once it no longer holds, payments wait for a new finding."""

from datetime import UTC, date, datetime

import pytest

from schemas.acts import Act
from schemas.agreements import Particulars, YearSlice
from schemas.errors import Refused
from schemas.messages import AgreementAct, Decision, Facts, Notice, NoticeKind
from schemas.people import Actor
from schemas.tasks import RiskLevel, TaskKind, TaskState
from tests.policy.proposals import the_catalogue
from workflows.agreement_start import AgreementStart
from workflows.life import Life

NOW = datetime(2027, 6, 1, 15, tzinfo=UTC)
RIGHTS = TaskKind.HUMAN_RIGHTS
FUND = "CTCBP-contributions-2027-28"


def a_life() -> Life:
    """An agreement whose human rights finding, `F1`, rests on a record; a payment is claimed."""
    rules = the_catalogue().terms_in_force("CTCBP", NOW.date()).rules
    life = Life(
        AgreementStart(
            reference="CTCBP-2026-000001",
            revision=1,
            organization="demo-ngo",
            submitted_by="demo-signatory-1",
            rules=rules.model_copy(update={"low_sample_percent": 0}),
            policy_version="CTCBP/2026-04-01",
            seed=None,
            signed_at=NOW,
            acts=(
                Act(task="F1", kind=RIGHTS, person="rights-1", outcome="no_objection"),
                Act(task="F2", kind=TaskKind.NORMS, person="norms-1", outcome="no_objection"),
            ),
            obligations=(),
            tasks_opened=2,
        ),
        NOW,
    )
    life.begin(
        Particulars(
            instrument="grant",
            starts_on=date(2027, 4, 1),
            ends_on=date(2028, 3, 31),
            reservation="CTCBP-2026-000001:1",
            slices=(YearSlice(fund=FUND, fiscal_year="2027-28", cents=1_000_000_00),),
            most_history=2000,
        ),
        NOW,
    )
    life.take_agreement_act(
        AgreementAct(
            act="claim", actor=Actor(id="partner"), request_id="claim", subject="T01",
            costs={"training": 1_000_00},
        ),
        NOW,
    )  # fmt: skip
    return continued(life)


def continued(life: Life) -> Life:
    """The same life, as its next execution begins it."""
    life.outbox.clear()
    start = life.carried(None)
    return Life(AgreementStart.model_validate(start.model_dump(mode="json")), life.now)


def no_longer_holds(life: Life, record: str = "baseline", *tasks: str) -> Life:
    about = {"record": record, "why": "expired", "tasks": list(tasks or ("F1",))}
    notice = Notice(id=f"n-{record}-{life.emitted}", kind=NoticeKind.RECORD, data=about)
    life.take_notice(notice, NOW)
    return continued(life)


def asked(life: Life, kind: TaskKind):
    return [task for task in life.tasks.values() if task.kind is kind and task.is_open]


def decision(life: Life, kind: TaskKind, outcome: str, person: str, **facts) -> Decision:
    [task] = asked(life, kind)
    return Decision(
        task=task.id, outcome=outcome, actor=Actor(id=person),
        request_id=f"{task.id}-{outcome}", facts=Facts(**facts),
    )  # fmt: skip


def decided(life: Life, kind: TaskKind, outcome: str, person: str, **facts) -> Life:
    taken = decision(life, kind, outcome, person, **facts)
    life.check_decide(taken, NOW)
    life.decide(taken, NOW)
    return continued(life)


def gates(life: Life) -> list[tuple[str, str, str | None]]:
    certify = decision(life, TaskKind.CERTIFY, "certify", "certifier", certified_cents=1_000_00)
    try:
        life.check_decide(certify, NOW)
    except Refused as refused:
        return [(g["gate"], g["what"], g["state"]) for g in refused.facts["gates"]]
    return []


LOW = {"inherent": RiskLevel.LOW, "residual": RiskLevel.LOW}
MEDIUM = {"inherent": RiskLevel.MEDIUM, "residual": RiskLevel.LOW}


def test_payments_wait_for_the_finding_that_relied_and_go_on_once_it_is_made_anew():
    life = a_life()
    assert gates(life) == []

    life = no_longer_holds(life)

    assert gates(life) == [("assessment", "baseline", "expired")]
    assert asked(life, TaskKind.NORMS) == []
    life = decided(life, RIGHTS, "no_objection", "rights-2", **LOW)
    assert gates(life) == []


def test_a_second_person_confirms_what_is_above_low_and_where_they_differ_it_is_asked_anew():
    life = no_longer_holds(a_life())
    life = decided(life, RIGHTS, "no_objection", "rights-2", **MEDIUM)
    assert gates(life) == [("assessment", "baseline", "expired")]
    with pytest.raises(Refused, match="separation_of_duties"):
        decided(life, TaskKind.CONFIRM, "agree", "rights-2")

    life = decided(life, TaskKind.CONFIRM, "disagree", "rights-3")

    assert gates(life) == [("assessment", "baseline", "expired")]
    life = decided(life, RIGHTS, "no_objection", "rights-2", **MEDIUM)
    life = decided(life, TaskKind.CONFIRM, "agree", "rights-3")
    assert gates(life) == []


@pytest.mark.parametrize("outcome", ["recommend_refusal", "barred"])
def test_what_is_objected_to_or_barred_is_not_paid(outcome):
    life = decided(no_longer_holds(a_life()), RIGHTS, outcome, "rights-2", **LOW)

    assert gates(life) == [("assessment", "baseline", "expired")]


def test_two_records_that_one_finding_rested_on_wait_for_one_finding():
    life = no_longer_holds(no_longer_holds(a_life()), "vetting")
    assert len(asked(life, RIGHTS)) == 1
    assert len(gates(life)) == 2

    life = decided(life, RIGHTS, "no_objection", "rights-2", **LOW)

    assert gates(life) == []


def test_a_second_notice_and_one_about_a_finding_that_was_made_anew_change_nothing():
    life = no_longer_holds(a_life())
    before = life.digest()
    assert no_longer_holds(life).digest() == before
    life = decided(life, RIGHTS, "no_objection", "rights-2", **LOW)

    assert gates(no_longer_holds(life, "another", "F1")) == []
    anew = life.reassessed[RIGHTS]
    assert gates(no_longer_holds(life, "newer", "F1", anew)) == [("assessment", "newer", "expired")]
    assert all(task.state is not TaskState.CANCELLED for task in life.tasks.values())


def test_a_finding_asked_for_anew_names_the_one_before_it_whatever_execution_that_was_in():
    life = decided(no_longer_holds(a_life()), RIGHTS, "no_objection", "rights-2", **LOW)
    before = life.reassessed[RIGHTS]
    assert before not in life.tasks

    life = no_longer_holds(life, "newer", before)

    [task] = asked(life, RIGHTS)
    assert task.previous == before
