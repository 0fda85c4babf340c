"""Decoding the engine's payloads for administrators; each use is recorded."""

import secrets

from commands.office import Office
from schemas.codec import CodecPayloads
from schemas.errors import Forbidden, Refused, Unavailable
from schemas.events import EventType
from schemas.people import Actor, Role, Viewer
from store.chain import append, installation_event


async def decode(office: Office, viewer: Viewer, asked: CodecPayloads) -> CodecPayloads:
    """The payloads decoded; what is not of a proposal here, or has no key, as it came."""
    _check_administers(viewer)
    if office.codec is None:
        raise Unavailable("engine_unavailable")
    decoded, references = await office.codec.decode(asked.payloads)
    now = office.now()
    event = installation_event(
        EventType.PAYLOADS_DECODED,
        Actor(id=viewer.id, role=Role.ADMINISTRATOR),
        f"decode:{secrets.token_hex(12)}",
        now,
        data={"references": list(references), "payloads": len(asked.payloads)},
    )
    async with office.database.writing() as session:
        await append(session, event, now=now)
    return CodecPayloads(payloads=decoded)


def encode(viewer: Viewer) -> None:
    """Refused: whoever could encode could forge what a workflow is told."""
    _check_administers(viewer)
    raise Refused("codec_never_encodes")


def _check_administers(viewer: Viewer) -> None:
    if not viewer.holds(Role.ADMINISTRATOR):
        raise Forbidden("administrators_only")
