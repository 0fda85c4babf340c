"""Reading list files as dirty as real ones, and refusing what could hide an entry."""

import pytest

from policy.list_files import read_list
from schemas.errors import Malformed

HEADER = "id,schema,name,aliases,birth_date,countries,identifiers,sanctions\n"


def a_file(*lines: str) -> bytes:
    return (HEADER + "\n".join(lines)).encode()


def test_values_are_split_cleaned_and_told_apart():
    [entry] = read_list(
        "\ufeff".encode()
        + a_file('x1,Person,Viktor\u00a0 Korovin ,"Vitya;""K; the elder""",'
                 "1961-03-04;31-12-1960;22282;1963-1964;about 1970,ru;suhh;by,,")
    )  # fmt: skip

    assert entry.names == ("Viktor Korovin",)
    assert entry.aliases == ("Vitya", "K; the elder")
    assert entry.countries == ("BY", "RU")
    assert entry.birth_dates == (
        "1960-12-31", "1961-01-01", "1961-03-04", "1963", "1964", "1970",
    )  # fmt: skip


def test_identity_is_another_when_a_birth_date_changes_and_the_same_for_a_listing_date():
    [one] = read_list(a_file("x1,Person,Viktor Korovin,,1961,,,listed 13 August"))
    [date] = read_list(a_file("x1,Person,Viktor Korovin,,1961,,,listed 14 August"))
    [born] = read_list(a_file("x1,Person,Viktor Korovin,,1962,,,listed 13 August"))

    assert one.identity == date.identity != born.identity
    assert one.legal != date.legal


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b'{"entries": []}', "list_format_unknown", 1),
        (b"name,schema\nA,Person\n", "list_format_unknown", 1),
        (a_file("x1,Person,A,,,,,", "x2,Person"), "list_line_wrong_columns", 3),
        (a_file("x1,Person,,,,,,"), "list_line_without_name", 2),
        (a_file(",Person,A,,,,,"), "list_line_without_id", 2),
        (a_file("x1,Person,A,,,,,", "x1,Person,B,,,,,"), "list_id_twice", 3),
        (a_file('x1,Person,"A" B,,,,,'), "list_line_unreadable", 2),
        (HEADER.encode(), "list_is_empty", 1),
        (HEADER.encode() + b"x1,Person,\xff,,,,,", "list_not_utf8", 2),
    ],
    ids=["json", "header", "columns", "no name", "no id", "twice", "quotes", "empty", "bytes"],
)
def test_a_file_that_could_hide_an_entry_is_refused_naming_the_line(data, code, line):
    with pytest.raises(Malformed) as refusal:
        read_list(data)

    [gap] = refusal.value.gaps
    assert (gap.code, gap.facts["line"]) == (code, line)
