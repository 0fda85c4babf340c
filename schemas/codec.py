"""What Temporal's own tools send to a codec endpoint, and read from it."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from schemas.values import Value

Base64 = Annotated[str, Field(max_length=4_000_000)]


class CodecPayload(Value):
    """A payload in its JSON form: the values of the metadata, and the data, are base64."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    metadata: dict[Annotated[str, Field(max_length=200)], Base64] = {}
    data: Base64 = ""


class CodecPayloads(Value):
    """The body of a codec request and of its answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    payloads: Annotated[tuple[CodecPayload, ...], Field(max_length=2000)] = ()
