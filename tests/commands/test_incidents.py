"""Incidents and country events: reported in time or late, pausing what they touch, ended by two."""

import asyncio
from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlmodel import select

from commands import incident_views, incidents, overdue_incidents
from commands.verifying import verify
from policy.rules import incidents as rules
from schemas.errors import Forbidden, Malformed, NotFound, Refused
from schemas.requests import AssessmentRequest, IncidentRequest
from store import incidents as store
from store.tables import IncidentRow, NotificationRow
from tests.installation import a_request, a_signatory
from tests.policy.proposals import a_haitian_proposal, a_proposal

OFFICER, ASSESSOR, GENERAL = "programme-officer-1", "human-rights-reviewer-1", "director-general-1"
SAID = "Two officers of the unit were seen beating a detainee."
PARTNER = "demo-international-organization"


def asked(accord, **changes):
    learned = accord.now() - timedelta(hours=2)
    return IncidentRequest.model_validate(
        {"kind": "violation", "occurred_at": learned - timedelta(days=3), "learned_at": learned,
         "what": SAID} | changes
    )  # fmt: skip


async def report(accord, by=OFFICER, **changes):
    viewer = by if not isinstance(by, str) else await accord.viewer(by)
    return await incidents.report(accord.office, viewer, asked(accord, **changes), a_request())


async def assess(accord, made, outcome="substantiated", by=ASSESSOR):
    request = AssessmentRequest(outcome=outcome, findings="It was so: the unit is left out.")
    return await incidents.assess(
        accord.office, await accord.viewer(by), made["id"], request, a_request()
    )


async def confirm(accord, made, by=GENERAL):
    return await incidents.confirm(accord.office, await accord.viewer(by), made["id"], a_request())


async def touched(accord, made, by="auditor-1"):
    found = await incident_views.touched(accord.office, await accord.viewer(by), made["id"])
    return {each["reference"]: each["paused"] for each in found}


async def paused(accord, made, *references):
    """The incident's pauses have reached *references*."""
    for _ in range(500):
        if all([(await touched(accord, made)).get(each) for each in references]):
            return
        await accord.settle()
    raise AssertionError(await touched(accord, made))


async def in_compliance(accord, content=None):
    reference = await accord.submit(content or a_proposal())
    await accord.screened(reference)
    await accord.decide(reference, "eligibility.confirm")
    return reference


async def test_an_incident_pauses_what_it_touches_and_an_assessment_by_two_ends_it(accord):
    reference = await in_compliance(accord)
    await accord.decide(reference, "compliance.human_rights")
    made = await report(accord, references=[reference])
    await paused(accord, made, reference)
    with pytest.raises(Refused, match="on_hold"):
        await accord.decide(reference, "compliance.norms")
    waiting = (await accord.view(reference))["holds"]
    assert [(hold["kind"], hold["reason"]) for hold in waiting] == [("suspension", "incident")]

    with pytest.raises(Refused, match="incident_is_not"):
        await confirm(accord, made)
    assert (await assess(accord, made))["state"] == "assessed"
    with pytest.raises(Refused, match="on_hold"):
        await accord.decide(reference, "compliance.norms")
    done = await confirm(accord, made)

    assert (done["state"], done["closed_by"]["name"]) == ("closed", "Director general 1")
    await accord.until(reference, holds=[])
    assert "compliance.human_rights" in await accord.open_kinds(reference)
    await accord.advance_to(reference, "active")
    assert (await verify(accord.office, accord.office.gateway)).differences == []


@pytest.mark.on_both_databases
async def test_what_is_late_is_shown_to_the_hour_of_policy(accord):
    reference = await in_compliance(accord)
    in_time = accord.now() - timedelta(hours=23)
    late = accord.now() - timedelta(hours=25)

    first = await report(accord, references=[reference], occurred_at=in_time, learned_at=in_time)
    second = await report(accord, references=[reference], occurred_at=late, learned_at=late)
    slower = await report(
        accord, references=[reference], kind="fraud", occurred_at=late, learned_at=late
    )

    assert [each["late"] for each in (first, second, slower)] == [False, True, False]


