"""What two versions of a program's terms say otherwise, and whose answers that makes void."""

import pytest

from policy import part_labels
from policy.catalogue import Catalogue
from policy.rules import term_changes
from schemas.tasks import TaskKind
from tests.policy import newer_terms
from tests.policy.newer_terms import CTCBP
from tests.policy.proposals import terms_of

HUMAN_RIGHTS = "checklists/human_rights/2026-04-01.yaml"


def changed(folder, edit):
    after = newer_terms.catalogue_with(folder, edit).terms(CTCBP)
    found = term_changes.changes(terms_of("CTCBP"), after)
    return {(c.part, *c.at): (c.before, c.after) for c in found if c.part != "holidays"}


def with_checklist(folder, old, new):
    """The newer terms, with another version of a checklist in which *old* reads *new*."""

    def edit(data):
        data["checklists"]["human_rights"] = newer_terms.EFFECTIVE

    root = newer_terms.policy_with(folder, edit)
    text = (root / HUMAN_RIGHTS).read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new).replace("effective: 2026-04-01", "effective: 2026-04-02")
    (root / HUMAN_RIGHTS.replace("04-01", "04-02")).write_text(text, encoding="utf-8")
    return Catalogue.load(root).terms(CTCBP)


def test_the_same_terms_under_another_date_differ_in_nothing(tmp_path):
    assert changed(tmp_path, newer_terms.nothing) == {}


def test_a_difference_says_where_it_stands_and_what_stood_there(tmp_path):
    def edit(data):
        data["decision_days"] = 120
        data["task_days"]["desk.consult"] = 12
        data["quorum"]["compliance.norms"] = 2
        data["clocks"]["confirm"]["remind"] = [2, 1]
        data["reopens"]["dates"] = ["eligibility.confirm", "desk.sign_off"]
        data["findings"] = [f for f in data["findings"] if f["code"] != "territory"]
        data["name"]["fr"] = "Autre nom"

    found = changed(tmp_path, edit)

    assert found["decision_days",] == (150, 120)
    assert found["task_days", "desk.consult"] == (10, 12)
    assert found["quorum", "compliance.norms"] == (None, 2)
    assert found["clocks", "confirm", "remind"] == ([1], [2, 1])
    assert found["reopens", "dates", "desk.sign_off"] == (None, True)
    assert found["reopens", "dates", "funding.approve"] == (True, None)
    assert found["findings", "territory"][1] is None
    assert found["name", "fr"][1] == "Autre nom"
    assert len(found) == 9  # `funding.recommend` went as well


def test_another_order_of_the_same_entries_is_a_difference(tmp_path):
    def edit(data):
        data["checks"] = data["checks"][::-1]

    [(where, (before, after))] = changed(tmp_path, edit).items()

    assert where == ("checks",)
    assert after == before[::-1]


def test_every_part_of_the_terms_has_a_name_in_both_languages():
    for part in term_changes.PARTS:
        label = part_labels.label(part)
        assert label.en
        assert label.fr


@pytest.mark.parametrize(
    ("edit", "void"),
    [
        pytest.param(newer_terms.with_days("compliance.norms", 9), set(), id="days"),
        pytest.param(
            newer_terms.a_harsher_matrix,
            {"norms", "human_rights", "export_control", "environment", "information_sharing",
             "territory", "country_measures"},
            id="another level for a pair: every rated finding",
        ),
        pytest.param(newer_terms.without_a_finding("norms"), set(), id="no longer asked"),
        pytest.param(newer_terms.always("territory"), set(), id="asked of all"),
    ],
)  # fmt: skip
def test_an_answer_is_void_where_another_question_or_level_is_asked(tmp_path, edit, void):
    after = newer_terms.catalogue_with(tmp_path, edit).terms(CTCBP)

    found = term_changes.void_kinds(terms_of("CTCBP"), after)

    assert {kind.value.removeprefix("compliance.") for kind in found} == void


def test_another_question_of_a_checklist_voids_its_finding_alone(tmp_path):
    after = with_checklist(tmp_path, "step: monitor\n", "step: monitor\n    required: false\n")

    assert term_changes.void_kinds(terms_of("CTCBP"), after) == (TaskKind.HUMAN_RIGHTS,)


def test_another_wording_of_a_checklist_voids_nothing(tmp_path):
    after = with_checklist(tmp_path, "title:\n", "title: # as before\n")

    assert term_changes.void_kinds(terms_of("CTCBP"), after) == ()


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        ({"amount": "pass"}, {"amount": "fail"}, ("amount",)),
        ({"amount": "needs_judgement"}, {"amount": "fail"}, ("amount",)),
        ({"amount": "fail"}, {"amount": "pass"}, ()),
        ({"amount": "fail"}, {"amount": "fail"}, ()),
        ({}, {"amount": "needs_judgement"}, ("amount",)),
        ({}, {"amount": "pass"}, ()),
        ({"amount": "fail"}, {}, ()),
    ],
)
def test_a_check_is_judged_again_where_it_says_what_nobody_has_weighed(before, after, worse):
    assert term_changes.worse_checks(before, after) == worse
