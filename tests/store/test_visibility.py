"""Who sees what: the SQL filters say what the pure rules say, of any people and proposals."""

import asyncio
from datetime import timedelta
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from commands import task_views, views
from policy.rules import access, on_behalf, separation
from schemas.acts import Act, Audience, Duty
from schemas.errors import Malformed, NotFound
from schemas.people import (
    ALL,
    PARTNER_ROLES,
    Candidacy,
    Candidate,
    Delegated,
    Desk,
    Discipline,
    Level,
    Role,
    Viewer,
)
from schemas.requests import TaskFilter
from schemas.tasks import TaskKind, TaskState
from store import (
    audiences,
    candidacies,
    duties,
    figures,
    inbox_counts,
    inboxes,
    journeys,
    paging,
    queries,
    visibility,
)
from store.tables import (
    CallRow,
    ClaimRow,
    DraftRow,
    OrganizationRow,
    ProposalRow,
    RecusalRow,
    RevisionRow,
    TaskRow,
)
from tests.store.others import NOW
from tests.store.stores import empty_stores

ORGANIZATIONS = ("org-1", "org-2")
PROGRAMMES = ("CTCBP", "ACCBP")
SCOPES = {
    Role.CONTRIBUTOR: ORGANIZATIONS,
    Role.SIGNATORY: ORGANIZATIONS,
    Role.REVIEWER: (Discipline.NORMS, Discipline.SCREENING),
    Role.DESK_OFFICER: (Desk.AFRICA, Desk.AMERICAS),
    Role.HEAD_OF_DESK: (Desk.AFRICA, Desk.AMERICAS),
    Role.APPROVER: (Level.DIRECTOR_GENERAL, Level.DEPUTY_MINISTER),
    Role.LEGAL: (),
    Role.ADMINISTRATOR: (),
    Role.AUDITOR: (),
}
GRANTS = st.sampled_from(list(Role)).flatmap(
    lambda role: st.builds(
        Candidate,
        role=st.just(role),
        scope=st.sampled_from([*SCOPES.get(role, PROGRAMMES), ALL]),
    )
)
STAFF = GRANTS.filter(lambda g: g.role not in (Role.CONTRIBUTOR, Role.SIGNATORY))
PEOPLE = ("ana", "ben", "eve")
GIVEN = st.builds(
    Delegated,
    role=st.sampled_from([r for r in Role if r not in on_behalf.NEVER_DELEGATED]),
    scope=st.sampled_from([ALL, "CTCBP", "norms", "screening", "africa", "director_general"]),
    giver=st.sampled_from(("ben", "dan")),
    giver_organization=st.sampled_from([None, *ORGANIZATIONS]),
    delegation=st.just("d"),
)
VIEWERS = st.builds(
    Viewer,
    id=st.sampled_from(PEOPLE),
    name=st.just("A"),
    email=st.just("a@accord.example"),
    organization=st.sampled_from([None, *ORGANIZATIONS]),
    grants=st.lists(GRANTS, max_size=3).map(tuple),
    delegated=st.lists(GIVEN, max_size=2).map(tuple),
)

OF_ONE_GRANT = st.builds(
    lambda viewer, grant: viewer.model_copy(update={"grants": (grant,), "delegated": ()}),
    VIEWERS,
    STAFF.filter(lambda g: g.scope != ALL),
)
"""Who sees in one way only: their lists are read along that way."""


def in_world(viewer, world):
    """The viewer as the store would make them: of one giver one organization, and recusals."""
    organizations = {d.giver: d.giver_organization for d in viewer.delegated}
    delegated = tuple(
        d.model_copy(
            update={
                "giver_organization": organizations[d.giver],
                "recused": frozenset(
                    f"CTCBP-2026-{number:06d}"
                    for number, made in enumerate(world)
                    if d.giver in made["recused"]
                ),
            }
        )
        for d in viewer.delegated
        if d.giver != viewer.id
    )
    return viewer.model_copy(update={"delegated": delegated})


