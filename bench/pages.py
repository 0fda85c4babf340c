"""What pages weigh and how long the server takes for them, in a store of many proposals.

A page weighs what a browser that knows nothing of it fetches: the page, its sheets and scripts,
its pictures, and the fonts that are for every text, all as they leave the server. Times are of
the page alone, at the client.
"""

import argparse
import asyncio
import os
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx
from rich.console import Console

from bench.installation import PASSWORD, accounts, serving, settings_for
from bench.lists import fill, rows, store_of
from bench.machine import Part
from bench.sample import percentile
from cli.building import build_office
from cli.settings import Settings

SERVER_MS, WEIGHT_KB = 100.0, 250.0
"""What is aimed at: the p95 of the server, and the weight of a whole page."""
_RUNS = 40
_LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_FACE = re.compile(r"@font-face\s*{[^}]*}")
_URL = re.compile(r'url\("?([^")]+)"?\)')
_PEOPLE = {
    "auditor-1": (
        "/tasks?view=all",
        "/dashboards",
        "/dashboards?period=all",
        "/attention",
        "/people",
        "/organizations",
        "/funds",
        "/lists",
        "/terms",
        "/calls",
        "/operations/jobs",
        "/register",
        "/authorities",
        "/operations/failing",
        "/operations/unattended",
        "/operations/mail",
        "/grants",
        "/problem-reports",
        "/incidents",
    ),
    "programme-officer-1": (
        "/tasks",
        "/dashboards",
        "/dashboards?period=all",
        "/attention",
        "/annual-contributions",
    ),
    "norms-reviewer-1": ("/tasks", "/dashboards?period=all"),
    "signatory-2": ("/programs?kind=ngo&country=JO&amount=100000",),
}
_FOR_ALL = (
    "/proposals",
    "/proposals?q=forensic+maritime",
    "/notifications",
    "/programs",
    "/account",
    "/account/sessions",
    "/report-a-problem",
)

console = Console(highlight=False, width=160)


@dataclass(frozen=True)
class Weighed:
    """One page, asked again and again."""

    page: str
    first: float
    """The first time, when nothing was kept of it."""
    median: float
    p95: float
    processor: float
    processor_p95: float
    """Processor time of the server for one answer, which hardly depends on what else runs."""
    kilobytes: float


async def measure(settings: Settings, proposals: int, logs: Path) -> list[Weighed]:
    """Ask for every page in a store of *proposals*; fills the store where it is not there."""
    await fill(settings, rows(proposals), proposals)
    async with build_office(settings) as office:
        people = {viewer.id: viewer for viewer in await accounts(office)}
    part = await serving(settings, logs)
    try:
        found = []
        for person, own in _PEOPLE.items():
            async with httpx.AsyncClient(base_url=settings.url, timeout=60) as http:
                await _sign_in(http, people[f"demo-{person}"].email)
                found += [await _weigh(http, part, person, page) for page in (*own, *_FOR_ALL)]
        return found
    finally:
        part.end()


async def _sign_in(http: httpx.AsyncClient, email: str) -> None:
    form = {"email": email, "password": PASSWORD, "back": ""}
    answer = await http.post("/en/sign-in", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    if not answer.is_redirect:
        raise RuntimeError(f"{email} could not sign in: {answer.status_code}")


async def _weigh(http: httpx.AsyncClient, part: Part, person: str, page: str) -> Weighed:
    taken, ran = [], []
    for _ in range(_RUNS + 1):
        before, began = _ran_ms(part), time.perf_counter()
        answer = (await http.get(f"/en{page}")).raise_for_status()
        taken.append((time.perf_counter() - began) * 1000)
        ran.append(_ran_ms(part) - before)
    octets = answer.num_bytes_downloaded + await _linked(http, answer.text)
    later = taken[1:]
    return Weighed(
        f"{person}: {page}",
        taken[0],
        percentile(later, 50),
        percentile(later, 95),
        percentile(ran[1:], 50),
        percentile(ran[1:], 95),
        octets / 1000,
    )


def _ran_ms(part: Part) -> float:
    """How long the threads of the server have run, to the nanosecond where the kernel tells it."""
    tasks = Path(f"/proc/{part.daemon or part.process.pid}/task")
    files = [each / "schedstat" for each in tasks.iterdir()] if tasks.is_dir() else []
    try:
        return sum(int(each.read_text().split()[0]) for each in files) / 1_000_000
    except OSError:  # a thread that has just ended
        return part.processor_ms


async def _linked(http: httpx.AsyncClient, page: str) -> int:
    octets = 0
    for address in sorted(set(_LINKED.findall(page))):
        file = (await http.get(address.replace("&amp;", "&"))).raise_for_status()
        octets += file.num_bytes_downloaded
        if "/fonts.css" in address:
            for face in _FACE.findall(file.text):
                if "unicode-range" not in face and (found := _URL.search(face)):
                    font = urljoin(address, found[1])
                    octets += (await http.get(font)).raise_for_status().num_bytes_downloaded
    return octets


def show(found: list[Weighed]) -> None:
    """A line for each page, and whether both targets are met."""
    console.print("\nPages: the first time, then again and again; and what each weighs")
    for each in found:
        light = each.kilobytes <= WEIGHT_KB
        met = "met" if each.p95 <= SERVER_MS and light else "not met"
        if met == "not met" and light and each.processor_p95 <= SERVER_MS:
            met = "not met by the clock; met in processor time"
        console.print(
            f"  {each.page:<50} first {each.first:7.0f}  p50 {each.median:6.1f}"
            f"  p95 {each.p95:6.1f}  processor {each.processor:5.1f}"
            f" and {each.processor_p95:5.1f} ms  {each.kilobytes:4.0f} KB  {met}"
        )


async def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--proposals", type=int, default=100_000)
    parser.add_argument("--database-url")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="accord-bench-"))
    try:
        settings = store_of(settings_for(folder, asked.database_url), asked.proposals)
        console.print(f"load {os.getloadavg()}")
        show(await measure(settings, asked.proposals, folder))
        console.print(f"load {os.getloadavg()}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(_main())
