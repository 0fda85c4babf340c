"""What each decision rested on: told by the chain, the same to whoever draws it anew."""

import hashlib
import json

import pytest

from commands import case_files, decision_records, reading
from schemas.errors import Forbidden
from store import chain
from tests.installation import AN_AUDITOR, Installation
from tests.policy.proposals import a_proposal


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


async def records(accord, reference, by=AN_AUDITOR):
    found = await decision_records.of_proposal(accord.office, by, reference)
    return {each["kind"]: each for each in found}


async def test_an_approval_tells_all_that_it_rested_on(accord: Installation):
    countries = [{"code": "JO", "share": 60}, {"code": "NE", "share": 40}]
    reference = await accord.submit(a_proposal(countries=countries))
    await accord.screened(reference)
    await accord.decide(reference, "eligibility.confirm")
    task = await accord.task(reference, "compliance.norms")
    reviewer = (await accord.takers(task))[0]
    detail, _ = await reading.task(accord.office, reviewer, task["id"], "en")
    answers = detail["form"]["examples"][0] | {"consulted": "The embassy in Amman."}
    await accord.decide_task(task, by=reviewer, answers=answers)
    await accord.advance_to(reference, "agreement")

    found = await records(accord, reference)

    norms, approval = found["compliance.norms"], found["funding.approve"]
    assert norms["policy_version"] == "CTCBP/2026-04-01"
    assert norms["checklist"] == "norms/2026-04-01"
    assert norms["lists"] == (await accord.view(reference))["screening"]["lists"]
    assert norms["consulted"] == "The embassy in Amman."
    assert norms["by"]["name"] == "Norms reviewer 1"
    assert approval["checklist"] is None
    assert [(desk["desk"], desk["answer"]) for desk in approval["desks"]] == [("africa", "concur")]
    assert {each["what"] for each in approval["evidence"]} >= {
        "revision", "approval_document", "reason", "list",
    }  # fmt: skip
    for each in found.values():
        digest = hashlib.sha256(canonical(each["evidence"])).hexdigest()
        assert digest == each["evidence_sha256"]


async def test_history_and_case_file_tell_the_same_hash(accord: Installation):
    reference = await accord.submit(a_proposal())
    await accord.decide(reference, "eligibility.confirm")
    [record] = (await records(accord, reference)).values()

    history = await reading.history(accord.office, AN_AUDITOR, reference, limit=200, cursor=None)
    case = await case_files.case_file(accord.office, AN_AUDITOR, reference)

    told = [each["record"] for each in history["items"] if "record" in each]
    assert [each["evidence_sha256"] for each in told] == [record["evidence_sha256"]]
    assert [each["evidence_sha256"] for each in case["decisions"]] == [record["evidence_sha256"]]


async def test_what_happens_later_changes_no_record(accord: Installation):
    reference = await accord.submit(a_proposal())
    await accord.decide(reference, "eligibility.confirm")
    async with accord.office.database.reading() as session:
        events = await chain.events_of(session, reference)
    before = decision_records.drawn(accord.office.catalogue, events)

    await accord.advance_to(reference, "desk")

    async with accord.office.database.reading() as session:
        events = await chain.events_of(session, reference)
    after = decision_records.drawn(accord.office.catalogue, events)
    assert {key: after[key] for key in before} == before


async def test_nobody_reads_the_record_of_a_task_they_may_not_know_of(accord: Installation):
    reference = await accord.submit(a_proposal())
    await accord.decide(reference, "eligibility.confirm")

    with pytest.raises(Forbidden, match="staff_only"):
        await decision_records.of_proposal(accord.office, accord.signatory, reference)
    history = await reading.history(
        accord.office, accord.signatory, reference, limit=200, cursor=None
    )
    assert not any("record" in each for each in history["items"])
