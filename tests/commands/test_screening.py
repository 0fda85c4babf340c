"""Importing lists, checking names, and screening the parties of a revision."""

from datetime import UTC, date, datetime

import pytest
from screening_office import a_list, a_viewer, an_office, rows

from activities.screening import Screening
from commands.screening import check_name, import_list, lists
from schemas.errors import Forbidden, Malformed
from schemas.messages import ScreeningRequest
from schemas.people import Role
from schemas.proposal import Beneficiary, Content, NamedParty
from store import hits, texts
from store.tables import (
    DraftRow,
    EventRow,
    HitRow,
    MessageRow,
    OrganizationRow,
    ProposalRow,
    RevisionRow,
    TaskRow,
)
from tests.lists.published import united_nations

REVIEWER = a_viewer(Role.REVIEWER, "screening")
KOROV = "p1,Person,Viktor Korovin,Vitya,1961-03-04,ru,,,CA,2026-01-01"
MILL = "o1,Company,Brasko Mill JSC,,,by,,,CA,2026-01-01"
THEN = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
async def office(tmp_path):
    office = await an_office(tmp_path)
    yield office
    await office.database.close()


async def a_proposal(office, reference="CTCBP-2026-000001", stage="compliance", **content):
    async with office.database.writing() as session:
        if await session.get(OrganizationRow, "ngo") is None:
            session.add(
                OrganizationRow(
                    id="ngo", name="Harbour Institute", kind="ngo", people=[], identifiers={}
                )
            )
            await session.flush()
        body = Content(programme="CTCBP", **content).model_dump(mode="json")
        await texts.put(session, reference, f"{reference}-1", body, now=THEN)
        session.add(
            DraftRow(
                reference=reference, organization="ngo", programme="CTCBP", created_by="x",
                content=body, saved_at=THEN,
            )
        )  # fmt: skip
        session.add(
            ProposalRow(
                reference=reference, organization="ngo", programme="CTCBP", stage=stage,
                created_at=THEN, placed_at=THEN, submitted_at=THEN, revision=1, state={},
            )
        )  # fmt: skip
        session.add(
            RevisionRow(
                reference=reference, number=1, content_text=f"{reference}-1", sha256="",
                submitted_at=THEN, submitted_by="x", policy_version="", checks=[], receipt={},
            )
        )  # fmt: skip
    return ScreeningRequest(reference=reference, revision=1)


def screening(office):
    return Screening(office.database, office.catalogue, office.now)


async def test_an_import_tells_everything_alive_and_nothing_closed(office):
    await a_proposal(office)
    await a_proposal(office, "CTCBP-2026-000002", stage="closed")

    answer = await import_list(office, REVIEWER, "un_sc", None, a_list(KOROV, MILL), "r1")

    assert (answer["added"], answer["rescreening"]) == (2, 1)
    assert [row.reference for row in await rows(office, MessageRow)] == ["CTCBP-2026-000001"]
    assert [row.type for row in await rows(office, EventRow)] == ["list_imported"]


async def test_a_corrected_listing_date_asks_for_nothing_and_a_changed_identity_does(office):
    await a_proposal(office)
    await import_list(office, REVIEWER, "un_sc", None, a_list(KOROV, MILL))

    date_only = await import_list(
        office, REVIEWER, "un_sc", None, a_list(KOROV.replace("CA,", "CA since 13 August,"), MILL)
    )
    office.today = office.today.replace(hour=16)
    changed = await import_list(
        office, REVIEWER, "un_sc", None, a_list(KOROV.replace("Vitya", "Viktor Korov"))
    )

    assert (date_only["metadata_only"], date_only["rescreening"]) == (1, 0)
    assert (changed["changed"], changed["removed"], changed["rescreening"]) == (1, 1, 1)


async def test_the_same_file_a_second_time_changes_nothing(office):
    first = await import_list(office, REVIEWER, "un_sc", None, a_list(KOROV))
    second = await import_list(office, REVIEWER, "un_sc", None, a_list(KOROV))

    assert second["snapshot"] == first["snapshot"]
    assert second["added"] == 0


async def test_lists_are_shown_before_their_first_import(office):
    await import_list(office, REVIEWER, "other", "Another list", a_list(KOROV))

    shown = await lists(office, a_viewer(Role.AUDITOR))

    assert [(row["id"], row["imported"]) for row in shown] == [
        ("ca_sema", False), ("ca_terrorist", False), ("un_sc", False), ("other", True),
    ]  # fmt: skip
    with pytest.raises(Forbidden):
        await lists(office, a_viewer(Role.SIGNATORY, "ngo"))


async def test_only_screening_reviewers_and_administrators_import(office):
    with pytest.raises(Forbidden):
        await import_list(office, a_viewer(Role.REVIEWER, "norms"), "un_sc", None, a_list(KOROV))


async def test_a_checked_name_is_answered_above_the_threshold_and_kept_with_the_reason(office):
    await import_list(office, REVIEWER, "un_sc", None, a_list(KOROV, MILL))

    found = await check_name(
        office, REVIEWER, "KOROVIN, Victor", "person", date(1961, 3, 4), "RU", "asked by a desk"
    )

    assert [(c["list"], c["entry"]) for c in found] == [("un_sc", "p1")]
    assert found[0]["features"]["birth_date"]["result"] == "same"
    event = (await rows(office, EventRow))[-1]
    assert event.type == "name_checked"
    assert "Korovin" not in str(event.data)
    with pytest.raises(Malformed):
        await check_name(office, REVIEWER, " ", "person", None, None, "")
    with pytest.raises(Forbidden):
        await check_name(office, a_viewer(Role.AUDITOR), "x", "person", None, None, "y")


