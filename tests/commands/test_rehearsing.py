"""Draft terms, rehearsed on proposals that are over: the same lives, and what would differ."""

import json
from datetime import timedelta

import pytest

from cli import rehearsing as command
from commands import holding, rehearsing
from policy.catalogue import PolicyProblems
from store import chain
from tests.histories import make
from tests.installation import a_request, an_installation
from tests.policy import newer_terms
from tests.policy.newer_terms import CTCBP


@pytest.fixture
async def accord(engine, tmp_path):
    async with an_installation(engine, tmp_path) as accord:
        yield accord


@pytest.fixture
def draft(tmp_path):
    def terms(*edits):
        edit = newer_terms.together(*edits)
        return newer_terms.catalogue_with(tmp_path / "policy", edit)

    return terms


async def rehearsed(accord, catalogue):
    terms = catalogue.terms(CTCBP)
    found = rehearsing.rehearse(accord.office.database, catalogue, terms)
    return [item async for item in found]


async def a_life(accord, way=make.approved):
    reference = await way(accord)
    await accord.settle()
    return reference


@pytest.mark.parametrize(
    "way",
    [make.approved, make.declined, make.withdrawn, make.lapsed, make.returned_and_approved],
    ids=lambda way: way.__name__,
)
async def test_a_life_under_its_own_terms_is_the_one_that_was(accord, draft, way):
    reference = await a_life(accord, way)

    [item] = await rehearsed(accord, draft())

    async with accord.office.database.reading() as session:
        events = await chain.events_of(session, reference)
    asked = [e.data["kind"] for e in events if e.type == "task_opened"]
    assert (item["left_out"], item["differs"]) == (None, [])
    assert item["before"]["asked"] == {kind: asked.count(kind) for kind in sorted(set(asked))}
    assert item["before"]["refused"] == []


async def test_a_rehearsal_changes_nothing(accord, draft):
    reference = await a_life(accord)
    before = await accord.view(reference)

    await rehearsed(accord, draft(newer_terms.always("territory")))

    assert await accord.view(reference) == before


async def test_another_question_is_taken_to_be_answered_on_the_day_it_is_due(accord, draft):
    await a_life(accord)

    [item] = await rehearsed(accord, draft(newer_terms.always("territory")))

    assert item["after"]["assumed"]["compliance.territory"] == 1
    assert item["after"]["outcome"] == "approved"
    assert item["after"]["days"]["compliance"] > item["before"]["days"]["compliance"] + 20
    assert {"asked", "days", "assumed"} <= set(item["differs"])


async def test_another_approver_is_told(accord, draft):
    await a_life(accord)

    [item] = await rehearsed(
        accord,
        draft(
            newer_terms.with_facts(
                residual_levels={"low": "deputy_minister", "medium": "minister", "high": "minister"}
            )
        ),
    )

    assert "rung" in item["differs"]
    assert item["after"]["rung"] == "deputy_minister"


async def test_a_second_answer_that_the_record_does_not_have_is_somebody_elses(accord, draft):
    await a_life(accord)

    def two(data):
        data["quorum"]["compliance.norms"] = 2

    [item] = await rehearsed(accord, draft(two))

    assert item["after"]["asked"]["compliance.norms"] == 2
    assert item["after"]["assumed"] == {"compliance.norms": 1}
    assert item["after"]["outcome"] == "approved"


async def test_more_days_to_answer_a_return_would_have_lapsed_it_later(accord, draft):
    await a_life(accord, make.lapsed)

    [item] = await rehearsed(accord, draft(newer_terms.with_facts(return_days=40)))

    assert item["after"]["outcome"] == "lapsed"
    assert item["after"]["decided_at"] > item["before"]["decided_at"]


async def test_checks_are_told_as_the_draft_would_have_told_them(accord, draft):
    await a_life(accord)
    limits = {"least": None, "most": {"amount": "200000.00"}}

    [item] = await rehearsed(accord, draft(newer_terms.with_facts(limits=limits)))

    assert {"code": "amount", "before": "pass", "after": "fail", "worse": True} in item["checks"]


async def test_what_was_on_hold_is_on_hold_again(accord, draft):
    reference = await accord.submit(make.JORDAN)
    await accord.advance_to(reference, "desk")
    officer = await accord.viewer("programme-officer-2")
    await holding.hold(accord.office, officer, reference, "A question of law.", a_request())
    await accord.pass_time(reference, timedelta(days=30))
    await holding.resume(accord.office, officer, reference, "It is answered.", a_request())
    await accord.advance_to(reference, "active")

    [item] = await rehearsed(accord, draft())

    assert (item["left_out"], item["differs"]) == (None, [])
    assert item["after"]["days"]["desk"] > 29
    assert item["after"]["overdue"] == {}


# ---- the command


async def test_the_report_is_a_table_and_totals(accord, draft, capsys):
    reference = await a_life(accord)
    catalogue = draft(newer_terms.always("territory"))

    await command.report(accord.office.database, catalogue, catalogue.terms(CTCBP), as_json=False)

    said = capsys.readouterr().out
    assert reference in said
    assert "compliance.territory 0 -> 1" in said
    assert "1 proposals, 1 would differ, 0 left out" in said


async def test_the_report_is_json_for_programs(accord, draft, capsys):
    reference = await a_life(accord)
    catalogue = draft()

    await command.report(accord.office.database, catalogue, catalogue.terms(CTCBP), as_json=True)

    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    told = json.loads(lines[-1])
    assert told["draft"] == CTCBP
    assert told["totals"]["differ"] == 0
    assert [item["reference"] for item in told["items"]] == [reference]


def test_a_draft_is_checked_like_a_published_file(tmp_path):
    published = newer_terms.files("policy")

    def bad(data):
        data["checks"].append("no_such_check")

    path = newer_terms.write(tmp_path / "draft.yaml", newer_terms.written(bad))

    with pytest.raises(PolicyProblems) as raised:
        command.with_draft(path, newer_terms.Path(str(published)))

    assert any("no_such_check" in problem.message for problem in raised.value.problems)
