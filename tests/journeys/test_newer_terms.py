"""Newer terms over HTTP: versions and what differs, the preview, moving one and many."""

import asyncio

import pytest
import pytest_asyncio

from commands import bulk_running, verifying
from schemas.errors import Unavailable
from tests.journeys.client import a_client, a_key, costing
from tests.policy import newer_terms
from tests.policy.newer_terms import CTCBP

OLD = "CTCBP/2026-04-01"
PREVIEW = f"/programmes/CTCBP/migrations?to={CTCBP}"
WHY = "Territory is asked of every proposal now."


@pytest_asyncio.fixture
async def client(engine, tmp_path):
    async with a_client(engine, tmp_path) as client:
        yield client


@pytest.fixture
def office(client):
    return client.installation.office


@pytest.fixture
def officer(client):
    return client.person("Programme officer 2")


@pytest.fixture
def publish(office, tmp_path):
    """Newer terms take effect, as an edit of the published ones makes them."""

    def terms(*edits):
        edit = newer_terms.together(*edits)
        office.catalogue = newer_terms.catalogue_with(tmp_path / "policy", edit)

    return terms


async def in_compliance(client, count=1):
    found = []
    for _ in range(count):
        reference = await client.submitted(**costing(300_000))
        await client.decide((await client.open_tasks(reference))[0])
        await client.advance_to_task(reference, "compliance.norms")
        await client.screened(reference)
        found.append(reference)
    return found


async def preview_of(officer, reference):
    items = (await officer.read(PREVIEW))["items"]
    return next(item for item in items if item["reference"] == reference)


async def kinds(client, reference):
    return sorted(task["kind"] for task in await client.open_tasks(reference))


# ---- versions


async def test_versions_are_listed_with_the_one_that_is_in_force(officer, publish):
    publish(newer_terms.with_facts(decision_days=120))

    items = (await officer.read("/programmes/CTCBP/versions"))["items"]

    assert [(i["version"], i["in_force"]) for i in items] == [(OLD, False), (CTCBP, True)]


async def test_differences_name_their_part_in_both_languages(officer, publish):
    publish(newer_terms.with_facts(decision_days=120))

    found = await officer.read(f"/programmes/CTCBP/differences?from={OLD}&to={CTCBP}")

    [change] = found["items"]
    assert (change["part"], change["before"], change["after"]) == ("decision_days", 150, 120)
    assert change["label"] == {"en": "Days to a decision", "fr": "Jours jusqu'à la décision"}


@pytest.mark.parametrize("query", [f"from={OLD}&to=CTCBP/1999-01-01", f"from=ACCBP/x&to={OLD}"])
async def test_differences_of_versions_that_do_not_exist_are_not_found(officer, query):
    assert (await officer.get(f"/programmes/CTCBP/differences?{query}")).status_code == 404


# ---- the preview


async def test_a_preview_says_of_each_proposal_what_would_change(client, officer, publish):
    [reference] = await in_compliance(client)
    before = await client.events(reference)
    publish(
        newer_terms.always("territory"),
        newer_terms.with_facts(limits={"least": None, "most": {"amount": "200000.00"}}),
    )

    told = await preview_of(officer, reference)

    assert (told["from"], told["to"], told["refused"]) == (OLD, CTCBP, None)
    assert {"findings", "limits"} <= set(told["parts"])
    assert {"code": "amount", "before": "pass", "after": "fail"} in told["checks"]
    assert told["stage_after"] == "eligibility"
    [opened] = told["opens"]
    assert opened["kind"] == "eligibility.confirm"
    assert told["asks_again"] == [opened["previous"]]
    assert await client.events(reference) == before


