"""What is printed: figures of one run, ratios to the bare workflow, and the targets."""

import statistics
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from bench.lists import Timed
from bench.machine import size
from bench.sample import Footprint, Sample

console = Console(width=118)

MOST_EVENTS = 1.35
LEAST_RATE = 0.7
MOST_ADDED_MS = 10.0
MOST_PAGE_MS = 30.0
MOST_IDLE_MB = 400.0
MOST_GROWTH = 1.15

_NAMES = {
    "bare": "bare workflow",
    "gateway": "Accord, gateway",
    "http": "Accord, HTTP",
    "dbos": "DBOS on PostgreSQL",
    "full": "Accord, full store",
}

Taken = Mapping[tuple[str, int], Sequence[Sample]]


def progress(number: int, variant: str, sample: Sample) -> None:
    console.print(
        f"  round {number + 1}  {_NAMES[variant]:<20} {sample.at_a_time:>2} at a time  "
        f"{sample.per_second:6.2f}/s  p50 {sample.median:7.1f} ms  p99 {sample.p99:7.1f} ms"
        + (f"  asked again {sample.waits}" if sample.waits else "")
        + (f"  late {sample.late}" if sample.late else ""),
        style="dim",
    )


def show_load(updates: int, taken: Taken, footprints: Mapping[str, Footprint]) -> None:
    console.print(f"\nThis machine: {size()}. {updates} updates per approved proposal.\n")
    for at_a_time in sorted({key[1] for key in taken}):
        _speeds(taken, at_a_time)
    _processor(taken)
    _footprints(footprints)


def _speeds(taken: Taken, at_a_time: int) -> None:
    table = Table(title=f"{at_a_time} at a time: medians of runs (least to most)", box=None)
    for name in ("", "approvals/s", "of bare", "decision p50 ms", "of bare", "decision p99 ms"):
        table.add_column(name, justify="left" if not name else "right")
    for variant in (v for v, many in taken if many == at_a_time):
        samples = taken[variant, at_a_time]
        table.add_row(
            _NAMES[variant],
            _spread([s.per_second for s in samples], 2),
            _ratio(taken, variant, at_a_time, "per_second"),
            _spread([s.median for s in samples], 1),
            _ratio(taken, variant, at_a_time, "median"),
            _spread([s.p99 for s in samples], 1),
        )
    console.print(table)
    console.print()


_WORKERS = {
    "bare": ("temporal", "bare worker"),
    "gateway": ("temporal", "worker"),
    "http": ("temporal", "worker", "api"),
    "full": ("temporal", "worker"),
    "dbos": ("postgresql", "dbos worker"),
}


def _processor(taken: Taken) -> None:
    """Unlike the clock, this hardly depends on what else the machine does."""
    table = Table(title="Processor time per approved proposal, ms (clients left out)", box=None)
    for name in ("", "at a time", "engine", "worker", "API", "together", "of bare"):
        table.add_column(name, justify="left" if not name else "right")
    totals = {}
    for (variant, at_a_time), samples in taken.items():
        found = [
            statistics.median(s.processor.get(part, 0.0) for s in samples)
            for part in _WORKERS[variant]
        ]
        totals[variant, at_a_time] = sum(found)
        bare = totals.get(("bare", at_a_time))
        cells = [f"{each:.0f}" for each in found] + [""] * (3 - len(found))
        of_bare = f"{sum(found) / bare:.2f}" if bare else ""
        table.add_row(_NAMES[variant], str(at_a_time), *cells, f"{sum(found):.0f}", of_bare)
    console.print(table)
    console.print()


def _footprints(footprints: Mapping[str, Footprint]) -> None:
    table = Table(title="What one approved proposal leaves in Temporal", box=None)
    for name in ("", "events", "of bare", "bytes", "billable actions", "workflow tasks"):
        table.add_column(name, justify="left" if not name else "right")
    bare = footprints["bare"]
    for variant, found in footprints.items():
        table.add_row(
            _NAMES[variant],
            str(found.events),
            f"{found.events / bare.events:.2f}",
            str(found.bytes),
            str(found.actions),
            str(found.workflow_tasks),
        )
    console.print(table)
    console.print()


def show_processes(
    memory: Mapping[str, tuple[float | None, float]], started: Mapping[str, float]
) -> None:
    table = Table(title="Processes", box=None)
    for name in ("", "ready after s", "idle MB (PSS)", "after the load MB"):
        table.add_column(name, justify="left" if not name else "right")
    for part, (idle, after) in memory.items():
        shown = f"{idle:.0f}" if idle is not None else ""
        table.add_row(part, f"{started[part]:.2f}", shown, f"{after:.0f}")
    console.print(table)
    console.print()


