"""Documents of a proposal over the API: attached, frozen with a revision, replaced in a return."""

import asyncio
import hashlib
import random

import httpx
import pytest
from sqlmodel import func, select

from api.app import create_app
from commands.scanning import ClamdScanner
from schemas.documents import MOST_DOCUMENT_BYTES
from schemas.values import digest
from store.tables import DocumentPartRow, DocumentRow, EventRow, TextRow
from tests.attack.serving import connected, head, served
from tests.documents.clamd import EVIL, a_clamd
from tests.documents.files import CSV, PDF, PNG, REFUSED, TAKEN, TXT
from tests.journeys.client import CONTENT, Person, a_key, costing

ABOUT = {"kind": "budget", "language": "en", "marking": "protected_a"}
CONTRIBUTOR, OTHER = "Contributor 1", "Signatory 2"


async def attach(client, where, name="plan.pdf", data=PDF, by=None, key=None, **about):
    return await (by or client.signatory).post(
        f"{where}/documents", files={"file": (name, data)}, data=ABOUT | about, key=key
    )


async def attached(client, where, *args, **kwargs):
    answer = await attach(client, where, *args, **kwargs)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def returned(client, reference, section):
    task = await client.advance_to_task(reference, "eligibility.confirm")
    await client.decide(task, "return", sections=[section])


async def kept(client, reference):
    """Of a proposal: documents, parts of bytes, and names that are still there."""
    async with client.installation.office.database.reading() as session:

        async def count(table, column, *conditions):
            chosen = select(func.count()).select_from(table).where(column == reference, *conditions)
            return (await session.exec(chosen)).one()

        return (
            await count(DocumentRow, DocumentRow.reference),
            await count(DocumentPartRow, DocumentPartRow.reference),
            await count(
                TextRow,
                TextRow.subject,
                # LIKE would take a small d too, and ids of other texts have one now and then.
                func.substr(TextRow.id, len(reference) + 1, 2) == "-D",
                TextRow.body.is_not(None),
            ),
        )


async def events(client, reference):
    async with client.installation.office.database.reading() as session:
        rows = await session.exec(
            select(EventRow)
            .where(EventRow.subject == reference, EventRow.type.contains("document"))
            .order_by(EventRow.position)
        )
        return [(row.type, row.data) for row in rows]


# ---- attaching and reading


async def test_a_document_is_attached_listed_and_handed_out_as_it_was(client):
    draft = f"/proposals/{await client.draft()}"

    made = await attached(client, draft, "../Plan\u202e d'action.pdf", PDF)

    sha256 = hashlib.sha256(PDF).hexdigest()
    assert {name: made[name] for name in ("name", "kind", "media_type", "size", "sha256")} == {
        "name": "Plan d'action.pdf",
        "kind": "budget",
        "media_type": "application/pdf",
        "size": len(PDF),
        "sha256": sha256,
    }
    assert (made["marking"], made["language"], made["attached"]) == ("protected_a", "en", True)
    assert (await client.signatory.read(f"{draft}/documents"))["items"] == [made]
    read = await client.person(CONTRIBUTOR).get(f"{draft}/documents/{made['id']}")
    assert (read.status_code, read.content) == (200, PDF)
    assert read.headers["Content-Type"] == "application/pdf"
    assert read.headers["X-Content-Type-Options"] == "nosniff"
    assert read.headers["Content-Disposition"] == (
        "attachment; filename=\"Plan d'action.pdf\"; filename*=UTF-8''Plan%20d%27action.pdf"
    )
    assert "sandbox" in read.headers["Content-Security-Policy"]


async def test_codes_are_named_in_the_readers_language(client):
    draft = f"/proposals/{await client.draft()}"
    await attached(client, draft, kind="work_plan")

    told = [
        (await client.signatory.read(f"{draft}/documents", language=language))["items"][0]
        for language in ("en", "fr")
    ]

    assert [(each["kind_name"], each["marking_name"]) for each in told] == [
        ("Work plan", "Protected A"),
        ("Plan de travail", "Protégé A"),
    ]