async def test_who_assessed_does_not_confirm_and_a_refusal_asks_anew(accord):
    reference = await in_compliance(accord)
    made = await report(accord, references=[reference])
    with pytest.raises(Forbidden, match="incident_assessment_not_for_role"):
        await assess(accord, made, by="finance-officer-1")
    await assess(accord, made)
    with pytest.raises(Forbidden, match="incident_confirmation_not_for_role"):
        await confirm(accord, made, by=ASSESSOR)

    general = await accord.viewer(GENERAL)
    refused = await incidents.refuse(
        accord.office, general, made["id"], "Ask the embassy too.", a_request()
    )

    assert (refused["state"], refused["refusal"]) == ("open", "Ask the embassy too.")
    assert refused["outcome"] is refused["assessed_by"] is None
    await assess(accord, made, outcome="unfounded")
    await confirm(accord, made)
    await accord.until(reference, holds=[])


def test_nobody_confirms_what_they_assessed_whatever_else_they_are():
    class Both:
        id = "one"

        def covers(self, _):
            return True

    assert not rules.may_confirm(Both(), "one")
    with pytest.raises(Refused, match="incident_assessment_own"):
        rules.check_may_confirm(Both(), "one")


@pytest.mark.on_both_databases
async def test_it_touches_by_partner_country_unit_person_and_name(accord):
    jordan = await accord.submit(a_proposal(
        beneficiaries=[{"name": "Border Unit 7", "kind": "security_unit", "country": "JO",
                        "commander": "K. Haddad"}],
    ))  # fmt: skip
    haiti = await accord.submit(a_haitian_proposal())
    other = await accord.submit(a_proposal(), by=a_signatory("demo-ngo"))

    async def by(**scope):
        return set(await touched(accord, await report(accord, **scope)))

    assert await by(organization=PARTNER) == {jordan, haiti}
    assert await by(kind="country_event", countries=["JO"]) == {jordan, other}
    assert await by(organization=PARTNER, countries=["HT"]) == {haiti}
    assert await by(parties=[{"name": "border  UNIT 7", "country": "JO"}]) == {jordan}
    assert await by(parties=[{"name": "Border Unit 7", "country": "HT"}]) == set()
    assert await by(parties=[{"name": "K. Haddad"}]) == {jordan}
    assert await by(references=[haiti]) == {haiti}


async def test_any_number_is_gone_through_in_parts_and_each_is_asked_once(accord, monkeypatch):
    monkeypatch.setattr(store, "AT_A_TIME", 1)
    references = [await accord.submit(a_proposal()) for _ in range(3)]
    made = await report(accord, organization=PARTNER)
    assert made["progress"] == {"looked": 1, "of": 3, "done": False}

    while await incidents.go_on(accord.office):
        pass

    assert set(await touched(accord, made)) == set(references)
    await paused(accord, made, *references)
    await assess(accord, made, outcome="unfounded")
    await confirm(accord, made)
    while await incidents.go_on(accord.office):
        pass
    for reference in references:
        await accord.until(reference, holds=[])
    assert await incidents.go_on(accord.office) == 0


async def test_what_is_signed_is_listed_and_told_as_open_for_its_payments(accord):
    reference = await accord.submit(a_proposal())
    await accord.advance_to(reference, "active")

    made = await report(accord, organization=PARTNER)

    found = await incident_views.touched(accord.office, await accord.viewer(OFFICER), made["id"])
    assert [(each["signed"], each["paused"]) for each in found] == [(True, False)]
    async with accord.office.database.reading() as session:
        assert [row.id for row in await store.open_of(session, reference)] == [made["id"]]
    await assess(accord, made)
    await confirm(accord, made)
    async with accord.office.database.reading() as session:
        assert await store.open_of(session, reference) == []


