"""The hard edge cases of this domain, each by its name, on the real thing (domain.md, section 6).

Where what a list says matters, the list is in the form in which it is published.
"""

from datetime import UTC, datetime, timedelta

import pytest

from commands import partner_acts, reading, reusable_records
from commands.organizations import OrganizationContent, create_organization
from commands.screening import import_list
from policy.list_files import read_list
from policy.matching import Entry, Matcher
from policy.rules import facts
from policy.rules.forms import form
from policy.rules.triggers import declared
from schemas.errors import Malformed, Refused
from schemas.messages import Slice
from schemas.people import Discipline, Level
from schemas.proposal import Trigger
from schemas.requests import RecordRequest
from schemas.tasks import TaskKind
from tests.installation import a_request, a_signatory
from tests.journeys.agreements import differences
from tests.journeys.client import a_client
from tests.journeys.test_following_conditions import WORDS, conditions
from tests.journeys.test_payments import (
    also,
    claimed,
    condition_met,
    later,
    refused,
    running,
    shown,
)
from tests.lists.published import a_record, canadian, regulation
from tests.policy import newer_terms
from tests.policy.form_contexts import a_context, a_matrix
from tests.policy.proposals import TODAY, a_haitian_proposal, a_proposal, in_force, the_catalogue
from tests.workflows.cases import HIGH, LOW, Life

MAKER = a_record(entity="Halvard Armour Works", schedule="1, Part 2", item="861",
                 listed_on="2026-08-06")  # fmt: skip
BYSTANDER = a_record(entity="Brasko Mill", item="17", listed_on="2019-03-15")
OWN_NAME = {"name": "Halvard Armour Works", "kind": "private_sector", "country": "CA"}


async def imported(accord, *records, list_id="ca_sema"):
    """A screening reviewer imports the Canadian list with these records."""
    reviewer = await accord.viewer("screening-reviewer-1")
    return await import_list(
        accord.office, reviewer, list_id, None, canadian(*records), a_request()
    )


async def a_partner(accord, name="Halvard Armour Works"):
    """The signatory of a new organization."""
    officer = await accord.viewer("programme-officer-1")
    content = OrganizationContent.model_validate(OWN_NAME | {"name": name})
    made = await create_organization(accord.office, officer, content, a_request())
    return a_signatory(made["id"])


async def opened(accord, reference, kind):
    """The open task of *kind*, as soon as there is one."""
    for _ in range(500):
        if kind in await accord.open_kinds(reference):
            return await accord.task(reference, kind)
        await accord.settle()
    raise AssertionError(f"{kind} never opened: {await accord.open_kinds(reference)}")


async def judge(accord, reference, judgement):
    """Judge every open hit of *reference* alike, as the form's example does otherwise."""
    task = await opened(accord, reference, "screening.adjudicate")
    reviewer = (await accord.takers(task))[0]
    detail, _ = await reading.task(accord.office, reviewer, task["id"], "en")
    answers = detail["form"]["examples"][0]
    for line in answers["hits"].values():
        line["judgement"] = judgement
    await accord.decide_task(task, judgement, by=reviewer, answers=answers)


# ---- 1


async def test_1_a_partner_is_listed_after_approval_and_before_payment(accord):
    await imported(accord, BYSTANDER)
    partner = await a_partner(accord)
    reference = await accord.submit(a_proposal(), by=partner)
    other = await accord.submit(a_proposal(), by=partner)
    await accord.advance_to(other, "active")
    await accord.advance_to(reference, "agreement")
    assert (await accord.view(reference))["outcome"] == "approved"

    answer = await imported(accord, BYSTANDER, MAKER)
    assert answer["added"] == 1
    await judge(accord, reference, "match")

    view = await accord.view(reference)
    assert [hold["kind"] for hold in view["holds"]] == ["seal"]
    assert view["stage"] == "agreement"
    for act in (partner_acts.accept_conditions, partner_acts.sign):
        await act(accord.office, partner, reference, a_request())
    signature = await opened(accord, reference, "agreement.sign")
    with pytest.raises(Refused, match="on_hold"):
        await accord.decide_task(signature)

    # The agreement that runs is paused too, and its payments with it.
    await opened(accord, other, "screening.adjudicate")
    for _ in range(500):
        if (await accord.view(other))["holds"]:
            break
        await accord.settle()
    assert [hold["kind"] for hold in (await accord.view(other))["holds"]] == ["seal"]


# ---- 2


