"""What bad input gets: a clear sentence in both languages, a stable code, and nothing changed."""

import json

import pytest
import pytest_asyncio

from tests.journeys.client import CONTENT, costing, money

SMALL = CONTENT | costing(300_000)


async def problem_of(answer, language):
    """The problem in an answer, which must be one as RFC 9457 and api.md want it."""
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == language
    assert {"type", "title", "status", "code", "detail"} <= set(problem)
    assert problem["status"] == answer.status_code
    assert problem["type"].endswith(problem["code"])
    for sentence in (problem, *problem.get("errors", ())):
        assert sentence["detail"] not in ("", sentence["code"])
        assert "{" not in sentence["detail"]
        assert "\N{EN DASH}" not in sentence["detail"], sentence
    return problem


async def in_both_languages(person, method, path, **options):
    """The same problem twice: its codes agree, its sentences do not."""
    found = []
    for language in ("en", "fr"):
        answer = await person.ask(method, path, language=language, **options)
        found.append((answer, await problem_of(answer, language)))
    (first, english), (_, french) = found
    assert english["code"] == french["code"]
    assert english["detail"] != french["detail"], english["detail"]
    assert english["title"] != french["title"] or english["status"] == 415
    return first.status_code, english


async def everything(client, reference):
    """What must not change: proposal, events, tasks and money."""
    return (
        await client.view(reference),
        await client.events(reference),
        await client.open_tasks(reference),
        await client.funds(),
    )


# ---- values that are malformed are refused while one writes


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"programme": "XYZ"}, "/programme", "unknown_programme"),
        ({"programme": "nonsense"}, "/programme", "wrong_format"),
        ({"programme": None}, "/programme", "not_a_text"),
        ({"amount": {"currency": "CAD", "value": "-5.00"}}, "/amount/value", "not_an_amount"),
        ({"amount": {"currency": "CAD", "value": "1e9"}}, "/amount/value", "not_an_amount"),
        ({"amount": {"currency": "CAD", "value": "9" * 30}}, "/amount/value", "not_an_amount"),
        ({"amount": {"currency": "CAD", "value": "1.005"}}, "/amount/value", "not_an_amount"),
        ({"amount": {"currency": "CAD", "value": 5}}, "/amount/value", "not_a_text"),
        ({"amount": {"currency": "EUR", "value": "5.00"}}, "/amount/currency", "unknown_value"),
        ({"amount": "5.00"}, "/amount", "not_an_object"),
        ({"countries": [{"code": "Jordan", "share": 100}]}, "/countries/0/code", "wrong_format"),
        ({"countries": [{"code": "JO", "share": -1}]}, "/countries/0/share", "number_too_small"),
        ({"countries": [{"code": "JO", "share": 101}]}, "/countries/0/share", "number_too_large"),
        ({"countries": [{"code": "JO", "share": "all"}]}, "/countries/0/share", "not_a_number"),
        ({"start_date": "2027-02-30"}, "/start_date", "not_a_date"),
        ({"start_date": 5}, "/start_date", "not_a_date"),
        ({"start_date": "2027-04-01T00:00:00Z"}, "/start_date", "not_a_date"),
        ({"physical_works": "no"}, "/physical_works", "not_a_boolean"),
        ({"gender_equality_code": 4}, "/gender_equality_code", "number_too_large"),
        ({"assistance": ["weapons"]}, "/assistance/0", "unknown_value"),
        ({"assistance": "training"}, "/assistance", "not_a_list"),
        ({"beneficiaries": [{"name": "A", "kind": "army"}]}, "/beneficiaries/0/kind",
         "unknown_value"),
        ({"colour": "red"}, "/colour", "unknown_field"),
        ({"title": "x" * 401}, "/title", "too_long"),
        ({"title": "a\x00b"}, "/title", "forbidden_character"),
        ({"equipment": [{"description": "A", "quantity": 0, "value": money(1)}]},
         "/equipment/0/quantity", "number_too_small"),
    ],
)  # fmt: skip
async def test_a_malformed_draft_is_none(client, change, pointer, code):
    before = len((await client.signatory.read("/proposals", params={"limit": "200"}))["items"])

    status, problem = await in_both_languages(
        client.signatory, "POST", "/proposals", json=CONTENT | change
    )

    assert status == 422
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [(pointer, code)]
    after = len((await client.signatory.read("/proposals", params={"limit": "200"}))["items"])
    assert after == before


