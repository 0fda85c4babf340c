"""Taking an uploaded file in: its name, size and type, and whether a scanner finds harm in it.

All of it before anything is kept, so that what is refused leaves nothing.
"""

import asyncio
from dataclasses import dataclass
from typing import BinaryIO

import structlog

from commands import inspecting
from commands.office import Office
from policy.rules import file_names
from schemas.documents import MEDIA_TYPES, DocumentRequest
from schemas.errors import Gap, Malformed, TooLarge, WrongMediaType
from schemas.in_force import DocumentPolicy
from schemas.people import Viewer

log = structlog.get_logger()


@dataclass(frozen=True)
class Sent:
    """A file as it was sent, lying where its bytes can be read again and again."""

    name: str
    file: BinaryIO
    size: int
    sha256: str
    about: DocumentRequest


@dataclass(frozen=True)
class Received:
    """A file that may be kept."""

    name: str
    media_type: str


async def receive(office: Office, viewer: Viewer, sent: Sent) -> Received:
    """Check what was sent under the policy in force.

    Raises TooLarge, WrongMediaType, Malformed where it does harm or is empty, and Unavailable
    where the scanner that is set cannot say.
    """
    allowed = policy_of(office)
    if sent.size == 0:
        raise Malformed(Gap(pointer="/file", code="document_empty"))
    if sent.size > allowed.most_bytes:
        raise TooLarge("document_too_large", most=allowed.most_bytes, size=sent.size)
    name = file_names.clean(sent.name)
    ending = file_names.extension(name)
    types = [each.value for each in allowed.types]
    try:
        found = await asyncio.to_thread(inspecting.file_type, sent.file, ending)
    except WrongMediaType as refused:
        raise WrongMediaType(refused.code, allowed=types) from None
    if found not in allowed.types:
        raise WrongMediaType("document_type_refused", allowed=types)
    fitting = file_names.named(name, found)
    if fitting is None:
        raise WrongMediaType(
            "document_name_differs", found=found.value, ending=ending, allowed=types
        )
    await _scan(office, viewer, sent)
    return Received(fitting, MEDIA_TYPES[found])


def policy_of(office: Office) -> DocumentPolicy:
    return office.catalogue.in_force(office.today()).documents


async def _scan(office: Office, viewer: Viewer, sent: Sent) -> None:
    if office.scanner is None:
        return
    harm = await office.scanner.scan(sent.file)
    if harm is not None:
        log.warning("document_infected", person=viewer.id, sha256=sent.sha256, found=harm)
        raise Malformed(
            Gap(pointer="/file", code="document_infected", facts={"found": harm}),
            code="document_infected",
        )
