"""What is said in confidence stands in no log, no problem and no metric.

Every secret of a life and of requests that fail is a word that occurs nowhere else.
"""

import json
from dataclasses import dataclass, field, replace

import httpx
import pytest

from api.app import create_app
from commands import gauges
from tests.journeys.client import CONTENT, a_key, costing

PASSWORD = "Kumquat-Passwort-31"
WRONG_PASSWORD = "Mangosteen-Passwort-32"
EMAIL = "quitte.person@partner.example"
PERSON = "Quitte Persimmon"
TITLE, SUMMARY, PARTY = "Rambutan", "Sapodilla", "Tamarillo Feijoa"
REASON, MESSAGE, ANSWER, DRAFT = "Loquat", "Jabuticaba", "Cherimoya", "Soursop"
NAME, WHY, SEARCH, FIELD, VALUE = "Bilimbi", "Langsat", "Salak", "Pulasan", "Canistel"
BUG = "Carambola"
SECRETS = [
    *(PASSWORD, WRONG_PASSWORD, EMAIL, PERSON, TITLE, SUMMARY, PARTY, REASON, MESSAGE, ANSWER),
    *(DRAFT, NAME, WHY, SEARCH, VALUE, BUG),
]
OWN = CONTENT | costing(300_000) | {"title": TITLE, "summary": SUMMARY}
OWN["named_parties"] = [CONTENT["named_parties"][0] | {"name": PARTY}]


@dataclass
class Heard:
    """What an outsider, an operator and a monitoring system come to know."""

    problems: list[httpx.Response] = field(default_factory=list)
    metrics: list[tuple[object, ...]] = field(default_factory=list)

    async def answered(self, response):
        await response.aread()
        if response.is_error:
            self.problems.append(response)


class Breaking:
    """A gateway with a bug that quotes what it was given."""

    async def decide(self, _reference, _decision, **_):
        raise RuntimeError(f"{BUG} {REASON}")


@pytest.mark.parametrize("json_log", ["info", "debug"], indirect=True)
async def test_no_secret_is_told(client, json_log):
    office, heard = client.installation.office, Heard()
    app = create_app(office, watch=lambda *each: heard.metrics.append(each))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test/api/v1") as http:
        http.event_hooks["response"].append(heard.answered)
        told = replace(client, http=http)
        told.people = [replace(each, http=http) for each in client.people]
        tokens = [each.token for each in told.people]
        tokens += await a_person_comes_in(told)
        await a_life(told)
        await requests_that_fail(told)
    measured = await gauges.look(office)

    logged = json_log.getvalue()
    said = {
        "the log": logged,
        "a problem": "\n".join(f"{each.headers} {each.text}" for each in heard.problems),
        "the metrics": f"{heard.metrics} {measured}",
    }
    assert logged.count("request_answered") > 20  # it was listened to
    assert {401, 403, 404, 409, 412, 413, 422, 500} <= {p.status_code for p in heard.problems}
    assert FIELD in said["a problem"]  # the pointer that a gap is told by is the sender's own
    for where, words in said.items():
        for secret in [*SECRETS, *tokens, *([] if where == "a problem" else [FIELD])]:
            assert secret.lower() not in words.lower(), f"{secret} in {where}"
    for line in logged.splitlines():
        assert isinstance(json.loads(line), dict)


async def a_person_comes_in(told):
    """Invited with a one-time link, which is as good as a password until it is used."""
    email = f"{a_key()[:8]}-{EMAIL}"
    asked = {"email": email, "name": PERSON, "role": "contributor"}
    link = (await told.signatory.post("/people/invitations", asked)).json()["link"]
    for sent, password in ((link + "x", PASSWORD), (link, "short"), (link, PASSWORD)):
        await told.http.post(
            "/people/passwords",
            json={"link": sent, "password": password},
            headers={"Idempotency-Key": a_key()},
        )
    for password in (WRONG_PASSWORD, PASSWORD):
        signed_in = await told.http.post("/token", data={"username": email, "password": password})
    assert signed_in.status_code == 200
    token = signed_in.json()["access_token"]
    await told.http.get("/me", headers={"Authorization": f"Bearer {token}x"})
    return [link, token]


