"""A real browser at a running Accord; `make e2e` starts both and names what is missing."""

import os
import shutil
from collections.abc import Callable, Iterator

import httpx
import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="run by make e2e")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="run by make e2e")

URL = os.environ.get("E2E_URL", "")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in item.path.parts and not (URL and CHROMIUM):
            item.add_marker(pytest.mark.skip(reason="run by make e2e, with Chromium"))


@pytest.fixture(scope="session")
def accounts() -> dict[str, dict[str, str]]:
    found = httpx.get(f"{URL}/api/v1/demo/accounts").json()["items"]
    return {each["name"]: each for each in found}


@pytest.fixture(scope="session")
def chromium() -> Iterator["sync_api.Browser"]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def open_as(chromium, accounts) -> Iterator[Callable[..., "sync_api.Page"]]:
    """A page in a browser of its own, in which an account has signed in."""
    contexts = []

    def opened(name: str, language: str = "en", *, scripts: bool = True, width: int = 1280):
        context = chromium.new_context(
            base_url=URL,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            bypass_csp=False,
        )
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda said: _refused(page, said))
        page.goto(f"/{language}/sign-in")
        page.fill("#email", accounts[name]["email"])
        page.fill("#password", accounts[name]["password"])
        page.click("main form button[type=submit]")
        page.wait_for_load_state()
        return page

    yield opened
    for context in contexts:
        context.close()


def _refused(page: "sync_api.Page", said: "sync_api.ConsoleMessage") -> None:
    """What the policy refused, or a script could not do, is a problem of ours."""
    if said.type == "error" and "status of 4" not in said.text:
        page.problems.append(said.text)


@pytest.fixture
def is_accessible(chromium, open_as) -> Callable[["sync_api.Page"], None]:
    """Asks axe about a page; its cookies go to a context in which axe may run."""

    def asked(page: "sync_api.Page") -> None:
        context = chromium.new_context(
            base_url=URL, viewport=page.viewport_size, bypass_csp=True
        )
        try:
            context.add_cookies(page.context.cookies())
            copy = context.new_page()
            copy.goto(page.url)
            found = axe.Axe().run(copy, options=RULES).response["violations"]
            assert not found, (page.url, [(v["id"], v["nodes"][0]["html"]) for v in found])
            assert copy.evaluate(
                "document.documentElement.scrollWidth <= window.innerWidth + 1"
            ), f"{page.url} is wider than {page.viewport_size}"
        finally:
            context.close()

    del open_as
    return asked
