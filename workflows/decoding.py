"""Decoding payloads for those who look after the engine: one by one, by the key each names."""

import base64
import binascii
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

from temporalio.api.common.v1 import Payload

from schemas.codec import CodecPayload
from workflows.encryption import PayloadRefused, UnwrappedKey, opened
from workflows.ids import PREFIXES


class NamedKeys(Protocol):
    """Where data keys are found; implemented by `store.keys.KeyRing`."""

    async def find(self, subject: str) -> Any:
        """The UnwrappedKey of *subject*, or None."""

    async def subject_of(self, key_id: str) -> str | None:
        """Whose key this is; None when there is none (or it was destroyed)."""


class PayloadDecoder:
    """Decodes; what it cannot decode it hands back as it came. It never encodes."""

    def __init__(self, keys: NamedKeys) -> None:
        self._keys = keys

    async def decode(
        self, payloads: Sequence[CodecPayload]
    ) -> tuple[tuple[CodecPayload, ...], tuple[str, ...]]:
        """The payloads in the same order, and the references of the proposals they are of."""
        decoded, references = [], set()
        for payload in payloads:
            found = await self._decoded(payload)
            decoded.append(found[0] if found else payload)
            if found:
                references.add(found[1])
        return tuple(decoded), tuple(sorted(references))

    async def _decoded(self, payload: CodecPayload) -> tuple[CodecPayload, str] | None:
        try:
            sent = Payload(
                metadata={name: _bytes(value) for name, value in payload.metadata.items()},
                data=_bytes(payload.data),
            )
            reference = await self._keys.subject_of(sent.metadata["key"].decode())
            if reference is None:
                return None
            key = await self._keys.find(reference)
            if key is None:
                return None
            plain = _opened(sent, key, reference)
        except (binascii.Error, ValueError, PayloadRefused):
            return None
        metadata = {name: _text(value) for name, value in plain.metadata.items()}
        return CodecPayload(metadata=metadata, data=_text(plain.data)), reference


def _opened(sent: Payload, key: UnwrappedKey, reference: str) -> Payload:
    """What was sealed for one of the workflows of *reference*; raises PayloadRefused for none."""
    for prefix in PREFIXES:
        with suppress(PayloadRefused):
            return opened(sent, key, f"{prefix}{reference}|{key.id}".encode())
    raise PayloadRefused("of no workflow of this proposal")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
