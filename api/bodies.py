"""Reading what a client sends: JSON as a typed value, forms, and one uploaded file.

JSON is read strictly: no coercion of wrong types, no NaN, no NUL characters, no half characters,
no nesting without end. What cannot be read is 400, what says the wrong thing is 422.
"""

import asyncio
import hashlib
import json
import math
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import BinaryIO, Generic, NoReturn, TypeVar

from fastapi import Request
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from api.pointers import gaps_of
from commands.receiving import Sent
from schemas.documents import TOO_HIGH, DocumentRequest
from schemas.errors import AccordError, Gap, Malformed, WrongMediaType, pointer_to
from schemas.values import Value, digest

Body = TypeVar("Body", bound=BaseModel)

MOST_DEPTH = 64
MOST_FORM_FIELDS = 20
MOST_NAME = 400
_CHUNK = 1024 * 1024


class Unreadable(AccordError):
    """The body is not what its content type says (400)."""

    status = 400


class TooSlow(AccordError):
    """The body did not arrive in time (408)."""

    status = 408


class FileBody:
    """A dependency that reads one file with what is said of it, in a multipart form.

    The file stays where it was received (on disk, where it is large) until the request has been
    answered; nobody holds all of it in memory.
    """

    def __init__(self, model: type[DocumentRequest]) -> None:
        self.model = model

    async def __call__(self, request: Request) -> AsyncIterator[Sent]:
        if media_type(request) != "multipart/form-data":
            raise WrongMediaType("wrong_media_type", expected="multipart/form-data")
        form = await _form(request)
        try:
            yield await self._sent(request, form)
        finally:
            await form.close()

    async def _sent(self, request: Request, form: FormData) -> Sent:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Malformed(Gap(pointer="/file", code="required"))
        fields = {name: _clean(name, value) for name, value in form.items() if value is not file}
        if fields.get("marking") in TOO_HIGH:
            raise Malformed(Gap(pointer="/marking", code="marking_too_high"))
        try:
            about = self.model.model_validate(fields)
        except ValidationError as failed:
            raise Malformed(*gaps_of(failed)) from None
        name = (file.filename or "").encode(errors="ignore").decode()[:MOST_NAME]
        size, sha256 = await asyncio.to_thread(measured, file.file)
        request.state.body_digest = digest([fields, name, sha256])
        return Sent(name=name, file=file.file, size=size, sha256=sha256, about=about)


def measured(file: BinaryIO) -> tuple[int, str]:
    """The size of *file* and its SHA-256."""
    size, whole = 0, hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        whole.update(chunk)
    return size, whole.hexdigest()


class Nothing(Value):
    """The body of an act that needs no words: absent, or an empty object."""


class JsonBody(Generic[Body]):
    """A dependency that reads the body as *model*; `optional` lets it be absent."""

    def __init__(self, model: type[Body], *, optional: bool = False) -> None:
        self.model = model
        self.optional = optional
        self._adapter = TypeAdapter(model)

    async def __call__(self, request: Request) -> Body:
        raw = await request.body()
        if not raw and self.optional:
            raw = b"{}"
        elif raw and not _is_json(media_type(request)):
            raise WrongMediaType("wrong_media_type", expected="application/json")
        value = read_json(raw)
        request.state.body_digest = digest(value)
        try:
            return self._adapter.validate_json(raw, strict=True)
        except ValidationError as failed:
            raise Malformed(*gaps_of(failed)) from None


@dataclass(frozen=True)
class Upload:
    """One file as it was sent."""

    name: str
    media_type: str
    data: bytes
    fields: dict[str, str]
    """The other fields of the form."""


async def upload(request: Request) -> Upload:
    """The one file of a multipart body, in its field `file`."""
    if media_type(request) != "multipart/form-data":
        raise WrongMediaType("wrong_media_type", expected="multipart/form-data")
    form = await _form(request)
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Malformed(Gap(pointer="/file", code="required"))
        data = await file.read()
        fields = {name: _clean(name, value) for name, value in form.items() if value is not file}
        name = (file.filename or "").replace("\x00", "")[:MOST_NAME]
        request.state.body_digest = digest([fields, name, hashlib.sha256(data).hexdigest()])
        return Upload(name, file.content_type or "application/octet-stream", data, fields)
    finally:
        await form.close()


async def form_fields(request: Request) -> dict[str, str]:
    """The fields of an urlencoded form (or of a multipart one without files)."""
    if media_type(request) not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise WrongMediaType("wrong_media_type", expected="application/x-www-form-urlencoded")
    form = await _form(request)
    try:
        return {name: _clean(name, value) for name, value in form.items()}
    finally:
        await form.close()


def media_type(request: Request) -> str:
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


def body_digest(request: Request) -> str:
    """Digest of the body that a dependency has read; of nothing where none was read."""
    return getattr(request.state, "body_digest", "")


def read_json(raw: bytes) -> object:
    """The JSON value of *raw*, or a refusal that says what is wrong with it."""
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_no_number, parse_float=_number)
    except (ValueError, RecursionError):
        raise Unreadable("unreadable_json") from None
    _check_strings(value)
    return value


def _is_json(kind: str) -> bool:
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )


def _no_number(_: str) -> NoReturn:
    raise ValueError


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number


def _check_strings(value: object) -> None:
    """Refuse depth without end, and characters that no store and no screen can hold."""
    todo: list[tuple[object, tuple[str | int, ...]]] = [(value, ())]
    while todo:
        each, path = todo.pop()
        if len(path) > MOST_DEPTH:
            raise Unreadable("json_too_deep", most=MOST_DEPTH)
        if isinstance(each, str):
            if not _is_clean(each):
                raise Malformed(Gap(pointer=pointer_to(path), code="forbidden_character"))
        elif isinstance(each, dict):
            if not all(_is_clean(name) for name in each):
                raise Malformed(Gap(pointer=pointer_to(path), code="forbidden_character"))
            todo.extend((inner, (*path, name)) for name, inner in each.items())
        elif isinstance(each, list):
            todo.extend((inner, (*path, index)) for index, inner in enumerate(each))


def _clean(name: str, value: UploadFile | str) -> str:
    if not isinstance(value, str):
        raise Malformed(Gap(pointer=pointer_to([name]), code="not_a_text"))
    if not (_is_clean(name) and _is_clean(value)):
        raise Malformed(Gap(pointer=pointer_to([name]), code="forbidden_character"))
    return value


def _is_clean(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


async def _form(request: Request) -> FormData:
    try:
        return await request.form(max_files=1, max_fields=MOST_FORM_FIELDS)
    except HTTPException:
        raise Unreadable("unreadable_form") from None
