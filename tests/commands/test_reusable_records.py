"""Baselines, vettings, due diligence: made by one, confirmed by another, relied on for a time."""

import asyncio
from datetime import timedelta

import pytest

from commands import deciding, reading, record_views, reusable_records
from commands.seeded_baselines import seed_baselines
from commands.verifying import verify
from schemas.errors import Forbidden, Malformed, NotFound, Refused
from schemas.requests import DecisionRequest, RecordRequest
from tests.installation import a_request
from tests.policy.proposals import a_proposal

JORDAN = {
    "kind": "country_baseline",
    "country": "JO",
    "levels": {"torture": "medium"},
    "findings": "Ill-treatment in custody is reported by two independent sources.",
    "sources": ["Report of a treaty body"],
}
UNIT = {
    "kind": "unit_vetting",
    "country": "JO",
    "name": "Border unit 7",
    "result": "cleared",
    "findings": "Nothing was found.",
}
ONE, OTHER = "human-rights-reviewer-1", "human-rights-reviewer-2"


async def propose(accord, asked=JORDAN, by=ONE, **changes):
    return await reusable_records.propose(
        accord.office,
        await accord.viewer(by),
        RecordRequest.model_validate(asked | changes),
        a_request(),
    )


async def confirm(accord, made, by=OTHER):
    return await reusable_records.confirm(
        accord.office, await accord.viewer(by), made["id"], a_request()
    )


async def a_record(accord, asked=JORDAN, **changes):
    return await confirm(accord, await propose(accord, asked, **changes))


async def shown(accord, record, by=ONE):
    return await record_views.record(accord.office, await accord.viewer(by), record["id"])


async def listed(accord, viewer, **narrowed):
    return await record_views.records(accord.office, viewer, **narrowed, limit=200, cursor=None)


async def differences(accord):
    return (await verify(accord.office, None)).differences


@pytest.fixture
async def reference(accord):
    """A proposal in Jordan whose findings are open."""
    reference = await accord.submit(a_proposal())
    await accord.decide(reference, "eligibility.confirm")
    await accord.until(reference, stage="compliance")
    await accord.screened(reference)
    return reference


async def find_human_rights(accord, reference, record):
    """Make the finding, relying on *record*; another person confirms it."""
    task = await accord.task(reference, "compliance.human_rights")
    person = (await accord.takers(task))[0]
    detail, _ = await reading.task(accord.office, person, task["id"], "en")
    answers = detail["form"]["examples"][0] | {"relies_on": [record["id"]]}
    for rating in answers["ratings"]:
        for risk in rating["risks"]:
            risk["type"] = "torture"
    for condition in answers["conditions"]:
        condition["risks"] = ["torture"]
    await accord.decide_task(task, by=person, answers=answers)
    return task


@pytest.mark.on_both_databases
async def test_a_record_counts_once_a_second_person_has_confirmed_it(accord):
    made = await propose(accord)
    assert made["state"] == "proposed"
    assert made["valid_until"] is None
    with pytest.raises(Refused, match="record_own"):
        await confirm(accord, made, by=ONE)
    with pytest.raises(Forbidden, match="record_not_for_role"):
        await confirm(accord, made, by="norms-reviewer-1")

    done = await confirm(accord, made)
    assert done["state"] == "in_force"
    assert done["confirmed_by"]["name"] == "Human rights reviewer 2"
    last = accord.office.today() + timedelta(days=365)
    assert done["valid_until"] == last.isoformat()
    with pytest.raises(Refused, match="record_is_not"):
        await confirm(accord, made)
    assert await differences(accord) == []


async def test_the_same_request_makes_and_confirms_one_record(accord):
    viewer, request = await accord.viewer(ONE), a_request()
    asked = RecordRequest.model_validate(JORDAN)
    first, again = [
        await reusable_records.propose(accord.office, viewer, asked, request) for _ in range(2)
    ]
    assert first == again
    other, request = await accord.viewer(OTHER), a_request()
    done = [
        await reusable_records.confirm(accord.office, other, first["id"], request) for _ in range(2)
    ]
    assert done[0] == done[1]


