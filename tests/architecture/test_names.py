"""Names that tools need to be one of a kind."""

from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parents[1]


def test_every_module_of_tests_has_a_name_of_its_own():
    names = Counter(path.name for path in TESTS.rglob("test_*.py"))

    # Folders of tests are no packages: two modules of one name stop the whole suite.
    assert [name for name, count in names.items() if count > 1] == []
