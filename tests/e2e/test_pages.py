"""Every page there is: accessible, as narrow as a phone, and valid, in both languages.

The pages are found as a person finds them, by following links, and held against the routes: a page
to which nothing leads, or that nobody here may open, fails the test that names it.
"""

import html as html_of
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from pages.routers import ROUTERS
from tests.e2e.conftest import DESKTOP, NARROW, URL, faults_of_html

NO_PAGES = {"/live", "/tasks/together", "/terms/{code}/moves", "/tasks/{task_id}/undo"}
"""A stream that is open until it is left, what only leads elsewhere, and what the demonstration has
neither newer terms nor undo windows for."""
ROUTES = [
    route.path
    for router in ROUTERS
    for route in router.routes
    if "GET" in route.methods and route.path not in NO_PAGES
]
PATTERNS = {
    path: re.compile("/(en|fr)" + re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path)))
    for path in ROUTES
}
MOST = 2
"""Pages that are looked at of one route, by one person."""
VISITOR = "a visitor"
EVERYWHERE = {"en": DESKTOP, "fr": NARROW}

PEOPLE = {
    "en": (VISITOR, "Signatory 1", "Contributor 1", "Programme officer 1", "Norms reviewer 1",
           "Screening reviewer 1", "Desk officer 1", "Finance officer 1", "Director general 1",
           "Signing authority 1", "Legal 1", "Administrator 1", "Auditor 1"),
    "fr": (VISITOR, "Signatory 1", "Programme officer 1", "Norms reviewer 1", "Finance officer 1",
           "Director general 1",
           "Administrator 1", "Auditor 1"),
}  # fmt: skip
A_NOTE = {"files": {"file": ("note.txt", b"A note.")},
          "data": {"kind": "other", "language": "en", "marking": "unclassified"}}  # fmt: skip
AN_INCIDENT = {"kind": "violation", "organization": "demo-ngo", "what": "A detainee was beaten.",
               "occurred_at": "2026-01-02T12:00:00Z",
               "learned_at": "2026-01-05T12:00:00Z"}  # fmt: skip
WHO = [(language, name) for language, names in PEOPLE.items() for name in names]


@dataclass
class Crawl:
    """What was looked at in one language."""

    visited: set[str] = field(default_factory=set)
    """The routes that answered with what they are for."""
    shapes: set[str] = field(default_factory=set)


@pytest.fixture(scope="session")
def crawls():
    return {language: Crawl() for language in EVERYWHERE}


@pytest.fixture(scope="session")
def html(tmp_path_factory):
    return tmp_path_factory.mktemp("html")


@pytest.fixture(scope="session")
def cases(people):
    """Proposals in the states that pages have something to say about; where to begin, by person."""
    draft = people.draft()
    people.ask("Signatory 1", "POST", f"/proposals/{draft}/documents", **A_NOTE)
    empty = people.ask("Signatory 1", "POST", "/proposals", json={"programme": "CTCBP"})
    returned = people.submitted()
    people.decide(people.task(returned, "eligibility.confirm"), "return", sections=["summary"])
    resubmitted = people.submitted()
    people.decide(people.task(resubmitted, "eligibility.confirm"), "return", sections=["summary"])
    people.ask("Signatory 1", "POST", f"/proposals/{resubmitted}/submit")
    reviewed = people.submitted()
    task = people.task(reviewed, "compliance.norms")
    people.ask("Norms reviewer 1", "POST", f"/tasks/{task['id']}/documents", **A_NOTE)
    people.ask("Norms reviewer 1", "POST", f"/tasks/{task['id']}/comments", json={"text": "Seen."})
    asked = people.submitted()
    until = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
    question = {"question": "How many were trained before?", "due_date": until}
    question = people.ask(
        "Programme officer 1", "POST", f"/proposals/{asked}/questions", json=question
    )["id"]
    people.ask("Programme officer 1", "POST", "/incidents", json=AN_INCIDENT)
    held = people.submitted()
    people.ask("Programme officer 1", "POST", f"/proposals/{held}/hold", json={"reason": "Wait."})
    declined = people.submitted()
    people.decide(people.task(declined, "eligibility.confirm"), "ineligible")
    agreed = people.submitted()
    people.task(agreed, "funding.approve")
    while people.view(agreed)["stage"] == "funding":
        people.decide(people.open_tasks(agreed)[0])
    call = people.ask("Programme officer 1", "POST", "/calls", json=a_call())["id"]
    bulk = {"act": "claim", "tasks": [people.task(people.submitted(), "eligibility.confirm")["id"]]}
    job = people.ask("Programme officer 2", "POST", "/bulk", json=bulk)["id"]
    link = {"email": "looked.at@partner.example", "name": "L", "role": "contributor"}
    password = people.ask("Signatory 2", "POST", "/people/invitations", json=link)["link"]
    every = [returned, resubmitted, reviewed, asked, held, declined, agreed]
    ours = [f"/proposals/{each}" for each in every]
    return {
        VISITOR: [f"/password/{password}"],
        "Signatory 1": [f"/proposals/{draft}", f"/proposals/{empty['reference']}", *ours],
        "Programme officer 1": [
            *ours,
            f"/calls/{call}",
            f"/proposals/{asked}/questions/{question}/withdraw",
        ],
        "Finance officer 1": [
            f"/proposals/{agreed}/reprofile",
            "/funds/CTCBP-contributions-2027-28/queue.csv",
        ],
        "Norms reviewer 1": [f"/tasks/{task['id']}"],
        "Administrator 1": [
            f"/operations/jobs/{job}",
            "/terms/CTCBP",
            "/terms/CTCBP/moves?to=2026-04-01",
        ],
    }


