"""`make bench`: everything in one run, interleaved, as medians with their spread."""

import argparse
import asyncio
import logging
import os
import shutil
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import structlog
from temporalio.client import Client

from bench import (
    accord_gateway,
    accord_http,
    bare,
    inboxes,
    lists,
    machine,
    names,
    pages,
    report,
    reservations,
)
from bench.accord_http import HttpClient
from bench.dbos_client import Dbos
from bench.installation import Installation, learn, prepare, running, settings_for
from bench.machine import Part
from bench.sample import Sample, footprint
from cli.settings import REPOSITORY, Settings
from workflows.gateway import workflow_id

_DBOS_PYTHON = REPOSITORY / "build" / "bench-dbos" / "bin" / "python"
_IDLE_SECONDS = 5.0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="runs of each variant")
    parser.add_argument("--one", type=int, default=6, help="proposals per run, one at a time")
    parser.add_argument("--many", type=int, default=40, help="proposals per run, many at a time")
    parser.add_argument("--lanes", type=int, default=20, help="how many at a time are many")
    parser.add_argument("--store", type=int, default=1_000_000, help="proposals listed; 0: none")
    parser.add_argument("--inbox", type=int, default=100_000, help="tasks of one inbox; 0: none")
    parser.add_argument(
        "--pages", type=int, default=100_000, help="proposals behind pages; 0: none"
    )
    parser.add_argument(
        "--reservations", type=int, default=100, help="of each process on one fund; 0: none"
    )
    parser.add_argument(
        "--variants", default="bare,gateway,http,dbos", help="which of them, by comma"
    )
    parser.add_argument(
        "--database-url",
        help="an empty PostgreSQL database for Accord's store; without it a SQLite file",
    )
    return parser.parse_args()


async def _main(asked: argparse.Namespace, folder: Path) -> None:
    variants = asked.variants.split(",")
    settings = settings_for(folder, asked.database_url)
    await prepare(settings)
    async with AsyncExitStack() as stack:
        accord = await stack.enter_async_context(running(settings, folder))
        await asyncio.sleep(_IDLE_SECONDS)
        idle = {part.name: part.pss_mb for part in accord.parts}
        yardstick = await machine.start(
            "bare worker",
            [sys.executable, "-P", "-m", "bench.bare", settings.engine_address],
            folder,
            bare.READY,
            settings.environment_of_tools() | {"PYTHONPATH": str(REPOSITORY)},
        )
        stack.callback(yardstick.end)
        peer = Dbos(_DBOS_PYTHON, folder)
        if "dbos" in variants:
            stack.callback(peer.end)
            await peer.start(folder / "postgresql")
        # The yardstick knows no codec and no converter but the SDK's own.
        plain = await Client.connect(settings.engine_address)
        http = HttpClient(accord)
        stack.push_async_callback(http.close)
        updates = await learn(accord)
        taken = await _rounds(asked, variants, accord, plain, http, yardstick, peer, updates)
        footprints = {"bare": await footprint(plain, await bare.one_id(plain, updates))}
        if "gateway" in variants:
            reference = taken["gateway", 1][0].references[0]
            footprints["gateway"] = await footprint(accord.client, workflow_id(reference))
        parts = [*accord.parts, yardstick, *peer.parts]
        memory = {part.name: (idle.get(part.name), part.pss_mb) for part in parts}
        started = {part.name: part.start_seconds for part in parts}
    report.show_load(updates, taken, footprints)
    report.show_processes(memory, started)
    listed = []
    if asked.store:
        kept = lists.store_of(settings, asked.store)
        report.console.print(f"  lists among {asked.store:,} proposals", style="dim")
        listed = await lists.measure(kept, asked.store, folder)
        taken["full", 1] = await _among_many(asked, kept, folder)
        report.show_pages(listed)
    if asked.inbox:
        report.console.print(f"  one inbox with {asked.inbox:,} open tasks", style="dim")
        inbox = lists.store_of(settings, asked.inbox, "inbox")
        inboxes.show(*await inboxes.measure(inbox, asked.inbox, folder))
    if asked.pages:
        report.console.print(f"  pages with {asked.pages:,} proposals", style="dim")
        behind = lists.store_of(settings, asked.pages)
        pages.show(await pages.measure(behind, asked.pages, folder))
    if asked.reservations:
        report.console.print("  reservations against one fund", style="dim")
        url = asked.database_url or reservations.store_in(folder)
        taken_money = await reservations.measure(url, asked.reservations, asked.rounds)
        reservations.show(taken_money, asked.reservations)
    report.show_targets(taken, footprints, memory, listed)


async def _rounds(
    asked: argparse.Namespace,
    variants: list[str],
    accord: Installation,
    plain: Client,
    http: HttpClient,
    yardstick: Part,
    peer: Dbos,
    updates: int,
) -> dict[tuple[str, int], list[Sample]]:
    async def one(variant: str, proposals: int, at_a_time: int) -> Sample:
        match variant:
            case "bare":
                return await bare.drive(plain, proposals, at_a_time, updates)
            case "gateway":
                return await accord_gateway.drive(accord, proposals, at_a_time)
            case "http":
                return await accord_http.drive(accord, http, proposals, at_a_time)
            case _:
                return await peer.drive(proposals, at_a_time, updates)

    parts = [*accord.parts, yardstick, *peer.parts]
    taken: dict[tuple[str, int], list[Sample]] = {}
    for variant in variants:
        await one(variant, 4, 4)  # warm
    for number in range(asked.rounds):
        for at_a_time, proposals in ((1, asked.one), (asked.lanes, asked.many)):
            for variant in variants if number % 2 == 0 else reversed(variants):
                before = _processor(parts)
                sample = await one(variant, proposals, at_a_time)
                used = _processor(parts)
                sample.processor = {n: (used[n] - before[n]) / proposals for n in used}
                taken.setdefault((variant, at_a_time), []).append(sample)
                report.progress(number, variant, sample)
    return taken


async def _among_many(asked: argparse.Namespace, kept: Settings, folder: Path) -> list[Sample]:
    """The gateway's runs again, one at a time, with an engine of its own and a full store."""
    settings = kept.model_copy(
        update={
            "data_dir": folder / "full",
            "port": machine.free_port(),
            "temporal_port": machine.free_port(),
        }
    )
    async with running(settings, folder) as accord:
        await learn(accord)
        await accord_gateway.drive(accord, 4, 4)  # warm
        samples = []
        for number in range(asked.rounds):
            before = _processor(accord.parts)
            sample = await accord_gateway.drive(accord, asked.one, 1)
            used = _processor(accord.parts)
            sample.processor = {n: (used[n] - before[n]) / asked.one for n in used}
            samples.append(sample)
            report.progress(number, "full", sample)
        return samples


def _processor(parts: list[Part]) -> dict[str, float]:
    return {part.name: part.processor_ms for part in parts}


def main() -> None:
    asked = _arguments()
    # What commands log in this process is no part of the figures.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    folder = Path(tempfile.mkdtemp(prefix="accord-bench-"))
    names.show()
    asyncio.run(_main(asked, folder))
    shutil.rmtree(folder, ignore_errors=True)  # kept, with the logs, where a run fails
    sys.stdout.flush()
    os._exit(0)  # the SDK's threads may crash the interpreter's own exit


if __name__ == "__main__":
    main()
