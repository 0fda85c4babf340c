"""`accord policy check`: what it prints beside problems."""

from cli.policies import check
from tests.policy import newer_terms


def asking_several(data):
    data["quorum"] |= {"compliance.norms": 2, "compliance.merit": 3, "funding.recommend": 2}


def test_it_says_how_many_people_a_question_to_several_takes(tmp_path, capsys):
    folder = newer_terms.policy_with(tmp_path, asking_several)

    assert check(folder) == 0

    told = capsys.readouterr().out.splitlines()
    at = next(
        n for n, line in enumerate(told) if line.startswith(f"programmes/{newer_terms.CTCBP}")
    )
    assert told[at + 1 : at + 4] == [
        "    compliance.norms asks 2: have 3 people who may, with who confirms it",
        "    compliance.merit asks 3: have 3 people who may",
        "    funding.recommend asks 2: have 2 people who may",
    ]


def test_where_one_person_answers_it_says_nothing_of_people(capsys):
    assert check(None) == 0

    assert "people who may" not in capsys.readouterr().out
