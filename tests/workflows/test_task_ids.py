"""What the ids of tasks tell a reader of the tasks that the reader must not know of: nothing."""

import re

from tests.installation import AN_AUDITOR, Installation
from tests.policy.proposals import a_proposal
from tests.workflows.cases import Life
from workflows.tasks import id_of

REFERENCE = "CTCBP-2026-000123"
SEEDS = [f"{number:032x}" for number in range(200)]
HIT = {"party": ("hit-1",)}


def seen(life: Life) -> list[str]:
    """The ids of the tasks that are no screening, in the order in which they opened."""
    rows = sorted(life.view.tasks.values(), key=lambda task: task.number)
    return [row.id for row in rows if not row.evidence]


def test_an_id_is_drawn_from_the_seed_and_the_place_in_the_order_alone():
    ids = [id_of(REFERENCE, number, SEEDS[7]) for number in range(1, 201)]

    assert all(re.fullmatch(rf"{REFERENCE}-T[A-Z2-7]{{8}}", each) for each in ids)
    assert len(set(ids)) == len(ids)
    assert ids == [id_of(REFERENCE, number, SEEDS[7]) for number in range(1, 201)]
    assert not set(ids) & {id_of(REFERENCE, number, SEEDS[8]) for number in range(1, 201)}


def test_proposals_that_started_without_a_seed_go_on_counting():
    assert [id_of(REFERENCE, number, None) for number in (7, 100)] == [
        f"{REFERENCE}-T07",
        f"{REFERENCE}-T100",
    ]
    assert seen(Life().to("compliance"))[0].endswith("-T01")


def test_ids_are_in_no_order_whether_or_not_a_screening_task_lies_between():
    """Each of the six orders of three ids comes up about as often, so that none tells of a gap."""
    for hits in ({}, HIT):
        orders = []
        for seed in SEEDS:
            ids = seen(Life(hits=hits, seed=seed).to("compliance"))[:3]
            orders.append(tuple(sorted(range(3), key=ids.__getitem__)))

        # Of 200 draws each has 33 on average; the seeds are always the same.
        assert len(set(orders)) == 6
        assert min(map(orders.count, set(orders))) >= 15


def test_the_ids_that_a_reader_sees_have_nothing_in_common_between_two_proposals():
    clean, hit = (
        seen(Life(hits=hits, seed=seed).to("compliance"))
        for hits, seed in zip(({}, HIT), SEEDS, strict=False)
    )
    drawn = [{each.rpartition("-T")[2] for each in ids} for ids in (clean, hit)]

    assert len(clean) == len(hit) > 5
    assert not drawn[0] & drawn[1]


def test_the_seed_stands_in_no_event():
    seed = "5eed" * 8
    life = Life(seed=seed).to("active")

    assert life.events
    assert seed not in "".join(event.model_dump_json() for event in life.events)


async def test_every_new_proposal_draws_a_seed_of_its_own(accord: Installation):
    content = a_proposal().model_dump(mode="json")
    drawn = set()
    for _ in range(2):
        reference = await accord.submit(content)
        task = await accord.task(reference, "eligibility.confirm")
        assert re.fullmatch(rf"{reference}-T[A-Z2-7]{{8}}", task["id"])
        drawn.add(task["id"].rpartition("-T")[2])
        assert "seed" not in str(await accord.view(reference, AN_AUDITOR))

    assert len(drawn) == 2