@st.composite
def proposals(draw):
    submitted = draw(st.booleans())
    stage = draw(st.sampled_from(["eligibility", "returned", "desk", "closed", "active"]))
    outcome = draw(st.sampled_from([None, "approved", "withdrawn"])) if submitted else None
    made = draw(st.lists(tasks(), max_size=6)) if submitted else []
    # Whoever may take a task sees its proposal: the projection lets them in as it opens.
    entries = [draw(st.frozensets(STAFF, max_size=4))] if submitted else []
    entries += [task["candidates"] for task in made]
    told = draw(st.sampled_from([None, -1, 1])) if outcome else None
    programme = draw(st.sampled_from(PROGRAMMES))
    by_officer = draw(st.booleans())
    if by_officer and not submitted:
        entries = [{Candidate(role=Role.PROGRAMME_OFFICER, scope=programme)}]
    return {
        "organization": draw(st.sampled_from(ORGANIZATIONS)),
        "programme": programme,
        "by_officer": by_officer,
        "created": draw(st.integers(0, 3)),
        "submitted": draw(st.integers(0, 3)) if submitted else None,
        "stage": stage if submitted else "draft",
        "outcome": outcome,
        "told": told,
        "entries": frozenset().union(*entries),
        "call": draw(st.sampled_from([None, None, "open", "closed"])) if submitted else None,
        "title": draw(st.sampled_from(["Sécurité aux frontières", "100% sûr", "a_b", "Œuvre"])),
        "tasks": made,
        "recused": draw(st.frozensets(st.sampled_from((*PEOPLE, "dan")), max_size=2)),
    }


@st.composite
def tasks(draw):
    kind = draw(st.sampled_from([*TaskKind, TaskKind.CONFIRM, TaskKind.ARBITRATE]))
    state = draw(st.sampled_from(["open", "done", "cancelled"]))
    done = state == "done"
    return {
        "kind": kind,
        "state": state,
        "candidates": draw(st.frozensets(STAFF, min_size=1, max_size=2)),
        "about": draw(st.integers(0, 5)),
        "by": draw(st.sampled_from(PEOPLE)) if done else None,
        "behalf": draw(st.sampled_from([None, *PEOPLE])) if done else None,
        "stands": draw(st.booleans()) or not done,
        "holder": draw(st.sampled_from([None, *PEOPLE])) if state == "open" else None,
        "due": draw(st.integers(0, 2)),
        "opened": draw(st.integers(-2, 0)),
        "stage": draw(st.sampled_from(["compliance", "desk"])),
        "subject": draw(st.sampled_from([None, Desk.AFRICA.value, "party-1"])),
    }


WORLDS = st.lists(proposals(), max_size=8)


def day(number):
    return NOW + timedelta(days=number)


async def build(database, world):
    async with database.writing() as session:
        session.add_all(
            OrganizationRow(id=o, name=o, kind="ngo", identifiers={}, people=[])
            for o in ORGANIZATIONS
        )
        session.add_all(
            CallRow(
                id=call, programme="CTCBP", title={}, description={}, limits={}, opens_at=NOW,
                closes_at=NOW, ends_at=NOW, closed_at=NOW if call == "closed" else None,
                created_by="x",
            )
            for call in ("open", "closed")
        )  # fmt: skip
        await session.flush()
        for number, made in enumerate(world):
            add(session, f"CTCBP-2026-{number:06d}", made)


def add(session, reference, made):
    submitted = None if made["submitted"] is None else day(made["submitted"])
    row = ProposalRow(
        reference=reference,
        organization=made["organization"],
        programme=made["programme"],
        created_at=day(made["created"]),
        placed_at=submitted or day(made["created"]),
        stage=made["stage"],
        outcome=made["outcome"],
        revision=0 if submitted is None else 1,
        submitted_at=submitted,
        told_at=None if made["told"] is None else day(made["told"]),
        call=made["call"],
        by_officer=made.get("by_officer", False),
        state={"since": NOW.isoformat()},
    )
    session.add(row)
    if journey := journeys.of(row):
        session.add(journey)
    session.add(
        DraftRow(
            reference=reference,
            organization=made["organization"],
            programme=made["programme"],
            created_by="x",
            title=f"unsent {made['title']}" if submitted else made["title"],
            content={},
            saved_at=NOW,
        )
    )
    if submitted is not None:
        session.add(
            RevisionRow(
                reference=reference,
                number=1,
                title=made["title"],
                content_text="",
                sha256="",
                submitted_at=NOW,
                submitted_by="eve",
                policy_version="",
                checks=[],
                receipt={},
            )
        )
    session.add_all(audiences.entries(row, {(e.role.value, e.scope) for e in made["entries"]}))
    session.add_all(RecusalRow(reference=reference, person=each) for each in made["recused"])
    for row, holder in task_rows(reference, made["tasks"], made["programme"]):
        session.add(row)
        if holder is not None:
            session.add(ClaimRow(task=row.id, person=holder))
        session.add_all(candidacies.rows(candidacies.of([row])))


