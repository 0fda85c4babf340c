"""An approval that no longer covers what would be signed is asked for anew, at the right level."""

import pytest

from schemas.events import EventType
from schemas.messages import NoticeKind
from schemas.proposal import Trigger
from schemas.tasks import ConditionFact, Gate, KeptBy
from tests.workflows.cases import HIGH, LOW, MEDIUM, Life, agreed, refusal

RIGHTS = "compliance.human_rights"
OTHER = ConditionFact(id="c-new", gates=Gate.FIRST_PAYMENT)


def signed_by_partner(**changes) -> Life:
    """A proposal that an assistant deputy minister approved, signed by the partner."""
    life = Life(**changes).to_task(RIGHTS)
    life.decide(RIGHTS, inherent=LOW, residual=LOW, records=("baseline",), conditions=())
    life.to("agreement")
    life.act("accept_conditions")
    life.act("sign")
    return life


def found_anew(life: Life, level=MEDIUM, conditions=()) -> None:
    """What the finding relied on holds no longer; it is made anew and confirmed."""
    finding = life.of_kind(RIGHTS)[-1]
    life.notify(NoticeKind.RECORD, record="baseline", why="expired", tasks=[finding.id])
    life.decide(RIGHTS, inherent=level, residual=level, records=(), conditions=conditions)
    if "confirm" in life.open:
        life.decide("confirm", "agree")


def rungs(life: Life) -> list[str]:
    kinds = ("funding.approve", "funding.record_decision")
    return [t.detail["rung"] for kind in kinds for t in life.of_kind(kind)]


def test_a_risk_found_anew_above_the_approval_asks_the_level_that_the_risk_asks_for():
    life = signed_by_partner()
    assert rungs(life) == ["assistant_deputy_minister"]
    first = life.task("agreement.sign")

    found_anew(life, HIGH)

    assert life.stage == "agreement"
    again = life.task("funding.record_decision")
    assert again.detail["rung"] == "minister"
    assert first.is_open
    assert refusal(lambda: life.decide("agreement.sign")) == "approval_asked_anew"


def test_once_it_is_approved_anew_the_department_signs_what_the_partner_has_signed():
    life = signed_by_partner()
    found_anew(life, HIGH)

    life.decide("funding.record_decision", "approved")
    assert refusal(lambda: life.decide("agreement.sign")) == "approval_asked_anew"
    life.decide("confirm", "agree")
    life.decide("agreement.sign")

    assert (life.stage, life.outcome) == ("active", "approved")
    assert life.types().count(EventType.APPROVED) == 1
    assert life.types().count(EventType.APPROVAL_RENEWED) == 1
    assert life.types().count(EventType.AGREEMENT_GENERATED) == 1
    agreed(life)


def test_money_stays_reserved_while_the_approval_is_asked_for_anew():
    life = signed_by_partner()
    before = life.purse.standing

    found_anew(life, HIGH)

    assert life.purse.standing == before
    life.to("active")
    assert life.purse.committed == before


def test_who_is_asked_anew_may_decline_and_the_money_comes_free():
    life = signed_by_partner()
    found_anew(life, HIGH)

    life.decide("funding.record_decision", "declined")
    life.decide("confirm", "agree")

    assert (life.stage, life.outcome) == ("closed", "declined")
    assert not life.purse.standing
    agreed(life)


def test_nobody_returns_what_was_approved():
    life = signed_by_partner()
    found_anew(life, LOW, conditions=(OTHER,))

    offered = [choice.code for choice in life.case.offered(life.task("funding.approve"))]

    assert offered == ["approve", "decline"]


def test_a_finding_made_anew_at_the_same_risk_asks_nobody_again():
    life = signed_by_partner()

    found_anew(life, LOW)

    assert life.open == ["agreement.sign"]
    life.decide("agreement.sign")
    agreed(life)


def test_other_conditions_are_approved_anew_and_the_partner_accepts_and_signs_them():
    life = signed_by_partner()

    found_anew(life, LOW, conditions=(OTHER,))
    life.decide("funding.approve")

    assert "c-new" in life.case.obligations
    assert "agreement.sign" not in life.open
    life.act("accept_conditions")
    life.act("sign")
    life.decide("agreement.sign")
    agreed(life.to("active"))


def test_a_condition_that_the_signature_waits_for_holds_it_also_when_set_anew():
    life = signed_by_partner()
    assurance = ConditionFact(id="c-note", gates=Gate.AGREEMENT, kept_by=KeptBy.DEPARTMENT)

    found_anew(life, LOW, conditions=(assurance,))
    life.decide("funding.approve")
    life.act("accept_conditions")
    life.act("sign")

    assert refusal(lambda: life.decide("agreement.sign")) == "condition_not_met"
    life.staff_act("give_evidence", condition="c-note")
    life.decide("condition.judge", "met")
    life.decide("agreement.sign")
    agreed(life)


def test_a_risk_that_rises_again_meanwhile_asks_the_next_level():
    life = signed_by_partner()
    found_anew(life, LOW, conditions=(OTHER,))
    asked = life.task("funding.approve")

    life.staff_act("open_review", by="human-rights-1", trigger=Trigger.WORKS)
    life.decide("compliance.environment", inherent=HIGH, residual=HIGH)
    life.decide("confirm", "agree")

    assert not asked.is_open
    assert life.task("funding.record_decision").detail["rung"] == "minister"
    agreed(life.to("active"))


def test_proposals_that_started_before_are_refused_the_signature_and_asked_nothing():
    life = signed_by_partner()
    life.case.renews_approvals = False

    found_anew(life, HIGH)

    assert "funding.record_decision" not in life.open
    assert refusal(lambda: life.decide("agreement.sign")) == "approval_below_risk"


@pytest.mark.parametrize("level", [MEDIUM, HIGH])
def test_separation_of_duties_holds_for_the_new_approval(level):
    life = signed_by_partner()
    found_anew(life, level, conditions=(OTHER,))
    kind = next(k for k in ("funding.approve", "funding.record_decision") if k in life.open)
    finding = life.of_kind(RIGHTS)[-1]

    assert finding.decider.id not in life.takers(life.task(kind))
