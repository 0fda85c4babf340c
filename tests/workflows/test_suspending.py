"""Suspension: what an incident pauses in a proposal, and what its assessment asks anew."""

import pytest

from schemas.errors import Refused
from schemas.messages import NoticeKind
from schemas.proposal import Stage
from tests.workflows.cases import HIGH, Life, agreed

INCIDENT = "incident-1"


def suspended(life: Life) -> Life:
    life.notify(NoticeKind.SUSPEND, incident=INCIDENT)
    return life


def lift(life: Life, *anew: str) -> None:
    life.notify(NoticeKind.RESUME, incident=INCIDENT, anew=list(anew))


@pytest.mark.parametrize("stage", [Stage.ELIGIBILITY, Stage.COMPLIANCE, Stage.DESK, Stage.FUNDING])
def test_nothing_is_decided_on_what_an_incident_touches(stage):
    life = suspended(Life().to(stage))

    with pytest.raises(Refused, match="on_hold") as refused:
        life.decide(life.open[0])

    assert refused.value.facts == {"hold": "suspension"}
    assert [hold["kind"] for hold in life.view.row.state["holds"]] == ["suspension"]
    agreed(life)


def test_a_second_notice_of_the_same_incident_changes_nothing():
    life = suspended(Life().to(Stage.COMPLIANCE))
    told = len(life.events)

    suspended(life)

    assert len(life.events) == told


def test_two_incidents_each_hold_until_their_own_end():
    life = suspended(Life().to(Stage.COMPLIANCE))
    life.notify(NoticeKind.SUSPEND, incident="incident-2")

    lift(life)

    with pytest.raises(Refused, match="on_hold"):
        life.decide("compliance.norms")
    life.notify(NoticeKind.RESUME, incident="incident-2", anew=[])
    life.decide("compliance.norms")
    agreed(life)


def test_what_was_unfounded_goes_on_as_it_was():
    life = Life().to(Stage.FUNDING)
    stood = {task.id for task in life.case.tasks.values() if task.stands}
    suspended(life)
    life.pass_days(200)

    lift(life)

    assert {task.id for task in life.case.tasks.values() if task.stands} == stood
    assert life.to(Stage.ACTIVE).outcome == "approved"
    agreed(life)


def test_what_was_so_is_found_anew_before_it_is_approved():
    life = suspended(Life().to_task("funding.approve"))

    lift(life, "compliance.human_rights")

    assert life.stage is Stage.COMPLIANCE
    assert "compliance.human_rights" in life.open
    assert "funding.approve" not in life.open
    life.decide("compliance.human_rights", inherent=HIGH, residual=HIGH)
    assert life.to(Stage.FUNDING).case.residual() is HIGH
    agreed(life)


def test_the_department_does_not_sign_before_it_is_found_anew():
    life = Life().to_task("agreement.sign")
    suspended(life)
    with pytest.raises(Refused, match="on_hold"):
        life.decide("agreement.sign")

    lift(life, "compliance.human_rights")

    with pytest.raises(Refused, match="findings_open"):
        life.decide("agreement.sign")
    life.decide("compliance.human_rights")
    assert life.to(Stage.ACTIVE).outcome == "approved"
    agreed(life)


def test_a_partner_may_withdraw_what_is_suspended():
    life = suspended(Life().to(Stage.COMPLIANCE))

    life.act("withdraw")

    assert (life.outcome, life.case.holds) == ("withdrawn", {})
    agreed(life)


def test_what_is_signed_or_closed_takes_no_such_notice():
    active = suspended(Life().to(Stage.ACTIVE))
    closed = Life().to(Stage.COMPLIANCE)
    closed.act("withdraw")
    suspended(closed)

    assert active.case.holds == closed.case.holds == {}
