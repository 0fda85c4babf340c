"""The pages of administration: who may open which, what they show, and what they do."""

import pytest

from commands import funds, people
from tests.journeys.client import CONTENT, costing
from tests.policy import newer_terms

SMALL = CONTENT | costing(300_000)
OPEN_TO_STAFF = (
    "/attention", "/funds", "/funds/{fund}", "/lists", "/lists/ca_sema",
    "/terms", "/terms/CTCBP", "/calls", "/organizations",
    "/organizations/demo-international-organization", "/operations/jobs",
)  # fmt: skip
OF_OVERSEERS = (
    "/people", "/people/demo-programme-officer-1", "/grants", "/grants?state=in_force",
    "/operations/failing", "/operations/unattended", "/operations/mail", "/people/new",
)  # fmt: skip


async def fund_of(accord):
    found = await funds.funds(accord.office, await accord.viewer("auditor-1"), {})
    return next(each["id"] for each in found if each["programme"] == "CTCBP")


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_every_page_of_administration_stands_in_both_languages(accord, browsers, language):
    fund = await fund_of(accord)
    for account in ("administrator.1", "auditor.1"):
        browser = await browsers(account, language)
        for path in (*OPEN_TO_STAFF, *OF_OVERSEERS):
            page = await browser.open(path.format(fund=fund))
            assert page.status == 200, (account, path, page.text[:300])
            assert page.root.get("lang") == language


async def test_other_staff_and_partners_are_shown_what_the_api_shows_them(accord, browsers):
    fund = await fund_of(accord)
    finance = await browsers("finance.officer.1")
    partner = await browsers("signatory.1")

    for path in OPEN_TO_STAFF:
        assert (await finance.open(path.format(fund=fund))).status == 200, path
    for path in OF_OVERSEERS:
        if path != "/people/new":
            assert (await finance.open(path)).status in (403, 404), path
    for path in ("/attention", "/funds", "/lists", "/grants", "/operations/mail"):
        assert (await partner.open(path)).status == 403, path


async def test_whose_day_begins_with_an_overview_lands_there(browsers):
    for account, heading in (
        ("administrator.1", "What needs attention"),
        ("auditor.1", "What needs attention"),
        ("finance.officer.1", "What needs attention"),
        ("programme.officer.1", "What needs attention"),
        ("desk.officer.1", "Tasks"),
        ("signatory.1", "Proposals"),
    ):
        browser = await browsers(account)
        assert (await browser.open("/")).heading == heading


async def test_the_overview_counts_what_waits(accord, browsers):
    await accord.submit(SMALL)
    officer = await browsers("programme.officer.1")

    page = await officer.open("/attention")

    assert "Tasks that I may take" in page.text
    assert "Tasks that nobody may take, or" not in page.text


async def test_a_fund_is_corrected_by_one_and_another(accord, browsers):
    fund = await fund_of(accord)
    first, second = await browsers("finance.officer.1"), await browsers("finance.officer.2")
    auditor = await browsers("auditor.1", "fr")
    here = f"/funds/{fund}/corrections"

    page = await first.open(here)
    wrong = await first.fill(page, here, {"kind": "budget", "reason": "Supplementary."})
    proposed = await first.fill(
        page, here, {"kind": "budget", "budget": "25,000,000.00", "reason": "Supplementary."}
    )
    other = await second.open(here)
    act = next(
        each.get("action") for each in other.root.iter("form")
        if each.get("action").endswith("/confirm")
    )  # fmt: skip
    done = await second.fill(other, act, {})
    looked = await auditor.open(here)

    assert wrong.status == 422
    assert "Waits for the second person" in proposed.text
    assert "Confirm the correction" not in proposed.text
    assert "$25,000,000.00" in done.text
    assert "Done" in done.text
    assert "Proposer la correction" not in looked.text


async def test_a_signatory_finds_the_people_of_its_own_organization(browsers):
    partner = await browsers("signatory.1")

    page = await partner.open("/people")

    assert page.links()["People"] == "/en/people"
    assert "Contributor 1" in page.text
    assert "Programme officer 1" not in page.text
    assert (await partner.open(page.links()["Contributor 1"])).status == 200


# ---- people


