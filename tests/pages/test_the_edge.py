"""What every page has: headers, words for what went wrong, files, and a place to report."""

import re

import pytest

from commands import notifications
from commands.problem_reports import reports


async def test_what_does_not_exist_is_told_in_the_language_of_the_address(browser):
    english = await browser.open("/en/nowhere")
    french = await browser.open("/fr/nowhere")
    neither = await browser.http.get("/nowhere", headers={"Accept-Language": "fr"})

    assert (english.status, english.heading) == (404, "Not found")
    assert (french.status, french.heading) == (404, "Introuvable")
    assert 'lang="fr"' in neither.text


async def test_the_api_stands_beside_the_pages(browser):
    health = await browser.http.get("/api/v1/health/live")
    unknown = await browser.http.get("/api/v1/nowhere")

    assert health.status_code == 200
    assert unknown.headers["content-type"] == "application/problem+json"


async def test_a_page_is_kept_by_nobody_and_framed_by_nobody(browser):
    answer = await browser.http.get("/en/sign-in")

    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "same-origin"


async def test_files_are_kept_for_ever_because_their_address_is_their_content(browser):
    page = await browser.http.get("/en/")
    sheets = re.findall(r'href="(/static/[^"]+)"', page.text)

    for sheet in sheets:
        answer = await browser.http.get(sheet)
        assert answer.status_code == 200, sheet
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
        plain = await browser.http.get(sheet, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == answer.content
    assert "content-encoding" not in page.headers
    assert (await browser.http.get("/static/../app.py")).status_code == 404
    assert (await browser.http.get("/static/%2e%2e/app.py")).status_code == 404


async def test_a_bug_is_told_on_a_plain_page_that_says_nothing_of_it(browser, monkeypatch):
    async def broken(*_: object) -> None:
        raise RuntimeError("a secret")

    await browser.sign_in("signatory.1")
    monkeypatch.setattr(notifications, "preferences", broken)
    answer = await browser.http.get("/fr/account")

    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert 'lang="fr"' in answer.text


async def test_a_problem_on_a_page_is_filed_for_administrators(browser, browsers):
    page = await browser.open("/sign-in")
    form = await browser.open(page.links()["Report a problem on this page"])

    missing = await browser.fill(form, "/report-a-problem", {})
    sent = await browser.fill(
        form, "/report-a-problem", {"problems": ["spelling", "other"], "words": "A <b>word</b>."}
    )

    assert (missing.status, sent.heading) == (422, "Thank you")
    administrator = await browsers("administrator.1")
    shown = await administrator.open("/problem-reports")
    assert "/en/sign-in" in shown.text
    assert "A <b>word</b>." in shown.text
    assert "There is a spelling or grammar mistake" in shown.text
    partner = await browsers("signatory.1")
    assert (await partner.open("/problem-reports")).status == 403


async def test_the_link_of_a_password_is_never_part_of_a_report(browser, accord):
    form = await browser.open("/report-a-problem?page=/en/password/secret-link")

    await browser.fill(form, "/report-a-problem", {"problems": "broken"})

    found = await reports(accord.office, await accord.viewer("administrator-1"))
    assert [each["page"] for each in found] == ["/en/password"]


async def test_who_reports_without_end_is_slowed_down(browser):
    form = await browser.open("/report-a-problem")

    answers = [
        await browser.fill(form, "/report-a-problem", {"problems": "other", "words": str(n)})
        for n in range(12)
    ]

    assert [each.status for each in answers][-1] == 429


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_every_open_page_is_whole_in_both_languages(browser, language):
    for path in ("/", "/sign-in", "/signed-out", "/password/x", "/password-set",
                 "/report-a-problem", "/problem-reported"):  # fmt: skip
        page = await browser.open(f"/{language}{path}")
        assert page.status == 200, path
        assert page.root.get("lang") == language
