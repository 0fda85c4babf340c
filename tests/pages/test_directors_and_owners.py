"""Directors and owners of an organization on a page, without scripts."""

import pytest

from commands import organizations

HERE = "/organizations/demo-ngo/people"
DIRECTOR = {
    "people.0.name": "Demonstration director", "people.0.kind": "person",
    "people.0.relation": "director",
}  # fmt: skip


@pytest.fixture
async def signatory(browsers):
    return await browsers("signatory.2", "en")


async def written(accord):
    viewer = await accord.viewer("auditor-1")
    return (await organizations.organization(accord.office, viewer, "demo-ngo"))["people"]


async def test_a_signatory_writes_them_down_row_by_row(signatory, accord):
    page = await signatory.open(HERE)
    version = page.form("/en" + HERE)["version"][0]
    sent = {"version": version, "key": "people-of-an-organization"} | DIRECTOR

    more = await signatory.send(HERE, sent | {"add": "people"})
    assert more.status == 200
    assert "people.1.name" in more.form("/en" + HERE)
    assert await written(accord) == []

    saved = await signatory.send(
        HERE,
        sent
        | {
            "people.1.name": "Demonstration owner", "people.1.kind": "organization",
            "people.1.relation": "beneficial_owner", "people.1.share_percent": "60",
        },
    )  # fmt: skip

    assert "Demonstration director" in saved.text
    assert [(each["relation"], each["share_percent"]) for each in await written(accord)] == [
        ("director", None), ("beneficial_owner", 60),
    ]  # fmt: skip
    gone = await signatory.fill(await signatory.open(HERE), HERE, {"remove": "people.1"})
    assert "Demonstration owner" not in gone.text


async def test_what_is_wrong_stands_beside_its_field_and_changes_nothing(signatory, accord):
    page = await signatory.open(HERE)
    version = page.form("/en" + HERE)["version"][0]

    without_name = await signatory.send(
        HERE, DIRECTOR | {"version": version, "key": "nameless", "people.0.name": ""}
    )
    too_much = await signatory.send(
        HERE, DIRECTOR | {"version": version, "key": "too-much", "people.0.share_percent": "101"}
    )

    assert (without_name.status, too_much.status) == (422, 422)
    assert without_name.title.startswith("Error:")
    assert await written(accord) == []


async def test_somebody_elses_change_is_not_overwritten(signatory, accord):
    page = await signatory.open(HERE)
    version = page.form("/en" + HERE)["version"][0]
    await signatory.send(HERE, DIRECTOR | {"version": version, "key": "the-first"})

    late = await signatory.send(HERE, {"version": version, "key": "the-second"})

    assert late.status == 412
    assert [each["name"] for each in await written(accord)] == ["Demonstration director"]


async def test_another_organization_is_not_found(signatory):
    assert (await signatory.open("/organizations/oas/people")).status == 404