def task_rows(reference, made, programme="CTCBP"):
    rows = []
    for number, task in enumerate(made):
        kind, about = task["kind"], None
        if kind in (TaskKind.CONFIRM, TaskKind.ARBITRATE) and task["about"] < number:
            about = rows[task["about"]][0]
        confirms = about if kind is TaskKind.CONFIRM else None
        row = TaskRow(
            id=f"{reference}-T{number:02d}",
            reference=reference,
            programme=programme,
            kind=kind,
            stage=task["stage"],
            revision=1,
            state=task["state"],
            candidates=[c.model_dump(mode="json") for c in task["candidates"]],
            opened_at=day(task["opened"]),
            due_at=day(task["due"]),
            subject=task["subject"],
            confirms=confirms.id if confirms else None,
            arbitrates=about.id if about and kind is TaskKind.ARBITRATE else None,
            duty=separation.duty(kind, TaskKind(confirms.kind) if confirms else None),
            evidence=kind is TaskKind.ADJUDICATE or bool(about and about.evidence),
            detail={},
            outcome="x" if task["by"] else None,
            decided_by=task["by"],
            on_behalf_of=task["behalf"],
            stands=task["stands"],
            facts=None,
            texts={},
        )
        rows.append((row, task["holder"]))
    return rows


# ---- what the pure rules say


def audience_of(made):
    return Audience(
        organization=made["organization"],
        programme=made["programme"],
        draft=made["submitted"] is None,
        by_officer=made.get("by_officer", False),
        call_open=made["call"] == "open",
        entries=made["entries"],
        recused=made["recused"],
    )


def seen(viewer, world):
    return {
        f"CTCBP-2026-{number:06d}": made
        for number, made in enumerate(world)
        if access.may_see(viewer, audience_of(made))
    }


def acts_of(rows):
    kinds = {row.id: TaskKind(row.kind) for row, _ in rows}
    return {
        row.id: Act(
            task=row.id,
            kind=kinds[row.id],
            person=row.decided_by,
            on_behalf_of=row.on_behalf_of,
            outcome="x",
            stands=row.stands,
            confirms=row.confirms,
            confirms_kind=kinds.get(row.confirms),
        )
        for row, _ in rows
        if row.decided_by
    }


def inbox(viewer, world, view):
    found = set()
    for reference, made in seen(viewer, world).items():
        if access.sees_partner_view(viewer, audience_of(made)):
            continue
        rows = task_rows(reference, made["tasks"])
        acts = acts_of(rows)
        kinds = {row.id: TaskKind(row.kind) for row, _ in rows}
        for row, holder in rows:
            if not task_views.shows_task(viewer, row):
                continue
            if view == "mine" and not (row.state == "open" and holder == viewer.id):
                continue
            if view == "group" and not may_take(viewer, made, row, acts, kinds):
                continue
            found.add(row.id)
    return found


def may_take(viewer, made, row, acts, kinds):
    wanted = [Candidate.model_validate(c) for c in row.candidates]
    return row.state == "open" and any(
        way.on_behalf_of not in made["recused"]
        and decides(viewer, made["organization"], row, acts, kinds, way)
        for way in on_behalf.candidacies(viewer, wanted, row.reference)
    )


def decides(viewer, organization, row, acts, kinds, way):
    return separation.may_decide(
        kind=TaskKind(row.kind),
        person=viewer.id,
        organization=organization,
        acts=list(acts.values()),
        confirms=acts.get(row.confirms),
        confirms_kind=kinds.get(row.confirms),
        on_behalf_of=way.on_behalf_of,
        person_organization=viewer.organization,
        principal_organization=way.principal_organization,
        submitted_by="eve",
    )