@pytest.mark.parametrize(
    ("asked", "listed", "weak", "other"),
    [
        pytest.param("Sinaloa Cartel", "El Cartel de Sinaloa (CDS) (also known as Sinaloa Cartel)",
                     False, "Sinaloa Coffee Growers", id="an alias alone"),
        pytest.param("AI", "Ansar al-Islam (AI)", True, "AI Training Institute", id="AI"),
        pytest.param("The Base", "Al Qaida (also known among other names as The Base)", False,
                     "The Basement", id="The Base"),
        pytest.param("764", "764", False, "1764", id="764"),
    ],
)  # fmt: skip
def test_2_an_alias_only_match_and_a_weak_alias_match(asked, listed, weak, other):
    [entry] = read_list(regulation(listed))
    matcher = Matcher(
        [Entry("terrorists", entry.entry, entry.kind, entry.names, entry.aliases,
               entry.weak_aliases)]
    )  # fmt: skip

    [found] = matcher.candidates(asked, "organization", threshold=0.7)

    assert found.features["weak_alias"] is weak
    assert (found.score < 0.9) is weak
    assert matcher.candidates(other, "organization", threshold=0.7) == []


# ---- 3


async def test_3_a_list_item_whose_listing_date_is_corrected_no_rework(accord):
    five = [
        a_record(last=f"Korovin{letter}", given="Viktor", item=str(111 + number), born="1959",
                 listed_on="2026-08-14")
        for number, letter in enumerate("abcde")
    ]  # fmt: skip
    await imported(accord, *five)
    reference = await accord.submit(a_proposal())
    await accord.screened(reference)
    before = await accord.view(reference)

    answer = await imported(accord, *(each | {"listed_on": "2026-08-13"} for each in five))

    assert (answer["metadata_only"], answer["added"], answer["changed"]) == (5, 0, 0)
    assert answer["rescreening"] == 0
    await accord.settle()
    assert (await accord.view(reference))["screening"] == before["screening"]


# ---- 4


async def test_4_a_delisting_that_releases_a_blocked_proposal_only_after_a_person_confirms(accord):
    await imported(accord, BYSTANDER, MAKER)
    partner = await a_partner(accord)
    reference = await accord.submit(a_proposal(), by=partner)
    await judge(accord, reference, "match")

    answer = await imported(accord, BYSTANDER)

    assert (answer["removed"], answer["rescreening"]) == (1, 0)
    await accord.settle()
    assert [hold["kind"] for hold in (await accord.view(reference))["holds"]] == ["seal"]
    await accord.decide(reference, "legal.disposition", "not_applicable")
    assert (await accord.view(reference))["holds"] == []


# ---- 5


def a_review(kind, programme, places):
    terms = the_catalogue().terms_in_force(programme, TODAY)
    checklist = terms.checklists[Discipline(kind.value.removeprefix("compliance."))]
    return a_context(
        kind, checklist=checklist, places=places, units=(), matrix=a_matrix(), today=TODAY
    )


def gaps(context, outcome, answers):
    try:
        facts.draw(context, outcome, answers)
    except Malformed as refused:
        return [gap.code for gap in refused.gaps]
    return []


def test_5_an_ms_13_or_sinaloa_area_project_in_accbp_after_2025_02_19():
    before = read_list(regulation("Hizballah"))
    after = read_list(regulation("Hizballah", "La Mara Salvatrucha (also known as MS-13)"))
    assert {e.names[0] for e in after} - {e.names[0] for e in before} == {"La Mara Salvatrucha"}
    content = a_haitian_proposal(
        countries=[{"code": "MX", "share": 100}],
        beneficiaries=[{"name": "State prosecutors", "kind": "government_entity",
                        "country": "MX"}],
        locations=[{"name": "Culiacan, Sinaloa", "country": "MX"}],
    )  # fmt: skip
    today = in_force()
    assert Trigger.PLACES in declared(content, today.measures, today.regions)
    life = Life(content, low_sample_percent=0).to("compliance")
    assert "compliance.territory" in life.open
    context = a_review(TaskKind.TERRITORY, "ACCBP", ("MX",))
    sought = {
        "territory": {"basis": "department_seeks", "reason": "Criminal Code, section 83.031."}
    }
    answers = {**form(context, "en")["examples"][0], **sought}

    assert gaps(context, "no_objection", {**answers, "conditions": []}) == [
        "authorization_not_sought"
    ]
    condition = {
        "text": "The authorization of the Minister of Public Safety.", "owner": "Department",
        "due_date": "2027-03-31", "evidence": "The authorization.", "gates": "agreement",
        "kept_by": "department", "risks": ["terrorist_benefit"],
    }  # fmt: skip
    assert gaps(context, "no_objection", {**answers, "conditions": [condition]}) == []
    life.decide("compliance.territory", "barred", inherent=HIGH, residual=HIGH)
    assert [c.code for c in life.case.offered(life.task("legal.disposition"))] == [
        "authorized", "change", "refuse",
    ]  # fmt: skip


