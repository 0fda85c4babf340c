"""What the demonstration seeds."""

import pytest
from screening_office import a_person, a_viewer, an_office, rows

from cli.building import check_demonstration_only
from cli.settings import Unusable
from commands import organizations, passwords
from commands.demonstration import accounts, seed_accounts, seed_funds, seed_list
from commands.signing_in import sign_in, viewer_of
from policy.matching import Matcher
from schemas.people import Role
from schemas.requests import InvitationRequest
from store import lists
from store.tables import EventRow, FundRow, OrganizationRow, PersonRow


@pytest.fixture
async def office(tmp_path):
    office = await an_office(tmp_path)
    for _ in range(2):
        await seed_accounts(office, "open sesame")
        await seed_funds(office)
        await seed_list(office)
    yield office
    await office.database.close()


async def test_seeding_twice_records_everything_once(office):
    people = await rows(office, PersonRow)

    assert len({event.source for event in await rows(office, EventRow)}) == len(
        await rows(office, EventRow)
    )
    assert all(person.demonstration for person in people)
    assert len({person.password_hash for person in people}) == 1


async def test_who_is_invited_to_a_demonstration_is_of_it_and_the_next_start_goes_on(office):
    administrator = a_viewer(Role.ADMINISTRATOR, id="demo-administrator-1")
    content = organizations.OrganizationContent(name="Harbour Institute", kind="ngo")

    made = await organizations.create_organization(office, administrator, content, "r1")
    asked = InvitationRequest(
        email="signatory.of.harbour.institute@accord.example",
        name="Signatory of Harbour Institute",
        organization=made["id"],
        role="signatory",
    )
    invited = await passwords.invite(office, administrator, asked, "r2")

    everybody = {person.id: person for person in await rows(office, PersonRow)}
    assert everybody[invited["person"]].demonstration
    assert all(each.demonstration for each in await rows(office, OrganizationRow))
    await check_demonstration_only(office.database)


async def test_a_database_of_real_people_is_refused_to_a_demonstration(office):
    await a_person(office, "ada")

    with pytest.raises(Unusable, match="not of the demonstration"):
        await check_demonstration_only(office.database)


async def test_accounts_come_in_the_promised_order_and_sign_in(office):
    found = await accounts(office, "open sesame")

    assert [account["organization"] for account in found[:6]] == [
        "demo-international-organization", "demo-international-organization",
        "demo-ngo", "demo-ngo", "oas", "unodc",
    ]  # fmt: skip
    assert found[6]["email"] == "programme.officer.1@accord.example"
    roles = [account["grants"][0]["role"] for account in found]
    assert roles.count("reviewer") == 20
    assert roles.count("approver") == 9
    assert all(len(account["grants"]) == 1 for account in found)
    assert roles[-1] == "auditor"
    token, _ = await sign_in(office, found[6]["email"], found[6]["password"])
    assert (await viewer_of(office, token)).holds(Role.PROGRAMME_OFFICER, "CTCBP")


async def test_funds_cover_this_year_and_four_more(office):
    funds = {fund.id: fund for fund in await rows(office, FundRow)}

    assert len(funds) == 4 * 3 * 5
    assert funds["CTCBP-contributions-2026-27"].budget == 20_000_000_00
    assert funds["ACCBP-AVC-grants-2030-31"].budget == 10_000_000_00


async def test_the_list_hits_no_demonstration_party_nor_an_ordinary_project(office):
    async with office.database.reading() as session:
        matcher = Matcher(await lists.entries(session))
    names = [row.name for row in await rows(office, OrganizationRow)]
    names += [row.name for row in await rows(office, PersonRow)]
    names += ["Public Security Directorate", "Demonstration unit one", "Jordanian Armed Forces"]

    assert [name for name in names if matcher.candidates(name, None)] == []
    assert matcher.candidates("Demonstration listed entity one", "organization")