async def test_without_an_imported_list_screening_is_not_done(office):
    request = await a_proposal(office)

    result = await screening(office).screen(request)

    assert (result.lists, result.parties) == ((), ())


async def test_directors_are_owners_commanders_are_screened_and_twice_finds_the_same(office):
    request = await a_proposal(
        office,
        named_parties=(NamedParty(name="Victor Korovin", kind="person", relation="director"),),
        beneficiaries=(
            Beneficiary(name="A unit", kind="security_unit", commander="Viktor Korovin"),
            Beneficiary(name="Border unit", kind="security_unit", parent="Brasko Mill"),
        ),
    )
    await import_list(office, REVIEWER, "un_sc", None, a_list(KOROV, MILL))

    first = await screening(office).screen(request)
    second = await screening(office).screen(request)

    assert first == second
    assert len(first.lists) == 1
    found = {row.party: row for row in await rows(office, HitRow)}
    assert {(found[p.party].party_name, p.owner) for p in first.parties} == {
        ("Victor Korovin", True), ("Viktor Korovin", False), ("Brasko Mill", False),
    }  # fmt: skip


async def test_no_match_holds_on_another_proposal_until_the_entry_changes(office):
    party = NamedParty(name="Viktor Korovin", kind="person", relation="trainee")
    first = await a_proposal(office, named_parties=(party,))
    other = await a_proposal(office, "CTCBP-2026-000002", named_parties=(party,))
    await import_list(office, REVIEWER, "un_sc", None, a_list(KOROV))
    [found] = (await screening(office).screen(first)).parties
    async with office.database.writing() as session:
        judged = dict.fromkeys(found.hits, "no_match")
        await hits.judge(session, first.reference, judged, "ada", THEN)

    assert (await screening(office).screen(first)).parties == ()
    assert (await screening(office).screen(other)).parties == ()

    await import_list(office, REVIEWER, "un_sc", None, a_list(KOROV.replace("1961", "1962")))
    assert len((await screening(office).screen(other)).parties) == 1


async def a_judged_pair(office, *tasks):
    """A party judged "no match" on one proposal, and the same party named on another."""
    party = NamedParty(name="Viktor Korovin", kind="person", relation="trainee")
    first = await a_proposal(office, named_parties=(party,))
    other = await a_proposal(office, "CTCBP-2026-000002", named_parties=(party,))
    await import_list(office, REVIEWER, "un_sc", None, a_list(KOROV))
    [found] = (await screening(office).screen(first)).parties
    async with office.database.writing() as session:
        await hits.judge(
            session, first.reference, dict.fromkeys(found.hits, "no_match"), "ada", THEN
        )
        for number, (id_, told) in enumerate(tasks, start=1):
            detail = {"hits": list(found.hits)} if told["kind"] == "screening.adjudicate" else {}
            session.add(
                TaskRow(
                    id=id_, reference=first.reference, number=number, stage="compliance",
                    programme="CTCBP",
                    revision=1, candidates=[], opened_at=THEN, due_at=THEN, state="done",
                    texts={}, detail=detail, **told,
                )
            )  # fmt: skip
    return other


JUDGED = ("t1", {"kind": "screening.adjudicate", "outcome": "no_match",
                 "facts": {"confirm_needed": True}})  # fmt: skip
AGREED = ("t2", {"kind": "confirm", "confirms": "t1", "outcome": "agree"})
DISAGREED = ("t2", {"kind": "confirm", "confirms": "t1", "outcome": "disagree"})
PROCEEDS = ("t3", {"kind": "arbitrate", "arbitrates": "t1", "outcome": "proceed"})


@pytest.mark.parametrize(
    ("tasks", "holds"),
    [
        pytest.param([JUDGED], False, id="nobody has agreed yet"),
        pytest.param([JUDGED, AGREED], True, id="agreed"),
        pytest.param([JUDGED, DISAGREED], False, id="disagreed"),
        pytest.param([JUDGED, DISAGREED, PROCEEDS], True, id="arbitrated"),
    ],
)
async def test_a_judgement_that_needs_a_second_person_holds_elsewhere_once_it_has_one(
    office, tasks, holds
):
    other = await a_judged_pair(office, *tasks)

    parties = (await screening(office).screen(other)).parties

    assert (parties == ()) is holds


async def test_a_judgement_is_made_anew_when_it_is_older_than_policy_lets_it_be(office):
    other = await a_judged_pair(office)
    office.today = office.today.replace(year=2027, month=8)
    in_time = (await screening(office).screen(other)).parties
    await a_proposal(
        office, "CTCBP-2026-000003",
        named_parties=(NamedParty(name="Viktor Korovin", kind="person", relation="trainee"),),
    )  # fmt: skip
    office.today = office.today.replace(year=2027, month=12)

    later = await screening(office).screen(
        ScreeningRequest(reference="CTCBP-2026-000003", revision=1)
    )

    assert in_time == ()
    assert len(later.parties) == 1


async def test_what_the_list_says_is_laid_beside_what_the_proposal_says(office):
    party = NamedParty(name="Viktor Korovin", kind="person", relation="director", share_percent=60)
    request = await a_proposal(office, named_parties=(party,))
    await import_list(office, REVIEWER, "un_sc", None, united_nations())

    await screening(office).screen(request)

    [hit] = await rows(office, HitRow)
    compared = hit.features["compared"]
    assert (compared["party"]["relation"], compared["party"]["share_percent"]) == ("director", "60")
    assert compared["entry"]["weak_aliases"] == ["The Ferryman"]
    assert compared["entry"]["details"]["birth_places"] == ["Zenda"]
    assert compared["entry"]["details"]["identifiers"] == ["Passport, Z 11"]