# ---- 6


def an_item(description, *, controlled):
    return {"description": description, "quantity": 1, "controlled": controlled,
            "value": {"currency": "CAD", "value": "240000.00"}}  # fmt: skip


def test_6_military_equipment_needs_the_substantial_risk_test_and_mountain_clothing_does_not_fail():
    context = a_review(TaskKind.EXPORT_CONTROL, "CTCBP", ("LB",))
    answers = form(context, "en")["examples"][0]
    assert len(answers["substantial_risks"]) == 6
    answers["substantial_risks"]["humanitarian_law"]["remains"] = "yes"

    simulator = Life(
        a_proposal(equipment=[an_item("JTAC simulator", controlled=True)]), low_sample_percent=0
    ).to("compliance")
    assert gaps(context, "no_objection", answers) == ["outcome_disagrees"]
    assert gaps(context, "barred", answers) == []
    simulator.decide("compliance.export_control", "barred", inherent=HIGH, residual=HIGH)
    assert "legal.disposition" in simulator.open

    clothing = Life(
        a_proposal(equipment=[an_item("mountain clothing", controlled=False)]),
        low_sample_percent=0,
    ).to("compliance")
    assert gaps(context, "no_objection", form(context, "en")["examples"][0]) == []
    clothing.decide("compliance.export_control", inherent=LOW, residual=LOW)
    assert "legal.disposition" not in clothing.open
    assert "compliance.export_control" not in clothing.open


# ---- 7


def test_7_a_project_of_seven_countries_over_two_desks_one_desk_objecting():
    countries = [
        {"code": code, "share": share}
        for code, share in (("DZ", 20), ("LY", 20), ("MA", 20), ("TN", 10), ("EG", 10),
                            ("NE", 10), ("TD", 10))
    ]  # fmt: skip
    life = Life(a_proposal(countries=countries)).to("desk")

    shares = {share.desk: share.share for share in life.case.submission.desks}
    assert shares == {"maghreb": "80.00", "africa": "20.00"}
    assert (life.case.submission.lead, life.open) == ("maghreb", ["desk.consult"])
    objection = life.decide("desk.consult", "object")
    assert life.open == ["arbitrate"]
    by = life.decide("arbitrate", "proceed").decided_by.id

    life.decide("desk.sign_off")
    assert life.to("funding").stage == "funding"
    assert by not in life.takers(life.to_task("funding.approve").task("funding.approve"))
    assert objection.outcome == "object"


# ---- 8


async def test_8_mitigation_counted_inside_the_baseline_risk_refuse_the_form(accord):
    asked = RecordRequest.model_validate(
        {"kind": "country_baseline", "country": "JO", "levels": {"torture": "low"},
         "findings": "Low, once detention is monitored.", "counts_mitigation": True}
    )  # fmt: skip

    with pytest.raises(Malformed) as refused:
        await reusable_records.propose(
            accord.office, await accord.viewer("human-rights-reviewer-1"), asked, a_request()
        )

    assert [gap.code for gap in refused.value.gaps] == ["mitigation_in_baseline"]
    context = a_context(TaskKind.HUMAN_RIGHTS)
    answers = form(context, "en")["examples"][0]
    answers.pop("conditions")
    assert "residual_without_condition" in gaps(context, "no_objection", answers)


# ---- 9


async def test_9_the_same_officer_certifies_and_requisitions_refused_with_explanation(
    tmp_path, engine
):
    async with a_client(engine, tmp_path) as client:
        reference = await running(client)
        await condition_met(client, reference)
        officer = client.person("Certifier 1")
        await also(client, officer, "payment_authority")
        await claimed(client, reference, 1_000)
        [certifying] = await client.open_tasks(reference, "payment.certify")
        await client.decide(certifying, by=officer)
        [ordering] = await client.open_tasks(reference, "payment.requisition")

        code, told = await refused(client, ordering, officer)

        assert (code, told["code"], told["rule"]) == (
            409, "separation_of_duties", "two_authorities",
        )  # fmt: skip
        assert told["earlier"]["task"] == certifying["id"]
        assert told["earlier"]["person"]["name"] == "Certifier 1"
        assert "certif" in told["detail"]


# ---- 10


def test_10_fiscal_year_end_the_s_32_commitment_of_an_unsigned_agreement_lapses():
    slices = tuple(
        Slice(fund=f"CTCBP-contributions-{year}", cents=1_700_000_00)
        for year in ("2026-27", "2027-28")
    )
    life = Life().to_task("funding.recommend")
    life.decide("funding.recommend", slices=slices)
    life.decide("funding.approve")
    life.to_task("agreement.sign")  # the partner has signed, the department has not

    life.now = datetime(2027, 4, 1, 3, 59, 59, tzinfo=UTC)  # the end of 31 March in Toronto
    life.case.take_time(life.now)
    life.drain()

    [lapsed] = [event for event in life.events if event.type == "money_of_year_lapsed"]
    assert [part["fund"] for part in lapsed.data["slices"]] == ["CTCBP-contributions-2026-27"]
    assert life.case.reservation.slices == slices[1:]