async def test_of_thirty_confirmations_at_once_one_counts(accord):
    made = await propose(accord)
    told = await asyncio.gather(*(confirm(accord, made) for _ in range(30)), return_exceptions=True)
    assert sum(isinstance(each, dict) for each in told) == 1
    assert all(isinstance(each, dict | Refused) for each in told)


@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ({"country": None}, ("/country", "required")),
        ({"country": "XX"}, ("/country", "unknown_value")),
        ({"name": "A unit"}, ("/name", "unknown_field")),
        ({"levels": {}}, ("/levels", "required")),
        ({"levels": {"weather": "low"}}, ("/levels/weather", "unknown_value")),
        ({"result": "cleared"}, ("/result", "record_has_levels")),
        ({"counts_mitigation": True}, ("/counts_mitigation", "mitigation_in_baseline")),
    ],
)
async def test_mitigation_counted_inside_the_baseline_and_other_faults_are_refused(
    accord, changes, gap
):
    with pytest.raises(Malformed) as refused:
        await propose(accord, **changes)
    assert [(each.pointer, each.code) for each in refused.value.gaps] == [gap]


async def test_what_is_said_of_units_is_not_for_everybody(accord):
    vetted = await a_record(accord, UNIT)
    assert (await shown(accord, vetted, by="desk-officer-1"))["name"] == "Border unit 7"
    for person in ("administrator-1", "finance-officer-1"):
        viewer = await accord.viewer(person)
        with pytest.raises(NotFound):
            await record_views.record(accord.office, viewer, vetted["id"])
        assert (await listed(accord, viewer))["items"] == []
    with pytest.raises(NotFound):
        await record_views.record(accord.office, accord.signatory, vetted["id"])


async def test_a_form_offers_what_is_in_force_for_its_countries_and_units(accord, reference):
    jordan = await a_record(accord)
    await a_record(accord, country="NE")
    await propose(accord, country="JO")
    task = await accord.task(reference, "compliance.human_rights")
    person = (await accord.takers(task))[0]
    detail, _ = await reading.task(accord.office, person, task["id"], "en")
    offered = detail["form"]["properties"]["relies_on"]["items"]["oneOf"]
    assert [each["const"] for each in offered] == [jordan["id"]]
    assert offered[0]["title"].startswith("Country baseline: JO (until ")


async def test_a_rating_below_the_baseline_that_it_relies_on_is_refused(accord, reference):
    record = await a_record(accord, levels={"torture": "high"})
    task = await accord.task(reference, "compliance.human_rights")
    person = (await accord.takers(task))[0]
    detail, _ = await reading.task(accord.office, person, task["id"], "en")
    answers = detail["form"]["examples"][0] | {"relies_on": [record["id"]]}
    for rating in answers["ratings"]:
        rating["risks"][0]["type"] = "torture"
    for condition in answers["conditions"]:
        condition["risks"] = ["torture"]
    asked = DecisionRequest(outcome="no_objection", reason="Seen.", answers=answers)
    with pytest.raises(Malformed) as refused:
        await deciding.decide(accord.office, person, task["id"], asked, a_request(), None)
    (code,) = {gap.code for gap in refused.value.gaps}
    assert code == "inherent_below_baseline"


@pytest.mark.on_both_databases
async def test_a_withdrawn_record_has_the_findings_that_relied_on_it_made_anew(accord, reference):
    record = await a_record(accord)
    task = await find_human_rights(accord, reference, record)
    await accord.advance_to(reference, "funding")
    assert (await shown(accord, record))["used_by"] == 1

    await reusable_records.withdraw(
        accord.office, await accord.viewer(OTHER), record["id"], "The source was wrong.",
        a_request(),
    )  # fmt: skip
    await accord.until(reference, stage="compliance")
    again = await accord.task(reference, "compliance.human_rights")
    assert again["id"] != task["id"]
    assert "compliance.human_rights" in await accord.open_kinds(reference)
    await accord.advance_to(reference, "active")
    assert await differences(accord) == []


