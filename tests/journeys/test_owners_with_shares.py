"""Owners are screened with their shares: half, or control, counts as listed (product.md 5)."""

import pytest

from tests.journeys.client import a_client, costing
from tests.journeys.test_partner_view import HIT, LISTED

OWNER = {
    "name": HIT,
    "kind": "person",
    "birth_date": "1961-02-03",
    "country": "JO",
}


@pytest.fixture
async def world(engine, tmp_path):
    async with a_client(engine, tmp_path) as client:
        await client.person("Administrator 1").post(
            "/lists/invented/snapshots", files={"file": ("invented.csv", LISTED, "text/csv")}
        )
        yield client


@pytest.mark.parametrize(
    ("relation", "share", "counts"),
    [
        ("beneficial_owner", "50", True),
        ("beneficial_owner", "49.99", False),
        ("director", None, True),
        ("trainee", None, False),
    ],
    ids=["half", "less than half", "control", "neither"],
)
async def test_a_match_says_whether_the_partner_counts_as_listed(world, relation, share, counts):
    party = {**OWNER, "relation": relation, "share_percent": share}
    reference = await world.submitted(**costing(300_000), named_parties=[party])
    await world.screened(reference)

    [task] = await world.open_tasks(reference, "screening.adjudicate")
    read = await world.person("Screening reviewer 1").read(f"/tasks/{task['id']}")

    [hit] = read["form"]["properties"]["hits"]["properties"].values()
    assert hit["x-hit"]["counts_as_listed"] is counts
    assert hit["x-hit"]["compared"]["party"]["share_percent"] == share