# ---- the filters


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    return empty_stores(tmp_path_factory.mktemp("stores"))


def of_any_world(check, worlds=WORLDS, **drawn):
    """Run *check* on many worlds and viewers, each in a store of its own.

    What is few is drawn too: both ways of reading a page must find the same; and what is *drawn*.
    """

    @given(
        world=worlds,
        viewer=st.one_of(VIEWERS, OF_ONE_GRANT),
        few=st.sampled_from([0, 2, 2000]),
        **drawn,
    )
    @settings(max_examples=40, deadline=None)
    def test(stores, world, viewer, few, **more):
        async def run(database):
            try:
                await build(database, world)
                await check(database, world, in_world(viewer, world), **more)
            finally:
                await database.close()

        with (
            patch.object(paging, "FEW", few),
            stores() as database,
            asyncio.Runner() as runner,
        ):
            runner.run(run(database))

    return test


async def _sees_what_it_may(database, world, viewer):
    async with database.reading() as session:
        found = set(
            await session.exec(select(ProposalRow.reference).where(visibility.visible(viewer)))
        )
        few = visibility.shown_to(viewer)
        near = None if few is None else set(await session.exec(few))
        for number in range(len(world)):
            reference = f"CTCBP-2026-{number:06d}"
            row = await session.get_one(ProposalRow, reference)
            audience = await visibility.audience_of(session, row)
            assert audience == audience_of(world[number])
            if reference in found:
                assert (await visibility.find(session, viewer, reference)).reference == reference
            else:
                with pytest.raises(NotFound):
                    await visibility.find(session, viewer, reference)
    assert found == set(seen(viewer, world))
    assert near is None or found <= near


test_the_filter_of_proposals_is_the_rule = of_any_world(_sees_what_it_may)


async def _counts_what_it_may_as_staff(database, world, viewer):
    own = {g.scope for g in viewer.grants if g.role in PARTNER_ROLES}
    should_be = {
        reference: made
        for reference, made in seen(viewer, world).items()
        if made["submitted"] is not None and not own & {ALL, made["organization"]}
    }
    hidden = None if access.may_see_evidence(viewer, "") else TaskKind.ADJUDICATE
    async with database.reading() as session:
        standing, stays = await figures.counted(session, viewer, figures.Asked())
        kept = await figures.open_tasks(session, viewer, figures.Asked(), now=NOW)
    assert sum(each.count for each in standing) == len(should_be)
    there = [made["stage"] for made in should_be.values() if made["stage"] in journeys.STAGES]
    assert sorted(each.stage for each in stays for _ in range(each.count)) == sorted(there)
    counts = {each.kind: each.count for each in kept}
    assert sum(counts.values()) == len(
        [task for task in inbox(viewer, world, "all") if open_in(world, task)]
    )
    if viewer.delegated == ():
        assert hidden is None or hidden not in counts


test_figures_count_what_the_rule_lets_one_see = of_any_world(_counts_what_it_may_as_staff)


def open_in(world, task):
    reference, _, number = task.rpartition("-T")
    return world[int(reference[-6:])]["tasks"][int(number)]["state"] == "open"


async def _inboxes(database, world, viewer):
    for view in ("mine", "group", "all"):
        should_be = inbox(viewer, world, view)
        async with database.reading() as session:
            assert await inboxes.count(session, viewer, view, now=NOW) == len(should_be), view
            for sort in ("due_at", "-due_at", "opened_at", "-opened_at"):
                found = await every_task(session, viewer, view, sort)
                assert len(found) == len(should_be), view
                assert set(found) == should_be, view


async def every_task(session, viewer, view, sort, asked=inboxes.EVERYTHING):
    found, cursor = [], None
    while True:
        rows, cursor = await inboxes.tasks(
            session, viewer, view=view, now=NOW, soon=SOON, asked=asked, sort=sort, limit=2,
            cursor=cursor,
        )  # fmt: skip
        found += [row.id for row in rows]
        if cursor is None:
            return found


test_inboxes_and_counts_hold_what_the_rules_let_one_take = of_any_world(_inboxes)


