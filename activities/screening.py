"""Screening one revision: every party it names against every imported list.

Finds and keeps possible matches; whether one *is* a match, a person says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from policy.catalogue import Catalogue
from policy.matching import Matcher, Scored
from policy.name_words import normalized
from policy.rules.clocks import toronto_day
from schemas.errors import NotFound
from schemas.messages import PartyHits, ScreeningRequest, ScreeningResult
from schemas.proposal import BeneficiaryKind, Content, NamedParty, Relation
from schemas.values import digest
from store import hits, lists, texts
from store.database import Database
from store.tables import (
    DraftRow,
    HitRow,
    ListEntryRow,
    OrganizationRow,
    ProposalRow,
    RevisionRow,
)

_DAYS_A_MONTH = 365 / 12
_OWNERS = frozenset({Relation.DIRECTOR, Relation.BENEFICIAL_OWNER})


@dataclass(frozen=True)
class Party:
    """Somebody a proposal names, and what is said of them."""

    name: str
    kind: str
    relation: str
    owner: bool = False
    birth_date: date | None = None
    country: str | None = None
    share_percent: str | None = None

    @property
    def identity(self) -> str:
        """Digest of what identifies the party: a judgement holds until this changes."""
        born = self.birth_date.isoformat() if self.birth_date else None
        return digest([self.kind, normalized(self.name, self.kind), born, self.country])

    @property
    def id(self) -> str:
        return self.identity[:16]


class Screening:
    """Screens revisions against the lists in the store."""

    def __init__(
        self, database: Database, catalogue: Catalogue, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._now = now

    async def screen(self, request: ScreeningRequest) -> ScreeningResult:
        """Screen a revision and keep what is found.

        A second time finds the same hits under the same ids, leaves what was judged as it was
        judged, and gives the same answer (less what was judged meanwhile).
        """
        snapshots, matcher = await lists.matcher_of(self._database)
        if not snapshots:
            return ScreeningResult(lists=(), parties=())
        async with self._database.reading() as session:
            parties = await parties_of(session, request.reference, request.revision)
        now = self._now()
        policy = self._catalogue.in_force(toronto_day(now)).screening
        threshold = float(policy.threshold)
        found = await asyncio.to_thread(_found, matcher, parties, threshold, request, now)
        since = now - timedelta(days=_DAYS_A_MONTH * policy.judgement_months)
        async with self._database.writing() as session:
            await _lay_beside(session, found)
            kept = await _keep(session, found, since)
        owners = {party.id for party in parties if party.owner}
        open_hits: dict[str, list[str]] = {}
        for hit in kept:
            if hit.judgement is None:
                open_hits.setdefault(hit.party, []).append(hit.id)
        return ScreeningResult(
            lists=snapshots,
            parties=tuple(
                PartyHits(party=party, owner=party in owners, hits=tuple(sorted(ids)))
                for party, ids in sorted(open_hits.items())
            ),
        )


async def parties_of(session: AsyncSession, reference: str, revision: int) -> tuple[Party, ...]:
    """Everybody the revision names, and the partner with its owners and directors; each once."""
    row = await session.get(RevisionRow, (reference, revision))
    if row is None:
        raise NotFound
    body = (await texts.read(session, [row.content_text])).get(row.content_text)
    content = Content.model_validate(body) if body is not None else None
    organization = await session.get(OrganizationRow, await _organization_id(session, reference))
    once: dict[str, Party] = {}
    for party in [*_partner(organization), *(_named(content) if content else ())]:
        if not normalized(party.name, party.kind):
            continue
        known = once.get(party.identity)
        if known is None:
            once[party.identity] = party
        elif party.owner and not known.owner:
            once[party.identity] = replace(
                known, owner=True, relation=party.relation, share_percent=party.share_percent
            )
    return tuple(once.values())


async def _organization_id(session: AsyncSession, reference: str) -> str:
    draft = await session.get(DraftRow, reference)
    if draft is not None:
        return draft.organization
    proposal = await session.get(ProposalRow, reference)
    if proposal is None:
        raise NotFound
    return proposal.organization


def _partner(organization: OrganizationRow | None) -> Iterable[Party]:
    if organization is None:
        return
    yield Party(
        organization.name, "organization", "partner", owner=True, country=organization.country
    )
    for person in organization.people:
        # Everybody an organization writes down about itself owns or directs it.
        yield replace(_party(NamedParty.model_validate(person)), owner=True)


def _named(content: Content) -> Iterable[Party]:
    for named in content.named_parties:
        yield _party(named)
    for partner in content.sub_partners:
        yield Party(partner.name, "organization", "sub_partner", country=partner.country)
    for beneficiary in content.beneficiaries:
        kind = "person" if beneficiary.kind is BeneficiaryKind.INDIVIDUAL else "organization"
        country = beneficiary.country
        yield Party(beneficiary.name, kind, "beneficiary", country=country)
        if beneficiary.parent:
            yield Party(beneficiary.parent, "organization", "parent_unit", country=country)
        if beneficiary.commander:
            yield Party(beneficiary.commander, "person", "commander", country=country)


def _party(named: NamedParty) -> Party:
    return Party(
        name=named.name,
        kind=named.kind,
        relation=named.relation,
        owner=named.relation in _OWNERS,
        birth_date=named.birth_date,
        country=named.country,
        share_percent=str(named.share_percent) if named.share_percent is not None else None,
    )


def _found(
    matcher: Matcher,
    parties: Sequence[Party],
    threshold: float,
    request: ScreeningRequest,
    now: datetime,
) -> list[HitRow]:
    return [
        _hit(request.reference, party, scored, threshold, now)
        for party in parties
        for scored in matcher.candidates(
            party.name, party.kind, party.birth_date, party.country, threshold
        )
    ]


def _hit(reference: str, party: Party, scored: Scored, threshold: float, now: datetime) -> HitRow:
    entry = scored.entry
    key = [reference, party.identity, entry.list_id, entry.entry, entry.identity]
    return HitRow(
        id=digest(key)[:24],
        reference=reference,
        party=party.id,
        party_name=party.name,
        owner=party.owner,
        list_id=entry.list_id,
        entry=entry.entry,
        entry_name=scored.name,
        identity=entry.identity,
        party_identity=party.identity,
        score=scored.score,
        features={**scored.features, "threshold": threshold, "compared": _compared(party, scored)},
        found_at=now,
    )


def _compared(party: Party, scored: Scored) -> dict[str, Any]:
    """What a reviewer lays side by side."""
    entry = scored.entry
    return {
        "party": {
            "kind": party.kind,
            "relation": party.relation,
            "birth_date": party.birth_date.isoformat() if party.birth_date else None,
            "country": party.country,
            "share_percent": party.share_percent,
        },
        "entry": {
            "kind": entry.kind,
            "names": list(entry.names),
            "aliases": list(entry.aliases[:20]),
            "weak_aliases": list(entry.weak_aliases[:20]),
            "birth_dates": list(entry.birth_dates),
            "countries": list(entry.countries),
        },
    }


async def _lay_beside(session: AsyncSession, found: Sequence[HitRow]) -> None:
    """What else the lists say of the entries that were found, for the reviewer to compare."""
    for hit in found:
        row = await session.get(ListEntryRow, (hit.list_id, hit.entry))
        if row is not None:
            entry = {**hit.features["compared"]["entry"], "details": row.details}
            compared = {**hit.features["compared"], "entry": entry}
            hit.features = {**hit.features, "compared": compared}


async def _keep(session: AsyncSession, found: Sequence[HitRow], since: datetime) -> list[HitRow]:
    """The rows as they are kept: known ones with their judgement, new ones with one that holds."""
    known: dict[str, HitRow] = {}
    ids = [hit.id for hit in found]
    for start in range(0, len(ids), 500):
        rows = await session.exec(
            select(HitRow).where(col(HitRow.id).in_(ids[start : start + 500]))
        )
        known.update({row.id: row for row in rows})
    holding = await hits.holding(session, [hit for hit in found if hit.id not in known], since)
    kept = []
    for hit in found:
        row = known.get(hit.id)
        if row is None:
            row = hit
            earlier = holding.get(hits.pair_of(hit))
            if earlier is not None:
                row.judgement, row.judged_by = earlier.judgement, earlier.judged_by
                row.judged_at = earlier.judged_at
        elif hit.owner and not row.owner:
            row.owner = True
        session.add(row)
        kept.append(row)
    await session.flush()
    return kept
