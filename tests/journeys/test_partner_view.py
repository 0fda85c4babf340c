"""What a partner reads, field by field; and that a hit on a list shows in nothing it can read."""

import json
import re
from datetime import timedelta

import pytest
import pytest_asyncio

from schemas.messages import Notice, NoticeKind
from tests.journeys.client import CONTENT, a_client, costing

PARTNER_FIELDS = {
    *CONTENT, "canadian_interest", "results", "risks", "other_funding", "sub_partners",
    "smuggling", "reference", "organization", "organization_name", "revision", "stage",
    "partner_status", "outcome", "requested", "created_at", "submitted_at", "decided_at",
    "policy_version", "checks", "clock", "version", "requests", "letters", "agreement",
    "conditions", "payments", "reconsideration",
}  # fmt: skip
LISTED = """\
id,schema,name,aliases,birth_date,countries,identifiers,sanctions
q-1,Person,Ferdinand Ostrowski Valderrama,,1961-02-03,jo,,Invented
"""
NOTE = {
    "files": {"file": ("note.txt", "A note.")},
    "data": {"kind": "other", "language": "en", "marking": "protected_a"},
}
HIT = "Ferdinand Ostrowski Valderrama"
CLEAN = "Beatrix Honeycutt Lindqvist"


def party(name):
    return {
        "named_parties": [
            {"name": name, "kind": "person", "relation": "other", "birth_date": "1961-02-03",
             "country": "JO", "share_percent": None},
        ]
    }  # fmt: skip


# ---- field by field


@pytest.mark.parametrize("stage", ["eligibility", "compliance", "desk", "funding", "agreement"])
async def test_a_partner_reads_no_more_than_is_its_own(client, stage):
    reference = await client.submitted(**costing(300_000))
    await client.advance(reference, stage)

    told = await client.view(reference, client.signatory)
    history = (await client.signatory.read(f"/proposals/{reference}/history"))["items"]
    waits = await client.waiting(reference, client.signatory)

    assert set(told) == PARTNER_FIELDS
    in_review = stage != "agreement"
    assert told["stage"] == ("review" if in_review else "agreement")
    assert told["partner_status"] == {
        "eligibility": "received", "agreement": "decision_made",
    }.get(stage, "in_review")  # fmt: skip
    assert (told["outcome"], told["decided_at"] is None) == (
        (None, True) if in_review else ("approved", False)
    )
    assert not any("screening" in c["code"] for c in told["checks"])
    assert [item["on"]["kind"] for item in waits] == (["department"] if in_review else ["partner"])
    everything = json.dumps([told, history, waits], ensure_ascii=False)
    staff = {p.name for p in client.people if not p.account["organization"]}
    assert not [name for name in staff if name in everything]
    assert not re.search(
        r"-T[0-9A-Z]|screen|-contributions-|residual|holds|For the file", everything
    )


async def test_a_partners_history_has_ids_of_its_own(client):
    reference = await client.submitted(**costing(300_000))
    await client.advance(reference)

    history = (await client.signatory.read(f"/proposals/{reference}/history"))["items"]
    staff_ids = {event["id"] for event in await client.events(reference)}

    types = [event["type"] for event in history]
    # The schedule of the agreement is set by itself, a moment later.
    assert [each for each in types if each != "agreement_schedule_set"] == [
        "proposal_created", "proposal_submitted", "letter_written", "agreement_generated",
        "conditions_accepted", "agreement_signed_by_partner", "agreement_signed_by_department",
        "agreement_active",
    ]  # fmt: skip
    assert not staff_ids & {event["id"] for event in history}
    assert len({event["id"] for event in history}) == len(history)
    assert all(
        set(event) == {"id", "at", "type", "title", "actor", "on_behalf_of", "reason", "data"}
        for event in history
    )
    actors = [event["actor"] and event["actor"]["name"] for event in history]
    assert set(actors) == {"Signatory 1", "The department", None}


