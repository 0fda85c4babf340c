"""Builds what commands and workers work with: the one place where everything is put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import select

from cli import engine
from cli.secrets import wrapping_key, wrapping_secrets
from cli.settings import Settings, Unusable
from commands.mail import Mail
from commands.office import Office, utc_now
from commands.scanning import ClamdScanner
from commands.signing_in import password_hasher
from commands.smtp import SmtpMailer
from policy.catalogue import Catalogue, PolicyProblems
from store import schema
from store.database import Database
from store.heads import HeadsFile
from store.keys import KeyRing, RotatingWrappingKey, WrappingKey
from store.signing import Signer
from store.tables import KeyRow, PersonRow
from store.trail import StoreTrail
from workflows.decoding import PayloadDecoder
from workflows.gateway import TemporalGateway

log = structlog.get_logger()
DATABASE_TRIES = 120
DATABASE_PAUSE_SECONDS = 0.5


@asynccontextmanager
async def build_office(settings: Settings) -> AsyncIterator[Office]:
    """An office on the settings' store and engine; raises Unusable in one sentence."""
    secret = wrapping_key(settings)
    try:
        catalogue = Catalogue.load()
    except PolicyProblems as problems:
        raise Unusable(
            "The policy files have problems; `accord policy check` names them."
        ) from problems
    database = Database(settings.database_url)
    try:
        await await_database(database)
        if not await schema.is_current(database):
            raise Unusable("The database is of another version; run `accord migrate`.")
        if settings.demo:
            await check_demonstration_only(database)
        wrapping = RotatingWrappingKey(lambda: wrapping_secrets(settings))
        await _check_key(database, wrapping, settings)
        keys = KeyRing(database, wrapping)
        client = await engine.connect(settings, keys)
        password = settings.demo_password
        yield Office(
            database=database,
            catalogue=catalogue,
            gateway=TemporalGateway(client, StoreTrail(database, utc_now)),
            keys=keys,
            signer=Signer(secret),
            hasher=password_hasher(),
            codec=PayloadDecoder(keys),
            mail=_mail(settings),
            engine_pages=_engine_pages(settings, client.namespace),
            heads=HeadsFile(settings.data_dir / "heads.jsonl"),
            scanner=ClamdScanner(settings.scanner) if settings.scanner else None,
            demonstration=settings.demo,
            demonstration_password=password.get_secret_value() if password else None,
        )
    finally:
        await database.close()


def _engine_pages(settings: Settings, namespace: str) -> str | None:
    """Where Temporal's own pages show a workflow, up to its id."""
    base = settings.temporal_ui_url
    if base is None and settings.temporal_ui_port is not None and not settings.has_outside_engine:
        base = f"http://127.0.0.1:{settings.temporal_ui_port}"
    return f"{base.rstrip('/')}/namespaces/{namespace}/workflows/" if base else None


def _mail(settings: Settings) -> Mail | None:
    if settings.smtp_host is None or settings.smtp_from is None:
        return None
    mailer = SmtpMailer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        tls=settings.smtp_tls,
        user=settings.smtp_user,
        password=settings.smtp_password,
    )
    return Mail(
        mailer=mailer,
        sender=settings.smtp_from,
        public_url=settings.public_url or settings.url,
        digest_hour=settings.digest_hour,
    )


async def await_database(database: Database) -> None:
    """Wait for a server that is starting, or starting again; a file is there at once."""
    for tries in range(1, DATABASE_TRIES + 1):
        try:
            async with database.reading() as session:
                await session.connection()
        except OperationalError as error:
            if database.is_sqlite or tries == DATABASE_TRIES:
                raise Unusable(f"The database does not answer: {error.orig}") from error
            log.info("store_awaited")
            await asyncio.sleep(DATABASE_PAUSE_SECONDS)
        except DBAPIError as error:
            raise Unusable(f"The database refuses this: {error.orig}") from error
        else:
            return


async def _check_key(database: Database, wrapping: WrappingKey, settings: Settings) -> None:
    """Processes on several machines need the same key: one that is another's is told at once."""
    async with database.reading() as session:
        row = (await session.exec(select(KeyRow).limit(1))).first()
    try:
        if row is not None:
            wrapping.unwrap(row.wrapped, row.subject)
    except InvalidTag:
        raise Unusable(
            f"The key file {settings.key_file} is not the one this database was written with."
        ) from None


async def check_demonstration_only(database: Database) -> None:
    """Demonstration accounts must never stand beside real people's."""
    async with database.reading() as session:
        others = await session.exec(
            select(PersonRow.id).where(PersonRow.demonstration == False)  # noqa: E712 - SQL
        )
        if others.first() is not None:
            raise Unusable(
                "The database holds people who are not of the demonstration; "
                "set ACCORD_DEMO=0 or another ACCORD_DATA_DIR."
            )
