"""Grants by two people and their yearly attestation; what is written of people."""

from datetime import date, timedelta

import pytest
from screening_office import a_person, a_viewer, an_office, rows

from commands import grants, passwords, people
from schemas.errors import Forbidden, Malformed, NotFound, Refused, Stale
from schemas.people import Role
from schemas.requests import GrantRequest, PersonRequest
from schemas.values import Language
from store import people as store
from store.tables import EventRow, GrantRow, PersonRow, TokenRow

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


def the_grant(office, by=ONE, person="ada", request="r1", **other):
    asked = {
        "role": "reviewer",
        "scope": "norms",
        "starts_on": date(2026, 9, 1),
        "ends_on": date(2030, 9, 1),
        "reason": "She joins the team.",
    } | other
    return grants.grant(office, by, person, GrantRequest.model_validate(asked), request)


async def granted(office, **other):
    made = await the_grant(office, **other)
    return await grants.confirm_grant(office, TWO, made["id"], "c1")


async def holds(office, role, scope=None, person="ada"):
    async with office.database.reading() as session:
        row = await session.get(PersonRow, person)
        viewer = await store.viewer_of_person(session, row, office.now().date())
    return viewer is not None and viewer.holds(role, scope)


async def waiting(office):
    async with office.database.reading() as session:
        return await store.waiting_grants(session, office.now().date())


async def listed(office, **asked):
    return (await grants.grants(office, ONE, limit=50, cursor=None, **asked))["items"]


async def test_a_deciding_role_holds_once_a_second_administrator_confirms(office):
    proposed = await the_grant(office)
    assert (proposed["state"], proposed["in_force"]) == ("proposed", False)
    assert await waiting(office) == {"confirmation": 1, "attestation": 0}
    assert not await holds(office, Role.REVIEWER)

    with pytest.raises(Refused, match="second_person_needed"):
        await grants.confirm_grant(office, ONE, proposed["id"], "r2")
    confirmed = await grants.confirm_grant(office, TWO, proposed["id"], "r3")

    assert (confirmed["state"], confirmed["attest_by"]) == ("in_force", "2027-09-01")
    assert confirmed["reason"] == "She joins the team."
    assert await holds(office, Role.REVIEWER, "norms")
    types = [event.type for event in await rows(office, EventRow)]
    assert types == ["role_proposed", "role_granted"]


@pytest.mark.parametrize("by", [ONE, TWO], ids=["withdrawn", "refused"])
async def test_what_is_refused_or_withdrawn_is_confirmed_no_more(office, by):
    proposed = await the_grant(office)

    dropped = await grants.drop_grant(office, by, proposed["id"], "No longer needed.", "r2")

    assert (dropped["state"], dropped["dropped_by"]) == ("dropped", by.id)
    with pytest.raises(Refused, match="nothing_to_confirm"):
        await grants.confirm_grant(office, TWO, proposed["id"], "r3")
    assert not await holds(office, Role.REVIEWER)


@pytest.mark.parametrize(
    ("by", "other", "error", "code"),
    [
        (a_viewer(Role.AUDITOR), {}, Forbidden, "administrators_only"),
        (ONE, {"person": "one"}, Refused, "not_to_oneself"),
        (ONE, {"person": "two"}, Refused, "administrator_holds_no_other_role"),
        (ONE, {"person": "nobody"}, NotFound, "not_found"),
        (ONE, {"ends_on": None}, Malformed, "malformed"),
        (ONE, {"ends_on": date(2026, 8, 31)}, Malformed, "malformed"),
        (ONE, {"reason": None}, Malformed, "malformed"),
        (ONE, {"reason": "  "}, Malformed, "malformed"),
        (ONE, {"role": "administrator", "scope": "all", "reason": None}, Malformed, "malformed"),
        (ONE, {"scope": "astrology"}, Malformed, "malformed"),
        (ONE, {"role": "approver", "scope": "minister"}, Malformed, "malformed"),
        (ONE, {"role": "signatory", "scope": "another"}, Malformed, "malformed"),
    ],
    ids=[
        "auditor", "oneself", "administrator", "nobody", "no end", "end before start", "no reason",
        "blank reason", "administrator without reason", "scope", "minister", "foreign",
    ],
)  # fmt: skip
async def test_a_grant_that_breaks_the_rules_is_refused(office, by, other, error, code):
    with pytest.raises(error, match=code):
        await the_grant(office, by, **other)

    assert {row.person for row in await rows(office, GrantRow)} == {"one", "two"}