# ---- gaps and inconsistencies are refused at the door


@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        ({"title": None}, ["/title"]),
        ({"summary": None}, ["/summary"]),
        ({"amount": None}, ["/amount"]),
        ({"budget": []}, ["/budget"]),
        ({"countries": [{"code": "JO", "share": 60}]}, ["/countries"]),
        ({"countries": [{"code": "JO", "share": 60}, {"code": "LB", "share": 60}]}, ["/countries"]),
        ({"countries": [{"code": "QX", "share": 100}]}, ["/countries/0/code"]),
        ({"countries": [], "regions": [{"code": "moon", "share": 100}]}, ["/regions/0/code"]),
        ({"countries": [], "regions": []}, ["/countries"]),
        ({"focus_areas": ["gardening"]}, ["/focus_areas/0"]),
        ({"budget": [CONTENT["budget"][0]]}, ["/budget"]),
        ({"start_date": "2029-03-31", "end_date": "2027-04-01"}, ["/end_date"]),
        ({"assistance": ["training"]}, ["/budget/1/category"]),
        ({"amount": money(0), "budget": []}, ["/amount"]),
    ],
    ids=str,
)
async def test_what_is_incomplete_or_inconsistent_is_not_submitted(client, change, pointers):
    reference = await client.draft(**change)
    before = await client.view(reference, client.signatory)

    status, problem = await in_both_languages(
        client.signatory, "POST", f"/proposals/{reference}/submit"
    )

    assert (status, problem["code"]) == (422, "incomplete")
    assert set(pointers) <= {e["pointer"] for e in problem["errors"]}, problem["errors"]
    check = await client.signatory.read(f"/proposals/{reference}/check")
    assert [g["pointer"] for g in check["gaps"]] == [e["pointer"] for e in problem["errors"]]
    assert await client.view(reference, client.signatory) == before
    assert before["stage"] == "draft"


async def test_an_empty_draft_names_every_gap_once(client):
    made = await client.signatory.post("/proposals", {"programme": "CTCBP"})
    answer = await client.signatory.post(f"/proposals/{made.json()['reference']}/submit")

    pointers = [e["pointer"] for e in answer.json()["errors"]]
    assert answer.status_code == 422
    assert len(pointers) == len(set(pointers)) > 8


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"focus_areas": ["illicit_drugs"]}, "focus_area"),
        ({"focus_areas": []}, "focus_area"),
        (costing(12_000_000), "amount"),
    ],
)
async def test_all_else_is_a_check_that_a_person_judges(client, change, check):
    reference = await client.draft(**change)

    receipt = await client.submit(reference)

    assert {c["code"]: c["result"] for c in receipt["checks"]}[check] == "fail"


# ---- requests that cannot be read


