"""A file that a form brings, as commands take it."""

import asyncio

from pydantic import ValidationError

from api.bodies import MOST_NAME, measured
from api.pointers import gaps_of
from commands import documents
from commands.receiving import Sent as SentFile
from pages.asking import AskedByPerson
from pages.sent import Sent
from schemas.documents import TOO_HIGH, DocumentRequest
from schemas.errors import Gap, Malformed


async def sent_file(form: Sent) -> SentFile:
    """The file of the form with what is said of it; Malformed where one of them is missing."""
    file = form.file
    if file is None or not file.filename:
        raise Malformed(Gap(pointer="/file", code="required"))
    if form.get("marking") in TOO_HIGH:
        raise Malformed(Gap(pointer="/marking", code="marking_too_high"))
    fields = {name: form.get(name) for name in ("kind", "language", "marking") if form.get(name)}
    try:
        about = DocumentRequest.model_validate(fields)
    except ValidationError as failed:
        raise Malformed(*gaps_of(failed)) from None
    name = file.filename.encode(errors="ignore").decode()[:MOST_NAME]
    size, sha256 = await asyncio.to_thread(measured, file.file)
    return SentFile(name=name, file=file.file, size=size, sha256=sha256, about=about)


async def attached(asked: AskedByPerson, reference: str, form: Sent) -> tuple[str, ...]:
    """The document that *form* brings beside its words, attached to the proposal; () for none."""
    if form.file is None or not form.file.filename:
        return ()
    document = await documents.attach(
        asked.office,
        asked.viewer,
        reference,
        await sent_file(form),
        f"{asked.request_id(form)}-file",
    )
    return (document["id"],)