async def test_a_preview_is_read_page_by_page(client, officer, publish):
    references = sorted(await in_compliance(client, 3))
    publish(newer_terms.always("territory"))

    first = await officer.read(f"{PREVIEW}&limit=2")
    second = await officer.read(f"{PREVIEW}&limit=2&cursor={first['next']}")

    assert [i["reference"] for i in first["items"]] == references[:2]
    assert [i["reference"] for i in second["items"]] == references[2:]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("who", "status"),
    [("Administrator 1", 200), ("Auditor 1", 200), ("Norms reviewer 1", 403), ("Signatory 1", 403)],
)
async def test_administrators_and_auditors_read_previews_too(client, publish, who, status):
    publish(newer_terms.always("territory"))

    assert (await client.person(who).get(PREVIEW)).status_code == status


async def test_terms_that_are_not_in_force_yet_move_nobody(officer, office, tmp_path):
    def edit(data):
        data["effective"] = "2090-01-01"

    root = newer_terms.policy_with(tmp_path / "policy", newer_terms.nothing)
    newer_terms.write(root / "programmes/CTCBP/2090-01-01.yaml", newer_terms.written(edit))
    office.catalogue = newer_terms.Catalogue.load(root)

    answer = await officer.get("/programmes/CTCBP/migrations?to=CTCBP/2090-01-01")

    assert (answer.status_code, answer.json()["code"]) == (409, "terms_not_in_force")


# ---- one


async def test_an_officer_moves_one_and_the_history_says_why(client, officer, office, publish):
    [reference] = await in_compliance(client)
    due = {t["id"]: t["due_at"] for t in await client.open_tasks(reference)}
    publish(newer_terms.always("territory"))
    seen = (await preview_of(officer, reference))["seen"]

    answer = await officer.post(
        f"/proposals/{reference}/terms", {"to": CTCBP, "seen": seen, "reason": WHY}
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["policy_version"] == CTCBP
    assert "compliance.territory" in await kinds(client, reference)
    now = {t["id"]: t["due_at"] for t in await client.open_tasks(reference)}
    assert {task: now[task] for task in due} == due
    [moved] = [e for e in await client.events(reference) if e["type"] == "moved_to_newer_terms"]
    assert moved["reason"] == WHY
    assert (moved["data"]["from"], moved["data"]["to"]) == (OLD, CTCBP)
    assert moved["actor"]["name"] == "Programme officer 2"
    report = await verifying.verify(office, office.gateway)
    assert report.differences == []


async def test_a_moved_proposal_goes_on_to_its_agreement(client, officer, office, publish):
    [reference] = await in_compliance(client)
    publish(newer_terms.always("territory"), newer_terms.a_harsher_matrix)
    seen = (await preview_of(officer, reference))["seen"]
    body = {"to": CTCBP, "seen": seen, "reason": WHY}
    assert (await officer.post(f"/proposals/{reference}/terms", body)).status_code == 200

    await client.installation.advance_to(reference, "active")

    report = await verifying.verify(office, office.gateway)
    assert report.differences == []


async def test_checks_are_shown_as_the_newer_terms_tell_them(client, officer, publish):
    [reference] = await in_compliance(client)
    limits = {"least": None, "most": {"amount": "200000.00"}}
    publish(newer_terms.with_facts(limits=limits))
    seen = (await preview_of(officer, reference))["seen"]

    answer = await officer.post(
        f"/proposals/{reference}/terms", {"to": CTCBP, "seen": seen, "reason": WHY}
    )

    [amount] = [check for check in answer.json()["checks"] if check["code"] == "amount"]
    assert amount["result"] == "fail"
    assert amount["source"].startswith(CTCBP)
    assert "eligibility.confirm" in await kinds(client, reference)


async def test_a_preview_that_is_stale_is_refused_with_what_happened_since(
    client, officer, publish
):
    [reference] = await in_compliance(client)
    publish(newer_terms.always("territory"))
    seen = (await preview_of(officer, reference))["seen"]
    task = await client.advance_to_task(reference, "compliance.norms")
    await client.decide(task)

    answer = await officer.post(
        f"/proposals/{reference}/terms", {"to": CTCBP, "seen": seen, "reason": WHY}
    )

    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "preview_stale")
    assert (told["since"][0]["type"], told["since"][0]["task"]) == ("task_decided", task["id"])
    assert (await officer.read(f"/proposals/{reference}"))["policy_version"] == OLD


