"""A proposal as it was, its whole case checked by a stranger, and the codec endpoint."""

import asyncio
import base64
import hashlib
import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlmodel import col, select

from commands import as_of, case_files
from commands.partner_acts import withdraw
from schemas.errors import Forbidden, Malformed, Refused
from schemas.values import instant
from store.tables import EventRow
from tests.installation import AN_AUDITOR, Installation, a_request, an_api
from tests.journeys.client import Client
from tests.policy.proposals import a_proposal

RECIPE = Path("docs/how-to/check-a-case-file.md")
JORDAN = a_proposal().model_dump(mode="json")


# ---- as of


async def moments(accord: Installation, reference: str) -> dict[str, object]:
    """When the first event of each type was recorded."""
    async with accord.office.database.reading() as session:
        rows = await session.exec(
            select(EventRow).where(EventRow.subject == reference).order_by(col(EventRow.position))
        )
        found: dict[str, object] = {}
        for row in rows:
            found.setdefault(row.type, row.recorded_at)
    return found


async def test_a_proposal_is_shown_as_it_was(accord: Installation):
    reference = await accord.submit(JORDAN)
    before = accord.now()
    await accord.decide(reference, "eligibility.confirm")

    then = await as_of.as_of(accord.office, AN_AUDITOR, reference, before)
    now = await as_of.as_of(accord.office, AN_AUDITOR, reference, accord.now())

    assert (then["stage"], now["stage"]) == ("eligibility", "compliance")
    assert [(t["kind"], t["state"]) for t in then["tasks"]] == [("eligibility.confirm", "open")]
    assert now["tasks"][0]["state"] == "done"
    assert then["content"]["title"] == JORDAN["title"]
    assert now["recorded"]["position"] > then["recorded"]["position"]


async def test_before_it_was_submitted_staff_see_nothing_and_its_partner_a_draft(
    accord: Installation,
):
    reference = await accord.submit(JORDAN)
    created = (await moments(accord, reference))["proposal_created"]

    with pytest.raises(Refused, match="not_there_yet"):
        await as_of.as_of(accord.office, AN_AUDITOR, reference, created)
    own = await as_of.as_of(accord.office, accord.signatory, reference, created)

    assert (own["stage"], own["partner_status"], own["content"]) == ("draft", "draft", None)


async def test_the_future_is_not_known(accord: Installation):
    reference = await accord.submit(JORDAN)

    with pytest.raises(Malformed) as malformed:
        await as_of.as_of(accord.office, AN_AUDITOR, reference, accord.now() + timedelta(seconds=5))

    assert malformed.value.gaps[0].code == "as_of_in_the_future"


async def test_a_partner_reads_of_the_past_what_it_could_have_read_then(accord: Installation):
    reference = await accord.submit(JORDAN)
    await accord.decide(reference, "eligibility.confirm")
    before = accord.now()
    await withdraw(accord.office, accord.signatory, reference, "No more.", a_request())

    then = await as_of.as_of(accord.office, accord.signatory, reference, before)

    assert (then["stage"], then["outcome"]) == ("review", None)
    assert not {"tasks", "holds", "screening", "money", "residual_risk", "recorded"} & then.keys()


# ---- the case


