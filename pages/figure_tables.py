"""The figures of a dashboard as tables: what stands beside each plot, and what is downloaded.

One table says both, so that page and file cannot differ.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pages.languages import N_, translations
from pages.names import name_of
from pages.spreadsheets import Column, Table
from policy import labels, wording

Look = Mapping[str, Any]


def _named(group: str, language: str) -> Callable[[str | None], str]:
    return lambda code: name_of(group, code, language)


def flow(found: Look, language: str) -> Table:
    stage = _named("stage", language)
    return Table(
        (Column(N_("Stage")), Column(N_("Came to it"), "number"), Column(N_("There now"), "number"),
         Column(N_("First there since"), "day"), Column(N_("Requested"), "money")),
        [
            (stage(each["stage"]), each["reached"], each["now"], each["oldest"], each["requested"])
            for each in found["flow"]
        ],
    )  # fmt: skip


def time_in_stage(found: Look, language: str) -> Table:
    stage, desk = _named("stage", language), _named("scope", language)
    everything = translations(language).gettext("All")
    return Table(
        (Column(N_("Program")), Column(N_("Lead desk")), Column(N_("Stage")),
         Column(N_("Proposals"), "number"), Column(N_("Median days"), "number"),
         Column(N_("90% within days"), "number")),
        [
            (each["programme"] or everything, desk(each["desk"]) or everything,
             stage(each["stage"]), each["count"], each["median_days"], each["p90_days"])
            for each in found["time_in_stage"]
        ],
    )  # fmt: skip


def standards(found: Look, language: str) -> Table:
    name = _named("standard", language)
    return Table(
        (Column(N_("Promise")), Column(N_("Kept"), "number"), Column(N_("Missed"), "number"),
         Column(N_("Still running"), "number"), Column(N_("Kept, of those decided (%)"), "number")),
        [
            (name(each["standard"]), each["met"], each["missed"], each["running"],
             kept_of(each["met"], each["missed"]))
            for each in found["standards"]
        ],
    )  # fmt: skip


def kept_of(met: int, missed: int) -> int | None:
    """In whole percent, rounded down: a hundred is said only where all were kept."""
    return met * 100 // (met + missed) if met + missed else None


def waiting(found: Look, language: str) -> Table:
    return Table(
        (Column(N_("Task")), Column(N_("Open"), "number"), Column(N_("Overdue"), "number"),
         Column(N_("Paused"), "number"), Column(N_("First open since"), "day")),
        [
            (labels.kind_title(each["kind"]).in_language(language), each["open"], each["overdue"],
             each["paused"], each["oldest"])
            for each in found["waiting"]
        ],
    )  # fmt: skip


def places(found: Look, language: str) -> Table:
    return Table(
        (Column(N_("Country or region")), Column(N_("Code")), Column(N_("Proposals"), "number"),
         Column(N_("Requested"), "money")),
        [
            (each["region"][language] if each["region"] else wording.country(
                each["place"], language), each["place"], each["count"], each["requested"])
            for each in found["places"]
        ],
    )  # fmt: skip


def funds(found: Look, language: str) -> Table:
    vote = _named("vote", language)
    return Table(
        (Column(N_("Fiscal year")), Column(N_("Program")), Column(N_("Vote")),
         Column(N_("Budget"), "money"), Column(N_("Reserved"), "money"),
         Column(N_("Committed"), "money"), Column(N_("Certified"), "money"),
         Column(N_("Paid"), "money"),
         Column(N_("Available"), "money")),
        [
            (each["fiscal_year"], each["programme"], vote(each["vote"]), each["budget"],
             each["reserved"], each["committed"], each["certified"], each["paid"],
             each["available"])
            for each in sorted(
                found["funds"],
                key=lambda each: (each["fiscal_year"], each["programme"], each["vote"]),
            )
        ],
    )  # fmt: skip


def queue(found: Look, language: str) -> Table:
    unseen = translations(language).gettext("Not yours to see")
    return Table(
        (Column(N_("Fund")), Column(N_("Place"), "number"), Column(N_("Proposal")),
         Column(N_("Priority"), "number"), Column(N_("Amount"), "money")),
        [
            (each["fund"], each["position"], each["reference"] or unseen, each["priority"],
             each["amount"])
            for each in found["queue"]
        ],
    )  # fmt: skip


def burn_down(found: Look, language: str) -> Table:  # noqa: ARG001 - every table is made alike
    return Table(
        (Column(N_("Month")), Column(N_("Committed so far"), "money"),
         Column(N_("Paid so far"), "money"), Column(N_("Not paid yet"), "money")),
        [
            (each["month"], each["firm"], each["paid"], each["left"])
            for each in found["burn_down"]
        ],
    )  # fmt: skip


TABLES: Mapping[str, Callable[[Look, str], Table]] = {
    "flow": flow,
    "time-in-stage": time_in_stage,
    "standards": standards,
    "waiting": waiting,
    "places": places,
    "funds": funds,
    "queue": queue,
    "burn-down": burn_down,
}
"""Each by the name of its file."""
