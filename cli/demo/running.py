"""`accord demo run`: the whole sample, or some of it, and what is told of it at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import httpx
from rich.console import Console
from rich.live import Live

from cli.demo.client import API, Problem
from cli.demo.showing import Shown, summary, timeline, together
from cli.demo.walking import Journey, Walker
from cli.sample import Sample, sample_projects


def run(
    url: str = "http://127.0.0.1:8000",
    password: str | None = None,
    only: list[str] | None = None,
    jobs: int = 1,
    quiet: bool = False,  # noqa: FBT001, FBT002  # as typer hands it over
) -> int:
    """Walk the sample (or *only* some of it) through the Accord at *url*; the exit code."""
    console = Console(highlight=False)
    try:
        samples = sample_projects(only)
    except KeyError as unknown:
        console.print(f"The sample has no project {unknown.args[0]}.")
        return 2
    try:
        journeys = asyncio.run(_run(url, password, samples, jobs, console, quiet=quiet))
    except httpx.TransportError:
        console.print(f"No Accord answers at {url}. Start it with `make up`.", soft_wrap=True)
        return 2
    except Problem as problem:
        console.print(f"{problem.detail} Start it with `make up`, which brings one.")
        return 2
    return tell(console, journeys, quiet=quiet)


def tell(console: Console, journeys: Sequence[Journey], *, quiet: bool = False) -> int:
    """Print each history, a line for each project, and what is not as expected; the exit code."""
    if not quiet:
        for journey in journeys:
            console.print(timeline(journey), "")
    console.print(summary(journeys), "")
    console.print(together(journeys))
    failed = [(journey, told) for journey in journeys for told in journey.fails()]
    for journey, told in failed:
        line = f"{journey.sample.id} {journey.reference}: {told}"
        console.print(line, markup=False, soft_wrap=True)
    return 1 if failed else 0


async def _run(
    url: str,
    password: str | None,
    samples: Sequence[Sample],
    jobs: int,
    console: Console,
    *,
    quiet: bool,
) -> list[Journey]:
    shown = Shown(samples)
    at_a_time = asyncio.Semaphore(max(1, jobs))
    async with httpx.AsyncClient(base_url=url, timeout=30.0) as client:
        await client.get(f"{API}/programmes")  # says at once when nothing answers
        walker = await Walker.meet(client, password, None if quiet else shown)

        async def walk(sample: Sample) -> Journey:
            async with at_a_time:
                return await walker.walk(sample)

        if quiet:
            return list(await asyncio.gather(*map(walk, samples)))
        with Live(shown.bars, console=console, refresh_per_second=8):
            journeys = list(await asyncio.gather(*map(walk, samples)))
        console.line(1 if console.is_terminal else 2)  # in a file, the bars end no line
        return journeys
