"""Conditional reviews, as the API answers them."""

from typing import Literal

from pydantic import Field

from api.described.base import Answer, Day, Instant
from schemas.people import Discipline
from schemas.proposal import Trigger


class Opener(Answer):
    id: str
    name: str


class Review(Answer):
    review: Discipline
    trigger: Trigger
    because: Literal["declared", "ticked", "reviewer"] = Field(
        description="By the partner's own words, the programme officer's tick, or a sentence."
    )
    sentence: str | None = Field(description="Why. None once the words were disposed of.")
    by: Opener | None = Field(description="Who opened it by a sentence.")
    at: Instant | None
    task: str | None = Field(description="The finding, once it is asked for.")


class Notice(Answer):
    state: Literal[
        "none", "to_clear", "to_post", "posted", "no_significant_effects", "significant_effects"
    ] = Field(description="`none`: the works rest on no notice.")
    finding: str | None = Field(description="The environmental finding that asks for it.")
    task: str | None = Field(description="The clearance, and once it is posted the determination.")
    posted_on: Day | None
    where: str | None
    not_before: Instant | None = Field(description="No determination before this instant.")