SOON = NOW + timedelta(days=1)
ASKED = {
    "everything": TaskFilter(),
    "overdue": TaskFilter(overdue=True),
    "not overdue": TaskFilter(overdue=False),
    "due soon": TaskFilter(due_soon=True),
    "not due soon": TaskFilter(due_soon=False),
    "open": TaskFilter(state=TaskState.OPEN),
    "done": TaskFilter(state=TaskState.DONE),
    "a kind": TaskFilter(kind=TaskKind.CONFIRM),
    "a reference": TaskFilter(reference="CTCBP-2026-000001"),
    "a program": TaskFilter(programme="ACCBP"),
    "a desk": TaskFilter(desk=Desk.AFRICA),
    "words": TaskFilter(q="securite"),
    "due before": TaskFilter(due_before=NOW + timedelta(hours=1)),
}


async def _counts(database, world, viewer, name):
    async with database.reading() as session:
        views = {view: (view, ASKED[name]) for view in ("mine", "group", "all")}
        counted = await inbox_counts.counts(session, viewer, views, now=NOW, soon=SOON)
        for view, (_, asked) in views.items():
            listed = await every_task(session, viewer, view, "due_at", asked)
            assert counted[view] == len(listed), view
            assert name != "everything" or set(listed) == inbox(viewer, world, view)


test_a_count_is_the_length_of_its_list = of_any_world(_counts, name=st.sampled_from(sorted(ASKED)))


@given(
    made=st.lists(tasks(), min_size=4, max_size=12),
    organization=st.sampled_from([None, *ORGANIZATIONS]),
    giver=st.sampled_from([None, "ben", "dan"]),
    givers_organization=st.sampled_from([None, *ORGANIZATIONS]),
)
@settings(max_examples=80, deadline=None)
def test_the_filter_of_inboxes_bars_whom_separation_of_duties_bars(
    stores, made, organization, giver, givers_organization
):
    """Every task of one proposal, for everybody: whatever its state and candidates."""
    norms = Candidate(role=Role.REVIEWER, scope="norms")
    way = Candidacy(
        candidate=norms, on_behalf_of=giver, principal_organization=giver and givers_organization
    )
    everybody = [a_viewer(id=person, organization=organization) for person in PEOPLE]

    async def run(database):
        await build(database, [a_submitted(tasks=made)])
        rows = task_rows("CTCBP-2026-000000", made)
        acts = acts_of(rows)
        kinds = {row.id: TaskKind(row.kind) for row, _ in rows}
        async with database.reading() as session:
            for viewer in everybody:
                query = select(TaskRow.id).join(
                    ProposalRow, col(ProposalRow.reference) == col(TaskRow.reference)
                )
                persons = [viewer.id] if giver is None else [viewer.id, giver]
                barred = duties.not_barred(persons, [organization, way.principal_organization])
                found = await session.exec(query.where(*barred))
                assert set(found) == {
                    row.id for row, _ in rows if decides(viewer, "org-1", row, acts, kinds, way)
                }
        await database.close()

    with stores() as database, asyncio.Runner() as runner:
        runner.run(run(database))


async def _pages(database, world, viewer):
    should_be = set(seen(viewer, world))
    async with database.reading() as session:
        for sort in ("reference", "created_at", "submitted_at"):
            up = await every_proposal(session, viewer, sort=sort)
            down = await every_proposal(session, viewer, sort=f"-{sort}")
            assert len(up) == len(should_be)
            assert set(up) == should_be
            assert down == list(reversed(up))


async def every_proposal(session, viewer, *, sort="reference", limit=2, **filters):
    found, cursor = [], None
    while True:
        rows, cursor = await queries.proposals(
            session, viewer, limit=limit, cursor=cursor, sort=sort, filters=filters, now=NOW
        )
        found += [row.reference for row in rows]
        if cursor is None:
            return found


test_all_pages_under_every_sort_are_the_whole_each_once = of_any_world(_pages)


async def _filters(database, world, viewer):
    async with database.reading() as session:
        rows = {r: await session.get_one(ProposalRow, r) for r in seen(viewer, world)}
        items = {
            item["reference"]: item
            for item in await views.summaries(session, viewer, list(rows.values()), now=NOW)
        }
        for name, values in FILTERS.items():
            for value in values:
                found = await every_proposal(session, viewer, **{name: value})
                should_be = [r for r, item in items.items() if matches(item, name, value)]
                assert found == sorted(should_be), (name, value)


