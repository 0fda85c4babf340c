"""Conditional reviews: embargoes, substantial risks, and areas that a listed entity controls."""

from __future__ import annotations

from datetime import date

import pytest
from jsonschema import Draft202012Validator

from policy.rules.facts import draw
from policy.rules.forms import form
from schemas.errors import Malformed
from schemas.people import Discipline
from schemas.tasks import TaskKind
from tests.policy.form_contexts import a_context, a_matrix
from tests.policy.proposals import TODAY, in_force, the_catalogue

MEASURES = in_force().measures
LEBANON = next(m for m in MEASURES.measures if m.code == "lebanon_arms")
HELD = {
    "number": "2026-0417",
    "issuer": "Government of Lebanon",
    "issued_on": "2026-01-10",
    "valid_until": "2030-12-31",
    "reference": "Registry file 11-204",
}


def a_review(kind, **changes):
    """The context of a conditional review of one country, under the checklist of the program."""
    terms = the_catalogue().terms_in_force("CTCBP", TODAY)
    checklist = terms.checklists[Discipline(kind.value.removeprefix("compliance."))]
    changes = {"places": ("LB",), "units": (), "matrix": a_matrix(), "today": TODAY, **changes}
    return a_context(kind, checklist=checklist, **changes)


def about_measures(**changes):
    changes = {"measures": (LEBANON,), "measures_version": MEASURES.version, **changes}
    return a_review(TaskKind.COUNTRY_MEASURES, **changes)


def answered(context, **changes):
    return {**form(context, "en")["examples"][0], **changes}


def gaps(context, answers, outcome="no_objection"):
    try:
        draw(context, outcome, answers)
    except Malformed as refused:
        return [(gap.pointer, gap.code) for gap in refused.gaps]
    return []


# ---- country measures


def test_a_measure_in_force_is_in_the_form_with_its_regulation_and_exceptions():
    schema = form(about_measures(), "fr")["properties"]["measures"]

    lebanon = schema["properties"]["lebanon_arms"]
    assert schema["required"] == ["lebanon_arms"]
    assert "SOR/2007-204" in lebanon["x-hint"]
    codes = [each["const"] for each in lebanon["properties"]["exception"]["oneOf"]]
    assert codes == [each.code for each in LEBANON.exceptions]


def test_an_embargo_is_not_closed_by_a_low_rating():
    context = about_measures()
    answers = answered(context)
    del answers["measures"]["lebanon_arms"]

    assert gaps(context, answers) == [("/answers/measures/lebanon_arms", "measure_not_answered")]


def test_an_embargo_is_closed_by_an_exception_that_the_data_name():
    context = about_measures()
    row = {"basis": "exception", "exception": "prior_authorization", "reason": "UNIFIL wrote."}

    facts = draw(context, "no_objection", answered(context, measures={"lebanon_arms": row}))

    assert facts.rests_on == {"lebanon_arms": "exception:prior_authorization"}
    assert facts.measures == "country_measures/2026-04-01"
    uncited = {"basis": "exception", "reason": "It seems free."}
    assert gaps(context, answered(context, measures={"lebanon_arms": uncited})) == [
        ("/answers/measures/lebanon_arms/exception", "exception_not_cited")
    ]
    invented = {**row, "exception": "none_of_these"}
    assert not Draft202012Validator(form(context, "en")).is_valid(
        answered(context, measures={"lebanon_arms": invented})
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"reference": ""}, ["authorization_not_on_file"]),
        ({"valid_until": "2026-05-01"}, ["authorization_not_in_force", "authorization_ends_early"]),
        ({"issued_on": "2029-01-01"}, ["authorization_not_in_force"]),
        ({"valid_until": "2027-12-31"}, ["authorization_ends_early"]),
        ({"valid_until": "2027-02-30"}, ["not_a_date"]),
    ],
)
def test_an_authorization_is_on_file_and_in_force_until_the_end(changes, expected):
    context = about_measures(ends_on=date(2029, 3, 31), today=date(2026, 11, 24))
    row = {"basis": "authorization", "authorization": {**HELD, **changes}, "reason": "Held."}

    found = gaps(context, answered(context, measures={"lebanon_arms": row}))

    assert [code for _, code in found] == expected


def test_an_authorization_that_ends_early_goes_with_a_condition_that_names_that_risk():
    context = about_measures(today=date(2026, 11, 24))
    held = {**HELD, "valid_until": "2027-12-31"}
    row = {"basis": "authorization", "authorization": held, "reason": "Held."}
    renewed = {
        "text": "Renew the authorization.",
        "owner": "Department",
        "due_date": "2027-11-30",
        "evidence": "The new authorization.",
        "gates": "payment",
        "risks": ["exception_lapses"],
    }

    answers = answered(context, measures={"lebanon_arms": row}, conditions=[renewed])

    assert gaps(context, answers) == []


def test_without_an_authorization_the_review_stays_open():
    context = about_measures()
    row = {"basis": "authorization", "reason": "It is said to be coming."}

    assert gaps(context, answered(context, measures={"lebanon_arms": row})) == [
        ("/answers/measures/lebanon_arms/authorization", "authorization_missing")
    ]