async def test_a_role_that_decides_is_proposed_by_one_and_confirmed_by_another(accord, browsers):
    first, second = await browsers("administrator.1"), await browsers("administrator.2")
    there = "/people/demo-programme-officer-1"

    page = await first.open(there)
    wrong = await first.fill(
        page, f"{there}/grants", {"role": "reviewer:norms", "starts_on": "soon"}
    )
    proposed = await first.fill(
        page, f"{there}/grants",
        {"role": "reviewer:norms", "ends_on": "2027-03-31", "reason": "Covers a leave."},
    )  # fmt: skip
    link = proposed.links()
    grant = next(to for label, to in link.items() if label.startswith("Reviewer (international"))
    own = await first.open(grant)
    refused = await first.fill(own, grant.split("?")[0] + "/confirm", {})
    other = await second.open(grant)
    done = await second.fill(other, grant.split("?")[0] + "/confirm", {})

    assert wrong.status == 422
    assert "Write the first day as" in wrong.text
    assert "Waits for the second person" in proposed.text
    assert refused.status == 409
    assert "Covers a leave." in other.text
    assert done.status == 200
    held = await people.person(
        accord.office, await accord.viewer("auditor-1"), "demo-programme-officer-1"
    )
    assert ("reviewer", "in_force") in [(g["role"], g["state"]) for g in held["grants"]]


async def test_a_role_is_refused_ended_and_attested_by_forms(browsers):
    administrator = await browsers("administrator.1")
    page = await administrator.open("/people/demo-desk-officer-1")
    grant = next(to for label, to in page.links().items() if label.startswith("Desk officer"))
    act = grant.split("?")[0]

    shown = await administrator.open(grant)
    attested = await administrator.fill(shown, f"{act}/attest", {})
    wrong = await administrator.fill(shown, f"{act}/end", {"ends_on": "never"})
    ended = await administrator.fill(shown, f"{act}/end", {})

    assert attested.status == 200
    assert "attest by" in attested.text
    assert wrong.status == 422
    assert ended.status == 200


async def test_an_invitation_shows_its_link_once_and_it_works(browsers, browser):
    administrator = await browsers("administrator.1")

    page = await administrator.open("/people/new")
    wrong = await administrator.fill(page, "/people/new", {"email": "nobody"})
    made = await administrator.fill(
        page, "/people/new", {"email": "new.person@dept.example", "name": "New Person"}
    )
    link = next("".join(each.itertext()) for each in made.root.iter("code"))
    opened = await browser.open(link[link.index("/en/") :])

    assert wrong.status == 422
    assert made.heading == "The link is made"
    assert opened.status == 200
    assert "password" in opened.text.lower()


async def test_a_person_is_renamed_and_kept_out_with_a_reason(browsers):
    administrator = await browsers("administrator.1")
    there = "/people/demo-legal-2"

    page = await administrator.open(there)
    renamed = await administrator.fill(page, there, {"name": "Another Name"})
    stale = await administrator.fill(page, there, {"name": "A Third Name"})
    without = await administrator.fill(renamed, f"{there}/active", {})
    out = await administrator.fill(renamed, f"{there}/active", {"active-reason": "Left."})

    assert renamed.heading == "Another Name"
    assert stale.status == 412
    assert without.status == 422
    assert "Let sign in again" in out.text


async def test_an_organization_is_written_down_and_its_kind_confirmed(browsers):
    administrator = await browsers("administrator.1")
    officer = await browsers("programme.officer.1")

    page = await administrator.open("/organizations/new")
    wrong = await administrator.fill(page, "/organizations/new", {"name": ""})
    made = await administrator.fill(
        page, "/organizations/new", {"name": "Harbour Watch", "kind": "ngo", "country": "JM"}
    )
    again = await officer.open(made.path)
    confirmed = await officer.fill(again, made.path, {})

    assert wrong.status == 422
    assert made.heading == "Harbour Watch"
    assert "not confirmed" in made.text
    assert "not confirmed" not in confirmed.text


# ---- lists, terms, calls


