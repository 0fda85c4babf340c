"""The lists of Canada and of the United Nations, read as they are published."""

from xml.etree import ElementTree as ET

import pytest

from policy.list_files import read_list
from policy.lists import xml_tree
from policy.lists.entries import MOST_CHARACTERS
from schemas.errors import Malformed
from tests.lists.published import (
    GENERATIONS,
    a_record,
    canadian,
    feed,
    regulation,
    united_nations,
)
from tests.real_data import real


@pytest.mark.parametrize("tags", GENERATIONS.values(), ids=GENERATIONS)
def test_every_generation_of_canadian_tags_says_the_same(tags):
    [person, mill] = read_list(
        canadian(
            a_record(
                last="\tKorovin\u00a0", given="Viktor ", born="1961-03-04", title="Mayor",
                aliases="Vitya, V. Korov",
            ),
            a_record(item="2", entity="Brasko Mill", aliases="Brasko Mill Co., Ltd., Mill (BM)"),
            tags=tags,
        )
    )  # fmt: skip

    assert (person.kind, person.names) == ("person", ("Viktor Korovin",))
    assert person.aliases == ("Vitya", "V. Korov")
    assert person.birth_dates == ("1961-03-04",)
    assert person.countries == ()  # the regime is no nationality
    assert person.details["titles"] == ("Mayor",)
    assert (mill.kind, mill.names) == ("organization", ("Brasko Mill",))
    assert (mill.aliases, mill.weak_aliases) == (("Brasko Mill Co., Ltd", "Mill"), ("BM",))
    assert {person.entry, mill.entry} == {"ruritania--1-part-2--1", "ruritania--1-part-2--2"}


def test_who_is_listed_stays_the_same_when_the_tags_change():
    record = a_record(last="Korovin", given="Viktor", born="1961", aliases="Vitya")

    found = [read_list(canadian(record, tags=tags))[0] for tags in GENERATIONS.values()]

    assert len({(entry.entry, entry.identity) for entry in found}) == 1


def test_a_ship_keeps_its_number_and_is_neither_person_nor_organization():
    [ship] = read_list(canadian(a_record(entity="Brasko Star", imo="9074729", born="1995")))

    assert ship.kind == "thing"
    assert ship.details["identifiers"] == ("9074729",)


@pytest.mark.parametrize(
    ("born", "dates"),
    [
        ("1961", ("1961",)),
        ("31-12-1960", ("1960-12-31",)),
        ("22282", ("1961-01-01",)),
        ("1963-1965", ("1963", "1964", "1965")),
        ("1972-08-10 or 1972-08-11", ("1972-08-10", "1972-08-11")),
        ("circa 1970", ("1970",)),
        ("1961-02-31", ("1961",)),
        ("N/A", ()),
    ],
)
def test_a_birth_date_is_read_however_it_is_written(born, dates):
    [entry] = read_list(canadian(a_record(last="Korovin", given="Viktor", born=born)))

    assert entry.birth_dates == dates


def test_an_alias_of_a_person_in_two_words_is_read_both_ways():
    [entry] = read_list(canadian(a_record(last="Petrov", given="Ivan", aliases="KOROVIN, Viktor")))

    assert set(entry.aliases) == {"KOROVIN", "Viktor", "KOROVIN, Viktor"}


def test_two_records_at_one_place_are_both_kept_and_the_same_twice_is_one():
    korovin = a_record(last="Korovin", given="Viktor")
    petrov = a_record(last="Petrov", given="Ivan")

    entries = read_list(canadian(korovin, petrov, korovin))

    assert [entry.names[0] for entry in entries] == ["Viktor Korovin", "Ivan Petrov"]
    assert len({entry.entry for entry in entries}) == 2


def test_a_listing_date_is_no_part_of_who_is_listed_and_a_birth_date_is():
    record = a_record(last="Korovin", given="Viktor", listed_on="2026-08-14")

    [before] = read_list(canadian(record))
    [corrected] = read_list(canadian(record | {"listed_on": "2026-08-13"}))
    [born] = read_list(canadian(record | {"born": "1961"}))

    assert before.identity == corrected.identity != born.identity
    assert before.legal != corrected.legal


def test_names_of_the_regulation_are_taken_out_of_nested_brackets():
    [army, cartel] = read_list(
        regulation(
            "Army of the Marsh (AoM) (“The Reeds”) (also known among other names as Marsh Army"
            " (Army of Reeds/Soldiers of the Marsh), The Marsh (Marshes (Old)) and Reed Men)",
            "El Cartel del Pantano (CDP) (also known among other names as Los Juncos (the Reeds),"
            " Los Lodos and Las Ranas (the Frogs))",
        )
    )

    assert army.entry == "700"
    assert army.kind == "entity"
    assert army.names == ("Army of the Marsh",)
    assert {"The Reeds", "Marsh Army", "Army of Reeds", "Soldiers of the Marsh", "Reed Men"} <= set(
        army.aliases
    )
    assert {"AoM", "Marshes", "Old"} <= set(army.weak_aliases)
    assert army.details["listed_on"] == ("2024-06-21",)
    assert {"Los Juncos", "the Reeds", "Los Lodos", "Las Ranas", "the Frogs"} <= set(cartel.aliases)


