"""What a new snapshot changes: added, changed identity, metadata alone, removed."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.list_changes import Standing, compare
from policy.list_files import read_list
from tests.lists.published import a_record, canadian
from tests.real_data import real

IRANIAN = {"regime": "Ruritania", "schedule": "1, Part 2"}
KOROVIN = IRANIAN | {"last": "Korovin", "given": "Viktor", "item": "111", "born": "1959",
                     "listed_on": "2026-08-14"}  # fmt: skip
PETROV = IRANIAN | {"last": "Petrov", "given": "Ivan", "item": "112", "listed_on": "2026-08-14"}
MILL = {"regime": "Ruritania", "entity": "Brasko Mill", "schedule": "1, Part 2", "item": "861"}


def standing(found):
    return {key: Standing(entry.identity, entry.legal) for key, entry in found.entries.items()}


def after(*snapshots):
    """The comparison of the last of these snapshots with the one before, and so on back."""
    found = compare({}, read_list(canadian(*snapshots[0])))
    for records in snapshots[1:]:
        found = compare(standing(found), read_list(canadian(*records)))
    return found


def test_a_corrected_listing_date_is_metadata_only():
    found = after([KOROVIN, PETROV], [KOROVIN | {"listed_on": "2026-08-13"}, PETROV])

    assert found.metadata_only == ["ruritania--1-part-2--111"]
    assert not found.added + found.changed + found.removed


def test_a_new_birth_date_is_another_identity():
    found = after([KOROVIN, PETROV], [KOROVIN | {"born": "1960"}, PETROV])

    assert found.changed == ["ruritania--1-part-2--111"]
    assert not found.added + found.metadata_only + found.removed


def test_items_that_were_renumbered_are_the_same_entries():
    found = after(
        [KOROVIN, PETROV, MILL],
        [PETROV | {"item": "111"}, MILL | {"item": "860"}],
        [PETROV | {"item": "111"}, MILL | {"item": "860"}],
    )

    assert not found.added + found.changed + found.metadata_only + found.removed
    assert set(found.entries) == {"ruritania--1-part-2--112", "ruritania--1-part-2--861"}


def test_a_renumbering_removes_only_who_is_gone():
    found = after([KOROVIN, PETROV, MILL], [PETROV | {"item": "111"}, MILL])

    assert found.removed == ["ruritania--1-part-2--111"]
    assert found.metadata_only == ["ruritania--1-part-2--112"]


def test_a_namesake_who_is_added_is_added():
    found = after([KOROVIN], [KOROVIN, KOROVIN | {"item": "300"}])

    assert found.added == ["ruritania--1-part-2--300"]


def test_the_real_changes_of_ten_days_in_august():
    changes = json.loads(
        real("sanctions", "ca_consolidated_changes_2026-08.json").read_text(encoding="utf-8")
    )
    days = sorted({change["observed"] for change in changes})
    list_now = {"0": a_record(entity="Brasko Mill")}
    found = compare({}, read_list(canadian(*list_now.values())))
    told = []
    for day in days:
        for change in changes:
            if change["observed"] == day:
                record = change["after"]
                list_now[record["country"] + record["item"]] = {
                    "regime": record["country"], "last": record["last_name"],
                    "given": record["given_name"], "entity": record["entity_or_ship"],
                    "born": record["date_of_birth_or_ship_build_date"],
                    "schedule": record["schedule"], "item": record["item"],
                    "listed_on": record["date_of_listing"],
                }  # fmt: skip
        found = compare(standing(found), read_list(canadian(*list_now.values())))
        told.append(tuple(map(len, (found.added, found.changed, found.metadata_only))))

    assert told == [(1, 0, 0), (5, 0, 0), (0, 0, 5)]
    assert found.removed == []


PEOPLE = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(["1950", "1960"])), min_size=1, max_size=12
)


@given(PEOPLE, PEOPLE, st.integers(0, 9))
def test_nobody_is_lost_and_nobody_new_goes_unseen(before, now, seed):
    def records(people):
        return [
            IRANIAN | {"last": name, "given": "X", "born": born, "item": str(item)}
            for item, (name, born) in enumerate(people)
        ]

    old = compare({}, read_list(canadian(*records(before))))
    listed = list(read_list(canadian(*records(now))))
    random.Random(seed).shuffle(listed)  # noqa: S311 - an order, no secret

    found = compare(standing(old), listed)

    identities = sorted(entry.identity for entry in listed)
    assert sorted(entry.identity for entry in found.entries.values()) == identities
    unchanged = found.entries.keys() - {*found.added, *found.changed}
    assert all(old.entries[key].identity == found.entries[key].identity for key in unchanged)
    assert set(found.removed) == old.entries.keys() - found.entries.keys()


@pytest.mark.parametrize("removed", [True, False])
def test_who_returns_after_a_removal_is_added(removed):
    [entry] = read_list(canadian(KOROVIN))

    found = compare({entry.entry: Standing(entry.identity, entry.legal, removed)}, [entry])

    assert (found.added == [entry.entry]) is removed
