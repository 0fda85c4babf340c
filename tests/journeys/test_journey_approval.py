"""From the example of api.md to an active agreement, as a client sees it."""

import pytest

from tests.journeys.client import CONTENT


async def test_the_example_passes_every_check(client):
    reference = await client.draft()

    receipt = await client.submit(reference)

    assert [c["code"] for c in receipt["checks"] if c["result"] != "pass"] == []
    assert set(receipt) == {
        "reference", "revision", "sha256", "received_at", "checks", "signature",
    }  # fmt: skip
    assert (receipt["reference"], receipt["revision"]) == (reference, 1)
    assert await client.signatory.read(f"/proposals/{reference}/receipt") == receipt


async def test_what_was_written_is_read_again(client):
    reference = await client.draft()

    view = await client.view(reference, client.signatory)

    assert {name: view[name] for name in CONTENT} == CONTENT | {
        "beneficiaries": [
            CONTENT["beneficiaries"][0] | {"parent": None, "location": None, "commander": None}
        ]
    }
    assert (view["stage"], view["partner_status"], view["outcome"]) == ("draft", "draft", None)
    assert (view["revision"], view["submitted_at"], view["version"]) == (0, None, 1)


async def test_the_first_examples_lead_to_an_active_agreement(client):
    reference = await client.submitted()
    before = {fund["id"]: fund for fund in await client.funds()}

    view = await client.advance(reference)

    assert (view["stage"], view["outcome"], view["residual_risk"]) == ("active", "approved", "low")
    assert [c["gates"] for c in view["conditions"]] == ["payment"]
    assert [(c["fiscal_year"], c["amount"]["value"], c["state"]) for c in view["commitments"]] == [
        ("2027-28", "1700000.00", "committed"),
        ("2028-29", "1700000.00", "committed"),
    ]
    after = {fund["id"]: fund for fund in await client.funds()}
    changed = {id_ for id_ in after if after[id_] != before[id_]}
    assert changed == {"CTCBP-contributions-2027-28", "CTCBP-contributions-2028-29"}
    assert await client.waiting(reference) == []
    assert view["clock"] is None


async def test_a_submission_can_be_worked_on_at_once(client):
    reference = await client.submitted()

    kinds = [task["kind"] for task in await client.open_tasks(reference)]

    assert kinds == ["eligibility.confirm"]
    takers = await client.takers((await client.open_tasks(reference))[0])
    assert [person.name for person in takers] == ["Programme officer 1", "Programme officer 2"]


async def test_the_history_is_paged_without_a_gap(client):
    reference = await client.submitted()
    await client.advance(reference)
    whole = await client.events(reference)

    pages, cursor = [], None
    while True:
        asked = {"limit": "7"} | ({"cursor": cursor} if cursor else {})
        page = await client.auditor.read(f"/proposals/{reference}/history", params=asked)
        pages += page["items"]
        cursor = page["next"]
        if cursor is None:
            break

    assert pages == whole
    instants = [event["at"] for event in whole]
    assert instants == sorted(instants)
    wanted = {"id", "at", "type", "title", "actor", "on_behalf_of", "reason", "data"}
    assert all(wanted <= set(event) for event in whole)


@pytest.mark.parametrize("stage", ["eligibility", "compliance", "desk", "funding", "agreement"])
async def test_a_withdrawal_ends_it_cleanly_at_every_stage(client, stage):
    reference = await client.submitted()
    before = await client.funds()
    await client.advance(reference, stage)

    answer = await client.signatory.post(
        f"/proposals/{reference}/withdraw", {"reason": "The crossing was closed."}
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["partner_status"] == "withdrawn"
    view = await client.view(reference)
    assert (view["stage"], view["outcome"]) == ("closed", "withdrawn")
    assert await client.open_tasks(reference) == []
    assert await client.funds() == before
    assert await client.waiting(reference) == []


async def test_a_withdrawal_after_both_have_signed_is_too_late(client):
    reference = await client.submitted()
    await client.advance(reference)

    answer = await client.signatory.post(f"/proposals/{reference}/withdraw", {"reason": "Late."})

    assert (answer.status_code, answer.json()["code"]) == (409, "too_late_to_withdraw")
