"""Submissions whose returns are due at once, made as by one more process of the API.

Time cannot be moved in an installation that runs as people start it. But how long a partner may
take stands in the terms, which travel with the submission: an office with other terms, on the
same store and engine, submits what lapses as soon as it is returned.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from sqlalchemy.exc import OperationalError

from cli.building import build_office
from cli.settings import Settings
from commands import submitting
from commands.office import Office
from policy.catalogue import Catalogue
from schemas.errors import Unavailable
from schemas.people import Viewer
from schemas.terms import Terms
from store import people

_BEFORE_TODAY = -5
_AGAIN_SECONDS = 0.2


@asynccontextmanager
async def hasty(settings: Settings, email: str) -> AsyncIterator[Callable[[str, str], Awaitable]]:
    """What submits a draft of whoever has this address, until it is acknowledged."""
    async with build_office(settings) as office:
        viewer = await _viewer(office, email)
        hurried = replace(office, catalogue=_hurried(office.catalogue))

        async def submit(reference: str, request_id: str) -> None:
            while True:
                try:
                    await submitting.submit(hurried, viewer, reference, request_id, None)
                except (Unavailable, OperationalError, RuntimeError):
                    # The engine or the right to write is away: the same request again.
                    await asyncio.sleep(_AGAIN_SECONDS)
                else:
                    return

        yield submit


def _hurried(catalogue: Catalogue) -> Catalogue:
    def hurry(terms: Terms) -> Terms:
        rules = terms.rules.model_copy(update={"return_days": _BEFORE_TODAY})
        return terms.model_copy(update={"rules": rules})

    hurried = {version: hurry(terms) for version, terms in catalogue._terms.items()}
    return Catalogue(hurried, catalogue._files)


async def _viewer(office: Office, email: str) -> Viewer:
    async with office.database.reading() as session:
        for person, grants in await people.all_people(session):
            if person.email == email:
                found = people.viewer(person, grants, office.today())
                assert found is not None
                return found
    raise LookupError(email)