async def test_one_administrator_alone_makes_no_other(office):
    proposed = await the_grant(office, role="administrator", scope="all", ends_on=None)

    assert not await holds(office, Role.ADMINISTRATOR)
    await grants.confirm_grant(office, TWO, proposed["id"], "r2")
    assert await holds(office, Role.ADMINISTRATOR)


async def test_who_is_proposed_as_administrator_is_granted_nothing_else_meanwhile(office):
    administrator = {"role": "administrator", "scope": "all", "ends_on": None}
    proposed = await the_grant(office, **administrator)
    with pytest.raises(Refused, match="administrator_holds_no_other_role"):
        await the_grant(office, request="r2")

    await grants.drop_grant(office, TWO, proposed["id"], "Better not.", "r3")
    await the_grant(office, request="r4")
    with pytest.raises(Refused, match="administrator_holds_no_other_role"):
        await the_grant(office, request="r5", **administrator)


async def test_authorities_used_apart_are_warned_of_and_granted(office):
    await granted(office, role="certifier", scope="CTCBP")

    second = await the_grant(office, role="payment_authority", scope="CTCBP", request="r3")

    assert [warning["code"] for warning in second["warnings"]] == ["certifies_and_requisitions"]
    assert second["state"] == "proposed"


async def test_a_grant_that_nobody_attests_lapses_after_a_year(office):
    made = await granted(office)
    assert await listed(office, state="to_attest") == []

    office.today += timedelta(days=340)
    assert [each["id"] for each in await listed(office, state="to_attest")] == [made["id"]]
    assert await waiting(office) == {"confirmation": 0, "attestation": 1}
    assert await grants.record_lapses(office) == 0
    office.today += timedelta(days=26)

    assert not await holds(office, Role.REVIEWER)
    assert await grants.record_lapses(office) == 1
    assert await grants.record_lapses(office) == 0
    assert [each["id"] for each in await listed(office, state="lapsed")] == [made["id"]]
    lapses = [e for e in await rows(office, EventRow) if e.type == "role_lapsed"]
    assert [(e.actor, e.data["lapsed_on"]) for e in lapses] == [("system", "2027-09-02")]
    with pytest.raises(Refused, match="grant_lapsed"):
        await grants.attest_grant(office, TWO, made["id"], "a2")


async def test_a_grant_that_is_attested_holds_for_another_year(office):
    made = await granted(office)
    office.today += timedelta(days=350)

    attested = await grants.attest_grant(office, ONE, made["id"], "a1")

    assert (attested["attested_by"], attested["attest_by"]) == ("one", "2028-08-17")
    assert await listed(office, state="to_attest") == []
    office.today += timedelta(days=360)
    assert await holds(office, Role.REVIEWER)
    assert await grants.record_lapses(office) == 0


async def test_nobody_attests_what_gives_nothing_or_needs_no_attestation(office):
    proposed = await the_grant(office)
    with pytest.raises(Refused, match="nothing_to_attest"):
        await grants.attest_grant(office, TWO, proposed["id"], "a1")
    with pytest.raises(Refused, match="nothing_to_attest"):
        await grants.attest_grant(office, TWO, "one-0", "a2")
    with pytest.raises(Forbidden):
        await grants.attest_grant(office, a_viewer(Role.AUDITOR), proposed["id"], "a3")


async def test_one_person_ends_a_grant_and_its_holder_is_signed_out_for_good(office):
    made = await granted(office)
    async with office.database.writing() as session:
        await store.keep_token(
            session, "t", "ada", now=office.now(), expires_at=office.now() + timedelta(hours=12)
        )

    await grants.end_grant(office, ONE, made["id"], date(2026, 8, 31), "r2")

    assert not await holds(office, Role.REVIEWER)
    assert await rows(office, TokenRow) == []
    with pytest.raises(Refused, match="ends_earlier_already"):
        await grants.end_grant(office, ONE, made["id"], date(2026, 9, 30), "r3")


