"""What each decision rested on, on pages: by case, and one by one."""

from commands import decision_records, reading
from schemas.values import digest
from tests.policy.proposals import a_proposal

WHOM = "The embassy in Amman."


async def a_case(accord):
    """One on which a human rights reviewer has found, having consulted somebody."""
    reference = await accord.submit(a_proposal())
    await accord.advance_to(reference, "compliance")
    await accord.screened(reference)
    task = await accord.task(reference, "compliance.human_rights")
    person = (await accord.takers(task))[0]
    detail, _ = await reading.task(accord.office, person, task["id"], "en")
    answers = detail["form"]["examples"][0] | {"consulted": WHOM}
    await accord.decide_task(task, by=person, answers=answers)
    return reference


async def test_each_decision_is_listed_and_leads_to_what_it_rested_on(accord, browsers):
    reference = await a_case(accord)
    await accord.advance_to(reference, "funding")
    auditor = await browsers("auditor.1")
    records = await decision_records.of_proposal(
        accord.office, await accord.viewer("auditor-1"), reference
    )

    listed = await auditor.open(f"/proposals/{reference}/decisions")

    leads = {href.removeprefix("/en") for href in listed.links().values() if href}
    assert {f"/proposals/{reference}/decisions/{each['task']}" for each in records} <= leads
    finding = next(each for each in records if each["kind"] == "compliance.human_rights")
    one = await auditor.open(f"/proposals/{reference}/decisions/{finding['task']}")
    assert digest(finding["evidence"]) == finding["evidence_sha256"]
    for said in (finding["checklist"], WHOM, finding["evidence_sha256"]):
        assert said in one.text
    assert all(each.get("sha256", "") in one.text for each in finding["evidence"])
    sign_off = next(each for each in records if each["kind"] == "desk.sign_off")
    french = await browsers("auditor.1", "fr")
    assert (
        "Décidé" in (await french.open(f"/proposals/{reference}/decisions/{sign_off['task']}")).text
    )


async def test_whom_a_reviewer_consulted_is_not_for_administrators_and_partners_read_nothing(
    accord, browsers
):
    reference = await a_case(accord)
    viewer = await accord.viewer("auditor-1")
    records = await decision_records.of_proposal(accord.office, viewer, reference)
    finding = next(each for each in records if each["kind"] == "compliance.human_rights")
    here = f"/proposals/{reference}/decisions/{finding['task']}"

    shown = await (await browsers("administrator.1")).open(here)

    assert finding["consulted"] == WHOM
    assert WHOM not in shown.text
    assert finding["evidence_sha256"] in shown.text
    partner = await browsers("signatory.1")
    assert (await partner.open(here)).path == f"/en/proposals/{reference}"
    stranger = await browsers("norms.reviewer.1")
    assert (await stranger.open(f"/proposals/{reference}/decisions/none")).status == 404


async def test_the_approval_document_is_a_link_of_task_decision_and_proposal(accord, browsers):
    reference = await accord.submit(a_proposal())
    await accord.advance_to(reference, "funding")
    while "funding.approve" not in await accord.open_kinds(reference):
        for task in await accord.open_tasks(reference):
            await accord.decide_task(task)
        await accord.settle()
    task = await accord.task(reference, "funding.approve")
    pdf = f"/proposals/{reference}/approvals/{task['id']}.pdf"
    pages = [f"/tasks/{task['id']}", f"/proposals/{reference}"]
    auditor, administrator = await browsers("auditor.1"), await browsers("administrator.1")

    before = [await links(auditor, page) for page in pages]
    await accord.decide_task(task)
    pages.append(f"/proposals/{reference}/decisions/{task['id']}")

    for found in (*before, *[await links(auditor, page) for page in pages]):
        assert pdf in found
    for page in pages:
        assert pdf not in await links(administrator, page)


async def links(browser, page):
    shown = await browser.open(page)
    return {href.removeprefix("/en") for href in shown.links().values() if href}
