"""Lists that are read whole are paged too, also where their items cannot be told apart by an id."""

import pytest

from api.dependencies import Page
from schemas.errors import Malformed


def paged(items, *key, limit=2):
    """Every page of *items*, one after the other."""
    cursor, pages = None, []
    while True:
        page = Page(limit, cursor).of(items, *key)
        pages.append(page["items"])
        cursor = page["next"]
        if cursor is None:
            return pages


def test_a_list_is_paged_by_the_ids_of_its_items():
    items = [{"id": each} for each in "abcde"]

    assert paged(items) == [items[:2], items[2:4], items[4:]]


def test_a_list_is_paged_by_what_else_tells_its_items_apart():
    items = [{"code": code, "year": year} for code in "ab" for year in (2026, 2027)]

    assert paged(items, "code", "year", limit=1) == [[each] for each in items]


def test_items_whose_id_is_not_shown_are_each_on_one_page():
    items = [{"id": "a", "n": 0}, *({"id": None, "n": n} for n in range(1, 6))]

    assert [each["n"] for page in paged(items) for each in page] == list(range(6))


def test_a_cursor_of_no_item_is_refused():
    with pytest.raises(Malformed):
        Page(2, "z").of([{"id": "a"}])
