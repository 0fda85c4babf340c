"""Standing in and being away on pages: said by each person of themselves, shown on every act."""

from datetime import timedelta

from commands import absences, delegating
from tests.journeys.client import CONTENT, costing
from tests.pages.test_reviewers import decide

SMALL = CONTENT | costing(300_000)
HERE = "/standing-in"


def days(accord, count=10):
    today = accord.office.today()
    return {"starts_on": today.isoformat(), "ends_on": (today + timedelta(count)).isoformat()}


async def let_act(accord, browser, receiver, **changes):
    page = await browser.open(HERE)
    fields = {"receiver": receiver, "reason": "Parental leave.", **days(accord)} | changes
    return await browser.fill(page, f"{HERE}/delegations", fields)


async def test_a_colleague_decides_on_behalf_and_every_page_says_so(accord, browsers):
    reference = await accord.submit(SMALL)
    giver, receiver = await browsers("programme.officer.1"), await browsers("norms.reviewer.1")

    given = await let_act(accord, giver, "norms.reviewer.1@accord.example")

    assert "What you said is saved." in given.text
    assert "Parental leave." in (await receiver.open(HERE)).text
    task = await accord.task(reference, "eligibility.confirm")
    page = await receiver.open(f"/tasks/{task['id']}")
    assert "You may decide this on behalf of Programme officer 1" in page.text
    reviewer = await accord.viewer("norms-reviewer-1")
    await decide(accord, receiver, task, reviewer, "eligible")
    shown = await giver.open(f"/tasks/{task['id']}")
    assert "Eligible, Norms reviewer 1, on behalf of Programme officer 1" in shown.text
    assert "Under the delegation" in shown.text
    assert "on behalf of Programme officer 1" in (await giver.open(f"/proposals/{reference}")).text


async def test_either_of_the_two_ends_it(accord, browsers):
    giver, receiver = await browsers("programme.officer.1"), await browsers("norms.reviewer.1")
    await let_act(accord, giver, "norms.reviewer.1@accord.example")
    officer = await accord.viewer("programme-officer-1")
    [made] = await delegating.mine(accord.office, officer)
    page = await receiver.open(HERE)

    ended = await receiver.fill(page, f"{HERE}/delegations/{made['id']}/end", {})

    assert "Ended on" in ended.text
    assert not (await delegating.mine(accord.office, officer))[0]["in_force"]


async def test_what_is_wrong_is_said_beside_what_was_typed(accord, browsers):
    browser = await browsers("programme.officer.1", "fr")

    unknown = await let_act(accord, browser, "nobody@accord.example")
    nothing = await let_act(accord, browser, "", grants=[], ends_on="soon", reason="")
    oneself = await let_act(accord, browser, "programme.officer.1@accord.example")

    assert (unknown.status, nothing.status, oneself.status) == (422, 422, 409)
    assert {"#receiver"} <= set(unknown.links().values())
    assert {"#receiver", "#grants", "#ends_on", "#reason"} <= set(nothing.links().values())
    assert unknown.form(f"/fr{HERE}/delegations")["reason"] == ["Parental leave."]


async def test_one_says_that_one_is_away_and_back(accord, browsers):
    browser = await browsers("norms.reviewer.1")
    reviewer = await accord.viewer("norms-reviewer-1")
    first, last = days(accord, 3).values()
    stale = await browser.open(HERE)

    away = await browser.fill(
        stale, f"{HERE}/absence", {"away_starts_on": first, "away_ends_on": last}
    )

    assert "You are away until" in away.text
    assert (await absences.absence(accord.office, reviewer))["away"]
    backwards = await browser.fill(
        away, f"{HERE}/absence", {"away_starts_on": last, "away_ends_on": first}
    )
    assert backwards.status == 422
    assert "#away_ends_on" in backwards.links().values()
    elsewhere = await browser.fill(stale, f"{HERE}/absence", {"away_starts_on": first})
    assert elsewhere.status == 412
    back = await browser.fill(away, f"{HERE}/absence", {"act": "back"})
    assert "You are away" not in back.text
    assert not (await absences.absence(accord.office, reviewer))["away"]


async def test_partners_have_nothing_to_delegate_and_overseers_read_all(accord, browsers):
    await let_act(
        accord, await browsers("programme.officer.1"), "norms.reviewer.1@accord.example"
    )  # fmt: skip

    partner = await (await browsers("signatory.1")).open(HERE)
    auditor = await (await browsers("auditor.1")).open("/delegations")
    reviewer = await (await browsers("norms.reviewer.1")).open("/delegations")

    assert "Only staff of the department stand in for each other." in partner.text
    assert "Parental leave." in auditor.text
    assert reviewer.status == 403
