"""Organizations: their kind, their directors and owners, and what a change of these asks."""

import pytest
from screening_office import a_viewer, an_office, rows

from commands import organizations
from schemas.errors import Malformed, NotFound, Stale
from schemas.people import Role
from schemas.proposal import NamedParty
from schemas.values import Language
from store.tables import EventRow, MessageRow, OrganizationRow, ProposalRow


@pytest.fixture
async def office(tmp_path):
    office = await an_office(tmp_path)
    yield office
    await office.database.close()


async def test_an_officers_edit_confirms_the_kind_and_an_old_version_is_refused(office):
    content = organizations.OrganizationContent(name="Harbour Institute", kind="ngo")
    made = await organizations.create_organization(
        office, a_viewer(Role.ADMINISTRATOR), content, "r1"
    )
    assert not made["kind_confirmed"]

    officer = a_viewer(Role.PROGRAMME_OFFICER)
    changed = content.model_copy(update={"country": "CA"})
    after = await organizations.update_organization(office, officer, made["id"], changed, 1, "r2")

    assert after["kind_confirmed"]
    assert after["version"] == 2
    with pytest.raises(Stale):
        await organizations.update_organization(office, officer, made["id"], content, 1, "r3")


async def test_a_partner_sees_its_own_organization_alone(office):
    async with office.database.writing() as session:
        for id_ in ("ours", "theirs"):
            session.add(OrganizationRow(id=id_, name=id_, kind="ngo", people=[], identifiers={}))
    partner = a_viewer(Role.SIGNATORY, "ours")

    assert [o["id"] for o in await organizations.organizations(office, partner)] == ["ours"]
    with pytest.raises(NotFound):
        await organizations.organization(office, partner, "theirs")


INSTITUTE = organizations.OrganizationContent(name="Harbour Institute", kind="ngo")
A_DIRECTOR = NamedParty(name="Ada Harbour", kind="person", relation="director")


def an_owner(share):
    return NamedParty.model_validate(
        {"name": "B", "kind": "person", "relation": "beneficial_owner", "share_percent": share}
    )


async def alive(office, organization):
    async with office.database.writing() as session:
        for number, (submitted, stage) in enumerate(
            [(office.today, "desk"), (office.today, "closed"), (None, "draft")]
        ):
            session.add(
                ProposalRow(
                    reference=f"CTCBP-2026-{number:06d}", organization=organization,
                    programme="CTCBP", created_at=office.today, placed_at=office.today,
                    submitted_at=submitted, stage=stage, state={},
                )
            )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"people": (A_DIRECTOR,)}, 1),
        ({"people": (an_owner("50"),)}, 1),
        ({"name": "Another name"}, 1),
        ({"country": "CA"}, 1),
        ({"language": Language.FRENCH}, 0),
        ({"identifiers": {"business_number": "1"}}, 0),
    ],
    ids=["director", "owner", "name", "country", "language", "identifier"],
)
async def test_a_change_of_who_it_is_screens_what_is_alive_of_it(office, changes, asked):
    officer = a_viewer(Role.PROGRAMME_OFFICER)
    made = await organizations.create_organization(office, officer, INSTITUTE, "r1")
    await alive(office, made["id"])

    changed = INSTITUTE.model_copy(update=changes)
    await organizations.update_organization(office, officer, made["id"], changed, 1, "r2")
    messages = await rows(office, MessageRow)

    assert [(m.reference, m.kind) for m in messages] == [("CTCBP-2026-000000", "rescreen")] * asked
    types = [event.type for event in await rows(office, EventRow)]
    assert types == ["organization_added", "organization_changed"]


async def test_a_change_and_what_it_asks_for_are_kept_together_or_not_at_all(office, monkeypatch):
    officer = a_viewer(Role.PROGRAMME_OFFICER)
    made = await organizations.create_organization(office, officer, INSTITUTE, "r1")
    await alive(office, made["id"])

    async def lost(*_args, **_named):
        raise OSError("the disk is full")

    monkeypatch.setattr(organizations.rescreening, "begin", lost)
    changed = INSTITUTE.model_copy(update={"people": (A_DIRECTOR,)})
    with pytest.raises(OSError, match="disk"):
        await organizations.update_organization(office, officer, made["id"], changed, 1, "r2")

    [kept] = await rows(office, OrganizationRow)
    assert (kept.people, kept.version) == ([], 1)
    assert [event.type for event in await rows(office, EventRow)] == ["organization_added"]


@pytest.mark.parametrize(
    ("people", "pointer", "code"),
    [
        ((an_owner("60"), an_owner("40.01")), "/people", "shares_above_whole"),
        (
            (NamedParty(name="T", kind="person", relation="trainee"),),
            "/people/0/relation",
            "neither_director_nor_owner",
        ),
    ],
    ids=["shares", "trainee"],
)
async def test_directors_and_owners_are_named_and_share_the_whole(office, people, pointer, code):
    content = INSTITUTE.model_copy(update={"people": people})

    with pytest.raises(Malformed) as refused:
        await organizations.create_organization(
            office, a_viewer(Role.PROGRAMME_OFFICER), content, "r1"
        )

    assert [(gap.pointer, gap.code) for gap in refused.value.gaps] == [(pointer, code)]
    assert await rows(office, OrganizationRow) == []


async def test_owners_of_the_whole_are_taken(office):
    content = INSTITUTE.model_copy(update={"people": (an_owner("60"), an_owner("40"), A_DIRECTOR)})

    made = await organizations.create_organization(
        office, a_viewer(Role.PROGRAMME_OFFICER), content, "r1"
    )

    assert len(made["people"]) == 3
