"""What answers amount to, and every gap that a schema cannot say."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from policy.rules.facts import draw, with_condition_ids
from policy.rules.forms import form
from schemas.errors import Malformed, Refused
from schemas.forms import FormContext
from schemas.people import Level
from schemas.proposal import Trigger
from schemas.tasks import OUTCOMES, Gate, RiskLevel, TaskKind
from tests.policy.form_contexts import DOCUMENT, HIT, a_context

K = TaskKind
LOW, MEDIUM, HIGH = RiskLevel
Change = Callable[[dict[str, Any]], object]


def answers_to(context: FormContext, *changes: Change) -> dict[str, Any]:
    """The form's example, changed."""
    answers = copy.deepcopy(form(context, "en")["examples"][0])
    for change in changes:
        change(answers)
    return answers


def gaps(context: FormContext, outcome: str, *changes: Change) -> list[tuple[str, str]]:
    try:
        draw(context, outcome, answers_to(context, *changes))
    except Malformed as malformed:
        return [(gap.pointer, gap.code) for gap in malformed.gaps]
    return []


def risk(rating: int = 0, **values: str) -> Change:
    return lambda answers: answers["ratings"][rating]["risks"][0].update(values)


@pytest.mark.parametrize("kind", list(K), ids=lambda kind: kind.value)
def test_who_declares_an_interest_must_recuse(kind):
    context = a_context(kind)
    answers = answers_to(context)
    answers["interest"] = {"declared": True, "detail": "My sister works there."}
    outcome = next(iter(OUTCOMES[kind]))

    with pytest.raises(Refused, match="interest_declared"):
        draw(context, outcome, answers)


def test_an_outcome_of_another_kind_is_a_gap():
    assert gaps(a_context(K.CONFIRM), "sign") == [("/outcome", "unknown_outcome")]


# ---- eligibility and screening


def test_a_tick_opens_a_review_and_its_absence_closes_none():
    context = a_context(K.ELIGIBILITY, declared=(Trigger.EQUIPMENT, Trigger.MEASURES))
    answers = answers_to(context, lambda a: a["triggers"].update(equipment=False, works=True))

    facts = draw(context, "eligible", answers)

    assert facts.triggers == (Trigger.EQUIPMENT, Trigger.WORKS, Trigger.MEASURES)


def test_each_failed_check_needs_its_reason_to_be_eligible():
    context = a_context(K.ELIGIBILITY)

    def forget(answers):
        answers["failed_checks"].clear()

    assert gaps(context, "eligible", forget) == [("/answers/failed_checks", "check_reason_missing")]
    assert gaps(context, "ineligible", forget) == []


@pytest.mark.parametrize("judgement", ["no_match", "match", "unsure"])
@pytest.mark.parametrize("outcome", ["no_match", "match", "unsure"])
def test_the_outcome_of_screening_follows_its_judgements(outcome, judgement):
    context = a_context(K.ADJUDICATE)

    found = gaps(context, outcome, lambda a: a["hits"][HIT].update(judgement=judgement))

    assert found == ([] if outcome == judgement else [("/outcome", "outcome_disagrees")])


def test_every_hit_is_judged():
    found = gaps(a_context(K.ADJUDICATE), "no_match", lambda a: a["hits"].clear())

    assert found == [(f"/answers/hits/{HIT}", "hit_not_judged")]


@pytest.mark.parametrize(("confirm_from", "needed"), [(None, False), (91.0, True), (91.1, False)])
def test_a_release_above_policys_score_needs_a_second_person(confirm_from, needed):
    context = a_context(K.ADJUDICATE, confirm_from=confirm_from)

    facts = draw(context, "no_match", answers_to(context))

    assert facts.hits == {HIT: "no_match"}
    assert facts.confirm_needed is needed


# ---- findings


def test_levels_come_from_the_table_and_the_highest_counts():
    context = a_context(K.HUMAN_RIGHTS)
    answers = answers_to(context, risk(1, likelihood="likely", severity="grave"))

    facts = draw(context, "no_objection", answers)

    assert facts.levels == {"JO": (MEDIUM, LOW), "sahel": (HIGH, LOW), "unit-1": (MEDIUM, LOW)}
    assert (facts.inherent, facts.residual) == (HIGH, LOW)
    assert [(c.gates, c.due_date) for c in facts.conditions] == [(Gate.PAYMENT, "2029-03-31")]