async def test_a_partner_reports_its_own_and_reads_nothing_else(accord):
    mine = await in_compliance(accord)
    await report(accord, references=[mine])

    made = await report(accord, by="signatory-1", kind="fraud", references=[mine])

    office, partner = accord.office, await accord.viewer("signatory-1")
    assert [each["id"] for each in await incident_views.incidents(office, partner)] == [made["id"]]
    assert "state" not in made
    assert "touched" not in made
    assert await incident_views.touched(office, partner, made["id"]) == []
    stranger = a_signatory("demo-ngo")
    assert await incident_views.incidents(office, stranger) == []
    with pytest.raises(NotFound):
        await incident_views.incident(office, stranger, made["id"])
    before = await incident_views.incident(office, partner, made["id"])
    await assess(accord, made)
    await confirm(accord, made)
    assert await incident_views.incident(office, partner, made["id"]) == before


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"kind": "country_event", "countries": ["JO"]}, "country_event_staff_only"),
        ({"organization": "demo-ngo"}, "incident_of_own_organization_only"),
    ],
)
async def test_a_partner_reports_no_country_and_nobody_else(accord, changes, refusal):
    with pytest.raises(Forbidden, match=refusal):
        await report(accord, by=accord.signatory, **changes)


async def test_a_partner_names_no_proposal_of_others(accord):
    other = await accord.submit(a_proposal(), by=a_signatory("demo-ngo"))

    with pytest.raises(Malformed) as refused:
        await report(accord, by=accord.signatory, references=[other])

    assert [(gap.pointer, gap.code) for gap in refused.value.gaps] == [
        ("/references/0", "unknown_value")
    ]


@pytest.mark.parametrize("who", ["administrator-1", "auditor-1"])
async def test_who_watches_reports_nothing(accord, who):
    with pytest.raises(Forbidden, match="incident_not_for_role"):
        await report(accord, by=who, organization=PARTNER)


async def test_the_order_of_what_happened_is_kept(accord):
    soon = accord.now() + timedelta(hours=1)

    with pytest.raises(Malformed) as refused:
        await report(accord, organization=PARTNER, learned_at=soon, occurred_at=soon)
    assert [gap.code for gap in refused.value.gaps] == ["in_the_future"]
    with pytest.raises(Malformed) as refused:
        await report(accord, organization=PARTNER, occurred_at=accord.now())
    assert [gap.code for gap in refused.value.gaps] == ["after_it_was_known"]
    with pytest.raises(Malformed) as refused:
        await report(accord)
    assert [gap.code for gap in refused.value.gaps] == ["incident_touches_nothing"]
    with pytest.raises(ValidationError):
        asked(accord, what="")


async def test_of_thirty_confirmations_at_once_one_counts(accord):
    made = await report(accord, organization=PARTNER)
    await assess(accord, made)

    done = await asyncio.gather(*(confirm(accord, made) for _ in range(30)), return_exceptions=True)

    assert sum(isinstance(each, dict) for each in done) == 1
    assert {each.code for each in done if isinstance(each, Refused)} == {"incident_is_not"}


async def test_the_same_request_reports_once(accord):
    viewer, request = await accord.viewer(OFFICER), a_request()
    said = asked(accord, organization=PARTNER)

    first, again = [await incidents.report(accord.office, viewer, said, request) for _ in range(2)]

    assert first == again


async def test_who_assesses_and_who_answers_are_told_and_no_partner(accord):
    await in_compliance(accord)
    made = await report(accord, organization=PARTNER)
    await assess(accord, made)
    await confirm(accord, made)

    async with accord.office.database.reading() as session:
        rows = await session.exec(NotificationRow.__table__.select())
        told = {(row.kind, row.person) for row in rows if row.kind.startswith("incident")}

    people = {person for kind, person in told if kind == "incident_reported"}
    assert {"demo-human-rights-reviewer-1", "demo-programme-officer-2",
            "demo-director-general-1"} <= people  # fmt: skip
    assert "demo-programme-officer-1" not in people
    assert ("incident_assessed", "demo-director-general-1") in told
    assert ("incident_closed", "demo-programme-officer-1") in told
    assert not any("signatory" in person for _, person in told)


