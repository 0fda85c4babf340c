"""Checklists: what is asked of which proposal, what hangs on an answer, and what proves one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import policy
from policy.catalogue import Catalogue, PolicyProblems
from policy.rules import checklists
from policy.rules.facts import draw
from policy.rules.forms import for_outcome, form
from schemas.checklists import AskedWhen, ChecklistAnswer, ChecklistItem
from schemas.errors import Malformed
from schemas.forms import DocumentLine
from schemas.people import Discipline
from schemas.proposal import PartnerKind, Trigger
from schemas.tasks import Effect, TaskKind
from schemas.values import Bilingual
from tests.policy.form_contexts import a_checklist, a_context
from tests.policy.proposals import TODAY, the_catalogue

POLICY = Path(policy.__file__).parent
KIND = TaskKind.NORMS
DIGEST = "cd" * 32


def a_question(code: str, **changes) -> ChecklistItem:
    words = Bilingual(en=f"{code}?", fr=f"{code} (fr)?")
    return ChecklistItem(code=code, question=words, source="OSJA", **changes)


def asking(*items, **changes):
    """The context of a finding with these questions."""
    checklist = a_checklist().model_copy(update={"items": items})
    return a_context(KIND, checklist=checklist, **changes)


def hanging_on(code: str, *answers: str) -> AskedWhen:
    return AskedWhen(item=code, answers=tuple(ChecklistAnswer(a) for a in answers))


FOLLOWS = (
    a_question("detention"),
    a_question("monitored", when=hanging_on("detention", "yes")),
    a_question("by_whom", when=hanging_on("monitored", "yes")),
)


def told(context, checklist, outcome="no_objection"):
    """The gaps of the example of *context* with *checklist* in place of its own."""
    answers = {**form(context, "en")["examples"][0], "checklist": checklist}
    try:
        draw(context, outcome, answers)
    except Malformed as refused:
        return [(gap.pointer.removeprefix("/answers/checklist/"), gap.code) for gap in refused.gaps]
    return []


def test_a_question_that_an_answer_asks_must_be_answered():
    context = asking(*FOLLOWS)

    assert told(context, {"detention": {"answer": "yes"}}) == [
        ("monitored", "checklist_item_missing")
    ]


def test_a_question_that_no_answer_asks_may_not_be_answered():
    context = asking(*FOLLOWS)

    answers = {"detention": {"answer": "no"}, "monitored": {"answer": "yes"}}
    assert told(context, answers) == [("monitored", "checklist_item_not_asked")]


def test_a_question_hangs_on_the_whole_line_of_answers_before_it():
    context = asking(*FOLLOWS)

    answers = {
        "detention": {"answer": "no"},
        "monitored": {"answer": "yes"},
        "by_whom": {"answer": "yes"},
    }
    assert told(context, answers) == [
        ("monitored", "checklist_item_not_asked"),
        ("by_whom", "checklist_item_not_asked"),
    ]


def test_an_optional_question_that_is_asked_may_stay_open():
    optional = a_question("more", when=hanging_on("detention", "yes"), required=False)
    context = asking(a_question("detention"), optional)

    assert told(context, {"detention": {"answer": "yes"}}) == []


@pytest.mark.parametrize(
    ("when", "changes", "asked"),
    [
        ({"triggers": (Trigger.UNITS,)}, {"triggers": (Trigger.UNITS,)}, True),
        ({"triggers": (Trigger.UNITS,)}, {"triggers": (Trigger.WORKS,)}, False),
        ({"partner_kinds": (PartnerKind.NGO,)}, {"partner_kind": PartnerKind.NGO}, True),
        ({"partner_kinds": (PartnerKind.NGO,)}, {"partner_kind": None}, False),
        ({"focus_areas": ("corruption",)}, {"focus_areas": ("corruption",)}, True),
        ({"focus_areas": ("corruption",)}, {"focus_areas": ()}, False),
        ({"assistance": ("training",)}, {"assistance": ("legal", "training")}, True),
        ({"assistance": ("training",)}, {"assistance": ("legal",)}, False),
    ],
)
def test_a_question_is_asked_of_the_proposals_that_it_is_about(when, changes, asked):
    context = asking(a_question("always"), a_question("about", when=AskedWhen(**when)), **changes)

    schema = form(context, "en")["properties"]["checklist"]

    assert ("about" in schema["properties"]) is asked
    assert ("about" in schema["required"]) is asked
    answers = {"always": {"answer": "yes"}, "about": {"answer": "yes"}}
    assert Draft202012Validator(schema).is_valid(answers) is asked


def test_what_hangs_on_a_question_that_is_not_about_the_proposal_is_not_asked_either():
    about = a_question("about", when=AskedWhen(triggers=(Trigger.UNITS,)))
    context = asking(about, a_question("then", when=hanging_on("about", "yes")), triggers=())

    assert checklists.items_for(context) == ()


def test_the_form_says_what_asks_a_question_and_what_proves_it():
    proved = a_question(
        "monitored", when=hanging_on("detention", "yes"), evidence=(ChecklistAnswer.YES,)
    )
    context = asking(a_question("detention"), proved)

    questions = form(context, "fr")["properties"]["checklist"]

    assert questions["properties"]["monitored"]["x-condition"] == {
        "field": "detention",
        "in": ["yes"],
    }
    assert questions["properties"]["monitored"]["x-evidence"] == ["yes"]
    assert "«\u00a0detention (fr)?\u00a0»" in questions["properties"]["monitored"]["x-hint"]
    assert "OSJA" in questions["properties"]["monitored"]["x-hint"]
    assert questions["required"] == ["detention"]


PROVED = a_question("vetted", evidence=(ChecklistAnswer.YES,))


def test_an_answer_that_needs_evidence_is_refused_without_and_taken_with_a_reference():
    context = asking(PROVED)

    bare = {"vetted": {"answer": "yes"}}
    blank = {"vetted": {"answer": "yes", "evidence": {"reference": "  "}}}
    cited = {"vetted": {"answer": "yes", "evidence": {"reference": "INVEST 2026-114"}}}
    assert told(context, bare) == [("vetted/evidence", "checklist_evidence_missing")]
    assert told(context, blank) == [("vetted/evidence", "checklist_evidence_missing")]
    assert told(context, cited) == []
    assert told(context, {"vetted": {"answer": "no"}}) == []


def test_evidence_names_a_document_that_is_attached_by_its_digest():
    context = asking(PROVED, documents=(DocumentLine(sha256=DIGEST, name="letter.pdf"),))
    schema = form(context, "en")["properties"]["checklist"]

    named = {"vetted": {"answer": "yes", "evidence": {"documents": [DIGEST]}}}
    other = {"vetted": {"answer": "yes", "evidence": {"documents": ["ef" * 32]}}}
    assert told(context, named) == []
    assert Draft202012Validator(schema).is_valid(named)
    assert not Draft202012Validator(schema).is_valid(other)


def test_who_sends_a_proposal_back_need_not_finish_the_checklist():
    context = asking(*FOLLOWS, PROVED)
    schema = for_outcome(form(context, "en"), Effect.RETURN)

    begun = {"interest": {"declared": False}, "checklist": {"vetted": {"answer": "yes"}}}

    assert Draft202012Validator(schema).is_valid(begun)
    draw(context, "return", begun)


def test_due_diligence_on_human_rights_goes_through_four_steps_in_the_programs():
    for code in ("ACCBP", "ACCBP-HSE", "CTCBP"):
        terms = the_catalogue().terms_in_force(code, TODAY)
        steps = [item.step for item in terms.checklists[Discipline.HUMAN_RIGHTS].items]
        assert steps == sorted(steps, key=lambda s: list(type(s)).index(s))
        assert {"assess", "identify", "mitigate", "strengthen"} <= set(steps)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("item: country_situation,", "item: strengthens,", "no earlier question `strengthens`"),
        ('when: {item: strengthens, answers: ["no"]}', "when: {item: strengthens}", "together"),
        ("when: {triggers: [units]}", "when: {}", "it names nothing"),
        ("assured_by: death_penalty_assurance", "assured_by: monitoring", "needs evidence"),
        ("step: strengthen", "step: monitor", "no question is of the step `strengthen`"),
        ("code: reputation", "code: contribution", "is written 2 times"),
    ],
)
def test_the_check_of_policy_says_what_is_wrong_with_a_checklist(tmp_path, old, new, said):
    for folder in ("programmes", "checklists", "in_force"):
        shutil.copytree(POLICY / folder, tmp_path / folder)
    file = tmp_path / "checklists/human_rights/2026-04-01.yaml"
    written = file.read_text()
    assert old in written
    file.write_text(written.replace(old, new))

    with pytest.raises(PolicyProblems) as raised:
        Catalogue.load(tmp_path)

    assert any(said in str(problem) for problem in raised.value.problems)