async def test_a_list_is_imported_by_a_form_and_says_what_changed(browsers):
    administrator = await browsers("administrator.1")
    finance = await browsers("finance.officer.1")
    data = b"id,schema,name,aliases,birth_date,countries\nx-1,Person,Somebody Listed,,1970,jo\n"

    page = await administrator.open("/lists/ca_sema")
    fields = {"key": page.form("/en/lists/ca_sema")["key"][0]}
    without = await administrator.send("/lists/ca_sema", fields)
    done = await administrator.send(
        "/lists/ca_sema", fields, files={"file": ("list.csv", data, "text/csv")}
    )
    shown = await finance.open("/lists/ca_sema")

    assert without.status == 422
    assert "The list is imported" in done.text, done.text[:600]
    assert "1 added" in done.text
    assert "Administrator 1" in shown.text
    assert "Import a newer one" not in shown.text


async def test_an_officer_announces_a_call_in_both_languages(browsers):
    officer = await browsers("programme.officer.1")
    finance = await browsers("finance.officer.1")
    wanted = {
        "programme": "CTCBP", "title_en": "Border security", "title_fr": "Sécurité des frontières",
        "description_en": "What we look for.", "description_fr": "Ce que nous cherchons.",
        "opens_day": "2027-01-04", "opens_time": "09:00",
        "closes_day": "2027-02-26", "closes_time": "17:00", "most": "500,000.00",
    }  # fmt: skip

    page = await officer.open("/calls/new")
    wrong = await officer.fill(page, "/calls/new", wanted | {"opens_day": "soon", "title_fr": ""})
    before = await officer.fill(page, "/calls/new", wanted | {"closes_day": "2027-01-01"})
    done = await officer.fill(page, "/calls/new", wanted)
    french = await (await browsers("programme.officer.2", "fr")).open("/calls")

    assert wrong.status == before.status == 422
    assert "Border security" in done.text
    assert "$500,000.00" in done.text
    assert "Sécurité des frontières" in french.text
    assert "Announce a call" not in (await finance.open("/calls")).text


async def test_a_call_is_changed_before_it_opens_and_by_its_officers_alone(browsers):
    officer = await browsers("programme.officer.1")
    finance = await browsers("finance.officer.1")
    wanted = {
        "programme": "CTCBP", "title_en": "Ports", "title_fr": "Ports",
        "description_en": "What we look for.", "description_fr": "Ce que nous cherchons.",
        "opens_day": "2027-01-04", "opens_time": "09:00",
        "closes_day": "2027-02-26", "closes_time": "17:00", "least": "10,000.00",
    }  # fmt: skip
    announced = await officer.fill(await officer.open("/calls/new"), "/calls/new", wanted)
    here = announced.links()["Change it before it opens: Ports"]

    page = await officer.open(here)
    done = await officer.fill(page, here, {"title_en": "Ports and harbours"})
    stale = await officer.fill(page, here, {"title_en": "Another"})
    other = await finance.open(here)

    assert page.form(here)["least"] == ["10,000.00"]
    assert page.form(here)["opens_time"] == ["09:00"]
    assert "Ports and harbours" in done.text
    assert stale.status == 412
    assert other.heading == "Calls for proposals"


async def test_terms_are_compared_and_proposals_moved_as_previewed(accord, browsers, tmp_path):
    reference = await accord.submit(SMALL)
    await accord.advance_to(reference, "compliance")
    accord.office.catalogue = newer_terms.catalogue_with(
        tmp_path / "policy", newer_terms.always("territory")
    )
    officer = await browsers("programme.officer.1")
    auditor = await browsers("auditor.1")
    to = newer_terms.CTCBP

    compared = await officer.open("/terms/CTCBP")
    preview = await officer.open(f"/terms/CTCBP/moves?to={to}")
    looked = await auditor.open(f"/terms/CTCBP/moves?to={to}")
    nothing = await officer.fill(preview, "/terms/CTCBP/moves", {"reason": "Newer."})
    chosen = next(
        each.get("value") for each in preview.root.iter("input") if each.get("name") == "items"
    )
    ordered = await officer.fill(
        preview, "/terms/CTCBP/moves", {"items": chosen, "reason": "Newer terms."}
    )

    assert "Removed" in compared.text
    assert reference in preview.text
    assert "Finding: territory" in preview.text
    assert "Move those that are ticked" not in looked.text
    assert nothing.status == 422
    assert ordered.heading == "Move to newer terms", ordered.text[:400]


# ---- repairs