# ---- 11


def test_11_the_terms_version_changed_between_submission_and_decision(tmp_path):
    life = Life().to_task("funding.approve")
    catalogue = newer_terms.catalogue_with(tmp_path, newer_terms.two_recommend)
    assert catalogue.terms_in_force("CTCBP", TODAY).version == newer_terms.CTCBP

    life.catalogue = catalogue
    life.to("agreement")

    pinned = {event.policy_version for event in life.events if event.policy_version}
    assert pinned == {"CTCBP/2026-04-01"}
    assert life.outcome == "approved"


# ---- 13


def test_13_a_ge_0_proposal_allowed_but_needs_a_reason_and_a_level_above():
    context = a_context(TaskKind.GENDER)
    answers = {**form(context, "en")["examples"][0], "code": 0, "comments": " "}
    assert gaps(context, "no_objection", answers) == ["gender_zero_reason_missing"]
    answers["comments"] = "The equipment serves a machine."
    assert gaps(context, "no_objection", answers) == []

    levels = []
    for code in (1, 0):
        life = Life(a_proposal()).to("compliance")
        life.decide("compliance.gender", gender_code=code)
        life.to_task("funding.approve")
        levels.append(Level(life.task("funding.approve").detail["rung"]))
    with_code, without = (list(Level).index(level) for level in levels)

    assert without == with_code + 1


# ---- 14


async def baseline_of(client, country):
    """A baseline in force: one has made it, another confirmed it."""
    until = client.installation.office.today() + timedelta(days=250)
    asked = {"kind": "country_baseline", "country": country, "levels": {"torture": "low"},
             "findings": "Two sources agree.", "valid_until": until.isoformat()}  # fmt: skip
    made = (await client.person("Desk officer 2").post("/records", asked)).json()["id"]
    confirmed = await client.person("Head of desk 2").post(f"/records/{made}/confirm")
    assert confirmed.status_code == 200, confirmed.text
    return made


async def expire(client, reference):
    """Later the baseline has expired, and the agreement has been told."""
    await later(client, reference, timedelta(days=60))
    ended = await reusable_records.end_due(client.installation.office)
    for _ in range(500):
        if await client.open_tasks(reference, "compliance.human_rights"):
            return ended
        await client.installation.settle()
    raise AssertionError("nothing is assessed anew")


async def test_14_a_country_baseline_expires_during_a_running_agreement_next_payment_waits(
    tmp_path, engine
):
    async with a_client(engine, tmp_path) as client:
        baseline = await baseline_of(client, "JO")
        reference = await running(client, relies_on=[baseline])
        await condition_met(client, reference)
        payment = await claimed(client, reference, 1_000)
        [certifying] = await client.open_tasks(reference, "payment.certify")

        assert await expire(client, reference) >= 1

        code, told = await refused(client, certifying, client.person("Certifier 1"))
        assert (code, told["code"], told["payment"]) == (409, "payment_stopped", payment)
        [gate] = told["gates"]
        assert (gate["gate"], gate["what"], gate["state"]) == ("assessment", baseline, "expired")
        assert gate["candidates"] == [{"role": "reviewer", "scope": "human_rights"}]
        assert (await shown(client, reference))["payments"][0]["gates"] == [gate]
        assert (await shown(client, reference, client.signatory))["payments"][0]["gates"] == []

        [assessing] = await client.open_tasks(reference, "compliance.human_rights")
        await client.decide(assessing, by=client.person("Human rights reviewer 1"))
        for confirming in await client.open_tasks(reference, "confirm"):
            await client.decide(confirming, by=client.person("Human rights reviewer 2"))

        # What the finding sets now binds too, beside what the approval did.
        code, told = await refused(client, certifying, client.person("Certifier 1"))
        assert [gate["gate"] for gate in told["gates"]] == ["condition"]
        mine = (await conditions(client, reference, client.signatory))[-1]
        evidence = f"/proposals/{reference}/conditions/{mine['id']}/evidence"
        assert (await client.signatory.post(evidence, WORDS)).status_code == 200
        [judging] = await client.open_tasks(reference, "condition.judge")
        await client.decide(judging, "met", by=client.person("Human rights reviewer 2"))
        await client.decide(certifying, by=client.person("Certifier 1"))
        assert (await shown(client, reference))["payments"][0]["state"] == "certified"
        assert await differences(client) == []