@pytest.mark.parametrize("name", ["Signatory 1", "Contributor 1"])
async def test_a_partner_has_no_tasks(client, name):
    reference = await client.submitted(**costing(300_000))
    [task] = await client.open_tasks(reference)
    partner = client.person(name)

    for path in ("/tasks", f"/proposals/{reference}/tasks"):
        assert await partner.read(path) == {"items": [], "next": None}
    counts = await partner.read("/tasks/counts")
    assert counts == dict.fromkeys(("mine", "group", "all", "overdue", "due_soon"), 0)
    assert (await partner.get(f"/tasks/{task['id']}")).status_code == 404
    for act, body in [
        ("claim", None),
        ("release", None),
        ("reassign", {"person": "demo-programme-officer-1"}),
        ("comments", {"text": "Who decides?"}),
        ("decision", {"outcome": "eligible"}),
    ]:
        answer = await partner.post(f"/tasks/{task['id']}/{act}", body)
        unknown = await partner.post(f"/tasks/{reference}-T77/{act}", body)
        assert (answer.status_code, answer.content) == (404, unknown.content)
    saved = await partner.put(f"/tasks/{task['id']}/answers", {}, version=0)
    assert saved.status_code == 404


async def test_another_organization_finds_nothing(client):
    reference = await client.submitted(**costing(300_000))
    draft = await client.draft()
    [task] = await client.open_tasks(reference)
    stranger = client.person("Signatory 2")

    for known in (reference, draft):
        for path in ("", "/check", "/revisions/1", "/history", "/tasks", "/waiting", "/receipt"):
            answer = await stranger.get(f"/proposals/{known}{path}")
            unknown = await stranger.get(f"/proposals/CTCBP-2026-999999{path}")
            assert (answer.status_code, answer.content) == (404, unknown.content), path
        for act in ("submit", "withdraw", "accept-conditions", "sign"):
            body = {"reason": "Mine."} if act == "withdraw" else None
            answer = await stranger.post(f"/proposals/{known}/{act}", body)
            assert answer.status_code == 404, act
        put = await stranger.put(f"/proposals/{known}", CONTENT, version=1)
        gone = await stranger.ask("DELETE", f"/proposals/{known}")
        assert (put.status_code, gone.status_code) == (404, 404)
        listed = await stranger.read("/proposals", params={"limit": "200"})
        assert known not in [each["reference"] for each in listed["items"]]
    assert (await stranger.get(f"/tasks/{task['id']}")).status_code == 404
    assert (await client.view(reference))["stage"] == "eligibility"


async def test_a_draft_is_seen_by_its_organization_alone(client):
    draft = await client.draft()

    for person in client.people:
        answer = await person.get(f"/proposals/{draft}")
        own = person.account["organization"] == "demo-international-organization"
        assert answer.status_code == (200 if own else 404), person.name


# ---- sealed: two proposals that differ only in a hit


@pytest_asyncio.fixture
async def sealed(engine, tmp_path):
    """A client, and two proposals in compliance that only a name tells apart."""
    async with a_client(engine, tmp_path) as client:
        hit = await client.draft(**costing(300_000) | party(HIT))
        clean = await client.draft(**costing(300_000) | party(CLEAN))
        for reference in (hit, clean):
            await attach(client.signatory, f"/proposals/{reference}")
            await client.submit(reference)
        for reference in (hit, clean):
            await client.decide((await client.open_tasks(reference))[0])
        imported = await client.person("Administrator 1").post(
            "/lists/invented/snapshots", files={"file": ("invented.csv", LISTED, "text/csv")}
        )
        assert imported.status_code == 201, imported.text
        for reference in (hit, clean):
            await client.advance_to_task(reference, "compliance.norms")
        adjudication = await judged(client, hit)
        yield client, hit, clean, adjudication


async def attach(person, where):
    answer = await person.post(f"{where}/documents", **NOTE)
    assert answer.status_code == 201, answer.text


