"""The language in which a person wishes to be written to and shown pages."""

from commands.office import Office
from schemas.errors import NotFound
from schemas.events import EventType
from schemas.people import Actor, Viewer
from schemas.values import Language
from store.chain import append, installation_event
from store.tables import PersonRow


async def choose(office: Office, viewer: Viewer, language: Language, request_id: str) -> None:
    """Keep the language; the one that a person has already changes nothing."""
    now = office.now()
    async with office.database.writing() as session:
        row = await session.get(PersonRow, viewer.id, with_for_update=True)
        if row is None:
            raise NotFound
        if row.language == language.value:
            return
        row.language = language.value
        row.version += 1
        session.add(row)
        event = installation_event(
            EventType.LANGUAGE_CHOSEN, Actor(id=viewer.id), f"language:{viewer.id}:{row.version}",
            now, data={"person": viewer.id, "language": language.value}, request_id=request_id,
        )  # fmt: skip
        await append(session, event, now=now)