RATED_GAPS: list[tuple[str, Change, tuple[str, str]]] = [
    (
        "residual without a condition",
        lambda a: a.pop("conditions"),
        ("/answers/ratings/0/risks/0", "residual_without_condition"),
    ),
    (
        "a condition for another risk",
        lambda a: a["conditions"][0].update(risks=["unfair_trial"]),
        ("/answers/ratings/0/risks/0", "residual_without_condition"),
    ),
    (
        "residual above inherent",
        risk(0, residual_likelihood="likely", residual_severity="grave"),
        ("/answers/ratings/0/risks/0", "residual_above_inherent"),
    ),
    (
        "a subject left out",
        lambda a: a["ratings"].pop(),
        ("/answers/ratings", "subject_not_rated"),
    ),
    (
        "a subject twice",
        lambda a: a["ratings"].append(a["ratings"][0]),
        ("/answers/ratings", "subject_rated_twice"),
    ),
    (
        "rated and dropped",
        lambda a: a.update(dropped=[{"subject": "JO", "reason": "No."}]),
        ("/answers/dropped", "subject_rated_and_dropped"),
    ),
    (
        "a region without a reason",
        lambda a: a["ratings"][1].pop("reason"),
        ("/answers/ratings/1/reason", "region_reason_missing"),
    ),
    (
        "a risk twice",
        lambda a: a["ratings"][0]["risks"].append(a["ratings"][0]["risks"][0]),
        ("/answers/ratings/0/risks", "risk_twice"),
    ),
    (
        "a required question",
        lambda a: a.update(checklist={}),
        ("/answers/checklist/law", "checklist_item_missing"),
    ),
    (
        "a day that does not exist",
        lambda a: a["conditions"][0].update(due_date="2029-02-30"),
        ("/answers/conditions/0/due_date", "not_a_date"),
    ),
    (
        "the same condition twice",
        lambda a: a["conditions"].extend([a["conditions"][0] | {"id": "t7-c1"}]),
        ("/answers/conditions/1/id", "condition_id_taken"),
    ),
]


@pytest.mark.parametrize(
    ("change", "expected"), [g[1:] for g in RATED_GAPS], ids=[g[0] for g in RATED_GAPS]
)
def test_gaps_of_a_rated_finding(change, expected):
    assert expected in gaps(a_context(K.HUMAN_RIGHTS), "no_objection", change)


def test_a_dropped_place_is_not_rated():
    context = a_context(K.NORMS)

    def drop(answers):
        answers["ratings"].pop(0)
        answers["dropped"] = [{"subject": "JO", "reason": "No safe partner."}]

    facts = draw(context, "no_objection", answers_to(context, drop))

    assert facts.dropped == ("JO",)
    assert set(facts.levels) == {"sahel", "unit-1"}


def test_not_everything_can_be_dropped():
    def drop_all(answers):
        answers["ratings"].clear()
        answers["dropped"] = [
            {"subject": subject, "reason": "No."} for subject in ("JO", "sahel", "unit-1")
        ]

    assert gaps(a_context(K.NORMS), "no_objection", drop_all) == [
        ("/answers/dropped", "nothing_left")
    ]


@pytest.mark.parametrize("outcome", ["return", "recommend_refusal", "barred"])
def test_who_does_not_advance_need_not_have_rated(outcome):
    facts = draw(a_context(K.NORMS), outcome, {"interest": {"declared": False}})

    assert facts.inherent is None


def test_conditions_keep_their_ids_and_get_one_from_the_task():
    context = a_context(K.HUMAN_RIGHTS)
    answers = answers_to(
        context, lambda a: a["conditions"].append(a["conditions"][0] | {"id": "own"})
    )

    filed = with_condition_ids(context, answers)

    assert [c["id"] for c in filed["conditions"]] == ["t7-c1", "own"]
    assert [c.id for c in draw(context, "no_objection", answers).conditions] == ["t7-c1", "own"]
    assert "id" not in answers["conditions"][0]


def test_a_gender_code_of_zero_needs_comments():
    context = a_context(K.GENDER)

    assert gaps(context, "no_objection", lambda a: a.update(code=0)) == [
        ("/answers/comments", "gender_zero_reason_missing")
    ]
    answers = answers_to(context, lambda a: a.update(code=0, comments="None planned."))
    assert draw(context, "no_objection", answers).gender_code == 0


def test_merit_is_its_overall_rating():
    context = a_context(K.MERIT)

    assert draw(context, "no_objection", answers_to(context)).rating == "acceptable"


# ---- arbitration, legal, desks


@pytest.mark.parametrize(
    ("arbitrates", "confirms", "needed"),
    [
        pytest.param(K.NORMS, None, True, id="rated finding"),
        pytest.param(K.CONFIRM, K.NORMS, True, id="confirmation of a rated finding"),
        pytest.param(K.MERIT, None, False, id="merit"),
        pytest.param(K.CONSULT, None, False, id="desk"),
        pytest.param(K.CONFIRM, K.ADJUDICATE, False, id="confirmation of screening"),
    ],
)
def test_who_lets_a_rated_finding_proceed_names_the_level(arbitrates, confirms, needed):
    context = a_context(K.ARBITRATE, arbitrates=arbitrates, confirms=confirms)

    found = gaps(context, "proceed", lambda a: a.pop("level", None))

    assert found == ([("/answers/level", "level_missing")] if needed else [])
    assert gaps(context, "refuse", lambda a: a.pop("level", None)) == []
    facts = draw(context, "proceed", answers_to(context, lambda a: a.update(level="medium")))
    assert facts.level is MEDIUM