async def found(client, hit):
    """The task that judges the hit, once it is found."""
    for _ in range(500):
        if tasks := await client.open_tasks(hit, "screening.adjudicate"):
            return tasks[0]["id"]
        await client.installation.settle()
    raise AssertionError("nothing was found")


async def judged(client, hit):
    """Let the hit be found, and judged as the very person that is listed."""
    reviewer = client.person("Screening reviewer 1")
    task_id = await found(client, hit)
    await attach(reviewer, f"/tasks/{task_id}")
    task = await reviewer.read(f"/tasks/{task_id}")
    body = await client.decision(task, "match", by=reviewer)
    for line in body["answers"]["hits"].values():
        line["judgement"] = "match"
    await client.decide(task, "match", by=reviewer, answers=body["answers"])
    return task


PATHS = (
    "", "/check", "/revisions/1", "/history", "/tasks", "/waiting", "/receipt", "/revisions/2",
    "/case.json", "/as-of", "/documents",
)  # fmt: skip
_VARIES = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.]+Z|[A-Z]+-\d{4}-\d{6}"
    r"|\b[0-9a-f]{12}\b|\b[0-9a-f]{24}\b|\b[0-9a-f]{64}\b|[0-9a-f]{128}"
)


def alike(answer):
    """An answer without references, ids and instants."""
    words = answer.text.replace(HIT, "NAME").replace(CLEAN, "NAME")
    headers = {n: _VARIES.sub("*", v) for n, v in answer.headers.items() if n != "content-length"}
    return answer.status_code, headers, _VARIES.sub("*", words)


async def compare(client, hit, clean, method, path, name="Signatory 1", **options):
    """Ask the same of both, as a partner: the answers must be equal."""
    if path == "/as-of":
        options["params"] = {"at": client.installation.now().isoformat()}
    first, second = [
        await client.person(name).ask(method, f"/proposals/{reference}{path}", **options)
        for reference in (hit, clean)
    ]
    assert alike(first) == alike(second), (method, path)
    return first


async def test_a_sealed_proposal_reads_like_one_in_review(sealed):
    client, hit, clean, _ = sealed
    assert [h["kind"] for h in (await client.view(hit))["holds"]] == ["seal"]
    assert (await client.view(clean))["holds"] == []

    for name in ("Signatory 1", "Contributor 1"):
        for path in PATHS:
            for language in ("en", "fr"):
                await compare(client, hit, clean, "GET", path, name, language=language)
    mine = await client.view(hit, client.signatory)
    assert mine["clock"]["paused"] is False
    for act in ("submit", "accept-conditions", "sign"):
        answer = await compare(client, hit, clean, "POST", f"/{act}")
        assert answer.status_code == 409
    again = await compare(client, hit, clean, "POST", "/reconsider", json={"reason": "New facts."})
    assert again.json()["code"] == "no_decision_yet"
    answer = await compare(client, hit, clean, "POST", "/documents", **NOTE)
    assert answer.json()["code"] == "not_editable"
    await compare(client, hit, clean, "PUT", "", json=CONTENT, headers={"If-Match": '"1"'})
    await compare(client, hit, clean, "DELETE", "")
    await compare(client, hit, clean, "POST", "/withdraw", json={})
    for filters in ({"stage": "review"}, {"partner_status": "in_review"}, {"q": "Hussein"}):
        listed = await client.signatory.read("/proposals", params=filters)
        assert {hit, clean} <= {each["reference"] for each in listed["items"]}


async def test_a_hit_that_was_none_leaves_no_trace_in_the_agreement(engine, tmp_path):
    async with a_client(engine, tmp_path) as client:
        await client.person("Administrator 1").post(
            "/lists/invented/snapshots", files={"file": ("invented.csv", LISTED, "text/csv")}
        )
        hit = await client.submitted(**costing(300_000) | party(HIT))
        clean = await client.submitted(**costing(300_000) | party(CLEAN))
        await client.decide(await client.advance_to_task(hit, "screening.adjudicate"))
        for reference in (hit, clean):
            await client.advance(reference, "agreement")

        for path in PATHS:
            await compare(client, hit, clean, "GET", path)
        for act in ("accept-conditions", "sign"):
            assert (await compare(client, hit, clean, "POST", f"/{act}")).status_code == 200


