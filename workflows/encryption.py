"""Payloads encrypted with a key per proposal; what is not encrypted under it is refused.

Associated data binds a payload to its workflow and key, so that none can be moved to another.

A refused payload is handed on as one that no converter reads. What it was an argument of fails -
an update is rejected, a query is answered with the error - and the workflow goes on: were it
raised here, the whole workflow task would fail, again and again, for a single forged update.
"""

import dataclasses
import os
from collections.abc import Sequence
from typing import Any, Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import (
    ActivitySerializationContext,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)

from workflows.ids import reference_of

ENCODING = b"binary/encrypted"
REFUSED = b"binary/refused"
"""An encoding that no converter knows."""
_NONCE = 12


class PayloadRefused(Exception):
    """A payload that is not encrypted under its proposal's key."""


class UnwrappedKey(Protocol):
    """A data key in use."""

    id: str
    cipher: AESGCM


class Keys(Protocol):
    """Where data keys are found, by reference; implemented by `store.keys.KeyRing`."""

    async def find(self, subject: str) -> Any:
        """The UnwrappedKey of *subject*, or None."""


class ProposalCodec(PayloadCodec, WithSerializationContext):
    """AES-256-GCM under the data key of the proposal that a payload belongs to."""

    def __init__(self, keys: Keys, workflow_id: str | None = None) -> None:
        self._keys = keys
        self._workflow_id = workflow_id

    def with_context(self, context: SerializationContext) -> Self:
        workflow_id = None
        if isinstance(context, (WorkflowSerializationContext, ActivitySerializationContext)):
            workflow_id = context.workflow_id
        return type(self)(self._keys, workflow_id)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        key, bound = await self._key()
        encoded = []
        for payload in payloads:
            nonce = os.urandom(_NONCE)
            data = nonce + key.cipher.encrypt(nonce, payload.SerializeToString(), bound)
            metadata = {"encoding": ENCODING, "key": key.id.encode()}
            encoded.append(Payload(metadata=metadata, data=data))
        return encoded

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        try:
            key, bound = await self._key()
        except PayloadRefused as refused:
            return [_refused(refused) for _ in payloads]
        return [_decoded(payload, key, bound) for payload in payloads]

    async def _key(self) -> tuple[UnwrappedKey, bytes]:
        if self._workflow_id is None:
            raise PayloadRefused("belongs to no workflow")
        key = await self._keys.find(reference_of(self._workflow_id))
        if key is None:
            raise PayloadRefused("there is no key for it")
        return key, f"{self._workflow_id}|{key.id}".encode()


def _decoded(payload: Payload, key: UnwrappedKey, bound: bytes) -> Payload:
    try:
        return opened(payload, key, bound)
    except PayloadRefused as refused:
        return _refused(refused)


def opened(payload: Payload, key: UnwrappedKey, bound: bytes) -> Payload:
    """The payload inside; raises PayloadRefused when there is none under this key."""
    if payload.metadata.get("encoding") != ENCODING:
        raise PayloadRefused("not encrypted")
    if payload.metadata.get("key") != key.id.encode():
        raise PayloadRefused("encrypted under another key")
    try:
        plain = key.cipher.decrypt(payload.data[:_NONCE], payload.data[_NONCE:], bound)
    except InvalidTag as error:
        raise PayloadRefused("not of this workflow") from error
    return Payload.FromString(plain)


def _refused(why: PayloadRefused) -> Payload:
    return Payload(metadata={"encoding": REFUSED, "why": str(why).encode()})


def data_converter(keys: Keys) -> DataConverter:
    """The one converter: of every client, worker and replayer."""
    return dataclasses.replace(
        pydantic_data_converter,
        payload_codec=ProposalCodec(keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