async def test_what_is_submitted_after_the_report_is_paused_and_listed_too(accord):
    made = await report(accord, kind="country_event", countries=["JO"])
    reference = await accord.submit(a_proposal())
    elsewhere = await accord.submit(a_haitian_proposal())
    assert await touched(accord, made) == {}

    assert await incidents.go_on_with_newer(accord.office) == 1
    assert await incidents.go_on_with_newer(accord.office) == 0
    await paused(accord, made, reference)

    assert list(await touched(accord, made)) == [reference]
    assert (await accord.view(elsewhere))["holds"] == []
    await assess(accord, made, outcome="unfounded")
    await confirm(accord, made)
    await accord.until(reference, holds=[])
    later = await accord.submit(a_proposal())
    assert await incidents.go_on_with_newer(accord.office) == 0
    assert (await accord.view(later))["holds"] == []
    assert (await verify(accord.office, accord.office.gateway)).differences == []


async def test_of_what_is_submitted_later_only_what_names_the_unit_is_paused(accord):
    unit = a_proposal().beneficiaries[0]
    made = await report(accord, parties=[{"name": unit.name, "country": unit.country}])
    other = unit.model_copy(update={"name": "Another directorate"})
    await accord.submit(a_proposal(beneficiaries=[other.model_dump(mode="json")]))
    named = await accord.submit(a_proposal())

    assert await incidents.go_on_with_newer(accord.office) == 1
    assert list(await touched(accord, made)) == [named]


async def test_an_overdue_assessment_is_reminded_of_and_then_told_above(accord):
    async def told():
        async with accord.office.database.reading() as session:
            found = await session.exec(
                select(NotificationRow.person).where(NotificationRow.kind == "incident_overdue")
            )
            return set(found)

    made = await report(accord, kind="country_event", countries=["JO"])
    assert await overdue_incidents.remind(accord.office) == 0
    accord.ahead += timedelta(days=35)

    assert await overdue_incidents.remind(accord.office) == 1
    assert await overdue_incidents.remind(accord.office) == 0
    assert f"demo-{ASSESSOR}" in await told()
    assert f"demo-{GENERAL}" not in await told()
    await assess(accord, made)
    accord.ahead += timedelta(days=10)
    assert await overdue_incidents.remind(accord.office) == 1
    assert "demo-assistant-deputy-minister-1" in await told()
    accord.ahead += timedelta(days=30)
    assert await overdue_incidents.remind(accord.office) == 0
    assert (await verify(accord.office, None)).differences == []


async def test_who_is_to_confirm_is_reminded_where_the_assessment_is_in(accord):
    made = await report(accord, kind="country_event", countries=["JO"])
    await assess(accord, made)
    accord.ahead += timedelta(days=35)

    await overdue_incidents.remind(accord.office)

    async with accord.office.database.reading() as session:
        found = await session.exec(
            select(NotificationRow.person).where(NotificationRow.kind == "incident_overdue")
        )
        told = set(found)
    assert f"demo-{GENERAL}" in told
    assert f"demo-{ASSESSOR}" not in told


async def test_verification_finds_an_incident_that_was_written_over(accord):
    accord.office.heads = None  # what was signed is tested in tests/records
    made = await report(accord, organization=PARTNER)
    await assess(accord, made)
    assert (await verify(accord.office, None)).differences == []

    async with accord.office.database.writing() as session:
        row = await session.get_one(IncidentRow, made["id"])
        row.state, row.kind = "closed", "fraud"
        session.add(row)

    assert (await verify(accord.office, None)).differences == [
        {"what": "incident_differs", "subject": "installation", "incident": made["id"],
         "fields": ["kind", "state"]}
    ]  # fmt: skip
