"""Granting over HTTP: two people, whatever they do at once."""

import asyncio
from collections import Counter

MANY = 30
A_ROLE = {
    "role": "reviewer",
    "scope": "merit",
    "starts_on": "2026-01-01",
    "ends_on": "2036-12-31",
    "reason": "For the team.",
}


async def propose(client, **changes):
    made = await client.person("Administrator 1").post(
        "/people/demo-gender-reviewer-1/grants", A_ROLE | changes
    )
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def acts(client):
    """Every proposing, confirming, refusing and so on that is recorded."""
    found = await client.person("Administrator 2").read("/grants", params={"limit": "200"})
    return {each["id"]: each for each in found["items"]}


async def test_of_thirty_confirmations_at_once_one_confirms(client):
    grant = await propose(client)
    one, other = client.person("Administrator 1"), client.person("Administrator 2")

    answers = await asyncio.gather(
        *((one, other)[n % 2].post(f"/grants/{grant}/confirm") for n in range(MANY))
    )

    told = Counter((a.status_code, a.json().get("code")) for a in answers)
    assert told[(200, None)] == 1
    assert told[(409, "second_person_needed")] == MANY / 2
    assert told[(409, "nothing_to_confirm")] == MANY / 2 - 1
    kept = (await acts(client))[grant]
    assert (kept["state"], kept["confirmed_by"]) == ("in_force", other.account_id)


async def test_of_confirming_and_refusing_at_once_one_counts(client):
    grant = await propose(client, scope="norms")
    one, other = client.person("Administrator 1"), client.person("Administrator 2")

    answers = await asyncio.gather(
        *(
            one.post(f"/grants/{grant}/refuse", {"reason": "A mistake."})
            if n % 2
            else other.post(f"/grants/{grant}/confirm")
            for n in range(MANY)
        )
    )

    assert Counter(a.status_code for a in answers) == {200: 1, 409: MANY - 1}
    kept = (await acts(client))[grant]
    assert (kept["state"] == "in_force") == (kept["confirmed_by"] is not None)
    assert (kept["state"] == "dropped") == (kept["dropped_by"] is not None)


async def test_of_an_administrators_grant_and_another_at_once_one_is_taken(client):
    invited = await client.person("Administrator 1").post(
        "/people/invitations", {"email": "both@dept.example", "name": "Both"}
    )
    person = invited.json()["person"]
    administrator = A_ROLE | {"role": "administrator", "scope": "all"}

    answers = await asyncio.gather(
        *(
            client.person(f"Administrator {n % 2 + 1}").post(
                f"/people/{person}/grants", administrator if n % 2 else A_ROLE
            )
            for n in range(MANY)
        )
    )

    assert {a.json()["code"] for a in answers if a.status_code != 201} == {
        "administrator_holds_no_other_role"
    }
    roles = {a.json()["role"] for a in answers if a.status_code == 201}
    assert len(roles) == 1


async def test_a_grant_lives_from_its_proposal_to_its_end(client):
    grant = await propose(client, scope="environment")
    other = client.person("Administrator 2")
    await other.post(f"/grants/{grant}/confirm")

    attested = await other.post(f"/grants/{grant}/attest")
    warned = await other.read("/grants", params={"state": "to_attest"})
    ended = await client.person("Administrator 1").post(
        f"/grants/{grant}/end", {"ends_on": "2026-01-02"}
    )

    assert (attested.status_code, ended.json()["state"]) == (200, "ended")
    assert grant not in [each["id"] for each in warned["items"]]
    person = await client.auditor.read("/people/demo-gender-reviewer-1")
    assert {each["state"] for each in person["grants"] if each["id"] == grant} == {"ended"}


async def test_a_missing_reason_or_end_is_named_in_both_languages(client):
    for language, words in (("en", "Enter a reason."), ("fr", "Entrez un motif.")):
        answer = await client.person("Administrator 1").post(
            "/people/demo-gender-reviewer-1/grants",
            {name: value for name, value in A_ROLE.items() if name not in ("reason", "ends_on")},
            language=language,
        )

        assert answer.status_code == 422
        errors = {error["pointer"]: error for error in answer.json()["errors"]}
        assert set(errors) == {"/reason", "/ends_on"}
        assert errors["/reason"]["detail"] == words


async def test_a_signatory_renames_its_own_people_and_nobody_else(client):
    named = {"name": "Another Name", "email": "contributor.1@accord.example", "language": "fr"}
    people = ("demo-contributor-1", "demo-contributor-2", "demo-certifier-1")

    own, foreign, staff = [
        await client.signatory.put(f"/people/{person}", named, version=1) for person in people
    ]

    assert (own.status_code, own.json()["name"], own.json()["version"]) == (200, "Another Name", 2)
    assert {foreign.status_code, staff.status_code} == {404}
    assert (await client.person("Contributor 1").read("/me"))["language"] == "fr"


async def test_whoever_is_deactivated_is_signed_out_at_once(client):
    contributor = client.person("Contributor 2")

    done = await client.person("Administrator 1").post(
        f"/people/{contributor.account_id}/deactivate", {"reason": "Left."}
    )

    assert (done.status_code, done.json()["active"]) == (200, False)
    assert (await contributor.get("/me")).status_code == 401
