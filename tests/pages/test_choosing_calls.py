"""A partner chooses the open call that its proposal answers, without scripts."""

from datetime import timedelta

import pytest

from commands import calls
from schemas.requests import CallRequest
from tests.journeys.client import CONTENT, costing


@pytest.fixture
async def call(accord):
    """A call of CTCBP that is open for three hours."""
    opens = accord.office.now().replace(microsecond=0)
    return await calls.announce(
        accord.office,
        await accord.viewer("programme-officer-1"),
        CallRequest.model_validate(
            {
                "programme": "CTCBP",
                "title": {"en": "Borders", "fr": "Frontières"},
                "description": {"en": "Border security.", "fr": "La sécurité des frontières."},
                "opens_at": opens,
                "closes_at": opens + timedelta(hours=3),
            }
        ),
        "announce-on-a-page-000001",
    )


async def answered(accord, reference):
    return (await accord.view(reference, accord.signatory))["call"]


async def test_a_proposal_is_started_for_a_call_and_put_to_none_later(browsers, accord, call):
    browser = await browsers("signatory.1", "fr")
    page = await browser.open("/programs")
    assert "Frontières" in page.text

    started = await browser.send(
        "/proposals", {"programme": "CTCBP", "call": call["id"], "key": "start-for-a-call"}
    )
    reference = started.path.split("/")[3]
    assert (await answered(accord, reference), started.status) == (call["id"], 200)

    page = await browser.fill(started, f"/proposals/{reference}/call", {"call": ""})
    assert (await answered(accord, reference), page.status) == (None, 200)
    await browser.fill(page, f"/proposals/{reference}/call", {"call": call["id"]})
    assert await answered(accord, reference) == call["id"]


async def test_what_is_submitted_answers_no_other_call(browsers, accord, call):
    reference = await accord.submit(CONTENT | costing(300_000))
    browser = await browsers("signatory.1", "en")

    refused = await browser.send(
        f"/proposals/{reference}/call", {"call": call["id"], "key": "too-late"}
    )

    assert refused.status == 409
    assert await answered(accord, reference) is None


async def test_a_section_that_is_saved_leaves_the_call_as_it_is(browsers, accord, call):
    reference = await accord.draft({"programme": "CTCBP", "call": call["id"]})
    browser = await browsers("signatory.1", "en")
    here = f"/proposals/{reference}/edit/summary"

    await browser.fill(await browser.open(here), here, {"title": "Borders", "summary": "What."})

    assert await answered(accord, reference) == call["id"]
