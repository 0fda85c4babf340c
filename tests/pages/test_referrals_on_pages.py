"""What could not be told of a risk of mistreatment: referred, determined, and on record."""

from commands import reading, referrals
from tests.policy.proposals import a_proposal

WHY = "For the file."


async def referred(accord):
    """A proposal whose review of information sharing was referred to the deputy minister."""
    reference = await accord.submit(a_proposal(information_sharing=True))
    await accord.advance_to(reference, "compliance")
    await accord.screened(reference)
    task = await accord.task(reference, "compliance.information_sharing")
    person = (await accord.takers(task))[0]
    detail, _ = await reading.task(accord.office, person, task["id"], "en")
    answers = detail["form"]["examples"][0]
    risk = next(iter(answers["substantial_risks"]))
    answers["substantial_risks"][risk]["remains"] = "undecided"
    await accord.decide_task(task, "refer", by=person, answers=answers)
    return reference, risk


async def test_a_referral_is_on_record_from_the_finding_to_what_was_determined(accord, browsers):
    reference, risk = await referred(accord)
    auditor = await browsers("auditor.1")

    [one] = await referrals.referrals(accord.office, await accord.viewer("auditor-1"))
    waits = await auditor.open("/referrals")

    assert (one["reference"], one["undecided"], one["determined"]) == (reference, [risk], None)
    assert one["referred"]["reason"] == WHY
    assert "Waits for the deputy minister" in waits.text
    await accord.decide(reference, "arbitrate", "proceed")
    [one] = await referrals.referrals(accord.office, await accord.viewer("auditor-1"))
    assert one["determined"]["outcome"] == "proceed"
    assert one["asked"] in {task["id"] for task in (await reading.tasks_of(
        accord.office, await accord.viewer("auditor-1"), reference))["items"]}  # fmt: skip
    french = await (await browsers("auditor.1", "fr")).open("/referrals")
    assert one["determined"]["by"]["name"] in french.text


async def test_who_sees_no_proposal_sees_no_referral_and_words_are_not_for_everybody(
    accord, browsers
):
    reference, _ = await referred(accord)

    assert reference not in (await (await browsers("desk.officer.1")).open("/referrals")).text
    administrator = await (await browsers("administrator.1")).open("/referrals")
    assert (reference in administrator.text, WHY in administrator.text) == (True, False)
    assert (await (await browsers("signatory.1")).open("/referrals")).status == 403
    other = await referrals.referrals(
        accord.office, await accord.viewer("auditor-1"), year=str(accord.office.today().year + 1)
    )
    assert other == []