async def test_a_repair_is_proposed_by_one_and_done_when_another_agrees(accord, browsers):
    reference = await accord.submit(SMALL)
    await accord.advance_to(reference, "compliance")
    administrator = await browsers("administrator.1")
    auditor = await browsers("auditor.1")
    here = f"/proposals/{reference}/repairs"

    page = await administrator.open(f"{here}/new?kind=rewind")
    wrong = await administrator.fill(page, f"{here}/new", {"stage": "eligibility"})
    proposed = await administrator.fill(
        page, f"{here}/new", {"stage": "eligibility", "reason": "Read in its old version."}
    )
    second = await administrator.fill(
        page, f"{here}/new", {"key": "again", "stage": "eligibility", "reason": "Twice."}
    )
    task = next(t for t in await accord.open_tasks(reference) if t["kind"] == "confirm")
    await accord.decide_task(task, "agree")
    looked = await auditor.open(here)

    assert wrong.status == 422
    assert "Waits for the second person" in proposed.text
    assert second.status == 409
    assert "Read in its old version." in looked.text
    assert "Propose a repair" not in looked.text
    assert (await accord.view(reference))["stage"] == "eligibility"


async def test_a_task_is_given_to_somebody_by_a_repair_in_two_steps(accord, browsers):
    reference = await accord.submit(SMALL)
    task = await accord.task(reference, "eligibility.confirm")
    administrator = await browsers("administrator.1")
    here = f"/proposals/{reference}/repairs/new"

    first = await administrator.open(f"{here}?kind=reassign")
    second = await administrator.open(f"{here}?kind=reassign&task={task['id']}")
    done = await administrator.fill(
        second, here, {"person": "demo-programme-officer-2", "reason": "On leave."}
    )

    assert "Go on to the person" in first.text
    assert "Waits for the second person" in done.text


@pytest.mark.parametrize("kind", ["unstick", "rewind", "reassign", "cancel_duplicate", "resend"])
async def test_each_kind_of_repair_asks_for_what_it_needs(accord, browsers, kind):
    reference = await accord.submit(SMALL)
    french = await browsers("administrator.1", "fr")
    officer = await browsers("programme.officer.1")

    page = await french.open(f"/proposals/{reference}/repairs/new?kind={kind}")

    assert page.status == 200
    assert (await officer.open(f"/proposals/{reference}/repairs/new?kind={kind}")).status == 403


async def test_a_fund_is_opened_by_one_and_another(browsers):
    first, second = await browsers("finance.officer.1"), await browsers("finance.officer.2")
    auditor = await browsers("auditor.1", "fr")
    here = "/fund-openings"
    plan = {
        "programme": "CTCBP", "vote": "grants", "fiscal_year": "2031-32", "budget": "1,000.00",
        "fund_state": "planned", "reason": "The plan.",
    }  # fmt: skip

    page = await first.open(here)
    wrong = await first.fill(page, here, {**plan, "budget": "much"})
    proposed = await first.fill(page, here, plan)
    other = await second.open(here)
    act = next(
        each.get("action") for each in other.root.iter("form")
        if each.get("action").endswith("/confirm")
    )  # fmt: skip
    done = await second.fill(other, act, {})
    looked = await auditor.open(here)

    assert wrong.status == 422
    assert "Confirm the fund" not in proposed.text
    assert "Open the fund" in done.text
    assert (await auditor.open("/funds/CTCBP-grants-2031-32")).status == 200
    assert "Proposer le fonds" not in looked.text


async def test_money_of_a_year_is_moved_on_a_page(accord, browsers):
    reference = await accord.submit(CONTENT)
    await accord.advance_to(reference, "agreement")
    finance, auditor = await browsers("finance.officer.1"), await browsers("auditor.1", "fr")
    here = f"/proposals/{reference}/reprofile"

    page = await finance.open(here)
    wrong = await finance.fill(page, here, {"from_year": "2027-28", "reason": ""})
    plan = {"from_year": "2027-28", "to_year": "2028-29", "reason": "A late start."}
    moved = await finance.fill(page, here, plan)
    looked = await auditor.open(here)

    assert wrong.status == 422
    assert "2027-28" not in [each.text for each in moved.root.iter("th")]
    assert "Reporter les fonds" not in looked.text
