"""Separation of duties: who may no longer decide, and that someone always can."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.rules.separation import check_may_decide, duty, may_decide
from schemas.acts import Act, Duty
from schemas.errors import Refused
from schemas.tasks import TaskKind

K = TaskKind


def an_act(kind: TaskKind, person: str, **changes: Any) -> Act:
    return Act(
        **{"task": f"{kind.value}-{person}", "kind": kind, "person": person, "outcome": "x"}
        | changes
    )


def refusal(kind: TaskKind, person: str = "ana", **changes: Any) -> dict[str, Any] | None:
    """The facts of the refusal, or None where the person may decide."""
    asked: dict[str, Any] = {"organization": "org-1", "acts": (), **changes}
    try:
        check_may_decide(kind=kind, person=person, **asked)
    except Refused as refused:
        assert not may_decide(kind=kind, person=person, **asked)
        return {"code": refused.code, **refused.facts}
    assert may_decide(kind=kind, person=person, **asked)
    return None


@pytest.mark.parametrize(
    ("kind", "confirms_kind", "expected"),
    [
        pytest.param(K.ELIGIBILITY, None, Duty.ELIGIBILITY, id="eligibility"),
        pytest.param(K.MERIT, None, Duty.COMPLIANCE, id="a finding"),
        pytest.param(K.ADJUDICATE, None, Duty.COMPLIANCE, id="screening"),
        pytest.param(K.CONFIRM, K.NORMS, Duty.COMPLIANCE, id="confirming a finding"),
        pytest.param(K.CONFIRM, K.ADJUDICATE, Duty.COMPLIANCE, id="confirming screening"),
        pytest.param(K.CONFIRM, K.RECORD_DECISION, None, id="confirming paper"),
        pytest.param(K.CONFIRM, None, None, id="confirming a repair"),
        pytest.param(K.CONSULT, None, Duty.DESK, id="consultation"),
        pytest.param(K.SIGN_OFF, None, Duty.DESK, id="sign-off"),
        pytest.param(K.ARBITRATE, None, Duty.ARBITRATION, id="arbitration"),
        pytest.param(K.RECOMMEND, None, Duty.RECOMMENDATION, id="recommendation"),
        pytest.param(K.APPROVE, None, Duty.APPROVAL, id="approval"),
        pytest.param(K.RELEASE, None, None, id="release"),
        pytest.param(K.LEGAL, None, None, id="legal"),
        pytest.param(K.RECORD_DECISION, None, None, id="recording paper"),
        pytest.param(K.SIGN_AGREEMENT, None, None, id="signing the agreement"),
    ],
)
def test_each_kind_takes_its_duty(kind, confirms_kind, expected):
    assert duty(kind, confirms_kind) is expected


FINDING = an_act(K.NORMS, "ana")
PAPER = an_act(K.RECORD_DECISION, "ana")


@pytest.mark.parametrize(
    ("kind", "asked", "rule"),
    [
        pytest.param(K.NORMS, {"acts": [an_act(K.GENDER, "ana")]}, None, id="same duty again"),
        pytest.param(K.RECOMMEND, {"acts": [FINDING]}, "one_duty", id="a second duty"),
        pytest.param(
            K.SIGN_OFF,
            {"acts": [an_act(K.NORMS, "ana", stands=False)]},
            "one_duty",
            id="a superseded act still took the duty",
        ),
        pytest.param(K.RELEASE, {"acts": [FINDING]}, None, id="a release takes no duty"),
        pytest.param(
            K.RECORD_DECISION,
            {"acts": [an_act(K.ELIGIBILITY, "ana")]},
            None,
            id="recording paper takes no duty",
        ),
        pytest.param(
            K.CONFIRM,
            {"confirms": FINDING, "confirms_kind": K.NORMS},
            "own_decision",
            id="confirms their own finding",
        ),
        pytest.param(
            K.CONFIRM,
            {"confirms": PAPER, "confirms_kind": K.RECORD_DECISION},
            "own_decision",
            id="confirms the page they recorded",
        ),
        pytest.param(
            K.CONFIRM,
            {
                "confirms": an_act(K.NORMS, "bob"),
                "confirms_kind": K.NORMS,
                "acts": [an_act(K.GENDER, "ana")],
            },
            "own_finding",
            id="confirms with a finding of their own",
        ),
        pytest.param(
            K.CONFIRM,
            {
                "confirms": an_act(K.NORMS, "bob"),
                "confirms_kind": K.NORMS,
                "acts": [an_act(K.NORMS, "ana", stands=False)],
            },
            None,
            id="confirms after their own finding was superseded",
        ),
        pytest.param(
            K.CONFIRM,
            {
                "confirms": an_act(K.ADJUDICATE, "bob"),
                "confirms_kind": K.ADJUDICATE,
                "acts": [an_act(K.ADJUDICATE, "ana")],
            },
            None,
            id="two screeners confirm each other",
        ),
        pytest.param(
            K.ARBITRATE,
            {"acts": [an_act(K.ARBITRATE, "bob")]},
            "one_arbitrator",
            id="a second arbitrator",
        ),
        pytest.param(
            K.ARBITRATE, {"acts": [an_act(K.ARBITRATE, "ana")]}, None, id="the same arbitrator"
        ),
        pytest.param(
            K.APPROVE,
            {"acts": [an_act(K.ARBITRATE, "ana")]},
            "arbitrator_approves",
            id="the arbitrator approves",
        ),
        pytest.param(
            K.ARBITRATE, {"acts": [an_act(K.APPROVE, "ana")]}, "one_duty", id="approver arbitrates"
        ),
        pytest.param(
            K.RECOMMEND,
            {"acts": [an_act(K.NORMS, "bob", on_behalf_of="ana")]},
            "one_duty",
            id="someone acted for them",
        ),
        pytest.param(
            K.RECOMMEND,
            {"acts": [an_act(K.NORMS, "bob")], "on_behalf_of": "bob"},
            "one_duty",
            id="acts for someone with another duty",
        ),
        pytest.param(
            K.CONFIRM,
            {"confirms": FINDING, "confirms_kind": K.NORMS, "person": "bob", "on_behalf_of": "ana"},
            "own_decision",
            id="confirms for who made it",
        ),
        pytest.param(
            K.ARBITRATE,
            {"acts": [an_act(K.ARBITRATE, "ana")], "on_behalf_of": "bob"},
            "one_arbitrator",
            id="the arbitrator acts for another",
        ),
    ],
)
def test_separation_of_duties(kind, asked, rule):
    facts = refusal(kind, **asked)

    assert (facts and facts["rule"]) == rule
    if facts:
        assert facts["code"] == "separation_of_duties"


def test_who_submitted_an_annual_contribution_does_not_confirm_its_eligibility():
    facts = refusal(K.ELIGIBILITY, submitted_by="ana")

    assert facts is not None
    assert facts["rule"] == "own_submission"
    assert refusal(K.RELEASE, submitted_by="ana") is None


def test_a_refusal_names_both_duties_and_the_earlier_act():
    facts = refusal(K.RECOMMEND, acts=[FINDING])

    assert facts == {
        "earlier": {
            "task": FINDING.task,
            "kind": "compliance.norms",
            "outcome": "x",
            "person": "ana",
            "on_behalf_of": None,
        },
        "code": "separation_of_duties",
        "rule": "one_duty",
        "duty": "recommendation",
        "held": "compliance",
    }


@pytest.mark.parametrize("field", ["person_organization", "principal_organization"])
def test_nobody_decides_on_their_own_organizations_proposal(field):
    assert refusal(K.RELEASE, **{field: "org-1"}) == {"code": "own_organization"}
    assert refusal(K.RELEASE, **{field: "org-2"}) is None


# ---- the demonstration staffing never runs out (api.md, Demonstration)

FINDINGS = [k for k in TaskKind if k.is_finding]
DIRECTORS_GENERAL = [f"director_general-{n}" for n in (1, 2, 3)]
SENIOR = [f"{level}-{n}" for level in ("adm", "dm") for n in (1, 2)]
RUNGS = {
    "director": ["director-1", "director-2", *DIRECTORS_GENERAL, *SENIOR],
    "director_general": [*DIRECTORS_GENERAL, *SENIOR],
    "assistant_deputy_minister": SENIOR,
    "deputy_minister": SENIOR[2:],
}


def candidates(kind: TaskKind, rung: str, confirms_kind: TaskKind | None) -> list[str]:
    if kind is K.CONFIRM and confirms_kind is not None:
        return candidates(confirms_kind, rung, None)
    if kind is K.APPROVE:
        return RUNGS[rung]
    if kind is K.ARBITRATE:
        return [*DIRECTORS_GENERAL, *SENIOR]
    pool = {
        K.ELIGIBILITY: "programme_officer",
        K.RELEASE: "programme_officer",
        K.RECOMMEND: "finance_officer",
        K.SIGN_OFF: "head_of_desk",
        K.SIGN_AGREEMENT: "signing_authority",
    }
    if kind is K.CONSULT:
        return ["desk_officer-1", "desk_officer-2", "head_of_desk-1", "head_of_desk-2"]
    return [f"{pool.get(kind, kind.value)}-{n}" for n in (1, 2)]


@given(data=st.data())
def test_any_order_with_one_return_and_any_arbitrations_ends(data):
    rung = data.draw(st.sampled_from(list(RUNGS)))
    acts: list[Act] = []

    def take(kind: TaskKind, confirms: Act | None = None) -> Act:
        about = confirms.kind if confirms else None
        able = [
            person
            for person in candidates(kind, rung, about)
            if may_decide(
                kind=kind,
                person=person,
                organization="org-1",
                acts=acts,
                confirms=confirms,
                confirms_kind=about,
            )
        ]
        assert able, f"nobody can take {kind.value}"
        act = an_act(
            kind, data.draw(st.sampled_from(able)), task=f"t{len(acts)}", confirms_kind=about
        )
        acts.append(act)
        return act

    def reopen(kinds: set[TaskKind]) -> None:
        acts[:] = [
            act.model_copy(update={"stands": False})
            if act.kind in kinds or act.confirms_kind in kinds
            else act
            for act in acts
        ]

    def review(stage: str, kinds: set[TaskKind]) -> None:
        if stage == "eligibility":
            take(K.ELIGIBILITY)
        elif stage == "compliance":
            todo = data.draw(st.permutations([kind for kind in FINDINGS if kind in kinds]))
            for kind in todo:
                finding = take(kind)
                if data.draw(st.booleans()):
                    take(K.CONFIRM, finding)
                if data.draw(st.booleans()):
                    take(K.ARBITRATE)
        elif stage == "desk":
            for _ in range(data.draw(st.integers(0, 3))):
                take(K.CONSULT)
                if data.draw(st.booleans()):
                    take(K.ARBITRATE)
            take(K.SIGN_OFF)
        elif stage == "funding":
            take(K.RECOMMEND)
            take(K.APPROVE)

    stages = ["eligibility", "compliance", "desk", "funding"]
    returned_from = data.draw(st.sampled_from([*stages, None]))
    for stage in stages:
        review(stage, set(FINDINGS))
        if stage == returned_from:
            if stage != "eligibility":
                take(K.RELEASE)
            again = data.draw(st.sets(st.sampled_from(FINDINGS)))
            reopen({*again, K.RECOMMEND, K.APPROVE, K.SIGN_OFF, K.CONSULT})
            for earlier in stages[: stages.index(stage) + 1]:
                review(earlier, again)
    take(K.SIGN_AGREEMENT)
