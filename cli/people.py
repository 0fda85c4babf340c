"""`accord people invite`: how an installation gets its first two administrators.

Whoever runs this has the machine and its key file. It is recorded as the operator's act, and
refused as soon as there are two: from then on people grant, two at a time.
"""

from pydantic import ValidationError

from cli.building import build_office
from cli.settings import Settings
from commands import passwords
from schemas.errors import Refused
from schemas.people import Role
from schemas.requests import PersonRequest

_SENTENCES = {
    "administrators_exist": "There are {count} administrators: let one of them propose another.",
    "address_in_use": "This address belongs to somebody already; an administrator renews links.",
}


async def invite(settings: Settings, name: str, email: str, role: str, language: str) -> int:
    """Print the one-time link of a new administrator; 0 when it was made."""
    if role != Role.ADMINISTRATOR:
        print("Only administrators are made here; all other roles are granted.")  # noqa: T201
        return 1
    try:
        asked = PersonRequest.model_validate({"name": name, "email": email, "language": language})
    except ValidationError as wrong:
        named = ", ".join(f"--{each['loc'][0]}" for each in wrong.errors())
        print(f"This cannot be used: {named}.")  # noqa: T201
        return 1
    async with build_office(settings) as office:
        try:
            made = await passwords.invite_first_administrators(
                office, name=asked.name, email=asked.email, language=asked.language
            )
        except Refused as refused:
            print(_SENTENCES[refused.code].format(**refused.facts))  # noqa: T201
            return 1
    print(f"One-time link, until {made['expires_at']}: {made['link']}")  # noqa: T201
    print(  # noqa: T201
        f"They set their password with it: POST {settings.url}/api/v1{made['path']} "
        '{"link": "...", "password": "..."}'
    )
    return 0