def show_pages(pages: Sequence[Timed]) -> None:
    table = Table(title="Lists, search and counts over HTTP, ms", box=None)
    for name in ("", "median", "p95"):
        table.add_column(name, justify="left" if not name else "right")
    for page in pages:
        table.add_row(page.question, f"{page.median:.1f}", f"{page.p95:.1f}")
    console.print(table)
    console.print()


def show_targets(
    taken: Taken,
    footprints: Mapping[str, Footprint],
    memory: Mapping[str, tuple[float | None, float]],
    pages: Sequence[Timed],
) -> None:
    table = Table(title="Targets", box=None)
    for name in ("", "target", "found", ""):
        table.add_column(name)

    def row(what: str, target: str, found: float, *, met: bool, shown: str = "{:.2f}") -> None:
        table.add_row(what, target, shown.format(found), "met" if met else "MISSED")

    if {"bare", "gateway"} <= footprints.keys():
        events = footprints["gateway"].events / footprints["bare"].events
        row("events, of bare", f"<= {MOST_EVENTS}", events, met=events <= MOST_EVENTS)
    for at_a_time in sorted({key[1] for key in taken}):
        for variant in ("gateway", "http"):
            rate = _of(taken, variant, "bare", at_a_time, "per_second")
            if rate is not None:
                what = f"{_NAMES[variant]}, {at_a_time} at a time: approvals/s, of bare"
                row(what, f">= {LEAST_RATE}", rate, met=rate >= LEAST_RATE)
            peer = _of(taken, variant, "dbos", at_a_time, "per_second")
            if peer is not None:
                what = f"{_NAMES[variant]}, {at_a_time} at a time: approvals/s, of DBOS"
                row(what, "> 1", peer, met=peer > 1)
    if ("http", 1) in taken and ("bare", 1) in taken:
        added = _median(taken["http", 1], "median") - _median(taken["bare", 1], "median")
        row(
            "decision over HTTP, one at a time, above a bare update, ms",
            f"<= {MOST_ADDED_MS:.0f}",
            added,
            met=added <= MOST_ADDED_MS,
            shown="{:.1f}",
        )
    if {("full", 1), ("gateway", 1)} <= taken.keys():
        grown = _used(taken, "full") / _used(taken, "gateway")
        row(
            "processor time per proposal in a full store, of an empty one",
            f"<= {MOST_GROWTH}",
            grown,
            met=grown <= MOST_GROWTH,
        )
    lists = [page for page in pages if "counts" not in page.question]
    if lists:
        slowest = max(lists, key=lambda page: page.p95)
        row(
            f"the slowest page ({slowest.question}), p95 ms",
            f"<= {MOST_PAGE_MS:.0f}",
            slowest.p95,
            met=slowest.p95 <= MOST_PAGE_MS,
            shown="{:.1f}",
        )
    idle = sum(each for each, _ in memory.values() if each is not None)
    row("idle system, MB", f"< {MOST_IDLE_MB:.0f}", idle, met=idle < MOST_IDLE_MB, shown="{:.0f}")
    console.print(table)


def _ratio(taken: Taken, variant: str, at_a_time: int, what: str) -> str:
    found = _of(taken, variant, "bare", at_a_time, what)
    return "" if found is None else f"{found:.2f}"


def _of(taken: Taken, variant: str, other: str, at_a_time: int, what: str) -> float | None:
    """The median over rounds of the ratio within a round: what disturbs both cancels out."""
    left, right = taken.get((variant, at_a_time)), taken.get((other, at_a_time))
    if not left or not right:
        return None
    pairs = zip(left, right, strict=True)
    return float(statistics.median(getattr(a, what) / getattr(b, what) for a, b in pairs))


def _used(taken: Taken, variant: str) -> float:
    samples = taken[variant, 1]
    return sum(
        statistics.median(s.processor.get(part, 0.0) for s in samples) for part in _WORKERS[variant]
    )


def _median(samples: Sequence[Sample], what: str) -> float:
    return float(statistics.median(getattr(each, what) for each in samples))


def _spread(values: Sequence[float], digits: int) -> str:
    return (
        f"{statistics.median(values):.{digits}f} "
        f"({min(values):.{digits}f} to {max(values):.{digits}f})"
    )