def canonical(value):
    """The recipe, in the words of Python: nothing of Accord is used."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def check(case):
    """What docs/how-to/check-a-case-file.md tells a stranger to do."""
    seal = case["seal"]
    rest = {name: value for name, value in case.items() if name != "seal"}
    assert hashlib.sha256(canonical(rest)).hexdigest() == seal["sha256"]
    signed(seal)
    for revision in case["revisions"]:
        receipt = revision["receipt"]
        names = ("reference", "revision", "sha256", "received_at", "signature")
        signed({name: receipt[name] for name in names})
        if revision["content"] is not None:
            digest = hashlib.sha256(canonical(revision["content"])).hexdigest()
            assert digest == revision["sha256"] == receipt["sha256"]
    previous = ""
    for link in case.get("chain") or ():
        assert link["hashed"]["previous"] == previous
        previous = hashlib.sha256(canonical(link["hashed"])).hexdigest()
        assert previous == link["hash"]
        for ref in link["hashed"]["content"]["texts"].values():
            text = case["texts"][ref["id"]]
            if not text["disposed"]:
                salted = bytes.fromhex(text["salt"]) + canonical(text["body"])
                assert hashlib.sha256(salted).hexdigest() == ref["digest"]


def signed(statement):
    signature = statement["signature"]
    rest = {name: value for name, value in statement.items() if name != "signature"}
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["public_key"]))
    key.verify(bytes.fromhex(signature["value"]), canonical(rest))


async def case_of(accord: Installation, viewer, reference):
    """The file as it travels: through JSON."""
    return json.loads(json.dumps(await case_files.case_file(accord.office, viewer, reference)))


async def test_a_stranger_can_check_the_whole_case(accord: Installation):
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "active")

    case = await case_of(accord, AN_AUDITOR, reference)

    check(case)
    assert len(case["chain"]) == len(case["events"])
    assert any(text["body"] for text in case["texts"].values())
    assert {m["move"].split(":")[0] for r in case["money"] for m in r["moves"]} >= {"reserve"}
    assert case["proposal"]["agreement"]["document"]


def a_page() -> str:
    return RECIPE.read_text()


async def test_the_recipe_in_the_documentation_runs(accord: Installation, tmp_path: Path):
    reference = await accord.submit(JORDAN)
    await accord.decide(reference, "eligibility.confirm")
    case = await case_of(accord, AN_AUDITOR, reference)
    page = a_page()
    script, file = tmp_path / "check.py", tmp_path / "case.json"
    assert case["recipe"] == str(RECIPE)
    script.write_text(page.split("```python\n")[1].split("```")[0])

    said = []
    for change in (None, "somebody-else"):
        case["exported_by"] = change or case["exported_by"]
        file.write_text(json.dumps(case))
        ran = await asyncio.create_subprocess_exec(
            sys.executable, str(script), str(file), stdout=-1, stderr=-1
        )
        said.append((await ran.communicate())[0].decode())

    assert said[0].endswith("fine\n")
    assert accord.office.signer.public_key in said[0]
    assert said[1] == ""


async def test_a_case_that_was_changed_does_not_check(accord: Installation):
    reference = await accord.submit(JORDAN)
    await accord.decide(reference, "eligibility.confirm")
    case = await case_of(accord, AN_AUDITOR, reference)

    case["chain"][1]["hashed"]["content"]["actor"]["id"] = "somebody-else"

    with pytest.raises(AssertionError):
        check(case)


async def test_each_gets_the_case_that_they_may_see(accord: Installation):
    reference = await accord.submit(JORDAN)
    await accord.decide(reference, "eligibility.confirm")
    officer = await accord.viewer("programme-officer-1")
    administrator = await accord.viewer("administrator-1")
    reviewer = await accord.viewer("norms-reviewer-1")

    for_officer = await case_of(accord, officer, reference)
    for_administrator = await case_of(accord, administrator, reference)
    own = await case_of(accord, accord.signatory, reference)
    with pytest.raises(Forbidden, match="case_file_not_for_role"):
        await case_of(accord, reviewer, reference)

    for case in (for_officer, for_administrator, own):
        check(case)
        assert not case.get("chain")
    assert for_officer["texts"]
    assert for_administrator["texts"] == {}
    assert not {"tasks", "texts", "money", "chain"} & own.keys()
    assert own["revisions"][0]["content"]["title"] == JORDAN["title"]


async def test_that_a_case_was_taken_is_recorded(accord: Installation):
    reference = await accord.submit(JORDAN)

    await case_files.case_file(accord.office, AN_AUDITOR, reference)

    async with accord.office.database.reading() as session:
        rows = await session.exec(select(EventRow).where(EventRow.type == "case_exported"))
        (event,) = rows.all()
    assert (event.actor, event.data) == (AN_AUDITOR.id, {"reference": reference})


# ---- over HTTP


async def test_the_case_and_the_past_over_http(accord: Installation):
    reference = await accord.submit(JORDAN)
    async with an_api(accord.office) as http:
        client = await Client.sign_in(http, accord)
        auditor = client.person("Auditor 1")

        case = await auditor.read(f"/proposals/{reference}/case.json")
        past = await auditor.read(
            f"/proposals/{reference}/as-of", params={"at": instant(accord.now())}
        )
        zoneless = await auditor.get(
            f"/proposals/{reference}/as-of", params={"at": "2026-11-24T12:00:00"}
        )

    check(case)
    assert past["stage"] == "eligibility"
    assert zoneless.status_code == 422


async def test_an_administrator_decodes_what_the_engine_keeps_and_it_is_recorded(
    accord: Installation,
):
    reference = await accord.submit(JORDAN)
    history = await accord.client.get_workflow_handle(f"proposal:{reference}").fetch_history()
    started = history.events[0].workflow_execution_started_event_attributes.input.payloads[0]
    sent = {
        "metadata": {k: base64.b64encode(v).decode() for k, v in started.metadata.items()},
        "data": base64.b64encode(started.data).decode(),
    }
    foreign = {"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "MQ=="}
    async with an_api(accord.office) as http:
        client = await Client.sign_in(http, accord)
        answer = await client.person("Administrator 1").post(
            "/codec/decode", json={"payloads": [sent, foreign]}
        )
        refused = await client.person("Auditor 1").post("/codec/decode", json={"payloads": [sent]})
        encoded = await client.person("Administrator 1").post(
            "/codec/encode", json={"payloads": [sent]}
        )

    decoded, same = answer.json()["payloads"]
    assert base64.b64decode(decoded["metadata"]["encoding"]) == b"json/plain"
    assert reference in base64.b64decode(decoded["data"]).decode()
    assert same == foreign
    assert (refused.status_code, encoded.status_code) == (403, 409)
    async with accord.office.database.reading() as session:
        rows = await session.exec(select(EventRow).where(EventRow.type == "payloads_decoded"))
        (event,) = rows.all()
    assert event.data == {"references": [reference], "payloads": 2}