async def test_a_body_of_ten_megabytes_is_too_large(client):
    status, problem = await in_both_languages(
        client.signatory,
        "POST",
        "/proposals",
        content=json.dumps(CONTENT | {"summary": "x" * 10_000_000}),
        headers={"Content-Type": "application/json"},
    )
    assert (status, problem["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("raw", "kind", "status", "code"),
    [
        ("{", "application/json", 400, "unreadable_json"),
        ("", "application/json", 400, "unreadable_json"),
        ('{"programme": NaN}', "application/json", 400, "unreadable_json"),
        ("programme=CTCBP", "application/x-www-form-urlencoded", 415, "wrong_media_type"),
        ("[]", "application/json", 422, "malformed"),
        ("null", "application/json", 422, "malformed"),
    ],
)
async def test_a_body_that_cannot_be_read(client, raw, kind, status, code):
    answered, problem = await in_both_languages(
        client.signatory, "POST", "/proposals", content=raw, headers={"Content-Type": kind}
    )
    assert (answered, problem["code"]) == (status, code)


@pytest.mark.parametrize(
    ("path", "params", "pointer", "code"),
    [
        ("/proposals", {"limit": "201"}, "/limit", "number_too_large"),
        ("/proposals", {"limit": "0"}, "/limit", "number_too_small"),
        ("/proposals", {"limit": "many"}, "/limit", "not_a_whole_number"),
        ("/proposals", {"sort": "colour"}, "/sort", "unknown_value"),
        ("/proposals", {"colour": "red"}, "/colour", "unknown_parameter"),
        ("/tasks", {"view": "yours"}, "/view", "unknown_value"),
        ("/tasks", {"overdue": "perhaps"}, "/overdue", "not_a_boolean"),
        ("/tasks", {"limit": "201"}, "/limit", "number_too_large"),
        ("/organizations", {"limit": "201"}, "/limit", "number_too_large"),
        ("/programmes", {"limit": "201"}, "/limit", "number_too_large"),
    ],
)
async def test_a_parameter_that_is_wrong(client, path, params, pointer, code):
    status, problem = await in_both_languages(client.signatory, "GET", path, params=params)
    assert status == 422
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [(pointer, code)]


@pytest.mark.parametrize("path", ["/proposals", "/tasks", "/organizations", "/programmes"])
@pytest.mark.parametrize("cursor", ["nonsense", "eyJ9", "WyJhIiwiYiJd"])
async def test_a_cursor_of_another_list(client, path, cursor):
    status, problem = await in_both_languages(
        client.auditor, "GET", path, params={"cursor": cursor}
    )
    assert (status, problem["errors"][0]["code"]) == (422, "unknown_cursor")


async def test_two_hundred_is_the_most_of_a_page(client):
    for path in ("/proposals", "/tasks", "/organizations", "/programmes", "/lists", "/funds"):
        page = await client.auditor.read(path, params={"limit": "200"})
        assert set(page) == {"items", "next"}, path


@pytest.mark.parametrize(
    "path",
    [
        "/proposals/CTCBP-2026-999999", "/proposals/nonsense", "/proposals/..%2F..", "/tasks/none",
        "/proposals/CTCBP-2026-999999/history", "/organizations/none", "/funds/none/commitments",
        "/proposals/%00", "/nowhere",
    ],
)  # fmt: skip
async def test_an_unknown_id_is_not_found(client, path):
    status, problem = await in_both_languages(client.auditor, "GET", path)
    assert (status, problem["code"]) == (404, "not_found")


# ---- versions


async def test_an_edit_needs_the_version_that_it_is_based_on(client):
    reference = await client.draft()
    saved = await client.signatory.put(
        f"/proposals/{reference}", CONTENT | {"title": "Second"}, version=1
    )
    assert (saved.status_code, saved.headers["etag"]) == (200, '"2"')
    read = await client.signatory.get(f"/proposals/{reference}")
    assert (read.headers["etag"], read.json()["version"]) == ('"2"', 2)

    for version, status, code in [
        (None, 428, "if_match_missing"),
        ('"1"', 412, "stale_version"),
        ('"99"', 412, "stale_version"),
        ('"other"', 412, "stale_version"),
        ("???", 422, "malformed"),
    ]:
        options = {} if version is None else {"headers": {"If-Match": version}}
        answered, problem = await in_both_languages(
            client.signatory,
            "PUT",
            f"/proposals/{reference}",
            json=CONTENT | {"title": "Third"},
            **options,
        )
        assert (answered, problem["code"]) == (status, code)
        if code == "stale_version":
            assert (problem["version"], problem["changed"]) == (2, ["summary"])
    assert (await client.view(reference, client.signatory))["title"] == "Second"


async def test_the_program_is_fixed_at_creation(client):
    reference = await client.draft()
    status, problem = await in_both_languages(
        client.signatory,
        "PUT",
        f"/proposals/{reference}",
        json=CONTENT | {"programme": "ACCBP"},
        version=1,
    )
    assert (status, problem["errors"][0]["code"]) == (422, "programme_fixed")


async def test_a_draft_can_be_deleted_and_a_submission_cannot(client):
    draft, submitted = await client.draft(), await client.submitted(**costing(300_000))

    gone = await client.signatory.ask("DELETE", f"/proposals/{draft}")
    status, _ = await in_both_languages(client.signatory, "DELETE", f"/proposals/{submitted}")

    assert (gone.status_code, status) == (204, 409)
    assert (await client.signatory.get(f"/proposals/{draft}")).status_code == 404
    assert (await client.view(submitted))["stage"] == "eligibility"


async def test_an_annual_contribution_is_opened_by_an_officer_alone(client):
    for name in ("Signatory 3", "Administrator 1", "Finance officer 1"):
        status, problem = await in_both_languages(
            client.person(name), "POST", "/proposals", json={"programme": "ACCBP-AVC"}
        )
        assert (status, problem["code"]) == (403, "opened_by_officer")
    officer = client.person("Programme officer 1")
    for asked in ({}, {"organization": "nil"}):
        answered, _ = await in_both_languages(
            officer, "POST", "/proposals", json={"programme": "ACCBP-AVC"} | asked
        )
        assert answered == 422


# ---- decisions


@pytest_asyncio.fixture(scope="module")
async def findings(client):
    """A proposal in compliance, and one of its open findings."""
    reference = await client.submitted(**costing(300_000))
    await client.decide((await client.open_tasks(reference))[0])
    task = await client.advance_to_task(reference, "compliance.norms")
    return reference, task


def returning(**more):
    return {
        "outcome": "return",
        "reason": "Why.",
        "message_to_partner": "What.",
        "answers": {},
    } | more


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"outcome": "return", "message_to_partner": "What."}, "/reason", "reason_missing"),
        ({"outcome": "return", "reason": "  ", "message_to_partner": "What."}, "/reason",
         "reason_missing"),
        ({"outcome": "approve"}, "/outcome", "unknown_outcome"),
        ({}, "/outcome", "required"),
        (returning(sections=["moon"]), "/sections/0", "unknown_value"),
        (returning(answers=[]), "/answers", "not_an_object"),
        (returning(colour="red"), "/colour", "unknown_field"),
        (returning(outcome=5), "/outcome", "not_a_text"),
        ({"outcome": "no_objection", "answers": {"nonsense": 1}}, None, None),
        ({"outcome": "no_objection", "answers": {}}, None, None),
    ],
    ids=str,
)  # fmt: skip
async def test_a_decision_that_says_too_little_or_too_much(client, findings, body, pointer, code):
    reference, task = findings
    before = await everything(client, reference)

    status, problem = await in_both_languages(
        client.person("Norms reviewer 1"), "POST", f"/tasks/{task['id']}/decision", json=body
    )

    assert status == 422
    if pointer is not None:
        assert (pointer, code) in [(e["pointer"], e["code"]) for e in problem["errors"]]
    else:
        assert all(e["pointer"].startswith("/answers") for e in problem["errors"])
    assert await everything(client, reference) == before


