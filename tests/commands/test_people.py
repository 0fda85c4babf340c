"""Grants by two people, and organizations."""

from datetime import date

import pytest
from screening_office import a_person, a_viewer, an_office, rows

from commands import people
from schemas.errors import Forbidden, Malformed, NotFound, Refused, Stale
from schemas.people import Role
from store import people as store
from store.tables import GrantRow, OrganizationRow, PersonRow

ONE = a_viewer(Role.ADMINISTRATOR, id="one")
TWO = a_viewer(Role.ADMINISTRATOR, id="two")


@pytest.fixture
async def office(tmp_path):
    office = await an_office(tmp_path)
    for id_ in ("one", "two"):
        await a_person(office, id_, grants=[(Role.ADMINISTRATOR, "all", None)])
    await a_person(office, "ada")
    yield office
    await office.database.close()


def the_grant(office, by=ONE, **other):
    asked = {
        "person": "ada",
        "role": Role.REVIEWER,
        "scope": "norms",
        "starts_on": date(2026, 9, 1),
        "ends_on": date(2027, 9, 1),
        "request_id": "r1",
    } | other
    return people.grant(office, by, **asked)


async def test_a_deciding_role_holds_once_a_second_administrator_confirms(office):
    granted = await the_grant(office)
    assert not granted["in_force"]

    with pytest.raises(Refused, match="second_person_needed"):
        await people.confirm_grant(office, ONE, granted["id"], "r2")
    confirmed = await people.confirm_grant(office, TWO, granted["id"], "r3")

    assert confirmed["in_force"]
    async with office.database.reading() as session:
        ada = await session.get(PersonRow, "ada")
        viewer = await store.viewer_of_person(session, ada, date(2026, 9, 2))
    assert viewer.holds(Role.REVIEWER, "norms")


@pytest.mark.parametrize(
    ("by", "other", "error", "code"),
    [
        (a_viewer(Role.AUDITOR), {}, Forbidden, "administrators_only"),
        (ONE, {"person": "one"}, Refused, "not_to_oneself"),
        (ONE, {"person": "two"}, Refused, "administrator_holds_no_other_role"),
        (ONE, {"person": "nobody"}, NotFound, "not_found"),
        (ONE, {"ends_on": None}, Malformed, "malformed"),
        (ONE, {"scope": "astrology"}, Malformed, "malformed"),
        (ONE, {"role": Role.APPROVER, "scope": "minister"}, Malformed, "malformed"),
        (ONE, {"role": Role.SIGNATORY, "scope": "another"}, Malformed, "malformed"),
    ],
    ids=["auditor", "oneself", "administrator", "nobody", "no end", "scope", "minister", "foreign"],
)
async def test_a_grant_that_breaks_the_rules_is_refused(office, by, other, error, code):
    with pytest.raises(error, match=code):
        await the_grant(office, by, **other)

    assert {row.person for row in await rows(office, GrantRow)} == {"one", "two"}


async def test_an_officers_edit_confirms_the_kind_and_an_old_version_is_refused(office):
    content = people.OrganizationContent(name="Harbour Institute", kind="ngo")
    made = await people.create_organization(office, a_viewer(Role.ADMINISTRATOR), content, "r1")
    assert not made["kind_confirmed"]

    officer = a_viewer(Role.PROGRAMME_OFFICER)
    changed = content.model_copy(update={"country": "CA"})
    after = await people.update_organization(office, officer, made["id"], changed, 1, "r2")

    assert after["kind_confirmed"]
    assert after["version"] == 2
    with pytest.raises(Stale):
        await people.update_organization(office, officer, made["id"], content, 1, "r3")


async def test_a_partner_sees_its_own_organization_alone(office):
    async with office.database.writing() as session:
        for id_ in ("ours", "theirs"):
            session.add(OrganizationRow(id=id_, name=id_, kind="ngo", people=[], identifiers={}))
    partner = a_viewer(Role.SIGNATORY, "ours")

    assert [o["id"] for o in await people.organizations(office, partner)] == ["ours"]
    with pytest.raises(NotFound):
        await people.organization(office, partner, "theirs")
