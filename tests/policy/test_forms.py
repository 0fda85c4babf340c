"""Every task's form: well formed, bilingual, and with an answer that advances the proposal."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from policy import labels
from policy.rules.facts import draw
from policy.rules.forms import for_outcome, form
from policy.rules.outcomes import offered
from schemas.forms import ORGANIZATION
from schemas.tasks import Effect, TaskKind
from tests.policy.form_contexts import DOCUMENT, a_context

KINDS = pytest.mark.parametrize("kind", list(TaskKind), ids=lambda kind: kind.value)
LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])
VARIANTS: list[tuple[str, TaskKind, dict[str, Any]]] = [
    (
        "arbitrated finding",
        TaskKind.ARBITRATE,
        {"arbitrates": TaskKind.CONFIRM, "confirms": TaskKind.NORMS},
    ),
    ("arbitrated desk", TaskKind.ARBITRATE, {"arbitrates": TaskKind.CONSULT}),
    ("seal", TaskKind.LEGAL, {"sealing": True}),
    ("offer", TaskKind.RECOMMEND, {"offer": True}),
    ("organization alone", TaskKind.HUMAN_RIGHTS, {"places": (), "units": ()}),
    ("no checklist", TaskKind.NORMS, {"checklist": None}),
    ("no failed checks", TaskKind.ELIGIBILITY, {"failed_checks": ()}),
    ("no proposed code", TaskKind.GENDER, {"gender_code": None}),
    ("proposed code 0", TaskKind.GENDER, {"gender_code": 0}),
    ("no end date", TaskKind.HUMAN_RIGHTS, {"ends_on": None}),
    ("no end date nor budget", TaskKind.HUMAN_RIGHTS, {"ends_on": None, "years": {}}),
    ("no document yet", TaskKind.APPROVE, {"document": None}),
    *((kind.value, kind, {}) for kind in TaskKind),
]


@LANGUAGES
@pytest.mark.parametrize(
    ("kind", "changes"), [v[1:] for v in VARIANTS], ids=[v[0] for v in VARIANTS]
)
def test_the_example_is_valid_and_advances(kind, changes, language):
    context = a_context(kind, **changes)

    schema = form(context, language)

    Draft202012Validator.check_schema(schema)
    example = schema["examples"][0]
    Draft202012Validator(schema).validate(example)
    outcome = offered(kind, sealing=context.sealing, offer=context.offer)[0]
    assert outcome.effect is Effect.ADVANCE or kind is TaskKind.RELEASE
    draw(context, outcome.code, example)


@KINDS
def test_every_form_asks_for_a_declaration_of_interest(kind):
    schema = form(a_context(kind), "en")

    assert "interest" in schema["required"]
    answers = {**schema["examples"][0], "interest": {"declared": True}}
    assert not Draft202012Validator(schema).is_valid(answers)
    answers["interest"]["detail"] = "My sister works there."
    assert Draft202012Validator(schema).is_valid(answers)


@KINDS
def test_every_object_is_closed_and_every_field_is_labelled_in_both_languages(kind):
    english, french = form(a_context(kind), "en"), form(a_context(kind), "fr")

    for schema, language in ((english, "en"), (french, "fr")):
        for name, field in fields_of(schema):
            assert field["x-labels"][language] == field["title"], name
            assert field["x-labels"].keys() == {"en", "fr"}, name
    assert set(english["properties"]) == set(french["properties"])


@KINDS
def test_who_does_not_advance_the_proposal_need_not_finish_the_form(kind):
    schema = for_outcome(form(a_context(kind), "en"), Effect.RETURN)

    Draft202012Validator(schema).validate({"interest": {"declared": False}})
    assert not Draft202012Validator(schema).is_valid({"interest": {"declared": False}, "x": 1})


@pytest.mark.parametrize("kind", [k for k in TaskKind if k.is_finding], ids=lambda k: k.value)
def test_no_example_gates_the_agreement_and_only_human_rights_sets_a_condition(kind):
    example = form(a_context(kind), "en")["examples"][0]

    gates = [condition["gates"] for condition in example.get("conditions", ())]

    assert gates == (["payment"] if kind is TaskKind.HUMAN_RIGHTS else [])


def test_a_rated_form_has_no_field_for_a_level():
    names = {name for name, _ in fields_of(form(a_context(TaskKind.HUMAN_RIGHTS), "en"))}

    assert not names & {"level", "inherent", "residual"}


def test_a_proposal_without_places_is_rated_for_the_organization():
    context = a_context(TaskKind.NORMS, places=(), units=())

    example = form(context, "en")["examples"][0]

    assert [rating["subject"] for rating in example["ratings"]] == [ORGANIZATION]


def test_a_unit_is_shown_by_its_name():
    schema = form(a_context(TaskKind.NORMS), "en")

    subjects = schema["properties"]["ratings"]["items"]["properties"]["subject"]["oneOf"]

    assert subjects[-1] == {
        "title": "Public Security Directorate",
        "x-labels": {"en": "Public Security Directorate", "fr": "Public Security Directorate"},
        "const": "unit-1",
    }


def test_only_the_approval_document_of_the_task_can_be_approved():
    validator = Draft202012Validator(form(a_context(TaskKind.APPROVE), "en"))

    assert validator.is_valid({"interest": {"declared": False}, "document": DOCUMENT})
    assert not validator.is_valid({"interest": {"declared": False}, "document": "cd" * 32})


def test_the_example_recommends_the_instrument_that_the_default_funds_can_pay():
    example = form(a_context(TaskKind.RECOMMEND), "en")["examples"][0]

    assert example["instrument"] == "contribution"
    assert example["slices"][0] == {
        "fund": "ctcbp-contributions-2027",
        "amount": {"currency": "CAD", "value": "1700000.00"},
    }


@KINDS
def test_titles_and_outcomes_have_labels_in_canadian_french(kind):
    texts = [labels.kind_title(kind)]
    texts += [labels.label(kind, choice.code) for choice in offered(kind, sealing=True, offer=True)]

    for text in texts:
        assert " :" not in text.fr
        assert text.en


def fields_of(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """All fields of a schema with their names, at any depth; every object must be closed."""
    found = []
    if schema.get("type") == "object" and "properties" in schema:
        assert schema["additionalProperties"] is False
        for name, field in schema["properties"].items():
            found.append((name, field))
            found += fields_of(field)
    if schema.get("type") == "array":
        found += fields_of(schema["items"])
    found += [(str(option["const"]), option) for option in schema.get("oneOf", ())]
    return found