async def test_a_decision_is_told_all_that_it_lacks_at_once(client):
    [task] = await client.open_tasks(await client.submitted(**costing(300_000)))
    answer = await client.person("Programme officer 1").post(
        f"/tasks/{task['id']}/decision", {"outcome": "return", "answers": {"nonsense": 1}}
    )

    problem = await problem_of(answer, "en")
    pointers = [each["pointer"] for each in problem["errors"]]
    assert pointers[:2] == ["/reason", "/message_to_partner"]
    assert pointers[2:]
    assert all(each.startswith("/answers") for each in pointers[2:])


async def test_an_answer_that_is_missing_is_told_at_its_own_place_once(client, findings):
    _, task = findings

    _, problem = await in_both_languages(
        client.person("Norms reviewer 1"),
        "POST",
        f"/tasks/{task['id']}/decision",
        json={"outcome": "no_objection", "answers": {}},
    )

    form = (await client.person("Norms reviewer 1").read(f"/tasks/{task['id']}"))["form"]
    told = [each["pointer"] for each in problem["errors"] if each["code"] == "answer_required"]
    assert told == [f"/answers/{name}" for name in form["required"]]


@pytest.mark.parametrize("outcome", ["ineligible", "return"])
async def test_what_the_partner_will_read_must_be_written(client, outcome):
    reference = await client.submitted(**costing(300_000))
    [task] = await client.open_tasks(reference)
    await client.screened(reference)
    before = await everything(client, reference)

    status, problem = await in_both_languages(
        client.person("Programme officer 1"),
        "POST",
        f"/tasks/{task['id']}/decision",
        json={"outcome": outcome, "reason": "Why.", "answers": {}},
    )

    assert (status, problem["errors"][0]["code"]) == (422, "message_missing")
    assert await everything(client, reference) == before