async def test_whoever_is_deactivated_is_nobody_until_reactivated(office):
    await granted(office)

    await people.set_active(office, ONE, "ada", "On leave.", "r2", active=False)
    assert not await holds(office, Role.REVIEWER)
    with pytest.raises(Refused, match="person_not_active"):
        await the_grant(office, scope="gender", request="r3")
    with pytest.raises(Refused, match="not_active_already"):
        await people.set_active(office, ONE, "ada", "On leave.", "r4", active=False)
    with pytest.raises(Refused, match="not_to_oneself"):
        await people.set_active(office, ONE, "one", "On leave.", "r5", active=False)
    await people.set_active(office, TWO, "ada", "She is back.", "r6", active=True)

    assert await holds(office, Role.REVIEWER)
    types = [event.type for event in await rows(office, EventRow)]
    assert types[-2:] == ["person_deactivated", "person_reactivated"]


async def test_a_changed_address_is_the_one_to_sign_in_with_and_told_in_no_event(office):
    asked = PersonRequest(name="Ada L.", email="Ada.L@accord.example", language=Language.FRENCH)

    changed = await people.change(office, ONE, "ada", asked, 1, "r1")

    assert (changed["email"], changed["version"]) == ("ada.l@accord.example", 2)
    async with office.database.reading() as session:
        assert (await store.by_email(session, "ada.l@accord.example")).id == "ada"
    [event] = await rows(office, EventRow)
    assert event.data["changed"] == ["email", "language", "name"]
    assert "accord.example" not in str(event.data)
    with pytest.raises(Stale):
        await people.change(office, ONE, "ada", asked, 1, "r2")
    taken = asked.model_copy(update={"email": "two@accord.example"})
    with pytest.raises(Refused, match="address_in_use"):
        await people.change(office, ONE, "ada", taken, 2, "r3")


async def test_people_are_found_by_name_role_and_state_page_by_page(office):
    await granted(office)
    await people.set_active(office, ONE, "two", "On leave.", "r2", active=False)

    async def found(cursor=None, limit=50, **asked):
        return await people.people(office, ONE, limit=limit, cursor=cursor, **asked)

    async def ids(**asked):
        return [each["id"] for each in (await found(**asked))["items"]]

    assert await ids() == ["ada", "one", "two"]
    assert await ids(q="AD") == ["ada"]
    assert await ids(q="two@") == ["two"]
    assert await ids(q="%") == []
    assert await ids(role=Role.ADMINISTRATOR) == ["one", "two"]
    assert await ids(active=False) == ["two"]
    first = await found(limit=2)
    assert [p["id"] for p in (await found(first["next"], 2))["items"]] == ["two"]
    assert (await people.person(office, ONE, "ada"))["grants"][0]["scope"] == "norms"
    with pytest.raises(NotFound):
        await people.person(office, ONE, "nobody")


# ---- the first administrators


def first(office, name="A", email="a@dept.example"):
    return passwords.invite_first_administrators(
        office, name=name, email=email, language=Language.ENGLISH
    )


@pytest.fixture
async def empty(tmp_path):
    office = await an_office(tmp_path)
    yield office
    await office.database.close()


async def test_the_machine_makes_two_administrators_and_no_third(empty):
    await first(empty)
    await first(empty, "B", "b@dept.example")

    with pytest.raises(Refused, match="administrators_exist"):
        await first(empty, "C", "c@dept.example")

    assert [row.name for row in await rows(empty, PersonRow)] == ["A", "B"]
    recorded = {(e.type, e.actor) for e in await rows(empty, EventRow)}
    assert recorded == {
        ("person_added", "operator"), ("role_granted", "operator"),
        ("password_link_made", "operator"),
    }  # fmt: skip


async def test_a_first_link_that_ran_out_is_made_anew_until_it_was_used(empty):
    gone = await first(empty)
    link = (await first(empty))["link"]
    assert link != gone["link"]

    with pytest.raises(passwords.LinkGone):
        await passwords.set_password(empty, gone["link"], "a long password", "", "r1")
    await passwords.set_password(empty, link, "a long password", "", "r2")

    with pytest.raises(Refused, match="address_in_use"):
        await first(empty)


async def test_the_machine_helps_again_when_one_administrator_is_left(office):
    with pytest.raises(Refused, match="administrators_exist"):
        await first(office)
    await people.set_active(office, ONE, "two", "Left.", "r1", active=False)

    await first(office)

    assert len(await rows(office, PersonRow)) == 4