FILTERS = {
    "stage": ("draft", "review", "eligibility", "desk", "returned", "active", "closed"),
    "outcome": ("approved", "withdrawn"),
    "programme": PROGRAMMES,
    "organization": ORGANIZATIONS,
    "partner_status": (
        "draft",
        "received",
        "in_review",
        "more_information_needed",
        "decision_made",
        "withdrawn",
    ),
}


def matches(item, name, value):
    if name == "stage" and value == "review":
        return item["stage"] in ("review", "eligibility", "compliance", "desk", "funding")
    return item[name] == value


test_a_filter_finds_what_the_reader_reads_and_tells_no_more = of_any_world(_filters)


# ---- one thing at a time


def a_viewer(*grants, id="ana", organization=None):  # noqa: A002
    return Viewer(
        id=id,
        name="A",
        email="a@accord.example",
        organization=organization,
        grants=tuple(Candidate(role=Role(role), scope=scope) for role, scope in grants),
    )


AUDITOR = a_viewer(("auditor", "all"))
PARTNER = a_viewer(("signatory", "org-1"))


def a_submitted(**changes):
    return {
        "organization": "org-1",
        "programme": "CTCBP",
        "created": 0,
        "submitted": 1,
        "stage": "desk",
        "outcome": None,
        "told": None,
        "entries": frozenset(),
        "call": None,
        "title": "A title",
        "tasks": [],
        "recused": frozenset(),
    } | changes


SEARCHES = [
    ("sécurité", "Sécurité aux frontières", True),
    ("SECURITE", "Sécurité aux frontières", True),
    ("frontieres securite", "Sécurité aux frontières", True),
    ("oeuvre", "Œuvre", True),
    ("ŒUVRE", "Oeuvre", True),
    ("ecole", "L\u2019École", True),
    ("l'ecole", "L\u2019École", True),
    ("100%", "100% sûr", True),
    ("100%", "1000 sûr", False),
    ("a_b", "a_b", True),
    ("a_b", "axb", False),
    ("a\\b", "a\\b", True),
    ("ab", "xaby", True),
    ('say "yes"', 'They say "yes" twice', True),
    ("ctcbp-2026-000000", "A title", True),
    ("2026 title", "A title", True),
    ("nothing of it", "A title", False),
]


@pytest.mark.on_both_databases
@pytest.mark.parametrize("few", [0, 2000], ids=["many", "few"])
@pytest.mark.parametrize(("asked", "title", "found"), SEARCHES, ids=[s[0] for s in SEARCHES])
async def test_a_search_finds_words_whatever_their_accents_and_case(
    database, monkeypatch, asked, title, found, few
):
    monkeypatch.setattr(paging, "FEW", few)
    await build(database, [a_submitted(title=title)])

    async with database.reading() as session:
        for viewer in (AUDITOR, PARTNER):
            assert bool(await every_proposal(session, viewer, q=asked)) is found


async def test_staff_finds_what_was_submitted_and_the_partner_what_it_writes(database):
    await build(database, [a_submitted(stage="returned")])

    async with database.reading() as session:
        assert await every_proposal(session, AUDITOR, q="unsent") == []
        assert len(await every_proposal(session, PARTNER, q="unsent")) == 1
        row = await session.get_one(ProposalRow, "CTCBP-2026-000000")
        assert await queries.titles(session, AUDITOR, [row]) == {row.reference: "A title"}
        assert await queries.titles(session, PARTNER, [row]) == {row.reference: "unsent A title"}


async def test_a_changed_title_is_found_by_its_new_words_alone(database):
    await build(database, [a_submitted(submitted=None, stage="draft", title="Before")])
    async with database.writing() as session:
        draft = await session.get_one(DraftRow, "CTCBP-2026-000000")
        draft.title = "Afterwards"
        session.add(draft)

    async with database.reading() as session:
        assert await every_proposal(session, PARTNER, q="before") == []
        assert len(await every_proposal(session, PARTNER, q="afterwards")) == 1