def test_a_review_that_no_measure_touches_any_more_rates_the_risks_alone():
    context = about_measures(measures=())

    assert "measures" not in form(context, "en")["properties"]
    assert gaps(context, answered(context)) == []


# ---- export control and information sharing


CONSIDERATIONS = [
    "peace_and_security",
    "humanitarian_law",
    "human_rights_law",
    "terrorism",
    "organized_crime",
    "gender_based_violence",
]


def test_the_export_test_goes_over_the_six_considerations_of_the_act():
    asked = form(a_review(TaskKind.EXPORT_CONTROL), "en")["properties"]["substantial_risks"]

    assert asked["required"] == CONSIDERATIONS


@pytest.mark.parametrize("consideration", CONSIDERATIONS)
def test_a_substantial_risk_that_remains_is_a_bar_whatever_the_level(consideration):
    context = a_review(TaskKind.EXPORT_CONTROL)
    answers = answered(context)
    answers["substantial_risks"][consideration]["remains"] = "yes"

    assert gaps(context, answers) == [("/outcome", "outcome_disagrees")]
    assert draw(context, "barred", answers).rests_on[consideration] == "yes"


@pytest.mark.parametrize("act", ["mistreatment_disclosure", "mistreatment_request"])
def test_a_substantial_risk_of_mistreatment_is_a_bar(act):
    context = a_review(TaskKind.INFORMATION_SHARING)
    answers = answered(context)
    answers["substantial_risks"][act]["remains"] = "yes"

    assert gaps(context, answers) == [("/outcome", "outcome_disagrees")]
    assert gaps(context, answers, "refer") == [("/outcome", "outcome_disagrees")]
    assert gaps(context, answers, "barred") == []


def test_what_nobody_can_tell_of_mistreatment_is_referred():
    context = a_review(TaskKind.INFORMATION_SHARING)
    answers = answered(context)
    assert gaps(context, answers, "refer") == [("/outcome", "outcome_disagrees")]

    answers["substantial_risks"]["tainted_information"]["remains"] = "undecided"

    assert gaps(context, answers) == [("/outcome", "outcome_disagrees")]
    assert gaps(context, answers, "refer") == []


def test_only_mistreatment_is_referred():
    options = form(a_review(TaskKind.EXPORT_CONTROL), "en")["properties"]["substantial_risks"]
    remains = options["properties"]["terrorism"]["properties"]["remains"]["oneOf"]

    assert [each["const"] for each in remains] == ["no", "yes"]


# ---- territory


SOUGHT = {
    "text": "The authorization of the Minister of Public Safety.",
    "owner": "Department",
    "due_date": "2027-03-31",
    "evidence": "The authorization.",
    "gates": "agreement",
    "kept_by": "department",
    "risks": ["terrorist_benefit"],
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (SOUGHT, []),
        ({**SOUGHT, "kept_by": "partner"}, [("/answers/conditions", "authorization_not_sought")]),
        ({**SOUGHT, "gates": "payment"}, [("/answers/conditions", "authorization_not_sought")]),
    ],
)
def test_the_department_seeks_the_authorization_for_an_area_of_a_listed_entity(condition, expected):
    context = a_review(TaskKind.TERRITORY)
    territory = {"basis": "department_seeks", "reason": "Sinaloa, Mexico."}

    answers = answered(context, territory=territory, conditions=[condition])

    assert gaps(context, answers) == expected


def test_an_authorization_for_an_area_is_on_file():
    context = a_review(TaskKind.TERRITORY)
    without = answered(context, territory={"basis": "authorization", "reason": "Held."})
    held = {"basis": "authorization", "authorization": HELD, "reason": "Held."}

    assert gaps(context, without) == [("/answers/territory/authorization", "authorization_missing")]
    facts = draw(context, "no_objection", answered(context, territory=held))
    assert facts.rests_on == {"territory": "authorization"}


# ---- environment


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"basis": "no_project"}, []),
        ({"basis": "class_exclusion"}, ["provision_not_cited"]),
        ({"basis": "class_exclusion", "provision": "Designated classes, s. 3"}, []),
        ({"basis": "exemption"}, ["provision_not_cited"]),
        ({"basis": "notice"}, ["notice_not_drafted"]),
        ({"basis": "notice", "reference": "Draft notice, file 7"}, []),
    ],
)
def test_an_exclusion_or_exemption_is_cited_and_a_notice_is_drafted(environment, expected):
    context = a_review(TaskKind.ENVIRONMENT)
    answers = answered(context, environment={**environment, "reason": "A border post."})

    assert [code for _, code in gaps(context, answers)] == expected
    if not expected:
        facts = draw(context, "no_objection", answers)
        assert facts.rests_on["environment"] == environment["basis"]


@pytest.mark.parametrize(
    ("received", "answered_with", "expected"),
    [(0, "", []), (3, "", ["comments_not_answered"]), (3, "Each by letter.", [])],
)
def test_comments_are_answered_before_effects_are_determined(received, answered_with, expected):
    context = a_context(TaskKind.DETERMINE)
    answers = {
        **form(context, "en")["examples"][0],
        "comments_received": received,
        "comments_answered": answered_with,
    }

    assert [code for _, code in gaps(context, answers, "no_significant_effects")] == expected
