"""No page, and no part of one, shows what the API would not: people and proposals drawn at random.

Whoever is shown a page is answered the same over the API; and no page names a proposal or a task
that the API would not list for that person.
"""

import random
import re

import pytest

from commands import drafting
from schemas.proposal import Content
from tests.installation import a_request
from tests.journeys.client import CONTENT, costing
from tests.journeys.test_annual_contributions import a_contribution

SMALL = CONTENT | costing(300_000)
PEOPLE = (
    "signatory.1", "contributor.1", "signatory.2", "signatory.3", "signatory.4",
    "programme.officer.1", "programme.officer.2", "norms.reviewer.1", "human.rights.reviewer.2",
    "screening.reviewer.1", "desk.officer.1", "head.of.desk.1", "finance.officer.1", "certifier.1",
    "payment.authority.1", "signing.authority.1", "director.1", "director.general.1",
    "assistant.deputy.minister.1", "legal.1", "administrator.1", "auditor.1",
)  # fmt: skip
OF_PROPOSALS = {
    "": "", "/edit": "/check", "/submit": "/check", "/history": "/history",
    "/progress": "/waiting", "/receipt": "/receipt", "/revisions/1": "/revisions/1",
    "/questions": "", "/verification": "", "/as-of": "", "/reviews": "/tasks",
    "/conditions": "", "/payments": "",
}  # fmt: skip
"""Each page of a proposal, and what of the API it rests on."""
LISTS = ("/", "/tasks?view=all&state=any", "/proposals", "/notifications", "/incidents")
REFERENCE = re.compile(r"\b(?:CTCBP|ACCBP|ACCBP-HSE|ACCBP-AVC)-\d{4}-\d{6}\b")
TASK = re.compile(r"/tasks/([A-Z-]+-\d{4}-\d{6}-\w+)")
STAFF = re.compile(
    r"(?:officer|reviewer|of desk|[Cc]ertifier|authority|[Dd]irector|general|minister|Legal) \d"
)


class Person:
    """One person's browser, and the API with the session that the browser holds."""

    def __init__(self, account, browser):
        self.account, self.browser = account, browser
        self._headers = {"Authorization": f"Bearer {browser.http.cookies['accord_session']}"}

    async def asks(self, path, **params):
        return await self.browser.http.get(f"/api/v1{path}", headers=self._headers, params=params)

    async def listed(self, path, field, **params):
        found, cursor = set(), None
        while True:
            more = {"cursor": cursor} if cursor else {}
            answer = (await self.asks(path, limit=200, **params, **more)).json()
            found |= {each[field] for each in answer["items"]}
            cursor = answer["next"]
            if not cursor:
                return found


async def proposals_of_every_kind(accord):
    """References in the states in which different people see them."""
    drafted = await accord.draft(SMALL)
    returned = await accord.submit(SMALL)
    await accord.decide(returned, "eligibility.confirm", "return", sections=("summary",))
    reviewed = await accord.submit(SMALL, by=await accord.viewer("signatory-2"))
    await accord.decide(reviewed, "eligibility.confirm")
    approved = await accord.submit(SMALL)
    await accord.advance_to(approved, "agreement")
    officer = await accord.viewer("programme-officer-1")
    opened, _ = await drafting.create(
        accord.office, officer, Content.model_validate(a_contribution()), "unodc", a_request()
    )
    return [drafted, returned, reviewed, approved, opened["reference"]]


async def compared(person, references, tasks, chance):
    """Open what may be opened of *references* and *tasks*, and hold it against the API."""
    sees = await person.listed("/proposals", "reference")
    may_name = sees | await references_told(person)
    their_tasks = await person.listed("/tasks", "id", view="all")
    pairs = [
        (f"/proposals/{reference}{page}", f"/proposals/{reference}{api}")
        for reference in references
        for page, api in OF_PROPOSALS.items()
    ]
    pairs += [(f"/tasks/{each}", f"/tasks/{each}") for each in tasks]
    pairs += [(f"/tasks/{each}/waiting", f"/tasks/{each}/waiting") for each in tasks]
    for page, api in chance.sample(pairs, min(len(pairs), 30)):
        headers = {"HX-Request": "true"} if chance.random() < 0.3 else {}
        shown = await person.browser.http.get(f"/en{page}", headers=headers)
        answer = await person.asks(api)
        if shown.status_code == 200:
            assert answer.status_code == 200, f"{person.account}: {page} but not {api}"
        if answer.status_code == 404:
            assert shown.status_code == 404, f"{person.account}: {page} is {shown.status_code}"
        tell_nothing_more(person, page, shown.text, may_name, their_tasks)
    for page in LISTS:
        shown = await person.browser.open(page)
        tell_nothing_more(person, page, shown.answer.text, may_name, their_tasks)


def tell_nothing_more(person, page, text, may_name, their_tasks):
    named = set(REFERENCE.findall(text)) - set(REFERENCE.findall(page))
    assert named <= may_name, f"{person.account}: {page} names {named - may_name}"
    tasks = set(TASK.findall(text)) - set(TASK.findall(page))
    assert tasks <= their_tasks, f"{person.account}: {page} names {tasks - their_tasks}"
    if person.account.startswith(("signatory", "contributor")):
        assert not STAFF.findall(text), f"{person.account}: {page} names staff"


async def references_told(person):
    """What a notification named stays named, whoever sees it later."""
    answer = (await person.asks("/notifications", limit=200)).json()
    return set(REFERENCE.findall(str(answer)))


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_page_shows_what_the_api_would_not(accord, browsers, seed):
    chance = random.Random(seed)  # noqa: S311 - the same draws on every machine
    references = await proposals_of_every_kind(accord)
    submitted = references[1:4]
    tasks = [each["id"] for ref in submitted for each in await accord.tasks_of(ref)]

    for account in chance.sample(PEOPLE, 11):
        person = Person(account, await browsers(account))
        await compared(person, references, chance.sample(tasks, min(6, len(tasks))), chance)