def test_an_authorization_names_its_instrument():
    context = a_context(K.LEGAL)

    assert draw(context, "authorized", answers_to(context)).authorization
    assert gaps(context, "authorized", lambda a: a.pop("instrument")) == [
        ("/answers/instrument", "instrument_missing")
    ]
    assert not draw(context, "change", answers_to(context)).authorization


def test_a_desk_that_concurs_has_no_objection_to_any_place():
    context = a_context(K.CONSULT)

    def objecting(answers):
        answers["places"]["JO"] = {"answer": "object", "comment": "Not now."}

    assert gaps(context, "concur", objecting) == [("/outcome", "outcome_disagrees")]
    assert gaps(context, "object", objecting) == []


def test_a_place_that_is_commented_on_has_a_comment():
    context = a_context(K.CONSULT)

    found = gaps(
        context,
        "concur_with_comments",
        lambda a: a["places"].update(JO={"answer": "concur_with_comments"}),
    )

    assert found == [("/answers/places/JO/comment", "comment_missing")]


def test_a_desk_answers_for_every_place():
    found = gaps(a_context(K.CONSULT), "concur", lambda a: a["places"].pop("sahel"))

    assert found == [("/answers/places/sahel", "place_not_answered")]


# ---- money and approval


def test_a_recommendation_carries_its_money_in_order_of_years():
    context = a_context(K.RECOMMEND)
    answers = answers_to(context, lambda a: a["slices"].reverse(), lambda a: a.update(priority=3))

    facts = draw(context, "recommend", answers)

    assert facts.slices == context.slices_default
    assert (facts.instrument, facts.priority) == ("contribution", 3)
    assert facts.rung is Level.DIRECTOR_GENERAL


RECOMMENDATION_GAPS: list[tuple[str, Change, tuple[str, str]]] = [
    (
        "a cent short",
        lambda a: a["slices"][0]["amount"].update(value="1699999.99"),
        ("/answers/slices", "slices_do_not_add_up"),
    ),
    (
        "a year without money",
        lambda a: a["slices"].pop(),
        ("/answers/slices", "year_needs_one_slice"),
    ),
    (
        "two slices for a year",
        lambda a: a["slices"].append(a["slices"][0]),
        ("/answers/slices", "year_needs_one_slice"),
    ),
    (
        "an unknown fund",
        lambda a: a["slices"][0].update(fund="none"),
        ("/answers/slices/0/fund", "unknown_fund"),
    ),
    (
        "another vote",
        lambda a: a.update(instrument="grant"),
        ("/answers/slices/1/fund", "vote_disagrees"),
    ),
    (
        "nothing for a year",
        lambda a: a["slices"][0]["amount"].update(value="0"),
        ("/answers/slices/0/amount", "amount_is_zero"),
    ),
]


@pytest.mark.parametrize(
    ("change", "expected"),
    [g[1:] for g in RECOMMENDATION_GAPS],
    ids=[g[0] for g in RECOMMENDATION_GAPS],
)
def test_gaps_of_a_recommendation(change, expected):
    assert expected in gaps(a_context(K.RECOMMEND), "recommend", change)


def test_who_passes_an_offer_on_splits_no_money():
    context = a_context(K.RECOMMEND, offer=True)

    assert draw(context, "pass_over", {"interest": {"declared": False}}).slices == ()


def test_what_is_approved_is_the_document_of_the_task():
    context = a_context(K.APPROVE)

    assert draw(context, "approve", answers_to(context)).document == DOCUMENT
    assert gaps(context, "approve", lambda a: a.update(document="cd" * 32)) == [
        ("/answers/document", "document_outdated")
    ]
    assert draw(context, "decline", {"interest": {"declared": False}}).document == DOCUMENT


@pytest.mark.parametrize("outcome", ["approved", "declined"])
def test_a_paper_decision_has_its_signed_page(outcome):
    context = a_context(K.RECORD_DECISION)

    assert gaps(context, outcome, lambda a: a.pop("page")) == [
        ("/answers/page", "signed_page_missing")
    ]
    assert gaps(context, outcome, lambda a: a["page"].update(signed_on="2026-13-01")) == [
        ("/answers/page/signed_on", "not_a_date")
    ]
    assert gaps(context, outcome) == []
