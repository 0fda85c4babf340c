"""One proposal in each kind of wait, with what anybody who asks must be told of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text

from commands import calls, mailing
from commands.mail import MailFailure
from tests.journeys.client import Client, costing
from tests.journeys.test_partner_view import HIT, LISTED, judged, party
from tests.policy import newer_terms
from tests.post_office import a_post_office

OFFICER, PARTNER = "Programme officer 1", "demo-international-organization"
SMALL = costing(300_000)
REASON = {"reason": "The auditors look at this partner first."}
_DEPARTMENT = {"kind": "department", "who": "the_department"}


@dataclass(frozen=True)
class Wait:
    """What a reader is told: on whom, since when, what comes next and when."""

    reference: str
    on: dict[str, str]
    since: str
    then: str | None
    """None: nothing comes by itself, until somebody acts."""
    due_at: str | None = None
    """When it comes, where the wait itself has a date."""
    task: str | None = None
    reader: str = OFFICER
    ends_by: tuple[str, str] | None = None
    """Who may end it, and by which act."""
    fails: tuple[str, str] | None = None
    """How the sentence on what fails begins, in English and in French."""
    partner: dict[str, str] | None = None
    """On whom its partner reads that it waits."""


def on(kind: str, who: str) -> dict[str, str]:
    return {"kind": kind, "who": who}


async def began(client: Client, reference: str, type_: str) -> str:
    """The instant of the last event of *type_*, to which nothing may be added."""
    return str([e["at"] for e in await client.events(reference) if e["type"] == type_][-1])


async def done(client: Client, name: str, path: str, body: Any = None) -> Any:
    answer = await client.person(name).post(path, body)
    assert answer.is_success, answer.text
    return answer.json()


# ---- the five kinds of hold


async def a_hold(client: Client) -> Wait:
    reference = await client.submitted(**SMALL)
    await done(client, OFFICER, f"/proposals/{reference}/hold", REASON)
    return Wait(
        reference,
        on("role", "programme_officer:CTCBP"),
        await began(client, reference, "hold_set"),
        None,
        ends_by=("Programme officer 2", "resume"),
        partner=_DEPARTMENT,
    )


async def a_return(client: Client) -> Wait:
    reference = await client.submitted(**SMALL)
    task = await client.advance_to_task(reference, "eligibility.confirm")
    await client.decide(task, "return", sections=["summary"])
    view = await client.view(reference, client.signatory)
    return Wait(
        reference,
        on("partner", PARTNER),
        await began(client, reference, "returned_to_partner"),
        "lapses",
        due_at=view["requests"][0]["due_at"],
        ends_by=("Signatory 1", "submit"),
        partner=on("partner", "you"),
    )


async def a_question(client: Client) -> Wait:
    reference = await client.submitted(**SMALL)
    day = client.installation.office.today() + timedelta(days=14)
    body = {"question": "How many?", "due_date": day.isoformat()}
    asked = await done(client, OFFICER, f"/proposals/{reference}/questions", body)
    return Wait(
        reference,
        on("partner", PARTNER),
        await began(client, reference, "question_asked"),
        "clock_goes_on",
        due_at=asked["due_at"],
        ends_by=("Signatory 1", "answer"),
        partner=on("partner", "you"),
    )


async def a_seal(client: Client) -> Wait:
    """Of which most staff read that legal services know, and the partner nothing."""
    reference = await client.submitted(**SMALL | party(HIT))
    await client.decide((await client.open_tasks(reference))[0])
    imported = await client.person("Administrator 1").post(
        "/lists/invented/snapshots", files={"file": ("invented.csv", LISTED, "text/csv")}
    )
    assert imported.status_code == 201, imported.text
    await client.advance_to_task(reference, "compliance.norms")
    await judged(client, reference)
    return Wait(
        reference,
        on("department", "ask_legal"),
        (await client.view(reference, client.person("Legal 1")))["holds"][0]["since"],
        None,
        ends_by=("Legal 1", "decide"),
        partner=_DEPARTMENT,
    )


async def a_suspension(client: Client) -> Wait:
    reference = await client.submitted(**SMALL)
    now = client.installation.now()
    incident = {
        "kind": "violation",
        "occurred_at": (now - timedelta(days=3)).isoformat(),
        "learned_at": (now - timedelta(hours=2)).isoformat(),
        "what": "Two officers of the unit were seen beating a detainee.",
        "references": [reference],
    }
    await done(client, OFFICER, "/incidents", incident)
    while not (view := await client.view(reference))["holds"]:
        await client.installation.settle()
    return Wait(
        reference,
        on("department", "incident"),
        view["holds"][0]["since"],
        None,
        partner=_DEPARTMENT,
    )


# ---- money, letters, machines


async def the_queue_for_money(client: Client) -> Wait:
    funds = ("CTCBP-contributions-2027-28", "CTCBP-contributions-2028-29")
    for fund in funds:
        less = {"currency": "CAD", "value": "1000.00"}
        body = {"kind": "budget", "budget": less, "reason": "The estimates were cut."}
        asked = await done(client, "Finance officer 1", f"/funds/{fund}/corrections", body)
        confirm = f"/funds/{fund}/corrections/{asked['id']}/confirm"
        await done(client, "Finance officer 2", confirm)
    reference = await client.submitted(**SMALL)
    await client.decide(await client.advance_to_task(reference, "funding.recommend"))
    return Wait(
        reference,
        on("money", ", ".join(funds)),
        await began(client, reference, "money_queued"),
        "unfunded",
        partner=_DEPARTMENT,
    )


async def an_undo_window(client: Client) -> Wait:
    with TemporaryDirectory() as folder:
        terms = newer_terms.catalogue_with(Path(folder), newer_terms.an_hour)
    client.installation.office.catalogue = terms
    reference = await client.submitted(**SMALL)
    task = await client.advance_to_task(reference, "eligibility.confirm")
    await client.decide(task, "ineligible", by=client.person(OFFICER))
    return Wait(
        reference,
        on("system", "undo_window"),
        await began(client, reference, "letter_written"),
        "letter_told",
        task=task["id"],
        ends_by=(OFFICER, "undo"),
        partner=_DEPARTMENT,
    )


async def work_that_fails(client: Client) -> Wait:
    """The table of the lists is away: the screening is tried again and again."""
    database = client.installation.office.database
    async with database.writing() as session:
        await (await session.connection()).execute(text("ALTER TABLE lists RENAME TO lists_away"))
    reference = await client.submitted(**SMALL)
    for _ in range(2000):
        failing = [i for i in await client.waiting(reference) if i["failing"]]
        if failing and failing[0]["failing"]["tries"] > 5:
            break  # its next try is seconds away
        await client.installation.settle()
    return Wait(
        reference,
        on("system", "screening"),
        failing[0]["since"],
        None,
        fails=("The database could not", "La base de données"),
        ends_by=("Administrator 1", "retry"),
        partner=_DEPARTMENT,
    )


async def a_mail_server_that_is_away(client: Client) -> Wait:
    office = client.installation.office
    reference = await client.submitted(**SMALL)
    async with a_post_office() as post:
        office.mail = post.mail()
    for _ in range(5):
        try:
            await mailing.dispatch(office)
        except MailFailure:
            break
    failing = [i for i in await client.waiting(reference) if i["failing"]]
    return Wait(
        reference,
        on("system", "mail"),
        failing[0]["since"],
        None,
        reader="Auditor 1",
        fails=("The mail server", "Le serveur"),
        ends_by=("Administrator 1", "retry"),
        partner=_DEPARTMENT,
    )


# ---- people


async def an_open_call(client: Client) -> Wait:
    """Nobody of the department reads what was submitted to it before it closes."""
    now = client.installation.now().replace(microsecond=0)
    closes = now + timedelta(hours=3)
    call = await done(
        client,
        OFFICER,
        "/calls",
        {
            "programme": "CTCBP",
            "title": {"en": "Borders", "fr": "Frontières"},
            "description": {"en": "Border security.", "fr": "La sécurité des frontières."},
            "opens_at": now.isoformat(),
            "closes_at": closes.isoformat(),
        },
    )
    await calls.close_due(client.installation.office)
    reference = await client.submitted(**SMALL, call=call["id"])
    view = await client.view(reference, client.signatory)
    return Wait(
        reference,
        _DEPARTMENT,
        view["submitted_at"],
        "call_closes",
        due_at=call["closes_at"],
        reader="Signatory 1",
    )


async def a_draft(client: Client) -> Wait:
    reference = await client.draft(**SMALL)
    view = await client.view(reference, client.signatory)
    return Wait(
        reference,
        on("partner", "you"),
        view["created_at"],
        None,
        reader="Signatory 1",
        ends_by=("Signatory 1", "submit"),
    )


async def a_task_with_a_draft(client: Client) -> Wait:
    reference = await client.submitted(**SMALL)
    [task] = await client.open_tasks(reference)
    claimed = await client.person(OFFICER).post(f"/tasks/{task['id']}/claim")
    saved = await client.person(OFFICER).put(
        f"/tasks/{task['id']}/answers", {"checklist": {}}, claimed.headers["etag"]
    )
    assert saved.is_success, saved.text
    return Wait(
        reference,
        on("person", OFFICER),
        task["opened_at"],
        "remind",
        task=task["id"],
        ends_by=(OFFICER, "decide"),
        partner=_DEPARTMENT,
    )


async def the_partners_signature(client: Client) -> Wait:
    reference = await client.submitted(**SMALL)
    await client.advance(reference, "agreement")
    await done(client, "Signatory 1", f"/proposals/{reference}/accept-conditions")
    view = await client.view(reference)
    return Wait(
        reference,
        on("partner", PARTNER),
        await began(client, reference, "conditions_accepted"),
        "lapses",
        due_at=view["agreement"]["due_at"],
        ends_by=("Signatory 1", "sign"),
        partner=on("partner", "you"),
    )


async def the_departments_signature(client: Client) -> Wait:
    reference = await client.submitted(**SMALL)
    task = await client.advance_to_task(reference, "agreement.sign")
    await client.screened(reference)
    return Wait(
        reference,
        on("role", "signing_authority:CTCBP"),
        task["opened_at"],
        "remind",
        task=task["id"],
        ends_by=("Signing authority 1", "decide"),
        partner=_DEPARTMENT,
    )


ALL: dict[str, Callable[[Client], Awaitable[Wait]]] = {
    each.__name__: each
    for each in (
        a_hold,
        a_return,
        a_question,
        a_seal,
        a_suspension,
        the_queue_for_money,
        an_undo_window,
        work_that_fails,
        a_mail_server_that_is_away,
        an_open_call,
        a_draft,
        a_task_with_a_draft,
        the_partners_signature,
        the_departments_signature,
    )
}