@pytest.mark.on_both_databases
async def test_a_baseline_that_expires_is_warned_of_and_then_re_opens_what_relied_on_it(
    accord, reference
):
    record = await a_record(accord, valid_until=accord.office.today() + timedelta(days=40))
    await find_human_rights(accord, reference, record)
    await accord.advance_to(reference, "funding")

    accord.ahead += timedelta(days=15)
    assert await reusable_records.end_due(accord.office) == 0
    assert (await shown(accord, record))["state"] == "in_force"
    accord.ahead += timedelta(days=26)
    assert await reusable_records.end_due(accord.office) == 1
    assert await reusable_records.end_due(accord.office) == 0
    assert (await shown(accord, record))["state"] == "expired"
    await accord.until(reference, stage="compliance")
    assert "compliance.human_rights" in await accord.open_kinds(reference)
    assert await differences(accord) == []


async def test_a_newer_record_that_says_the_same_goes_on_for_the_one_before_it(accord, reference):
    record = await a_record(accord)
    await find_human_rights(accord, reference, record)
    await accord.advance_to(reference, "funding")

    newer = await a_record(accord)
    before = await shown(accord, record)
    assert (before["state"], before["successor"]) == ("superseded", newer["id"])
    await accord.settle()
    assert (await accord.view(reference))["stage"] == "funding"
    assert (await shown(accord, newer))["used_by"] == 1

    await a_record(accord, levels={"torture": "high"})
    await accord.until(reference, stage="compliance")
    assert "compliance.human_rights" in await accord.open_kinds(reference)


async def test_what_relies_on_a_record_is_read_by_those_who_see_the_proposal(accord, reference):
    record = await a_record(accord)
    await find_human_rights(accord, reference, record)

    async def relying(by):
        viewer = await accord.viewer(by)
        return await record_views.uses(accord.office, viewer, record["id"])

    assert [each["reference"] for each in await relying(ONE)] == [reference]
    assert await relying("desk-officer-1") == []  # the proposal has not come to a desk
    assert (await shown(accord, record, by="desk-officer-1"))["used_by"] == 1


async def test_the_demonstration_has_a_baseline_of_each_focus_country_made_once(accord):
    await seed_baselines(accord.office)
    await seed_baselines(accord.office)
    viewer = await accord.viewer("desk-officer-1")
    found = (await listed(accord, viewer))["items"]
    countries = [record["country"] for record in found]
    assert {"JO", "NE", "PH", "CO", "BD"} <= set(countries)
    assert len(countries) == len(set(countries))
    assert {record["state"] for record in found} == {"in_force"}


async def test_nobody_signs_while_a_finding_is_made_anew(accord, reference):
    record = await a_record(accord)
    await find_human_rights(accord, reference, record)
    await accord.advance_to(reference, "agreement")
    while "agreement.sign" not in await accord.open_kinds(reference):
        await accord.step(reference)

    await reusable_records.withdraw(
        accord.office, await accord.viewer(OTHER), record["id"], "Wrong.", a_request()
    )
    for _ in range(100):
        if "compliance.human_rights" in await accord.open_kinds(reference):
            break
        await accord.settle()
    with pytest.raises(Refused, match="findings_open"):
        await accord.decide(reference, "agreement.sign")
    await accord.decide(reference, "compliance.human_rights")
    await accord.decide(reference, "confirm")
    with pytest.raises(Refused, match="approval_asked_anew"):  # it sets another condition
        await accord.decide(reference, "agreement.sign")
    await accord.decide(reference, "funding.approve")
    await accord.advance_to(reference, "active")
    assert await differences(accord) == []
