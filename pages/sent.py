"""What a browser sends with a form: names and values as they were typed, within bounds."""

from collections.abc import Iterable, Iterator

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from api.bodies import Unreadable
from schemas.errors import Gap, Malformed
from schemas.values import digest

MOST_FIELDS = 12_000
"""A table of a thousand parties with six columns, and more."""
KEY = "key"
"""The field that makes a repeat of the same form the same request."""


class Sent:
    """The fields of a form; a name may stand several times (boxes that are ticked)."""

    def __init__(self, pairs: Iterable[tuple[str, str]], file: UploadFile | None = None) -> None:
        self._values: dict[str, list[str]] = {}
        self.file = file
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def get(self, name: str, otherwise: str = "") -> str:
        """What was typed, without the spaces around it."""
        return self._values.get(name, [otherwise])[-1].strip()

    def all(self, name: str) -> list[str]:
        return [value for value in self._values.get(name, []) if value]

    def pairs(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self._values.items() for value in values]

    def request_id(self, request: Request, person: str) -> str:
        """The same for every repeat of this form by this person (a second click, a lost answer)."""
        fields = [pair for pair in self.pairs() if pair[0] != "confirmed"]
        return digest([person, request.method, request.url.path, fields])


async def read(request: Request) -> Sent:
    """The form of *request*; a line ends as it does in every text of ours."""
    form = await _form(request)
    file = next((v for v in form.values() if isinstance(v, UploadFile)), None)
    return Sent(
        (
            (name, _clean(name, value))
            for name, value in form.multi_items()
            if isinstance(value, str)
        ),
        file,
    )


def _clean(name: str, value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Malformed(Gap(pointer=f"/{name}", code="forbidden_character")) from None
    if "\x00" in value or "\x00" in name:
        raise Malformed(Gap(pointer="", code="forbidden_character"))
    return value.replace("\r\n", "\n")


async def _form(request: Request) -> FormData:
    try:
        return await request.form(max_files=1, max_fields=MOST_FIELDS)
    except HTTPException:
        raise Unreadable("unreadable_form") from None
