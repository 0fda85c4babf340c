"""A real browser at a running Accord. `make e2e` starts both and says where they are.

Nothing here is collected without them: `make test` needs neither a browser nor its driver.
"""

import json
import os
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

URL = os.environ.get("E2E_URL", "")
TOOLS = Path(os.environ.get("E2E_TOOLS", "."))
DESKTOP, NARROW = 1280, 320
"""Of a page in CSS pixels; 320 is also what 1280 leave at a zoom of 400 %."""
PATIENCE = 60_000
"""Milliseconds until something that never comes is given up; no test measures time."""

Open = Callable[..., "Page"]

collect_ignore_glob = [] if URL else ["test_*.py"]


@pytest.fixture(scope="session")
def people() -> Iterator[People]:
    with People.of_the_demonstration(URL) as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 - see above

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["E2E_BROWSER"],
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield browser
        browser.close()


@pytest.fixture
def a_window(chromium) -> Iterator[Open]:
    """An empty page in a browser of its own; what the policy or a script refuses ends the test."""
    contexts, problems = [], []

    def opened(language: str = "en", *, scripts: bool = True, width: int = DESKTOP, **more):
        context = chromium.new_context(
            base_url=URL,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            locale={"en": "en-CA", "fr": "fr-CA"}[language],
            **more,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.extend(_refused(said)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def open_as(a_window, people) -> Open:
    """A page in a browser of its own, in which an account has signed in."""

    def opened(name: str, language: str = "en", **more):
        page = a_window(language, **more)
        sign_in(page, language, people.accounts[name])
        return page

    return opened


def sign_in(page: "Page", language: str, account: dict[str, str]) -> None:
    page.goto(f"/{language}/sign-in")
    page.fill("#email", account["email"])
    page.fill("#password", account["password"])
    page.click("main form button[type=submit]")
    page.wait_for_selector(".main-menu ul")


def _refused(said: "ConsoleMessage") -> list[str]:
    """The browser writes down refused and broken requests too, which tests ask for on purpose."""
    on_purpose = ("the server responded with a status of 4", "net::ERR_", "Failed to fetch")
    if said.type != "error" or any(each in said.text for each in on_purpose):
        return []
    return [said.text]


# ---- what every page must be

AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
ASK_AXE = f"""async () => {{
  const found = await axe.run(document, {{
    runOnly: {json.dumps(AXE_TAGS)}, resultTypes: ["violations"],
  }});
  return found.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 200))]);
}}"""


@pytest.fixture(scope="session")
def axe() -> str:
    return (TOOLS / "axe-core" / "axe.min.js").read_text()


@pytest.fixture(scope="session")
def is_accessible(axe) -> "Callable[[Page], None]":
    """Asks axe about a page, whose window must have been opened with `bypass_csp`."""

    def asked(page: "Page") -> None:
        page.evaluate(axe)
        found = page.evaluate(ASK_AXE)
        assert not found, f"{page.url}: {found}"
        excess = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert excess <= 0, f"{page.url} is {excess} pixels wider than the window"

    return asked


RULES = {
    "extends": ["html-validate:standard", "html-validate:a11y"],
    "rules": {
        # Spaces are a matter of taste; what is drawn by templates has more of them.
        "no-trailing-whitespace": "off",
        "no-inline-style": "error",
    },
}


def faults_of_html(folder: Path) -> str:
    """What the validator says against the pages in *folder*; nothing where all are right."""
    rules = folder / "rules.json"
    rules.write_text(json.dumps(RULES))
    validator = TOOLS / "html-validate" / "bin" / "html-validate.mjs"
    told = subprocess.run(
        [*shlex.split(os.environ["E2E_NODE"]), str(validator),
         "--config", str(rules), "--formatter", "text", str(folder)],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return "" if told.returncode == 0 else told.stdout + told.stderr