@pytest.mark.parametrize(
    "name", ["Gender reviewer 1", "Programme officer 2", "Administrator 1", "Auditor 1"]
)
async def test_a_decision_by_the_wrong_person(client, findings, name):
    reference, task = findings
    before = await everything(client, reference)
    decision = await client.decision(task, by=client.person("Norms reviewer 1"))

    for act, body in (("decision", decision), ("claim", None)):
        status, problem = await in_both_languages(
            client.person(name), "POST", f"/tasks/{task['id']}/{act}", json=body
        )
        assert (status, problem["code"]) == (403, "not_a_candidate")
    assert await everything(client, reference) == before


async def test_a_decision_on_a_task_that_another_holds(client, findings):
    reference, task = findings
    first, second = client.person("Norms reviewer 1"), client.person("Norms reviewer 2")
    held = await second.post(f"/tasks/{task['id']}/claim")
    assert held.status_code == 200
    before = await everything(client, reference)
    decision = await client.decision(task, by=first)

    for act, body in (("decision", decision), ("claim", None), ("release", None)):
        status, problem = await in_both_languages(
            first, "POST", f"/tasks/{task['id']}/{act}", json=body
        )
        assert (status, problem["code"]) == (409, "held")
        assert problem["by"]["name"] == "Norms reviewer 2"
        assert problem["since"] == held.json()["held_since"]
        assert "Norms reviewer 2" in problem["detail"]
    stale, problem = await in_both_languages(
        second, "POST", f"/tasks/{task['id']}/decision", json=decision, version=0
    )
    assert (stale, problem["code"]) == (412, "stale_version")
    assert await everything(client, reference) == before
    assert (await second.post(f"/tasks/{task['id']}/release")).status_code == 200


async def test_answers_are_kept_as_a_draft_under_their_version(client, findings):
    _, task = findings
    reviewer = client.person("Norms reviewer 1")
    read = await reviewer.get(f"/tasks/{task['id']}")

    saved = await reviewer.put(
        f"/tasks/{task['id']}/answers", {"comments": "Half a"}, version=read.headers["etag"]
    )
    stale = await reviewer.put(
        f"/tasks/{task['id']}/answers", {"comments": "Lost"}, version=read.headers["etag"]
    )

    assert (saved.status_code, stale.status_code) == (200, 412)
    assert saved.json()["answers"] == {"comments": "Half a"}
    assert (await reviewer.put(f"/tasks/{task['id']}/answers", {})).status_code == 428
    # A draft is its writer's own.
    for name in ("Norms reviewer 2", "Administrator 1", "Auditor 1"):
        other = await client.person(name).read(f"/tasks/{task['id']}")
        assert other["answers"] is None, name


async def test_a_decision_that_comes_twice_or_late(client):
    reference = await client.submitted(**costing(300_000))
    [task] = await client.open_tasks(reference)
    first, second = client.person("Programme officer 1"), client.person("Programme officer 2")
    decision = await client.decision(task, by=first)
    assert (await first.post(f"/tasks/{task['id']}/decision", decision)).status_code == 200
    await client.screened(reference)
    done = await client.auditor.read(f"/tasks/{task['id']}")
    before = await everything(client, reference)

    for person in (first, second):
        for act, body in (("decision", decision), ("claim", None), ("release", None)):
            status, problem = await in_both_languages(
                person, "POST", f"/tasks/{task['id']}/{act}", json=body
            )
            assert (status, problem["code"]) == (409, "already_decided")
            assert problem["by"]["name"] == "Programme officer 1"
            assert problem["at"] == done["decided_at"]
        put, problem = await in_both_languages(
            person, "PUT", f"/tasks/{task['id']}/answers", json={}, version=0
        )
        assert (put, problem["code"]) == (409, "already_decided")
    assert await everything(client, reference) == before


