"""A document given beside words: as evidence, or with an answer."""

from pydantic import Field

from api.described.base import Answer


class GivenDocument(Answer):
    id: str
    sha256: str
    name: str | None = Field(description="None once it was disposed of.")
