"""The annual register as tables: what stands beside its plots, and what is downloaded."""

from collections.abc import Callable, Mapping
from typing import Any

from commands.register import BECAME, LEVELS, NOT_RATED
from pages.languages import N_, translations
from pages.names import name_of
from pages.spreadsheets import Column, Table
from policy import labels
from schemas.tasks import TaskKind

Look = Mapping[str, Any]
NAMES = {
    "approved": N_("Approved"),
    "approved_with_conditions": N_("Approved with conditions"),
    "not_approved": N_("Not approved"),
    "under_way": N_("Under way"),
    "low": N_("Low"),
    "medium": N_("Medium"),
    "high": N_("High"),
    NOT_RATED: N_("Not rated"),
}
_ALL = Column(N_("All"), "number")
_ANY = TaskKind.INFORMATION_SHARING
"""Its outcomes are those of every review, and one more."""


def named(code: str, language: str) -> str:
    return translations(language).gettext(NAMES[code])


def levels(found: Look, language: str) -> Table:
    return Table(
        (Column(N_("Level")), *(Column(NAMES[name], "number") for name in BECAME), _ALL),
        [
            (named(each["level"], language), *(each[name] for name in BECAME), each["all"])
            for each in found["levels"]
        ],
    )


def disciplines(found: Look, language: str) -> Table:
    return Table(
        (Column(N_("Review")), *(Column(NAMES[name], "number") for name in LEVELS), _ALL),
        [
            (name_of("scope", each["discipline"], language), *(each[name] for name in LEVELS),
             each["all"])
            for each in found["disciplines"]
        ],
    )  # fmt: skip


def findings(found: Look, language: str) -> Table:
    return Table(
        (Column(N_("What was found")), Column(N_("Assessments"), "number")),
        [
            (
                labels.label(TaskKind.INFORMATION_SHARING, each["outcome"]).in_language(language),
                each["count"],
            )
            for each in found["findings"]
        ],
    )


TABLES: Mapping[str, Callable[[Look, str], Table]] = {
    "levels": levels,
    "reviews": disciplines,
    "findings": findings,
}
"""Each by the name of its file."""
