"""Answers about the health of the program."""

from typing import Literal

from pydantic import Field

from api.described.base import Answer


class Live(Answer):
    status: Literal["ok"]


class Ready(Answer):
    status: str
    engine: str
    worker: str
    store: str
    scanner: str = Field(description="`not_set`: uploaded files are taken as they are.")
    mail: str = Field(description="For information: it makes nothing less ready.")
