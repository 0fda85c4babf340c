"""Documents of a task: attached by who may take it, read by who may read its answers."""

import asyncio
import json

import pytest_asyncio
from sqlmodel import select

from store.tables import EventRow
from tests.documents.files import CSV, PDF
from tests.journeys.client import CONTENT, a_client, costing

ABOUT = {"kind": "evidence", "language": "en", "marking": "protected_b"}
FIRST, SECOND = "Norms reviewer 1", "Norms reviewer 2"
LISTED = """\
id,schema,name,aliases,birth_date,countries,identifiers,sanctions
q-1,Person,Ferdinand Ostrowski Valderrama,,1961-02-03,jo,,Invented
"""
HIT = {
    "name": "Ferdinand Ostrowski Valderrama", "kind": "person", "relation": "other",
    "birth_date": "1961-02-03", "country": "JO", "share_percent": None,
}  # fmt: skip


async def attach(client, task, by, name="source.pdf", data=PDF):
    return await client.person(by).post(
        f"/tasks/{task['id']}/documents", files={"file": (name, data)}, data=ABOUT
    )


async def attached(client, task, by, *args):
    answer = await attach(client, task, by, *args)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest_asyncio.fixture
async def task(client):
    reference = await client.submitted(**costing(300_000))
    return await client.advance_to_task(reference, "compliance.norms")


async def test_a_document_of_a_task_is_attached_and_read_by_its_reviewers(client, task):
    made = await attached(client, task, FIRST)

    path = f"/tasks/{task['id']}/documents"
    assert (made["added_by"]["name"], made["marking"]) == (FIRST, "protected_b")
    assert (await client.person(SECOND).read(path))["items"] == [made]
    assert (await client.person(SECOND).read(f"/tasks/{task['id']}"))["documents"] == [made]
    read = await client.person("Programme officer 1").get(f"{path}/{made['id']}")
    assert (read.status_code, read.content) == (200, PDF)
    assert read.headers["Content-Disposition"].startswith("attachment; ")


async def test_an_answer_is_proved_by_the_digest_of_an_attached_document(client):
    reference = await client.submitted(**costing(300_000))
    task = await client.advance_to_task(reference, "compliance.human_rights")
    by = client.person("Human rights reviewer 1")
    path = f"/tasks/{task['id']}"
    answers = (await by.read(path))["form"]["examples"][0]
    answers["checklist"]["policy_communicated"] = {"answer": "yes"}
    body = {"outcome": "no_objection", "answers": answers}

    without = await by.post(f"{path}/decision", body)
    made = await attached(client, task, by.name)
    form = (await by.read(path))["form"]
    offered = form["properties"]["checklist"]["properties"]["policy_communicated"]
    answers["checklist"]["policy_communicated"]["evidence"] = {"documents": [made["sha256"]]}
    taken = await by.post(f"{path}/decision", body)

    assert without.status_code == 422
    assert [(e["pointer"], e["code"]) for e in without.json()["errors"]] == [
        ("/answers/checklist/policy_communicated/evidence", "checklist_evidence_missing")
    ]
    named = offered["properties"]["evidence"]["properties"]["documents"]["items"]["oneOf"]
    assert [(each["const"], each["title"]) for each in named] == [(made["sha256"], "source.pdf")]
    assert taken.status_code == 200, taken.text


async def test_who_may_not_take_the_task_attaches_nothing(client, task):
    answer = await attach(client, task, "Gender reviewer 1")

    assert (answer.status_code, answer.json()["code"]) == (403, "not_a_candidate")


async def test_while_another_holds_it_nothing_is_attached(client, task):
    await client.person(FIRST).post(f"/tasks/{task['id']}/claim")

    answer = await attach(client, task, SECOND)

    assert (answer.status_code, answer.json()["code"]) == (409, "held")
    assert answer.json()["by"]["name"] == FIRST


async def test_one_removes_what_one_has_attached_oneself(client, task):
    made = await attached(client, task, FIRST)
    path = f"/tasks/{task['id']}/documents/{made['id']}"

    other = await client.person(SECOND).ask("DELETE", path)
    own = await client.person(FIRST).ask("DELETE", path)

    assert (other.status_code, other.json()["code"]) == (403, "not_your_document")
    assert own.status_code == 204
    assert (await client.person(FIRST).read(f"/tasks/{task['id']}"))["documents"] == []


