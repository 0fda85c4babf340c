"""Letters and agreements on paper: accessible PDF in the reader's language.

Nothing is kept: a paper is set from the data when it is asked for, and the same data give the
same bytes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import anyio
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import views
from commands.in_words import Reader
from commands.office import Office
from papers.paper import Block, Facts, Heading, Paper, Points, Table, Words
from papers.typesetting import pdf
from policy.agreements import DEPARTMENT
from policy.rules import access
from schemas.errors import NotFound
from schemas.people import Viewer
from schemas.values import Bilingual
from store import visibility
from store.tables import LetterRow, OrganizationRow, ProposalRow


@dataclass(frozen=True)
class Printed:
    """A PDF and the name of its file."""

    name: str
    body: bytes


async def printed(name: str, paper: Paper) -> Printed:
    """*paper* as PDF, set beside the loop."""
    return Printed(name=f"{name}.pdf", body=await anyio.to_thread.run_sync(pdf, paper))


async def letter(office: Office, viewer: Viewer, reference: str, letter_id: str) -> Printed:
    """A letter: its partner has it once it is told, staff who may read answers once written.

    NotFound for any other letter, and for a reader to whom it is not shown.
    """
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        found = await session.get(LetterRow, letter_id)
        if found is None or found.reference != reference:
            raise NotFound
        partner = visibility.sees_partner_view(viewer, row)
        if partner and found.told_at > office.now():
            raise NotFound
        if not partner and not access.may_see_answers(viewer):
            raise NotFound  # what an official wrote is an answer
        shown = (await views.letter_views(session, [found], viewer.language))[0]
        organization = await _organization(session, row)
    reader = Reader(office, viewer.language)
    at = found.written_at
    paper = Paper(
        title=shown["subject"],
        language=language_of(viewer),
        at=at.astimezone(UTC),
        foot=letter_id,
        blocks=[
            Facts(
                [
                    (reader.words(_FROM), reader.words(DEPARTMENT)),
                    (reader.words(_TO), organization),
                    (reader.words(_DATE), reader.moment(at)),
                    (reader.words(_REFERENCE), reference),
                ]
            ),
            Words(shown["text"]),
        ],
    )
    return await printed(letter_id, paper)


async def agreement(office: Office, viewer: Viewer, reference: str) -> Printed:
    """The agreement as data were frozen at approval, with who has signed it and its digest.

    NotFound until the reader knows of an agreement (a partner: until the approval is told).
    """
    view, _ = await views.proposal_view(office, viewer, reference)
    found = view["agreement"]
    if not found or not found["document"]:
        raise NotFound
    reader = Reader(office, viewer.language)
    blocks: list[Block] = []
    for section in found["document"]["sections"]:
        blocks += _section(section)
    blocks.append(
        Facts(
            [
                (reader.words(_BY_PARTNER), _signed(reader, found.get("partner_signed_at"))),
                (reader.words(_BY_DEPARTMENT), _signed(reader, found.get("department_signed_at"))),
                (reader.words(_DIGEST), found["sha256"]),
            ]
        )
    )
    paper = Paper(
        title=found["document"]["title"],
        language=language_of(viewer),
        at=_instant(view["decided_at"] or view["submitted_at"]),
        foot=reference,
        blocks=blocks,
    )
    return await printed(f"{reference}-agreement", paper)


def _section(section: dict[str, Any]) -> list[Block]:
    blocks: list[Block] = [Heading(section["heading"])]
    said = [paragraph for paragraph in section["paragraphs"] if paragraph]
    if section.get("listed"):
        blocks.append(Points(said))
    else:
        blocks += [Words(paragraph) for paragraph in said]
    table = section.get("table")
    if table and table["rows"]:
        blocks.append(Table(table["columns"], table["rows"], figures=table["figures"]))
    return blocks


def _signed(reader: Reader, at: str | None) -> str:
    return reader.moment(at) if at else reader.words(_NOT_SIGNED)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def language_of(viewer: Viewer) -> Literal["en", "fr"]:
    """The language of a paper for this reader."""
    return "fr" if viewer.language == "fr" else "en"


async def _organization(session: AsyncSession, row: ProposalRow) -> str:
    found = await session.get(OrganizationRow, row.organization)
    return found.name if found else row.organization


_FROM = Bilingual(en="From", fr="De")
_TO = Bilingual(en="To", fr="À")
_DATE = Bilingual(en="Date", fr="Date")
_REFERENCE = Bilingual(en="Reference", fr="Référence")
_BY_PARTNER = Bilingual(en="Signed for the partner", fr="Signée pour le partenaire")
_BY_DEPARTMENT = Bilingual(en="Signed for the department", fr="Signée pour le ministère")
_NOT_SIGNED = Bilingual(en="not yet", fr="pas encore")
_DIGEST = Bilingual(
    en="What is signed (SHA-256 of the data)", fr="Ce qui est signé (SHA-256 des données)"
)
