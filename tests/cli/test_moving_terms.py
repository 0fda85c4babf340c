"""`accord policy migrate`: what the operator is shown, and what is moved."""

import json

import pytest

from cli.moving_terms import run
from tests.installation import an_installation
from tests.policy import newer_terms
from tests.policy.newer_terms import CTCBP
from tests.policy.proposals import a_proposal

OFFICER = "programme.officer.1@accord.example"


@pytest.fixture
async def accord(engine, tmp_path):
    async with an_installation(engine, tmp_path) as accord:
        await accord.submit(a_proposal().model_dump(mode="json"))
        reference = await accord.submit(a_proposal().model_dump(mode="json"))
        await accord.advance_to(reference, "compliance")
        accord.office.catalogue = newer_terms.catalogue_with(
            tmp_path / "policy", newer_terms.always("territory")
        )
        yield accord


async def migrate(accord, email=OFFICER, version=CTCBP, **options):
    given = {"reason": None, "only": [], "as_json": False, **options}
    return await run(accord.office, version, email, **given)


async def test_a_preview_is_a_line_for_each_and_moves_nothing(accord, capsys):
    assert await migrate(accord) == 0

    first, second, total = capsys.readouterr().out.splitlines()[-3:]
    assert "asks nothing else" in first
    assert "+compliance.territory" in second
    assert total == "2 proposals, 0 would be refused."
    capsys.readouterr()
    await migrate(accord, as_json=True)
    items = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line[:1] == "{"]
    assert [item["from"] for item in items] == ["CTCBP/2026-04-01"] * 2


async def test_what_is_moved_is_not_shown_again(accord, capsys):
    assert await migrate(accord, reason="Asked of all.") == 0
    assert "2 proposals, 0 refused." in capsys.readouterr().out

    assert await migrate(accord) == 0
    assert "0 proposals" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("email", "version", "said"),
    [
        ("nobody@accord.example", CTCBP, "Nobody who signs in"),
        ("norms.reviewer.1@accord.example", CTCBP, "Only officers of the program CTCBP"),
        (OFFICER, "CTCBP/1999-01-01", "There are no terms"),
    ],
)
async def test_who_may_not_or_what_is_not_there_is_said(accord, capsys, email, version, said):
    assert await migrate(accord, email, version) == 1
    assert said in capsys.readouterr().out
