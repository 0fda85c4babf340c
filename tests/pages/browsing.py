"""A browser without scripts, over ASGI: it keeps cookies, follows links and sends forms.

Every page that it is given is parsed strictly, and held against what every page must have.
"""

import itertools
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import html5lib
import httpx
from html5lib.html5parser import ParseError

from commands.office import Office
from pages.app import create_site
from tests.installation import PASSWORD

ADDRESS = "http://accord.example"
VOID = {"hidden", "submit", "button"}


@dataclass
class Shown:
    """A page as it was answered."""

    answer: httpx.Response
    root: Any = None
    """Its elements; None where it is no page (a redirection, a file)."""

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def path(self) -> str:
        return self.answer.request.url.raw_path.decode()

    @property
    def text(self) -> str:
        """What a reader reads, with single spaces."""
        body = self.root.find("body")
        return " ".join("".join(body.itertext()).split())

    @property
    def title(self) -> str:
        return "".join(self.root.find("head/title").itertext())

    @property
    def heading(self) -> str:
        return " ".join("".join(self.root.find(".//h1").itertext()).split())

    def links(self) -> dict[str, str]:
        return {
            " ".join("".join(each.itertext()).split()): each.get("href")
            for each in self.root.iter("a")
        }

    def form(self, action: str) -> dict[str, list[str]]:
        """The fields of the first form for *action* as a browser would send them."""
        found = [
            each for each in self.root.iter("form")
            if urlsplit(each.get("action") or self.path).path == action
        ]  # fmt: skip
        assert found, f"no form for {action} on {self.path}"
        return fields_of(found[0])


def fields_of(form: Any) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for each in form.iter():
        name, kind = each.get("name"), each.get("type") or ""
        if not name or each.tag == "button" or kind in ("submit", "file"):
            continue
        if each.tag == "input" and kind in ("checkbox", "radio"):
            if each.get("checked") is not None:
                sent.setdefault(name, []).append(each.get("value") or "on")
        elif each.tag == "input":
            sent.setdefault(name, []).append(each.get("value") or "")
        elif each.tag == "textarea":
            text = "".join(each.itertext())
            sent.setdefault(name, []).append(text.removeprefix("\n"))
        elif each.tag == "select":
            options = list(each.iter("option"))
            first = [] if each.get("multiple") is not None else options[:1]
            chosen = [o for o in options if o.get("selected") is not None] or first
            for option in chosen:
                value = option.get("value")
                sent.setdefault(name, []).append(
                    "".join(option.itertext()) if value is None else value
                )
    return sent


@dataclass
class Browser:
    """One person's browser."""

    http: httpx.AsyncClient
    language: str = "en"
    seen: list[str] = field(default_factory=list)

    async def open(self, path: str, **options: Any) -> Shown:
        return await self._follow(await self.http.get(self._whole(path), **options))

    async def send(self, path: str, fields: Any = None, **options: Any) -> Shown:
        """Send a form as a page of Accord would, and follow where it leads."""
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": ADDRESS} | options.pop("headers", {})
        answer = await self.http.post(
            self._whole(path), data=fields or {}, headers=headers, **options
        )
        return await self._follow(answer)

    async def fill(self, page: Shown, action: str, changes: dict[str, Any], **more: Any) -> Shown:
        """Send the form of *page* with *changes*; None takes a field away."""
        action = self._whole(action)
        fields: dict[str, Any] = page.form(action) | {
            name: value if isinstance(value, list) else [value]
            for name, value in changes.items()
            if value is not None
        }
        for name, value in changes.items():
            if value is None:
                fields.pop(name, None)
        return await self.send(action, fields, **more)

    async def sign_in(self, account: str, password: str = PASSWORD) -> Shown:
        return await self.send(
            "/sign-in", {"email": f"{account}@accord.example", "password": password, "back": ""}
        )

    def _whole(self, path: str) -> str:
        own = path == "/" or path.startswith(("/en/", "/fr/", "/static/", "/api/"))
        return path if own else f"/{self.language}{path}"

    async def _follow(self, answer: httpx.Response) -> Shown:
        while answer.status_code == 303:
            answer = await self.http.get(
                urljoin(str(answer.request.url), answer.headers["location"])
            )
        return Shown(answer, checked(answer))


def checked(answer: httpx.Response) -> Any:
    """The elements of a page, which is valid and has what every page must have."""
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return None
    where = f"{answer.request.method} {answer.request.url}"
    assert not re.search(r"\bnonce\b", answer.text)
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        if not answer.text.lstrip().startswith("<!doctype"):
            return _fragment(parser, answer.text)
        root = parser.parse(answer.text)
    except ParseError as error:
        line = parser.tokenizer.stream.position()[0]
        lines = answer.text.splitlines()[max(0, line - 3) : line + 1]
        raise AssertionError(f"{where}: {error} at line {line}: {lines}") from error
    _check(root, where, answer)
    return root


def _fragment(parser: Any, text: str) -> Any:
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(text)
    del parser
    return root


def _check(root: Any, where: str, answer: httpx.Response) -> None:
    everything = list(root.iter())
    ids = [each.get("id") for each in everything if each.get("id")]
    twice = {each for each in ids if ids.count(each) > 1}
    assert not twice, f"{where}: the same id twice: {twice}"
    assert len(list(root.iter("h1"))) == 1, f"{where}: not one h1"
    assert root.get("lang") in ("en", "fr"), where
    assert answer.headers["content-security-policy"].startswith("default-src 'none'"), where
    labelled = {each.get("for") for each in root.iter("label")}
    for each in everything:
        assert not each.get("style"), f"{where}: a style in the page"
        assert not any(str(name).startswith("on") for name in each.attrib), f"{where}: a script"
        is_field = each.tag in ("input", "select", "textarea") and each.get("type") not in VOID
        if is_field:
            has_label = each.get("id") in labelled or each.get("aria-label")
            assert has_label or each.get("aria-labelledby"), f"{where}: no label: {each.attrib}"
        for target in (each.get("aria-describedby") or "").split():
            assert target in ids, f"{where}: described by nothing: {target}"
    for each in root.iter("script"):
        assert each.get("src"), f"{where}: a script in the page"
    for link in root.iter("a"):
        href = link.get("href") or ""
        if href.startswith("#"):
            assert href[1:] in ids, f"{where}: leads to nothing: {href}"
    levels = [int(each.tag[1]) for each in everything if each.tag in ("h1", "h2", "h3", "h4")]
    summary = answer.text.find('class="faults"')
    if summary < 0:
        for before, after in itertools.pairwise(levels):
            assert after <= before + 1, f"{where}: a heading is left out: {levels}"


@asynccontextmanager
async def a_browser(office: Office, language: str = "en", **more: Any) -> AsyncIterator[Browser]:
    transport = httpx.ASGITransport(create_site(office, **more))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as http:
        yield Browser(http, language)
