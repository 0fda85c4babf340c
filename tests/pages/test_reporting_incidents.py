"""Incidents on pages: a partner and staff report, two people end them, without scripts."""

from datetime import timedelta

from policy.wording import TORONTO
from tests.policy.proposals import a_proposal

SAID = "Spare parts were sold at the market."


def filled(accord, **changes):
    known = (accord.now() - timedelta(hours=3)).astimezone(TORONTO)
    at = {"day": known.date().isoformat(), "time": f"{known:%H:%M}"}
    return {
        "kind": "diversion", "what": SAID,
        **{f"{name}_{part}": at[part] for name in ("occurred", "learned") for part in at},
    } | changes  # fmt: skip


async def test_an_incident_goes_from_its_report_to_its_end_on_pages(accord, browsers):
    reference = await accord.submit(a_proposal())
    await accord.screened(reference)
    officer = await browsers("programme.officer.1")
    form = await officer.open(f"/incidents/new?reference={reference}")
    assert "Diversion of money, equipment or knowledge (within 48 hours)" in form.text

    made = await officer.fill(form, "/incidents/new", filled(accord))

    assert made.heading == "Diversion of money, equipment or knowledge"
    assert SAID in made.text
    here = made.path.removeprefix("/en")
    for _ in range(500):
        if (await accord.view(reference))["holds"]:
            break
        await accord.settle()
    leads = (await officer.open(f"/proposals/{reference}")).links()
    listed = await officer.open(leads["The incidents that touch it"])
    assert here in {link.removeprefix("/en") for link in listed.links().values() if link}
    assessor = await browsers("human.rights.reviewer.1")
    page = await assessor.open(here)
    empty = await assessor.fill(page, f"{here}/assess", {"findings": ""})
    assert (empty.status, "Choose one of these." in empty.text) == (422, True)
    given = await assessor.fill(
        page, f"{here}/assess", {"outcome": "unfounded", "findings": "It was another store."}
    )
    assert "Waits for the second person" in given.text
    general = await browsers("director.general.1", "fr")
    page = await general.open(here)
    assert "It was another store." in page.text
    refused = await general.fill(page, f"{here}/refuse", {"reason": ""})
    assert refused.status == 422
    done = await general.fill(page, f"{here}/confirm", {})
    assert "Fermé" in done.text
    assert f"{here}/confirm" not in done.answer.text


async def test_a_partner_reports_on_a_page_and_reads_what_it_said(accord, browsers):
    reference = await accord.submit(a_proposal())
    partner = await browsers("signatory.1", "fr")
    listed = await partner.open("/incidents")
    assert "Signaler un incident" in listed.links()
    form = await partner.open("/incidents/new")
    assert "organization" not in form.form("/fr/incidents/new")

    wrong = await partner.fill(form, "/incidents/new", filled(accord, references="CTCBP-1"))
    assert wrong.status == 422
    made = await partner.fill(form, "/incidents/new", filled(accord, references=reference))

    assert SAID in made.text
    assert "Suspendu" not in made.text
    stranger = await browsers("signatory.2")
    assert (await stranger.open(made.path.removeprefix("/fr"))).status == 404
    assert SAID not in (await stranger.open("/incidents")).text


async def test_a_late_report_says_so(accord, browsers):
    officer = await browsers("programme.officer.1")
    form = await officer.open("/incidents/new")
    late = (accord.now() - timedelta(hours=80)).astimezone(TORONTO)
    day = {"occurred_day": late.date().isoformat(), "learned_day": late.date().isoformat()}

    made = await officer.fill(
        form, "/incidents/new",
        filled(accord, kind="country_event", countries=["JO", "LB"], **day),
    )  # fmt: skip

    assert "Reported late" in made.text
    assert "Jordan, Lebanon" in made.text