async def test_a_sealed_proposal_is_withdrawn_like_any_other(sealed):
    client, hit, clean, _ = sealed

    answer = await compare(client, hit, clean, "POST", "/withdraw", json={"reason": "Over."})

    assert answer.status_code == 200
    for path in PATHS:
        await compare(client, hit, clean, "GET", path)
    legal = await client.open_tasks(hit)
    assert [task["kind"] for task in legal] == ["legal.disposition"]
    assert await client.open_tasks(clean) == []


async def test_a_hold_of_what_is_sealed_reads_like_a_hold_alone(sealed):
    client, hit, clean, _ = sealed
    officer = client.person("Programme officer 1")

    for act in ("hold", "resume"):
        for reference in (hit, clean):
            answer = await officer.post(f"/proposals/{reference}/{act}", {"reason": "An audit."})
            assert answer.status_code == 200, answer.text
        for path in PATHS:
            for language in ("en", "fr"):
                await compare(client, hit, clean, "GET", path, language=language)
        for other in ("accept-conditions", "sign", "hold", "resume"):
            await compare(client, hit, clean, "POST", f"/{other}", json={"reason": "Mine."})
        clock = (await client.view(hit, client.signatory))["clock"]
        assert clock["paused"] is (act == "hold")


async def test_questions_of_what_is_sealed_read_like_those_of_any_other(engine, tmp_path):
    async with a_client(engine, tmp_path) as client:
        hit = await client.submitted(**costing(300_000) | party(HIT))
        clean = await client.submitted(**costing(300_000) | party(CLEAN))
        await client.person("Administrator 1").post(
            "/lists/invented/snapshots", files={"file": ("invented.csv", LISTED, "text/csv")}
        )
        officer = client.person("Programme officer 1")
        day = client.installation.office.today() + timedelta(days=10)
        question = {"question": "How many?", "due_date": day.isoformat()}
        numbers = ("Q01", "Q02", "Q03")
        for reference in (hit, clean):
            await client.decide((await client.open_tasks(reference, "eligibility.confirm"))[0])
            await client.advance_to_task(reference, "compliance.norms")
            for _ in numbers:
                asked = await officer.post(f"/proposals/{reference}/questions", question)
                assert asked.status_code == 201, asked.text
        await found(client, hit)
        # A match in another proposal of the partner seals everything of it, and so this one.
        elsewhere = Notice(id=f"seal-{hit}", kind=NoticeKind.SEAL, data={"seal": "elsewhere-T01"})
        await client.installation.office.gateway.notify(hit, elsewhere)
        assert {h["kind"] for h in (await client.view(hit))["holds"]} == {"question", "seal"}

        async def alike_to_the_partner():
            for path in (*PATHS, "/questions"):
                for language in ("en", "fr"):
                    await compare(client, hit, clean, "GET", path, language=language)

        await alike_to_the_partner()
        for reference in (hit, clean):
            for act in ("hold", "resume"):
                await officer.post(f"/proposals/{reference}/{act}", {"reason": "An audit."})
            await officer.post(
                f"/proposals/{reference}/questions/{reference}-Q02/withdraw", {"reason": "Found."}
            )
        await alike_to_the_partner()
        answers = [
            await client.signatory.post(
                f"/proposals/{reference}/questions/{reference}-{number}/answer", {"answer": "12."}
            )
            for number in numbers
            for reference in (hit, clean)
        ]
        assert [a.status_code for a in answers] == [200, 200, 409, 409, 200, 200]
        for first, second in zip(answers[::2], answers[1::2], strict=True):
            assert alike(first) == alike(second)
        await alike_to_the_partner()


