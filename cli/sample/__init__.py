"""The sample: real projects written as proposals, for demonstrations and tests. Not policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml

from schemas.proposal import Content, Outcome, Stage
from schemas.values import Value

FILE = Path(__file__).with_name("projects.yaml")


class Expected(Value):
    """Where a project ends when every task is decided with the first valid answer."""

    stage: Stage
    outcome: Outcome
    needs_judgement: str | None = None
    """The check that a person must judge."""
    failed: str | None = None
    """The check that must fail; the officer then finds the proposal ineligible."""


class Sample(Value):
    """One project: its source, what was assumed, and the proposal made of both."""

    id: str
    source_url: str
    facts: dict[str, str]
    submitted_by: Literal["international_organization", "ngo", "oas", "unodc"]
    """The demonstration organization that submits."""
    expected: Expected
    assumed: tuple[dict[str, str], ...]
    body: dict[str, Any]
    """The content as a client sends it."""

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