def a_call():
    """One that opens in a week."""
    opens = (datetime.now(UTC) + timedelta(days=7)).replace(microsecond=0)
    words = {"en": "Borders", "fr": "Frontières"}
    return {"programme": "CTCBP", "title": words, "description": words,
            "opens_at": opens.isoformat(),
            "closes_at": (opens + timedelta(days=30)).isoformat()}  # fmt: skip


@pytest.mark.parametrize(("language", "name"), WHO, ids=[f"{n}, {lang}" for lang, n in WHO])
def test_pages_are_accessible_and_fit(
    a_window, open_as, is_accessible, crawls, cases, html, language, name
):
    more = {"width": EVERYWHERE[language], "bypass_csp": True}
    page = a_window(language, **more) if name == VISITOR else open_as(name, language, **more)
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    crawl, asked_for, faults = crawls[language], Counter(), []
    queue = [f"/{language}{path}" for path in cases.get(name, [])]
    begun_with = set(queue)
    queue += [f"/{language}{path}" for path in ROUTES if "{" not in path]
    seen, linked = set(), set()

    with httpx.Client(base_url=URL, cookies=cookies, timeout=120) as http:
        while queue:
            address = queue.pop(0)
            route = route_of(address)
            if route is None or address in seen:
                continue
            seen.add(address)
            if asked_for[route] >= MOST and address not in begun_with:
                continue
            answer = http.get(address)
            if answer.status_code == 303:
                queue.append(urljoin(address, answer.headers["location"]))
            if answer.status_code >= (400 if address in linked else 500):
                faults.append(f"{address}: {answer.status_code}")
            if answer.status_code != 200:
                continue
            crawl.visited.add(route)
            asked_for[route] += 1
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            linked |= set(found := addresses_in(answer.text))
            queue += found
            if (shape := shape_of(answer.text)) in crawl.shapes:
                continue
            crawl.shapes.add(shape)
            written = html / f"{language}-{len(crawl.shapes)}.html"
            written.write_text(f"<!-- {name}: {address} -->\n{answer.text}")
            page.goto(address)
            try:
                is_accessible(page)
            except AssertionError as wrong:
                faults.append(str(wrong))
    assert not faults, "\n\n".join(faults)


def route_of(address):
    path = urlsplit(address).path
    return next((route for route, known in PATTERNS.items() if known.fullmatch(path)), None)


def addresses_in(text):
    """Where a page leads, within these pages."""
    found = re.findall(r'<a[^>]* href="(/[^"#]*)', text)
    return [html_of.unescape(each) for each in found]


def shape_of(text):
    """A page without its words, names and numbers: who saw one has seen all of its shape."""
    text = re.sub(r' (?:href|action|value|for|id|name|datetime|aria-label|title)="[^"]*"', "", text)
    text = re.sub(r"[0-9a-f]{32}|[A-Z-]+-20\d\d-\d+(?:-\w+)?|\d+", "", text)
    return re.sub(r">[^<]*[^<\s][^<]*<", ">words<", text)


@pytest.mark.parametrize("language", EVERYWHERE)
def test_every_page_was_looked_at(crawls, language):
    missed = [path for path in ROUTES if path not in crawls[language].visited]

    assert not missed, f"nobody found: {missed}"


def test_every_page_is_valid(html):
    assert faults_of_html(html) == ""