async def test_a_decision_on_a_withdrawn_proposal(client):
    reference = await client.submitted(**costing(300_000))
    [task] = await client.open_tasks(reference)
    officer = client.person("Programme officer 1")
    decision = await client.decision(task, by=officer)
    await client.screened(reference)
    await client.signatory.post(f"/proposals/{reference}/withdraw", {"reason": "Over."})
    before = await everything(client, reference)

    status, problem = await in_both_languages(
        officer, "POST", f"/tasks/{task['id']}/decision", json=decision
    )

    assert (status, problem["code"]) == (409, "task_cancelled")
    for act in ("submit", "sign", "accept-conditions"):
        refused, _ = await in_both_languages(
            client.signatory, "POST", f"/proposals/{reference}/{act}"
        )
        assert refused == 409
    again, problem = await in_both_languages(
        client.signatory, "POST", f"/proposals/{reference}/withdraw", json={"reason": "Again."}
    )
    assert (again, problem["code"]) == (409, "proposal_closed")
    assert await everything(client, reference) == before


async def test_who_made_a_finding_does_not_confirm_it(client):
    reference = await client.submitted(**costing(300_000))
    task = await client.advance_to_task(reference, "confirm")
    maker = (await client.auditor.read(f"/tasks/{task['confirms']}"))["decided_by"]["name"]
    decision = await client.decision(task, by=client.person(maker))
    before = await everything(client, reference)

    status, problem = await in_both_languages(
        client.person(maker), "POST", f"/tasks/{task['id']}/decision", json=decision
    )

    assert (status, problem["code"]) == (409, "separation_of_duties")
    assert task["id"] not in [
        each["id"]
        for each in (
            await client.person(maker).read("/tasks", params={"view": "group", "limit": "200"})
        )["items"]
    ]
    assert await everything(client, reference) == before


@pytest.mark.parametrize(
    ("act", "body", "code"),
    [
        ("withdraw", {"reason": "Over."}, "not_submitted"),
        ("accept-conditions", None, "not_submitted"),
        ("sign", None, "not_submitted"),
    ],
)
async def test_a_draft_is_not_withdrawn_or_signed(client, act, body, code):
    reference = await client.draft()
    status, problem = await in_both_languages(
        client.signatory, "POST", f"/proposals/{reference}/{act}", json=body
    )
    assert (status, problem["code"]) == (409, code)


async def test_acts_of_the_partner_out_of_their_order(client):
    reference = await client.submitted(**costing(300_000))
    for act in ("accept-conditions", "sign"):
        _, problem = await in_both_languages(
            client.signatory, "POST", f"/proposals/{reference}/{act}"
        )
        assert problem["code"] == "no_agreement_yet"
    await client.advance(reference, "agreement")
    for act, code in (("sign", "conditions_not_accepted"), ("submit", "already_submitted")):
        _, problem = await in_both_languages(
            client.signatory, "POST", f"/proposals/{reference}/{act}"
        )
        assert problem["code"] == code
    _, problem = await in_both_languages(
        client.person("Contributor 1"), "POST", f"/proposals/{reference}/accept-conditions"
    )
    assert problem["code"] == "signatory_only"
    await client.advance(reference)
    for act, code in (("sign", "already_signed"), ("accept-conditions", "already_accepted")):
        _, problem = await in_both_languages(
            client.signatory, "POST", f"/proposals/{reference}/{act}"
        )
        assert problem["code"] == code


# ---- signing in


async def test_whoever_is_not_signed_in_is_told(client):
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}):
        for language in ("en", "fr"):
            answer = await client.http.get(
                "/proposals", headers=headers | {"Accept-Language": language}
            )
            problem = await problem_of(answer, language)
            assert (answer.status_code, problem["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"username": "signatory.1@accord.example", "password": "wrong"}, 401),
        ({"username": "nobody@accord.example", "password": "wrong"}, 401),
        ({"username": "signatory.1@accord.example"}, 422),
        ({}, 422),
    ],
)
async def test_a_sign_in_that_fails(client, fields, status):
    answer = await client.http.post("/token", data=fields, headers={"Accept-Language": "fr"})
    await problem_of(answer, "fr")
    assert answer.status_code == status or (fields == {} and answer.status_code == 415)