async def a_life(told):
    """From draft to agreement with one return, and a withdrawal."""
    reference = await told.draft(**OWN)
    await told.submit(reference)
    [task] = await told.open_tasks(reference)
    officer = told.person("Programme officer 1")
    words = {"reason": REASON, "message_to_partner": MESSAGE}
    await told.decide(task, "return", by=officer, sections=["summary"], **words)
    changed = OWN | {"summary": f"{SUMMARY} {VALUE}"}
    version = (await told.signatory.get(f"/proposals/{reference}")).headers["etag"]
    saved = await told.signatory.put(f"/proposals/{reference}", changed, version=version)
    assert saved.status_code == 200, saved.text
    await told.submit(reference)
    task = await told.advance_to_task(reference, "compliance.norms")
    reviewer = told.person("Norms reviewer 1")
    await reviewer.put(f"/tasks/{task['id']}/answers", {"comments": DRAFT}, version=0)
    answers = (await told.decision(task, by=reviewer))["answers"]
    with_words = {
        name: ANSWER if name in ("comments", "summary", "considered") else value
        for name, value in answers.items()
    }
    await told.decide(task, by=reviewer, reason=REASON, answers=with_words | {"comments": ANSWER})
    await told.advance(reference, "agreement")
    gone = await told.signatory.post(f"/proposals/{reference}/withdraw", {"reason": REASON})
    assert gone.status_code == 200, gone.text


async def requests_that_fail(told):
    signatory, reviewer = told.signatory, told.person("Norms reviewer 1")
    as_json = {"Content-Type": "application/json"}
    key = a_key()
    await signatory.post("/proposals", OWN, key=key)
    await signatory.post("/proposals", OWN | {"title": VALUE}, key=key)
    await signatory.post("/proposals", OWN | {FIELD: VALUE, "language": VALUE, "title": "x" * 500})
    await signatory.post("/proposals", OWN | {"countries": [{"code": VALUE, "share": VALUE}]})
    await signatory.ask("POST", "/proposals", content=f'{{"title": "{TITLE}', headers=as_json)
    huge = json.dumps(OWN | {"summary": SUMMARY * 200_000})
    await signatory.ask("POST", "/proposals", content=huge, headers=as_json)
    await signatory.get(f"/proposals/{VALUE}")
    await signatory.get("/proposals", params={"q": SEARCH, "sort": VALUE, "cursor": VALUE})
    await signatory.get("/proposals", params={"q": SEARCH})
    await signatory.get(f"/{VALUE}")
    reference = await told.submitted(**OWN)
    await signatory.ask("DELETE", f"/proposals/{reference}")
    await signatory.put(f"/proposals/{await told.draft(**OWN)}", OWN, version='"99"')
    task = (await told.open_tasks(reference))[0]
    officer = told.person("Programme officer 1")
    body = await told.decision(task, by=officer) | {"reason": REASON, "message_to_partner": MESSAGE}
    for person, sent in [
        (officer, body | {"outcome": VALUE}),
        (officer, body | {"answers": {FIELD: VALUE, "checks": VALUE}}),
        (officer, body | {"sections": [VALUE]}),
        (reviewer, body),
        (told.person("Certifier 1"), body),
    ]:
        answer = await person.post(f"/tasks/{task['id']}/decision", sent)
        assert answer.is_error, sent
    screening = told.person("Screening reviewer 1")
    asked = {"name": NAME, "kind": "person", "why": WHY}
    assert (await screening.post("/screening/check", asked)).status_code == 200
    await screening.post("/screening/check", asked | {"birth_date": VALUE})
    await reviewer.post("/screening/check", asked)
    office = told.installation.office
    working, office.gateway = office.gateway, Breaking()
    try:
        broken = await officer.post(f"/tasks/{task['id']}/decision", body)
    finally:
        office.gateway = working
    assert broken.status_code == 500