async def test_once_decided_its_documents_stay_as_they_are(client, task):
    made = await attached(client, task, FIRST)
    await client.decide(task, by=client.person(FIRST))
    path = f"/tasks/{task['id']}/documents/{made['id']}"

    for answer in (
        await attach(client, task, FIRST),
        await client.person(FIRST).ask("DELETE", path),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "already_decided")
    assert (await client.person(SECOND).get(path)).content == PDF


async def test_thirty_attach_to_one_task_at_once(client, task):
    answers = await asyncio.gather(
        *(attach(client, task, FIRST if n % 2 else SECOND) for n in range(30))
    )

    codes = [answer.status_code for answer in answers]
    assert (codes.count(201), codes.count(409)) == (20, 10)
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"too_many_documents"}
    assert len((await client.person(FIRST).read(f"/tasks/{task['id']}"))["documents"]) == 20


async def test_no_partner_ever_knows_of_it(client, task):
    made = await attached(client, task, FIRST)
    reference, partner = task["reference"], client.signatory

    for path in ("", f"/{made['id']}"):
        hidden = await partner.get(f"/tasks/{task['id']}/documents{path}")
        assert hidden.status_code == 404
    assert (await partner.get(f"/proposals/{reference}/documents/{made['id']}")).status_code == 404
    now = {"at": client.installation.now().isoformat()}
    seen = [
        await partner.read(f"/proposals/{reference}"),
        await partner.read(f"/proposals/{reference}/documents"),
        await partner.read(f"/proposals/{reference}/history"),
        await partner.read(f"/proposals/{reference}/as-of", params=now),
        await partner.read(f"/proposals/{reference}/case.json"),
    ]
    assert made["id"] not in json.dumps(seen)
    assert made["sha256"] not in json.dumps(seen)


async def test_history_the_past_and_the_case_file_tell_staff_of_it(client, task):
    before = client.installation.now()
    made = await attached(client, task, FIRST, "facts.csv", CSV)
    reference = task["reference"]

    async def then(at):
        params = {"at": at.isoformat()}
        read = await client.auditor.read(f"/proposals/{reference}/as-of", params=params)
        return next(each for each in read["tasks"] if each["id"] == task["id"])["documents"]

    told = [e for e in await client.events(reference) if e["type"] == "task_document_added"]
    case = await client.auditor.read(f"/proposals/{reference}/case.json")

    assert [(e["data"]["document"], e["actor"]["name"]) for e in told] == [(made["id"], FIRST)]
    assert await then(before) == []
    assert [each["sha256"] for each in await then(client.installation.now())] == [made["sha256"]]
    [told_of] = [each for each in case["tasks"] if each["id"] == task["id"]]
    assert [each["name"] for each in told_of["documents"]] == ["facts.csv"]


async def test_an_administrator_reads_no_documents_of_tasks(client, task):
    made = await attached(client, task, FIRST)
    administrator = client.person("Administrator 1")

    for path in ("", f"/{made['id']}"):
        answer = await administrator.get(f"/tasks/{task['id']}/documents{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "answers_not_for_role")
    assert (await administrator.read(f"/tasks/{task['id']}"))["documents"] == []
    case = await administrator.read(f"/proposals/{task['reference']}/case.json")
    assert not any(each["documents"] for each in case["tasks"])


async def test_documents_of_screening_are_evidence(engine, tmp_path):
    async with a_client(engine, tmp_path, with_list=False) as client:
        imported = await client.person("Administrator 1").post(
            "/lists/ca_sema/snapshots", files={"file": ("list.csv", LISTED, "text/csv")}
        )
        assert imported.status_code == 201, imported.text
        reference = await client.submitted(named_parties=[*CONTENT["named_parties"], HIT])
        await client.screened(reference)
        [task] = await client.open_tasks(reference, "screening.adjudicate")
        made = await attached(client, task, "Screening reviewer 1")
        path = f"/tasks/{task['id']}/documents"

        for name in ("Programme officer 1", "Director 1", "Administrator 1", "Signatory 1"):
            person = client.person(name)
            assert (await person.get(path)).status_code == 404
            assert (await person.get(f"{path}/{made['id']}")).status_code == 404
            history = (await person.get(f"/proposals/{reference}/history")).text
            assert made["id"] not in history
        read = await client.auditor.get(f"{path}/{made['id']}")
        assert (read.status_code, read.content) == (200, PDF)
        async with client.installation.office.database.reading() as session:
            rows = await session.exec(select(EventRow).where(EventRow.type == "evidence_read"))
            readers = {(row.actor, row.data["task"]) for row in rows}
        assert ("demo-auditor-1", task["id"]) in readers