async def test_of_a_seal_most_staff_read_that_legal_knows(sealed):
    client, hit, _, adjudication = sealed
    [disposition] = await client.open_tasks(hit, "legal.disposition")
    blind = ["Programme officer 1", "Norms reviewer 1", "Administrator 1"]

    for name in blind:
        person = client.person(name)
        view = await client.view(hit, person)
        assert [(h["kind"], h["reason"]) for h in view["holds"]] == [("hold", "ask_legal")]
        [item] = await client.waiting(hit, person)
        assert item["on"] == {"kind": "department", "who": "ask_legal"}
        tasks = (await person.read(f"/proposals/{hit}/tasks"))["items"]
        kinds = {task["kind"] for task in tasks}
        assert not kinds & {"screening.adjudicate", "legal.disposition"}
        for task in (adjudication, disposition):
            assert (await person.get(f"/tasks/{task['id']}")).status_code == 404
            for act, body in (("claim", None), ("decision", {"outcome": "no_match"})):
                answer = await person.post(f"/tasks/{task['id']}/{act}", body)
                assert answer.status_code == 404, (name, act)
        history = await person.read(f"/proposals/{hit}/history", params={"limit": "200"})
        text = json.dumps(history)
        assert "screen" not in text
        assert adjudication["id"] not in text
        assert disposition["id"] not in text
    for name in ("Screening reviewer 2", "Legal 1", "Auditor 1"):
        view = await client.view(hit, client.person(name))
        assert [(h["kind"], h["reason"]) for h in view["holds"]] == [("seal", "legal_disposes")]


async def test_while_sealed_nothing_is_decided_but_by_legal(sealed):
    client, hit, clean, _ = sealed
    reviewer = client.person("Norms reviewer 1")
    [norms] = await client.open_tasks(hit, "compliance.norms")
    decision = await client.decision(norms, by=reviewer)
    before = await client.events(hit)

    refused = await reviewer.post(f"/tasks/{norms['id']}/decision", decision)

    assert (refused.status_code, refused.json()["code"]) == (409, "on_hold")
    assert await client.events(hit) == before
    assert "seal" not in refused.text
    await client.decide((await client.open_tasks(hit, "legal.disposition"))[0], "not_applicable")
    for reference in (hit, clean):
        view = await client.advance(reference)
        assert (view["stage"], view["outcome"]) == ("active", "approved")
    for path in PATHS:
        await compare(client, hit, clean, "GET", path)


async def test_a_refusal_over_a_match_is_told_by_a_neutral_letter(sealed):
    """Whatever legal has written: the letter reads as that of any other refusal."""
    client, hit, _, _ = sealed
    [disposition] = await client.open_tasks(hit, "legal.disposition")
    words = {"reason": "Listed.", "message_to_partner": "You are on a list."}

    await client.decide(disposition, "refuse", **words)

    view = await client.signatory.read(f"/proposals/{hit}")
    [letter] = [each for each in view["letters"] if each["kind"] == "declined"]
    assert letter["message"] is None
    assert "list" not in json.dumps(letter).lower()
    assert "not to fund your proposal" in json.dumps(letter)


async def test_reading_the_evidence_is_recorded(sealed):
    client, hit, _, adjudication = sealed
    reviewer = client.person("Screening reviewer 2")

    before = await evidence_read(client)
    await reviewer.read(f"/tasks/{adjudication['id']}")
    await client.person("Norms reviewer 1").get(f"/tasks/{adjudication['id']}")

    after = await evidence_read(client)
    assert after[len(before) :] == [
        ("demo-screening-reviewer-2", {"task": adjudication["id"], "reference": hit})
    ]


async def evidence_read(client):
    from sqlmodel import select  # noqa: PLC0415

    from store.tables import EventRow  # noqa: PLC0415

    async with client.installation.office.database.reading() as session:
        found = await session.exec(
            select(EventRow).where(EventRow.type == "evidence_read").order_by(EventRow.position)
        )
        return [(event.actor, event.data) for event in found]