@pytest.mark.parametrize("name", TAKEN)
async def test_every_type_that_policy_names_is_taken(client, name):
    data, media_type = TAKEN[name]

    made = await attached(client, f"/proposals/{await client.draft()}", name, data)

    assert made["media_type"] == media_type


@pytest.mark.parametrize("name", REFUSED)
async def test_any_other_is_refused_and_leaves_nothing(client, name):
    data, code = REFUSED[name]
    reference = await client.draft()

    answer = await attach(client, f"/proposals/{reference}", name, data)

    assert (answer.status_code, answer.json()["code"]) == (415, code)
    assert "pdf" in answer.json()["allowed"]
    assert await kept(client, reference) == (0, 0, 0)
    assert await events(client, reference) == []


@pytest.mark.parametrize(
    ("about", "pointer", "code"),
    [
        ({"kind": "novel"}, "/kind", "unknown_value"),
        ({"language": "English"}, "/language", "wrong_format"),
        ({"marking": "public"}, "/marking", "unknown_value"),
        ({"marking": "secret"}, "/marking", "marking_too_high"),
        ({"marking": "protected_c"}, "/marking", "marking_too_high"),
        ({"title": "x"}, "/title", "unknown_field"),
    ],
)
async def test_what_is_said_of_a_document_is_checked(client, about, pointer, code):
    answer = await attach(client, f"/proposals/{await client.draft()}", **about)

    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


async def test_a_document_above_protected_b_is_refused_in_words(client):
    draft = f"/proposals/{await client.draft()}"
    answers = [
        await client.signatory.post(
            f"{draft}/documents",
            files={"file": ("a.pdf", PDF)},
            data=ABOUT | {"marking": "secret"},
            language=language,
        )
        for language in ("en", "fr")
    ]

    assert answers[0].json()["detail"].startswith("Accord takes nothing above Protected B.")
    assert answers[1].json()["detail"].endswith("demandez au ministère comment le remettre.")


@pytest.mark.parametrize("missing", ["file", *ABOUT])
async def test_everything_that_is_asked_for_is_needed(client, missing):
    draft = await client.draft()
    about = {name: value for name, value in ABOUT.items() if name != missing}
    files = {"other" if missing == "file" else "file": ("a.pdf", PDF)}

    answer = await client.signatory.post(f"/proposals/{draft}/documents", files=files, data=about)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{missing}"


# ---- limits


async def test_an_empty_file_is_refused(client):
    answer = await attach(client, f"/proposals/{await client.draft()}", data=b"")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "document_empty")


async def test_25_megabytes_are_taken_and_not_a_byte_more(client):
    reference = await client.draft()
    whole = PDF + bytes(MOST_DOCUMENT_BYTES - len(PDF))

    taken = await attached(client, f"/proposals/{reference}", data=whole)
    more = await attach(client, f"/proposals/{reference}", data=whole + b"x")
    far_more = await attach(client, f"/proposals/{reference}", data=whole + bytes(2 * 1024 * 1024))

    assert (more.status_code, more.json()["code"]) == (413, "document_too_large")
    assert (far_more.status_code, far_more.json()["code"]) == (413, "too_large")
    read = await client.signatory.get(f"/proposals/{reference}/documents/{taken['id']}")
    assert hashlib.sha256(read.content).hexdigest() == taken["sha256"]
    assert read.content == whole
    assert await kept(client, reference) == (1, 25, 1)


@pytest.fixture
def limits(client):
    """Sets other numbers of the policy in force, for one test."""
    office = client.installation.office
    in_force = office.catalogue.in_force(office.today())

    def change(**numbers):
        documents = in_force.documents.model_copy(update=numbers)
        changed = in_force.model_copy(update={"documents": documents})
        office.catalogue._days[office.today()] = changed

    yield change
    office.catalogue._days[office.today()] = in_force


