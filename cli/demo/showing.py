"""What `accord demo run` shows: progress, the history of each project, and one line for each.

Made for eighty columns; a wider terminal only leaves more room.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from rich import box
from rich.console import Group
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.demo.walking import IN_ORDER, PARTNER_ACTS, Journey
from cli.sample import Sample

STAGES = ("draft", "eligibility", "compliance", "desk", "funding", "agreement", "active")
_FINDING = "compliance."


class Shown:
    """Progress bars: one for the whole run, one for each project under way."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._all = Progress(
            TextColumn("[bold]{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:.0f} of {task.total:.0f}"),
            TimeElapsedColumn(),
        )
        self._each = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=14),
            TextColumn("{task.fields[doing]}"),
        )
        self._whole = self._all.add_task("Projects", total=len(samples))
        self._bars: dict[str, TaskID] = {}

    @property
    def bars(self) -> Group:
        return Group(self._all, self._each)

    def moved(self, sample: Sample, stage: str, doing: str) -> None:
        bar = self._bars.get(sample.id)
        if bar is None:
            bar = self._each.add_task(sample.id, total=len(STAGES) - 1, doing="")
            self._bars[sample.id] = bar
        done = STAGES.index(stage) if stage in STAGES else len(STAGES) - 1
        self._each.update(bar, completed=done, doing=f"{stage}: {doing}")

    def ended(self, journey: Journey) -> None:
        bar = self._bars.get(journey.sample.id)
        if bar is not None:
            self._each.update(bar, visible=False)
        self._all.advance(self._whole)


def timeline(journey: Journey) -> Table:
    """The history of one project, as the auditor reads it: a line for each event."""
    day = str(journey.history[0].get("at", ""))[:10] if journey.history else ""
    heads = " ".join(part for part in (journey.sample.id, journey.reference, day) if part)
    table = _table(f"{heads}\n{escape(journey.sample.title)}")
    table.add_column("UTC", no_wrap=True)
    table.add_column("What", ratio=1)
    table.add_column("Who", no_wrap=True, max_width=30)
    kinds: dict[str, str] = {}
    for item in journey.history:
        at = str(item.get("at", ""))[11:19]
        who = str((item.get("actor") or {}).get("name") or "")
        table.add_row(at, escape(_line(item, kinds)), escape(who))
    return table


def summary(journeys: Iterable[Journey]) -> Table:
    """One line for each project: where it ended, with which instrument, and whether rightly."""
    table = _table("Summary")
    for column in ("", "Reference", "Outcome", "Instrument"):
        table.add_column(column, no_wrap=True)
    for column in ("Amount", "Tasks"):
        table.add_column(column, no_wrap=True, justify="right")
    table.add_column("As expected", no_wrap=True)
    for journey in journeys:
        tasks = sum(count for kind, count in journey.tasks.items() if kind not in PARTNER_ACTS)
        table.add_row(
            journey.sample.id,
            journey.reference,
            journey.outcome or (f"in {journey.stage}" if journey.stage else ""),
            journey.instrument,
            _whole(journey.view.get("amount")),
            str(tasks),
            "no" if any(journey.fails()) else "yes",
        )
    return table


def together(journeys: Sequence[Journey]) -> str:
    """What the projects come to: how many ended how, and the money committed by vote."""
    right = sum(not any(journey.fails()) for journey in journeys)
    outcomes = Counter(journey.outcome or "open" for journey in journeys)
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    votes: defaultdict[str, Decimal] = defaultdict(Decimal)
    for journey in journeys:
        for each in journey.view.get("commitments") or []:
            if each.get("state") == "committed":
                vote = str(each["fund"]).removesuffix(f"-{each['fiscal_year']}")
                votes[vote] += Decimal(each["amount"]["value"])
    money = [f"  {vote} {value:,.0f}" for vote, value in sorted(votes.items())]
    lines = [f"{told}; {right} of {len(journeys)} as expected."]
    return "\n".join([*lines, *(["Committed, in Canadian dollars:"] if money else []), *money])


def _table(title: str) -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=0,
    )


def _line(item: dict[str, Any], kinds: dict[str, str]) -> str:
    """What happened, in a few words; *kinds* remembers what each task was about."""
    data = item.get("data") or {}
    type_ = str(item["type"])
    if data.get("task") and data.get("kind") and type_.startswith("task_"):
        told = kinds.setdefault(data["task"], _task(data, kinds))
        if type_ == "task_decided":
            line = f"{told}: {data.get('outcome', '')}"
        else:
            line = f"{item.get('title') or type_}: {told}"
    else:
        more = data.get("kind") or data.get("outcome") or data.get("stage") or ""
        line = f"{item.get('title') or type_}{f': {more}' if more else ''}"
    reason = item.get("reason")
    return f"{line}\n{reason}" if reason and reason != IN_ORDER else line


def _task(data: dict[str, Any], kinds: dict[str, str]) -> str:
    """A task by its kind; a finding goes by its own name, which its stage makes plain."""
    kind = str(data["kind"]).removeprefix(_FINDING)
    of = data.get("confirms") or data.get("arbitrates")
    if of:
        return f"{kind} of {kinds.get(of, of)}"
    return f"{kind} {data['subject']}" if data.get("subject") else kind


def _whole(amount: dict[str, str] | None) -> str:
    return f"{Decimal(amount['value']):,.0f}" if amount else ""
