"""A finding relies on a record: when that no longer holds, the finding is made anew."""

from schemas.messages import NoticeKind
from tests.workflows.cases import HIGH, LOW, Life, agreed, refusal

RIGHTS = "compliance.human_rights"


def relying(life: Life, *, until: str) -> Life:
    """A proposal whose human rights finding relies on a record, taken on from there."""
    life.to_task(RIGHTS)
    life.decide(RIGHTS, inherent=LOW, residual=LOW, records=("baseline",))
    return life.to(until)


def no_longer_holds(life: Life) -> None:
    finding = life.of_kind(RIGHTS)[-1]
    life.notify(NoticeKind.RECORD, record="baseline", why="expired", tasks=[finding.id])


def test_before_the_approval_the_finding_and_the_decision_are_asked_for_anew():
    life = relying(Life(), until="funding")
    life.decide("funding.recommend")
    approval = life.task("funding.approve")

    no_longer_holds(life)

    assert life.stage == "compliance"
    assert life.open == [RIGHTS]
    assert not approval.is_open
    agreed(life)


def test_a_higher_risk_brings_it_to_a_higher_approver():
    life = relying(Life(), until="funding")
    life.decide("funding.recommend")
    no_longer_holds(life)

    life.decide(RIGHTS, inherent=HIGH, residual=HIGH)
    life.decide("confirm")

    assert (
        life.to_task("funding.record_decision").task("funding.record_decision").detail["rung"]
        == "minister"
    )


def test_a_second_notice_and_one_about_nothing_change_nothing():
    life = relying(Life(), until="funding")
    no_longer_holds(life)
    before = life.case.digest()

    life.notify(NoticeKind.RECORD, record="baseline", why="expired", tasks=["none", "other"])
    first = life.of_kind(RIGHTS)[0]
    life.notify(NoticeKind.RECORD, record="baseline", why="withdrawn", tasks=[first.id])

    assert life.case.digest() == before


def test_after_the_approval_nobody_signs_before_the_finding_is_in():
    life = relying(Life(), until="agreement")
    life.act("accept_conditions")
    life.act("sign")
    no_longer_holds(life)

    assert life.stage == "agreement"
    assert refusal(lambda: life.decide("agreement.sign")) == "findings_open"

    life.decide(RIGHTS, inherent=LOW, residual=LOW)
    life.to("active")
    agreed(life)