async def test_a_proposal_has_room_for_so_many_documents(client, limits):
    draft = f"/proposals/{await client.draft()}"
    limits(most_documents=2)
    await attached(client, draft)
    second = await attached(client, draft)

    refused = await attach(client, draft)
    await client.signatory.ask("DELETE", f"{draft}/documents/{second['id']}")

    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_documents")
    assert (await attach(client, draft)).status_code == 201


async def test_a_proposal_has_room_for_so_many_bytes(client, limits):
    draft = f"/proposals/{await client.draft()}"
    limits(most_bytes_together=2 * len(PDF))
    await attached(client, draft)

    refused = await attach(client, draft, data=PDF + b"x")

    assert (refused.status_code, refused.json()["code"]) == (409, "documents_too_large_together")
    assert (await attach(client, draft)).status_code == 201


# ---- the scanner


@pytest.fixture
async def clamd(client):
    async with a_clamd() as clamd:
        client.installation.office.scanner = ClamdScanner(clamd.address)
        yield clamd
    client.installation.office.scanner = None


async def test_a_document_is_scanned_before_it_is_acknowledged(client, clamd):
    reference = await client.draft()

    harmful = await attach(client, f"/proposals/{reference}", "note.txt", EVIL)
    await attached(client, f"/proposals/{reference}", "note.txt", TXT)

    assert (harmful.status_code, harmful.json()["code"]) == (422, "document_infected")
    assert "Invented.Harm" in harmful.json()["detail"]
    assert clamd.scanned == [EVIL, TXT]
    assert await kept(client, reference) == (1, 1, 1)


async def test_what_cannot_be_scanned_is_not_kept_and_can_be_sent_again(client, clamd):
    reference, key = await client.draft(), a_key()
    clamd.says = b"INSTREAM size limit exceeded. ERROR\0"

    away = await attach(client, f"/proposals/{reference}", key=key)
    clamd.says = None
    again = await attach(client, f"/proposals/{reference}", key=key)

    assert (away.status_code, away.json()["code"]) == (503, "scanner_unavailable")
    assert away.headers["Retry-After"]
    assert again.status_code == 201
    assert await kept(client, reference) == (1, 1, 1)


@pytest.mark.usefixtures("clamd")
async def test_health_says_whether_anything_is_scanned(client):
    scanned = (await client.http.get("/health/ready")).json()["scanner"]
    client.installation.office.scanner = None
    not_set = (await client.http.get("/health/ready")).json()["scanner"]

    assert (scanned, not_set) == ("ok", "not_set")


# ---- repeats and races


async def test_a_repeated_upload_is_one_document_and_another_key_another(client):
    reference, key = await client.draft(), a_key()

    first = await attach(client, f"/proposals/{reference}", key=key)
    again = await attach(client, f"/proposals/{reference}", key=key)
    other = await attach(client, f"/proposals/{reference}")
    reused = await attach(client, f"/proposals/{reference}", data=PNG, name="a.png", key=key)

    assert again.json() == first.json()
    assert other.json()["id"] != first.json()["id"]
    assert other.json()["sha256"] == first.json()["sha256"]
    assert (reused.status_code, reused.json()["code"]) == (409, "idempotency_key_reused")
    assert await kept(client, reference) == (2, 1, 2)