@pytest.mark.on_both_databases
async def test_no_staff_sees_what_was_submitted_to_a_call_before_it_closes(database):
    norms = Candidate(role=Role.REVIEWER, scope="norms")
    to_open, to_closed = (
        a_submitted(call=call, entries=frozenset([norms]), tasks=[a_task(TaskKind.NORMS)])
        for call in ("open", "closed")
    )
    await build(database, [to_open, to_closed])

    async with database.reading() as session:
        for staff in (AUDITOR, a_viewer(("administrator", "all")), a_viewer(("reviewer", "norms"))):
            assert await every_proposal(session, staff) == ["CTCBP-2026-000001"]
            assert await every_proposal(session, staff, q="title") == ["CTCBP-2026-000001"]
            assert await every_task(session, staff, "all", "due_at") == ["CTCBP-2026-000001-T00"]
            assert await inboxes.count(session, staff, "all", now=NOW) == 1
        assert len(await every_proposal(session, PARTNER)) == 2


GARBAGE = [
    "x",
    "é",
    "====",
    "bnVsbA",  # null
    "WzEsMl0",  # [1,2]
    "WyJhIl0",  # ["a"]
    "WyJhIiwiYiIsImMiXQ",  # ["a","b","c"]
    "WyJcdWQ4MDAiLCJiIl0",  # ["\ud800","b"]
    "WyJhIiwiXHUwMDAwIl0",  # ["a","\u0000"]
    "W1tbW1tb" * 100,
]
NO_INSTANTS = [
    paging.cursor_after("yesterday", "x"),
    paging.cursor_after("2026-11-24T15:00:00", "x"),
    paging.cursor_after("0001-01-01T00:00:00+23:59", "x"),
]


@pytest.mark.parametrize("sort", ["reference", "-created_at", "submitted_at"])
@pytest.mark.parametrize("cursor", GARBAGE)
async def test_a_cursor_that_is_none_of_ours_is_refused(database, cursor, sort):
    async with database.reading() as session:
        with pytest.raises(Malformed, match="malformed"):
            await queries.proposals(
                session, AUDITOR, limit=2, cursor=cursor, sort=sort, filters={}, now=NOW
            )


@pytest.mark.parametrize("cursor", NO_INSTANTS)
async def test_a_cursor_of_no_instant_is_refused(database, cursor):
    async with database.reading() as session:
        with pytest.raises(Malformed):
            await inboxes.tasks(session, AUDITOR, view="all", now=NOW, limit=2, cursor=cursor)


async def test_who_is_of_every_organization_sees_no_task(database):
    made = a_submitted(tasks=[a_task(TaskKind.NORMS)])
    everywhere = a_viewer(("signatory", "all"), ("auditor", "all"))
    await build(database, [made])

    async with database.reading() as session:
        assert await every_task(session, everywhere, "all", "due_at") == []
        assert await inboxes.count(session, everywhere, "all", now=NOW) == 0
        assert len(await every_task(session, AUDITOR, "all", "due_at")) == 1


def a_task(kind, **changes):
    return {
        "kind": kind,
        "state": "open",
        "candidates": frozenset([Candidate(role=Role.REVIEWER, scope="norms")]),
        "about": 0,
        "by": None,
        "behalf": None,
        "stands": True,
        "holder": None,
        "due": 0,
        "opened": 0,
        "stage": "compliance",
        "subject": None,
    } | changes


@pytest.mark.parametrize("kind", [TaskKind.CONFIRM, TaskKind.ARBITRATE])
async def test_what_follows_a_screening_task_is_hidden_with_it(database, kind):
    judged = a_task(TaskKind.ADJUDICATE, state="done", by="ben")
    officer = a_viewer(("programme_officer", "CTCBP"))
    entries = access.entries_on_submission("CTCBP")
    await build(
        database, [a_submitted(entries=frozenset(entries), tasks=[judged, a_task(kind, about=0)])]
    )

    async with database.reading() as session:
        assert await every_task(session, officer, "all", "due_at") == []
        assert len(await every_task(session, AUDITOR, "all", "due_at")) == 2


def test_every_duty_is_in_the_histories():
    kinds = {separation.duty(kind) for kind in TaskKind} - {None}
    assert kinds == set(Duty)