def test_the_feed_gives_its_aliases_in_one_string():
    [entry] = read_list(
        feed(
            {
                "id": "tag:list.example,2024:Army of the Marsh",
                "title": "Army of the Marsh (AoM)",
                "summary": "Also known as Marsh Army; The Reeds (Reed Men, Men of Reed); Marsh, "
                "Inc. and Old Marsh (unclosed",
                "content": "A group that nobody has seen.",
                "published": "2024-06-21",
                "updated": "Not yet reviewed",
            }
        )
    )

    assert entry.names == ("Army of the Marsh",)
    assert {"Marsh Army", "The Reeds", "Reed Men", "Men of Reed", "Old Marsh"} <= set(entry.aliases)
    assert "AoM" in entry.weak_aliases
    assert entry.details["reviewed_on"] == ("Not yet reviewed",)


def test_a_new_description_in_the_feed_is_no_new_identity():
    told = {"id": "1", "title": "Army of the Marsh", "summary": "", "content": "A group."}

    [before] = read_list(feed(told))
    [after] = read_list(feed(told | {"content": "A larger group."}))

    assert before.identity == after.identity
    assert before.legal != after.legal


def test_the_list_of_the_united_nations_keeps_every_field_that_identifies():
    [person, mill] = read_list(united_nations())

    assert person.names == ("VIKTOR IVANOVICH KOROVIN",)
    assert person.aliases == ("Виктор Коровин", "Victor Korovine")
    assert person.weak_aliases == ("The Ferryman",)
    assert person.birth_dates == ("1958", "1959", "1960", "1960-01-01")
    assert person.countries == ("SY",)
    assert person.details["identifiers"] == ("Passport, Z 11",)
    assert person.details["birth_places"] == ("Zenda",)
    assert person.details["reference"] == ("RUi.001",)
    assert "titles" not in person.details
    assert (mill.kind, mill.aliases) == ("organization", ("Old Brasko Mill",))


BOMB = b"""<?xml version="1.0"?><!DOCTYPE data-set [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><data-set>
<record><Entity>&b;</Entity></record></data-set>"""
OUTSIDE = b"""<!DOCTYPE data-set [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<data-set><record><Entity>&x;</Entity></record></data-set>"""
DEEP = b"<data-set>" + b"<record>" * 100 + b"</record>" * 100 + b"</data-set>"
UNKNOWN = b"<data-set><record><Nom>X</Nom></record></data-set>"
LONG = canadian(a_record(entity="x" * (MOST_CHARACTERS + 1)))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (BOMB, "list_xml_hostile"),
        (OUTSIDE, "list_xml_hostile"),
        (DEEP, "list_xml_hostile"),
        (b"<data-set><record></data-set>", "list_xml_unreadable"),
        (b"<?xml version='1.0' encoding='klingon'?><feed/>", "list_xml_unreadable"),
        (b"<html><body>Maintenance</body></html>", "list_format_unknown"),
        (UNKNOWN, "list_format_unknown"),
        (b"<data-set></data-set>", "list_is_empty"),
        (canadian(a_record(title="Mayor", aliases="")), "list_format_unknown"),
        (canadian(a_record(), a_record(entity="Mill")), "list_line_without_name"),
        (LONG, "list_value_too_long"),
        (united_nations(person="<INDIVIDUAL><DATAID>1</DATAID></INDIVIDUAL>"),
         "list_line_without_name"),
    ],
    ids=["bomb", "outside", "deep", "broken", "encoding", "page", "tags", "empty", "no names",
         "no name", "long", "UN"],
)  # fmt: skip
def test_what_is_hostile_or_could_hide_an_entry_refuses_the_file(data, code):
    with pytest.raises(Malformed) as refusal:
        read_list(data)

    assert refusal.value.gaps[0].code == code


def test_more_elements_than_any_list_has_are_refused(monkeypatch):
    monkeypatch.setattr(xml_tree, "MOST_ELEMENTS", 10)

    with pytest.raises(Malformed) as refusal:
        read_list(canadian(*[a_record(item=str(n), entity="Mill") for n in range(9)]))

    assert refusal.value.gaps[0].code == "list_xml_hostile"


def test_the_real_canadian_list_is_read_whole():
    path = real("sanctions", "sema-lmes_2020-03.xml")
    records = len(list(ET.parse(path).getroot()))  # noqa: S314 - a file of ours

    entries = read_list(path.read_bytes())

    assert len(entries) == records
    assert {entry.kind for entry in entries} == {"person", "organization"}


def test_the_real_list_of_the_united_nations_is_read_whole():
    path = real("sanctions", "un_consolidated_2020-03-20.xml")

    entries = read_list(path.read_bytes())

    kinds = [entry.kind for entry in entries]
    assert (kinds.count("person"), kinds.count("organization")) == (709, 305)
    assert sum(bool(entry.birth_dates) for entry in entries) > 600
    assert sum(bool(entry.weak_aliases) for entry in entries) > 200


def test_real_changes_of_the_regulation_are_told_apart():
    folder = real("sanctions", "terrorist_list_history")
    [*_, spring, winter] = [read_list(path.read_bytes()) for path in sorted(folder.iterdir())]

    before = {entry.entry: entry for entry in spring}
    after = {entry.entry: entry for entry in winter}

    assert "764" in {after[key].names[0] for key in after.keys() - before.keys()}
    [gone] = before.keys() - after.keys()
    assert before[gone].names[0].endswith("Tahrir al-Sham")
    both = before.keys() & after.keys()
    assert all(before[key].identity == after[key].identity for key in both)