async def test_thirty_uploads_of_the_same_bytes_at_once_keep_them_once(client):
    reference = await client.draft()

    answers = await asyncio.gather(
        *(attach(client, f"/proposals/{reference}", f"copy {n}.pdf") for n in range(30))
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 30
    assert await kept(client, reference) == (30, 1, 30)
    named = (await client.view(reference, client.signatory))["documents"]
    assert {each["id"] for each in named} == {answer.json()["id"] for answer in answers}


async def test_thirty_repeats_at_once_are_one_document(client):
    reference, key = await client.draft(), a_key()

    answers = await asyncio.gather(
        *(attach(client, f"/proposals/{reference}", key=key) for _ in range(30))
    )

    assert {(answer.status_code, answer.json()["id"]) for answer in answers} == {
        (201, answers[0].json()["id"])
    }
    assert await kept(client, reference) == (1, 1, 1)


async def test_an_upload_that_is_cut_off_leaves_nothing(client):
    reference = await client.draft()
    body = (
        b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        + PDF
        + b"x" * 3_000_000
    )
    lines = (
        f"Idempotency-Key: {a_key()}",
        "Content-Type: multipart/form-data; boundary=cut",
        f"Content-Length: {len(body) + 1000}",
    )
    path, answered = f"/proposals/{reference}/documents", asyncio.Event()
    app = create_app(client.installation.office, watch=lambda *_: answered.set())

    async with served(app) as port:
        async with connected(port) as raw:
            await raw.send(head("POST", path, client.signatory.token, *lines))
            await raw.send(body)
        await answered.wait()

    assert await kept(client, reference) == (0, 0, 0)
    assert await events(client, reference) == []


async def test_a_large_document_goes_through_a_real_connection_as_it_is(client):
    reference = await client.draft()
    whole = PDF + random.Random(7).randbytes(5_000_000)  # noqa: S311 - bytes, no secret

    async with served(create_app(client.installation.office)) as port:
        sender = Person(
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1"),
            client.signatory.account,
            client.signatory.token,
        )
        async with sender.http:
            made = await attached(client, f"/proposals/{reference}", data=whole, by=sender)
            read = await sender.get(f"/proposals/{reference}/documents/{made['id']}")

    assert read.content == whole
    assert read.headers["ETag"] == f'"{hashlib.sha256(whole).hexdigest()}"'


# ---- the content that names them


async def test_saving_the_content_neither_adds_nor_takes_documents(client):
    reference = await client.draft()
    made = await attached(client, f"/proposals/{reference}")
    whole = (await client.view(reference, client.signatory))["documents"]

    for documents in ([], [made["id"]], whole):
        version = (await client.view(reference, client.signatory))["version"]
        saved = await client.signatory.put(
            f"/proposals/{reference}",
            CONTENT | {"title": f"With {len(documents)}", "documents": documents},
            version=version,
        )
        assert saved.status_code == 200, saved.text
        assert saved.json()["documents"] == whole

    unknown = await client.signatory.put(
        f"/proposals/{reference}",
        CONTENT | {"documents": [made["id"], "another"]},
        version=saved.json()["version"],
    )
    assert (unknown.status_code, unknown.json()["errors"][0]) == (
        422,
        {
            "pointer": "/documents/1",
            "code": "document_unknown",
            "detail": "No such document is attached to this proposal. Attach it first.",
        },
    )


async def test_a_save_from_before_the_upload_is_not_stale(client):
    reference = await client.draft()
    before = await client.view(reference, client.signatory)
    made = await attached(client, f"/proposals/{reference}")

    saved = await client.signatory.put(
        f"/proposals/{reference}", CONTENT | {"title": "New"}, version=before["version"]
    )

    assert saved.status_code == 200
    assert [each["id"] for each in saved.json()["documents"]] == [made["id"]]


async def test_the_receipt_covers_the_digest_of_every_document(client):
    reference = await client.draft(**costing(300_000))
    made = await attached(client, f"/proposals/{reference}")

    receipt = await client.submit(reference)

    revision = await client.auditor.read(f"/proposals/{reference}/revisions/1")
    [named] = revision["content"]["documents"]
    assert named == {
        "id": made["id"],
        "name": "plan.pdf",
        "kind": "budget",
        "language": "en",
        "marking": "protected_a",
        "media_type": "application/pdf",
        "size": len(PDF),
        "sha256": hashlib.sha256(PDF).hexdigest(),
    }
    assert digest(revision["content"]) == receipt["sha256"] == revision["sha256"]
    changed = revision["content"] | {"documents": [named | {"sha256": "0" * 64}]}
    assert digest(changed) != receipt["sha256"]


async def test_a_submitted_document_stays(client):
    reference = await client.draft(**costing(300_000))
    made = await attached(client, f"/proposals/{reference}")
    await client.submit(reference)

    removed = await client.signatory.ask("DELETE", f"/proposals/{reference}/documents/{made['id']}")
    another = await attach(client, f"/proposals/{reference}")

    assert (removed.status_code, removed.json()["code"]) == (409, "document_frozen")
    assert (another.status_code, another.json()["code"]) == (409, "not_editable")
    assert await kept(client, reference) == (1, 1, 1)


# ---- removing


async def test_a_removed_document_of_a_draft_is_gone_with_its_bytes_and_its_name(client):
    reference = await client.draft()
    made = await attached(client, f"/proposals/{reference}")
    path = f"/proposals/{reference}/documents/{made['id']}"

    removed = await client.person(CONTRIBUTOR).ask("DELETE", path)

    assert removed.status_code == 204
    assert (await client.signatory.get(path)).status_code == 404
    assert (await client.signatory.ask("DELETE", path)).status_code == 404
    assert (await client.view(reference, client.signatory))["documents"] == []
    assert await kept(client, reference) == (0, 0, 0)
    told = await events(client, reference)
    assert [type_ for type_, _ in told] == ["document_added", "document_removed"]
    assert {data["sha256"] for _, data in told} == {made["sha256"]}
    assert "plan.pdf" not in str(told)


async def test_bytes_stay_as_long_as_one_document_has_them(client):
    reference = await client.draft()
    first = await attached(client, f"/proposals/{reference}")
    second = await attached(client, f"/proposals/{reference}")

    await client.signatory.ask("DELETE", f"/proposals/{reference}/documents/{first['id']}")

    read = await client.signatory.get(f"/proposals/{reference}/documents/{second['id']}")
    assert read.content == PDF
    assert await kept(client, reference) == (1, 1, 1)


async def test_documents_go_with_their_draft(client):
    reference = await client.draft()
    await attached(client, f"/proposals/{reference}")
    await attached(client, f"/proposals/{reference}", "b.csv", CSV)

    deleted = await client.signatory.ask("DELETE", f"/proposals/{reference}")

    assert deleted.status_code == 204
    assert await kept(client, reference) == (0, 0, 0)


# ---- a return


async def test_a_return_that_opens_no_documents_lets_none_change(client):
    reference = await client.draft(**costing(300_000))
    made = await attached(client, f"/proposals/{reference}")
    await client.submit(reference)
    await returned(client, reference, "summary")

    for answer in (
        await attach(client, f"/proposals/{reference}"),
        await client.signatory.ask("DELETE", f"/proposals/{reference}/documents/{made['id']}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "section_not_open")
        assert answer.json()["open"] == ["summary"]


async def test_a_return_that_opens_documents_lets_one_be_replaced(client):
    reference = await client.draft(**costing(300_000))
    old = await attached(client, f"/proposals/{reference}", "old.pdf")
    await client.submit(reference)
    await returned(client, reference, "documents")

    removed = await client.signatory.ask("DELETE", f"/proposals/{reference}/documents/{old['id']}")
    new = await attached(client, f"/proposals/{reference}", "new.csv", CSV)
    unsent = (await client.auditor.read(f"/proposals/{reference}/documents"))["items"]
    hidden = await client.auditor.get(f"/proposals/{reference}/documents/{new['id']}")
    untold = {event["type"] for event in (await client.events(reference))[-2:]}
    await client.submit(reference)

    assert removed.status_code == 204
    assert ([each["id"] for each in unsent], hidden.status_code) == ([old["id"]], 404)
    assert "document_removed" not in untold
    first, second = [
        await client.auditor.read(f"/proposals/{reference}/revisions/{n}") for n in (1, 2)
    ]
    assert [each["name"] for each in first["content"]["documents"]] == ["old.pdf"]
    assert [each["name"] for each in second["content"]["documents"]] == ["new.csv"]
    listed = (await client.auditor.read(f"/proposals/{reference}/documents"))["items"]
    assert [(each["name"], each["revision"]) for each in listed] == [("old.pdf", 1), ("new.csv", 2)]
    read = await client.auditor.get(f"/proposals/{reference}/documents/{old['id']}")
    assert read.content == PDF
    told = [event["type"] for event in await client.events(reference)]
    assert told.count("document_added") == 2
    assert told.count("document_removed") == 1
    resubmitted = next(
        event for event in await client.events(reference) if event["type"] == "proposal_resubmitted"
    )
    assert resubmitted["data"]["changed"] == ["documents"]


# ---- who sees them


async def test_nobody_else_knows_of_the_documents_of_a_draft(client):
    reference = await client.draft()
    made = await attached(client, f"/proposals/{reference}")
    path = f"/proposals/{reference}/documents"

    for name in (OTHER, "Auditor 1", "Administrator 1", "Programme officer 1"):
        person = client.person(name)
        answers = [
            await person.get(path),
            await person.get(f"{path}/{made['id']}"),
            await person.ask("DELETE", f"{path}/{made['id']}"),
            await attach(client, f"/proposals/{reference}", by=person),
        ]
        assert [answer.status_code for answer in answers] == [404, 404, 404, 404]


async def test_a_document_is_found_under_its_own_proposal_alone(client):
    one, other = await client.draft(), await client.draft()
    made = await attached(client, f"/proposals/{one}")

    path = f"/proposals/{other}/documents/{made['id']}"

    assert (await client.signatory.get(path)).status_code == 404
    assert (await client.signatory.ask("DELETE", path)).status_code == 404


async def test_staff_is_not_told_of_what_was_never_submitted(client):
    reference = await client.draft(**costing(300_000))
    dropped = await attached(client, f"/proposals/{reference}", "b.csv", CSV)
    await client.signatory.ask("DELETE", f"/proposals/{reference}/documents/{dropped['id']}")
    made = await attached(client, f"/proposals/{reference}")
    await client.submit(reference)

    told = [e["data"] for e in await client.events(reference) if "document" in e["type"]]
    own = (await client.signatory.read(f"/proposals/{reference}/history"))["items"]

    assert [each["document"] for each in told] == [made["id"]]
    assert [each["type"] for each in own][:4] == [
        "proposal_created",
        "document_added",
        "document_removed",
        "document_added",
    ]
    assert own[1]["data"]["document"] == dropped["id"]


async def test_the_past_and_the_case_file_know_of_documents(client):
    reference = await client.draft(**costing(300_000))
    before = client.installation.now()
    made = await attached(client, f"/proposals/{reference}")
    await client.submit(reference)
    now = {"at": client.installation.now().isoformat()}

    then = await client.signatory.read(
        f"/proposals/{reference}/as-of", params={"at": before.isoformat()}
    )
    own = await client.signatory.read(f"/proposals/{reference}/as-of", params=now)
    theirs = await client.auditor.read(f"/proposals/{reference}/as-of", params=now)
    cases = [
        await person.read(f"/proposals/{reference}/case.json")
        for person in (client.signatory, client.auditor)
    ]

    assert then["documents"] == []
    assert [(each["id"], each["sha256"]) for each in own["documents"]] == [
        (made["id"], made["sha256"])
    ]
    assert [each["id"] for each in theirs["content"]["documents"]] == [made["id"]]
    for case in cases:
        assert [(each["name"], each["sha256"]) for each in case["documents"]] == [
            ("plan.pdf", made["sha256"])
        ]
