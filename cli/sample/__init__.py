"""The sample: real projects written as proposals, for demonstrations and tests. Not policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import model_validator

from schemas.forms import Instrument
from schemas.proposal import Content, Outcome, PartnerKind, Stage
from schemas.values import CountryCode, Value

_INTERNATIONAL = PartnerKind.INTERNATIONAL_ORGANIZATION
FILE = Path(__file__).with_name("projects.yaml")


class Expected(Value):
    """Where a project ends when every task is decided with the first valid answer."""

    stage: Stage
    outcome: Outcome
    instrument: Instrument | None = None
    """What it is paid with; none where it is not approved."""
    needs_judgement: str | None = None
    """The check that a person must judge."""
    failed: str | None = None
    """The check that must fail; the officer then finds the proposal ineligible."""


class Partner(Value):
    """The implementing partner that the facts name, as an organization."""

    name: str
    kind: PartnerKind
    country: CountryCode

    @property
    def short_name(self) -> str:
        """The letters in parentheses after the name, or the name itself."""
        return self.name.rpartition("(")[2].rstrip(")")


class Sample(Value):
    """One project: its source, what was assumed, and the proposal made of both."""

    id: str
    source_url: str
    facts: dict[str, str]
    partner: Partner | None = None
    """None where no public page names one; a demonstration organization then stands in."""
    submitted_by: Literal["international_organization", "ngo", "oas", "unodc"] | None = None
    """The demonstration organization that submits; else the partner does, and is brought in."""
    expected: Expected
    assumed: tuple[dict[str, str], ...]
    body: dict[str, Any]
    """The content as a client sends it."""

    @model_validator(mode="after")
    def _somebody_submits(self) -> Sample:
        if self.partner is None and self.submitted_by is None:
            raise ValueError("neither a partner nor a demonstration organization submits")
        return self

    @property
    def kind(self) -> PartnerKind:
        """The kind of the organization that submits."""
        if self.partner is not None:
            return self.partner.kind
        return PartnerKind.NGO if self.submitted_by == "ngo" else _INTERNATIONAL

    @property
    def content(self) -> Content:
        return Content.model_validate(self.body)

    @property
    def title(self) -> str:
        return str(self.body["title"])


def sample_projects(only: list[str] | None = None) -> tuple[Sample, ...]:
    """The projects of the sample in the order of the file, or those of *only*.

    An unknown id is a KeyError, so that a mistyped one does not pass for success.
    """
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))["projects"]
    samples = {
        each["id"]: Sample(
            body=each["content"], **{k: v for k, v in each.items() if k != "content"}
        )
        for each in told
    }
    if only:
        return tuple(samples[each.upper()] for each in only)
    return tuple(samples.values())
