"""Baselines, vettings and due diligence on pages: made by one, confirmed by another."""

from datetime import timedelta

import pytest

from tests.commands.test_reusable_records import UNIT, a_record

FOUND = "Ill-treatment in custody is reported."
BASELINE = {"country": "JO", "levels-torture": "medium", "findings": FOUND, "sources": "A report\n"}


async def proposed(browser, kind="country_baseline", **typed):
    form = await browser.open(f"/records/new?kind={kind}")
    return await browser.fill(form, "/records/new", typed or BASELINE)


def place(page):
    return page.path[len("/en") :]


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_a_baseline_goes_from_one_person_to_another_and_is_followed(browsers, language):
    desk, head = await browsers("desk.officer.1", language), await browsers("head.of.desk.1")

    made = await proposed(desk)
    assert (made.status, FOUND in made.text) == (200, True)
    here = place(made)
    assert f"{here}/confirm" not in made.answer.text
    assert here in (await head.open("/records?state=proposed")).answer.text
    assert "1" in (await head.open("/attention")).text

    confirmed = await head.send(f"{here}/confirm", {"key": "a"})

    assert "In force" in confirmed.text
    assert "Torture" in confirmed.text
    empty = await head.fill(confirmed, f"{here}/withdraw", {"reason": ""})
    assert (empty.status, "Say why, in a few words." in empty.text) == (422, True)
    follow = await desk.open(f"/records/new?follows={here.rsplit('/', 1)[1]}")
    follows = follow.form(f"/{language}/records/new")
    assert follows["country"] == ["JO"]
    assert follows["levels-torture"] == ["medium"]
    newer = await desk.fill(follow, "/records/new", {"findings": "The same.", "valid_until": ""})
    await head.send(f"{place(newer)}/confirm", {"key": "b"})
    assert "Followed by another" in (await head.open(here)).text
    assert place(newer) in (await head.open(here)).answer.text


async def test_each_gap_is_told_at_its_field(browsers):
    desk = await browsers("desk.officer.1")

    empty = await proposed(desk, findings="", country="", sources="")
    assert empty.status == 422
    leads = {href for href in empty.links().values() if href and href.startswith("#")}
    assert "#findings" in leads

    for field, name in (("levels-torture", "levels"), ("country", "country")):
        none = await proposed(desk, **BASELINE | {field: ""})
        assert f"#{name}" in none.links().values()

    wrong = await proposed(desk, **BASELINE | {"valid_until": "soon"})
    assert (wrong.status, "Write the day as 2027-04-01." in wrong.text) == (422, True)


async def test_own_records_are_not_confirmed_and_can_be_taken_back(browsers):
    head = await browsers("head.of.desk.1")
    made = await proposed(head)

    own = await head.send(f"{place(made)}/confirm", {"key": "a"})
    assert own.status == 409
    gone = await head.fill(made, f"{place(made)}/refuse", {"reason": "Too early."})

    assert "Too early." in gone.text


async def test_a_vetting_is_read_by_those_who_review_and_decide_and_by_no_partner(accord, browsers):
    record = await a_record(accord, UNIT)

    assert UNIT["name"] in (await (await browsers("auditor.1")).open("/records")).text
    administrator = await browsers("administrator.1")
    assert UNIT["name"] not in (await administrator.open("/records")).text
    assert (await administrator.open(f"/records/{record['id']}")).status == 404
    partner = await browsers("signatory.1")
    assert (await partner.open("/records")).status == 403
    assert (await partner.open(f"/records/{record['id']}")).status == 404
    assert (await partner.open("/records/new")).status == 403


async def test_what_ends_soon_is_shown_and_led_to(accord, browsers):
    await a_record(accord)
    soon = accord.office.today() + timedelta(days=20)
    record = await a_record(accord, UNIT, valid_until=soon.isoformat())
    reviewer = await browsers("human.rights.reviewer.1")

    listed = await reviewer.open("/records?state=ends_soon")

    assert f"/records/{record['id']}" in listed.answer.text
    assert "Jordan" not in {text for text in listed.links() if text != "Border unit 7"}
    assert "It ends soon" in (await reviewer.open(f"/records/{record['id']}")).text
    leads = (await reviewer.open("/attention")).links()
    assert leads["Baselines, vettings and due diligence that end soon"].endswith("state=ends_soon")


async def test_a_long_list_is_paged(accord, browsers, monkeypatch):
    monkeypatch.setattr("pages.routers.records.A_PAGE", 2)
    for number in range(5):
        await a_record(accord, UNIT, name=f"Border unit {number}")
    auditor = await browsers("auditor.1")
    page, seen = await auditor.open("/records?kind=unit_vetting"), []
    while True:
        seen += [text for text in page.links() if text.startswith("Border unit")]
        if "Next page" not in page.links():
            break
        page = await auditor.open(f"/records{page.links()['Next page']}")

    assert seen == [f"Border unit {number}" for number in (4, 3, 2, 1, 0)]
