"""Signing in and out on pages, one-time links, and sessions that end while somebody writes."""

from commands import passwords
from schemas.requests import InvitationRequest
from store.tables import PersonRow
from tests.installation import a_request
from tests.journeys.client import CONTENT
from tests.pages.browsing import a_browser


async def test_the_first_address_leads_to_the_language_that_is_preferred(browser):
    page = await browser.open("/", headers={"Accept-Language": "fr-CA"})

    assert page.path == "/fr/"
    assert page.root.get("lang") == "fr"


async def test_the_language_that_was_chosen_stays(browser, accord):
    await browser.sign_in("signatory.1")
    page = await browser.open("/account")

    french = await browser.fill(page, "/language", {})

    assert french.path == "/fr/account"
    assert (await browser.open("/")).path == "/fr/proposals"
    async with accord.office.database.reading() as session:
        assert (await session.get(PersonRow, "demo-signatory-1")).language == "fr"


async def test_the_language_is_chosen_before_anything_else_on_a_page(browser):
    page = await browser.open("/sign-in")

    first = next(each for each in page.root.find("body").iter() if each.tag in ("a", "button"))
    assert (first.text, first.get("lang")) == ("Français", "fr")


async def test_a_person_signs_in_where_they_wished_to_go_and_out_again(browser):
    asked = await browser.open("/notifications")
    assert asked.heading == "Sign in"

    page = await browser.fill(
        asked, "/sign-in", {"email": "Signatory.1@accord.example", "password": "demonstration"}
    )
    assert page.path == "/en/notifications"

    left = await browser.fill(page, "/sign-out", {})
    assert left.heading == "You are signed out"
    assert (await browser.open("/notifications")).heading == "Sign in"


async def test_a_wrong_password_is_told_beside_the_field_and_in_the_summary(browser):
    page = await browser.send(
        "/sign-in", {"email": "signatory.1@accord.example", "password": "wrong", "back": ""}
    )

    assert page.status == 422
    assert page.title.startswith("Error: Sign in")
    summary = next(each for each in page.root.iter("div") if each.get("class") == "faults")
    assert summary.get("autofocus") is not None
    assert [each.get("href") for each in summary.iter("a")] == ["#email"]


async def test_who_guesses_too_often_is_slowed_down_on_pages_as_on_the_api(browser):
    for _ in range(10):
        await browser.sign_in("signatory.1", "wrong")

    page = await browser.sign_in("signatory.1")

    assert page.status == 429
    assert int(page.answer.headers["retry-after"]) > 0


async def test_a_session_is_a_cookie_that_scripts_and_other_sites_do_not_get(browser):
    answer = await browser.http.post(
        "/en/sign-in",
        data={"email": "signatory.1@accord.example", "password": "demonstration"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("accord_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


async def test_by_https_the_session_never_leaves_in_the_clear(accord):
    async with a_browser(accord.office, public_url="https://accord.example") as browser:
        answer = await browser.http.post(
            "/en/sign-in",
            data={"email": "signatory.1@accord.example", "password": "demonstration"},
            headers={"Sec-Fetch-Site": "same-origin"},
        )

    assert answer.headers["set-cookie"].startswith("__Host-accord_session=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


async def test_signing_out_ends_the_session_and_not_only_its_cookie(browser):
    await browser.sign_in("signatory.1")
    token = browser.http.cookies["accord_session"]
    await browser.fill(await browser.open("/account"), "/sign-out", {})

    browser.http.cookies.set("accord_session", token)

    assert (await browser.open("/account")).heading == "Sign in"


async def test_a_form_of_another_site_is_refused(browser):
    await browser.sign_in("signatory.1")

    foreign = await browser.send("/sign-out", headers={"Sec-Fetch-Site": "cross-site"})
    old = await browser.send(
        "/sign-out", headers={"Sec-Fetch-Site": "", "Origin": "https://evil.example"}
    )

    assert (foreign.status, old.status) == (403, 403)
    assert (await browser.open("/account")).heading == "Your account"


async def test_an_old_browser_is_told_from_another_site_by_its_origin(browser):
    own = await browser.http.post("/en/sign-out", headers={"Origin": "http://accord.example"})
    none = await browser.http.post("/en/sign-out")
    foreign = await browser.http.post("/en/sign-out", headers={"Origin": "null"})

    assert (own.status_code, none.status_code, foreign.status_code) == (303, 403, 403)


async def test_what_was_typed_when_the_session_had_ended_is_sent_after_signing_in(browser):
    await browser.sign_in("signatory.1")
    page = await browser.open("/account")
    browser.http.cookies.delete("accord_session")

    ended = await browser.fill(page, "/account", {"email": "digest"})
    assert ended.status == 401
    again = await browser.fill(
        ended, "/sign-in", {"email": "signatory.1@accord.example", "password": "demonstration"}
    )
    saved = await browser.fill(again, "/account", {})

    assert "Your choice is saved." in saved.text
    assert saved.form("/en/account")["email"] == ["digest"]


async def test_a_file_that_came_too_late_is_chosen_again_and_what_was_said_of_it_is_kept(
    browser, accord
):
    reference = await accord.draft(CONTENT)
    await browser.sign_in("signatory.1")
    here = f"/proposals/{reference}/edit/documents"
    page = await browser.open(here)
    browser.http.cookies.delete("accord_session")
    about = {"kind": "budget", "marking": "protected_a"}
    file = {"file": ("plan.txt", b"A plan.")}

    ended = await browser.fill(page, here, about, files=file)
    again = await browser.fill(
        ended, "/sign-in", {"email": "signatory.1@accord.example", "password": "demonstration"}
    )
    attached = await browser.fill(again, here, {}, files=file)

    assert "A file cannot be kept" in again.text
    assert "plan.txt" in attached.links()
    assert "Protected A" in attached.text


async def test_the_link_of_an_invitation_sets_a_password_once(browser, accord):
    administrator = await accord.viewer("administrator-1")
    asked = InvitationRequest(email="signatory.1@accord.example")
    made = await passwords.invite(accord.office, administrator, asked, a_request())
    path = f"/password/{made['link']}"

    page = await browser.open(path)
    short = await browser.fill(page, path, {"password": "short", "again": "short"})
    differs = await browser.fill(page, path, {"password": "a long password", "again": "another"})
    done = await browser.fill(
        page, path, {"password": "a long password", "again": "a long password"}
    )
    gone = await browser.fill(
        page, path, {"password": "a longer password", "again": "a longer password"}
    )

    assert (short.status, differs.status, gone.status) == (422, 422, 404)
    assert done.heading == "Your password is set"
    assert (await browser.sign_in("signatory.1", "a long password")).heading == "Proposals"


async def test_nobody_is_led_to_another_site_after_signing_in(browser):
    for back in ("https://evil.example/", "//evil.example/en/", "/\\evil.example", "/api/v1/me"):
        answer = await browser.http.post(
            "/en/sign-in",
            data={
                "email": "signatory.1@accord.example", "password": "demonstration", "back": back,
            },
            headers={"Sec-Fetch-Site": "same-origin"},
        )  # fmt: skip
        assert answer.headers["location"] == "/en/", back
