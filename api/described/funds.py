"""Answers about funds and what is committed of them."""

from typing import Literal

from api.described.base import Answer
from schemas.values import Money


class Queued(Answer):
    position: int
    reference: str | None
    priority: int
    amount: Money


class Fund(Answer):
    id: str
    programme: str
    vote: str
    fiscal_year: str
    state: str
    budget: Money
    reserved: Money
    committed: Money
    paid: Money
    available: Money
    deficit: Money
    queue: list[Queued]


class FundCommitment(Answer):
    id: str
    reference: str
    state: Literal["queued", "reserved", "committed"]
    priority: int
    amount: Money
