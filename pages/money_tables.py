"""Money as tables for a page and for a file: funds, a fund by month, its queue, and authorities."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pages.languages import N_, translations
from pages.names import name_of
from pages.plots import Bars, Row, bars
from pages.spreadsheets import Column, Table
from policy import wording

_BALANCE = ("budget", "reserved", "committed", "certified", "paid", "available", "deficit")
_AMOUNTS = (
    Column(N_("Budget"), "money"), Column(N_("Reserved"), "money"),
    Column(N_("Committed"), "money"), Column(N_("Certified"), "money"),
    Column(N_("Paid"), "money"), Column(N_("Available"), "money"), Column(N_("Deficit"), "money"),
)  # fmt: skip
AUTHORITIES: Mapping[str, str] = {
    "approve": N_("Approve the activity"),
    "commit": N_("Commit (s. 32)"),
    "sign": N_("Sign the agreement"),
    "certify": N_("Certify entitlement (s. 34)"),
    "requisition": N_("Requisition payment (s. 33)"),
}


def funds(found: Iterable[Mapping[str, Any]], language: str) -> Table:
    return Table(
        (Column(N_("Fund")), Column(N_("Program")), Column(N_("Vote")), Column(N_("Fiscal year")),
         *_AMOUNTS, Column(N_("Waiting"), "number")),
        [
            (each["id"], each["programme"], name_of("vote", each["vote"], language),
             each["fiscal_year"], *(each[name] for name in _BALANCE), len(each["queue"]))
            for each in found
        ],
    )  # fmt: skip


def months(found: Iterable[Mapping[str, Any]]) -> Table:
    return Table(
        (Column(N_("Month")), *_AMOUNTS),
        [(each["month"], *(each[name] for name in _BALANCE)) for each in found],
    )


_DRAWN = {"paid": "full", "committed": "mid", "reserved": "pale", "available": "hollow"}


def burn_down(found: Iterable[Mapping[str, Any]], language: str) -> Bars:
    """A bar for each month: what is paid, committed (with what is certified), reserved, left."""
    said = translations(language).gettext(
        "%(paid)s paid, %(committed)s committed, %(reserved)s reserved, %(available)s available"
    )
    rows = []
    for each in found:
        cents = {name: Decimal(each[name]["value"]) for name in _DRAWN}
        cents["committed"] += Decimal(each["certified"]["value"])  # the table tells them apart
        words = said % {name: wording.money(value, language) for name, value in cents.items()}
        rows.append(Row(each["month"], [float(value) for value in cents.values()], words))
    return bars(rows, tuple(_DRAWN.values()))


def queue(found: Sequence[Mapping[str, Any]], language: str) -> Table:
    hidden = translations(language).gettext("Not yours to see")
    return Table(
        (Column(N_("Place"), "number"), Column(N_("Proposal")), Column(N_("Priority"), "number"),
         Column(N_("Amount"), "money")),
        [
            (each["position"], each["reference"] or hidden, each["priority"], each["amount"])
            for each in found
        ],
    )  # fmt: skip


def authorities(found: Iterable[Mapping[str, Any]], language: str) -> Table:
    translated = translations(language).gettext
    return Table(
        (Column(N_("Authority")), Column(N_("Of")), Column(N_("Above"), "money"),
         Column(N_("Up to"), "money"), Column(N_("People"), "number"),
         Column(N_("All of them until"), "date"), Column(N_("What it means"))),
        [
            (translated(AUTHORITIES[each["authority"]]),
             name_of("scope", each["level"], language) or each["programme"],
             each["above"], each["up_to"], each["people"], each["all_until"],
             translated(meaning(each)))
            for each in found
        ],
    )  # fmt: skip


def meaning(each: Mapping[str, Any]) -> str:
    """What so many people mean for the work; the English."""
    if each["people"] == 0:
        return N_("Decides on paper") if each["on_paper"] else N_("Nobody: the work stops here")
    if each["people"] == 1:
        return N_("One person: the work stops while they are away or barred")
    return N_("Covered")