async def test_of_thirty_who_move_it_at_once_one_does(client, officer, publish):
    [reference] = await in_compliance(client)
    publish(newer_terms.always("territory"))
    seen = (await preview_of(officer, reference))["seen"]
    body = {"to": CTCBP, "seen": seen, "reason": WHY}

    officers = [officer, client.person("Programme officer 1")]

    answers = await asyncio.gather(
        *(o.post(f"/proposals/{reference}/terms", body) for _ in range(15) for o in officers)
    )

    told = [(answer.status_code, answer.json().get("code")) for answer in answers]
    assert sorted(told, key=str) == [(200, None), *[(409, "terms_not_newer")] * 29]
    types = [event["type"] for event in await client.events(reference)]
    assert types.count("moved_to_newer_terms") == 1


async def test_a_move_that_is_repeated_moves_once(client, officer, publish):
    [reference] = await in_compliance(client)
    publish(newer_terms.always("territory"))
    seen = (await preview_of(officer, reference))["seen"]
    body, key = {"to": CTCBP, "seen": seen, "reason": WHY}, a_key()

    answers = [await officer.post(f"/proposals/{reference}/terms", body, key=key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    types = [event["type"] for event in await client.events(reference)]
    assert types.count("moved_to_newer_terms") == 1


async def test_the_partner_reads_nothing_of_the_move_but_the_terms(client, officer, publish):
    [reference] = await in_compliance(client)
    before = await client.signatory.read(f"/proposals/{reference}/history")
    publish(newer_terms.always("territory"))
    seen = (await preview_of(officer, reference))["seen"]
    body = {"to": CTCBP, "seen": seen, "reason": WHY}
    assert (await officer.post(f"/proposals/{reference}/terms", body)).status_code == 200

    assert await client.signatory.read(f"/proposals/{reference}/history") == before


# ---- many


async def ordered(officer, items):
    answer = await officer.post(
        "/programmes/CTCBP/migrations", {"to": CTCBP, "reason": WHY, "items": items}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def seen_of(officer):
    items = (await officer.read(PREVIEW))["items"]
    return [{"reference": item["reference"], "seen": item["seen"]} for item in items]


async def test_many_are_moved_with_a_result_for_each(client, officer, office, publish):
    one, two, three = sorted(await in_compliance(client, 3))
    publish(newer_terms.always("territory"))
    items = await seen_of(officer)
    await client.decide(await client.advance_to_task(two, "compliance.norms"))

    job = await ordered(officer, items)
    await bulk_running.go_on(office)

    told = (await officer.read(f"/bulk/{job}/items"))["items"]
    assert [(i["task"], i["state"], i["refused"] and i["refused"]["code"]) for i in told] == [
        (one, "done", None),
        (two, "failed", "preview_stale"),
        (three, "done", None),
    ]
    versions = [(await officer.read(f"/proposals/{r}"))["policy_version"] for r in (one, two)]
    assert versions == [CTCBP, OLD]


async def test_a_job_that_was_cut_off_goes_on_and_moves_nothing_twice(
    client, officer, office, publish, monkeypatch
):
    await in_compliance(client, 2)
    publish(newer_terms.always("territory"))
    items = await seen_of(officer)
    job = await ordered(officer, items)
    move = office.gateway.move

    async def cut_off(*told):
        await move(*told)
        raise Unavailable("engine_unavailable")

    monkeypatch.setattr(office.gateway, "move", cut_off)
    await bulk_running.go_on(office)
    monkeypatch.setattr(office.gateway, "move", move)
    client.installation.ahead += newer_terms.MINUTE
    await bulk_running.go_on(office)

    told = (await officer.read(f"/bulk/{job}/items"))["items"]
    assert [item["state"] for item in told] == ["done", "done"]
    for item in items:
        types = [event["type"] for event in await client.events(item["reference"])]
        assert types.count("moved_to_newer_terms") == 1
