"""How well and how fast names are told apart; `python -m bench.names`, and a part of `make bench`.

Accuracy is measured on labelled pairs of names, which are not part of the project
(`ACCORD_REAL_DATA` names the folder that holds `name_matching/name_pairs.csv`): the threshold of
each way is chosen on nine tenths and judged on the last, ten times, in five orders.
Only the threshold is: the weights of `policy.likeness` were set by people who had seen pairs of
this kind. Speed is measured on invented names.
"""

import csv
import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein
from rich.console import Console
from rich.table import Table

from cli.settings import REPOSITORY
from policy.likeness import compare
from policy.matching import Entry, Matcher
from policy.name_words import spellings

THRESHOLD = 0.70
"""Of `policy/in_force/screening`."""
ENTRIES = 100_000
MOST_MS = 50.0
ORACLE = (0.778, 0.864, 0.819)
"""nomenklatura's logic-v2 on these pairs at 0.68: precision, recall, F1.

Measured where it could be built: it needs PyICU, which has no wheels, so not here. Cross-validated
as below its F1 is 0.788 (precision 0.800, recall 0.776).
"""
ORACLE_A_SECOND = 5_000.0
_FOLDS = 10
_ORDERS = 5
_ASKED = 200
_SYLLABLES = "ba ko ri mun tar ez il sha vor len du pe ga hol nik sa ur wen jo mi fra ost".split()  # noqa: SIM905 - read as words

console = Console(width=118)


@dataclass(frozen=True)
class Pair:
    one: str
    other: str
    kind: str
    match: bool


@dataclass(frozen=True)
class Judged:
    """Precision, recall and F1 by cross-validation, and at policy's threshold."""

    name: str
    validated: tuple[float, float, float]
    fixed: tuple[float, float, float]
    a_second: float


def show() -> None:
    """Print both tables; without the labelled pairs, the second alone."""
    pairs = _pairs()
    if pairs:
        _show_accuracy(pairs)
    else:
        console.print("No labelled names: name their folder in ACCORD_REAL_DATA.", style="dim")
    _show_speed()


def likeness(pair: Pair) -> float:
    """What Accord's matching says of two names and nothing else."""
    return max(
        (
            compare(one, other, pair.kind).score
            for one in spellings(pair.one, pair.kind)
            for other in spellings(pair.other, pair.kind)
        ),
        default=0.0,
    )


def _edit_distance(pair: Pair) -> float:
    return Levenshtein.normalized_similarity(pair.one.casefold(), pair.other.casefold())


def _sorted_words(pair: Pair) -> float:
    return fuzz.token_sort_ratio(pair.one.casefold(), pair.other.casefold()) / 100


def judge(name: str, way: Callable[[Pair], float], pairs: Sequence[Pair]) -> Judged:
    started = time.perf_counter()
    scored = [(way(pair), pair.match) for pair in pairs]
    taken = time.perf_counter() - started
    found = [_validated(scored, order) for order in range(_ORDERS)]
    means = [statistics.mean(figures) for figures in zip(*found, strict=True)]
    fixed = _figures([(score >= THRESHOLD, match) for score, match in scored])
    return Judged(name, (means[0], means[1], means[2]), fixed, len(pairs) / taken)


def _validated(scored: Sequence[tuple[float, bool]], order: int) -> tuple[float, float, float]:
    numbers = list(range(len(scored)))
    random.Random(order).shuffle(numbers)  # noqa: S311 - an order, no secret
    said: list[tuple[bool, bool]] = []
    for fold in range(_FOLDS):
        held = set(numbers[fold::_FOLDS])
        rest = [scored[number] for number in numbers if number not in held]
        best = max(
            (step / 100 for step in range(30, 100)),
            key=lambda least: _figures([(score >= least, match) for score, match in rest])[2],
        )
        said += [(scored[number][0] >= best, scored[number][1]) for number in held]
    return _figures(said)


def _figures(said: Sequence[tuple[bool, bool]]) -> tuple[float, float, float]:
    right = sum(found and match for found, match in said)
    found_at_all = sum(found for found, _ in said)
    matches = sum(match for _, match in said)
    precision, recall = right / (found_at_all or 1), right / (matches or 1)
    return precision, recall, 2 * right / ((found_at_all + matches) or 1)


def _show_accuracy(pairs: Sequence[Pair]) -> None:
    judged = [
        judge("Accord", likeness, pairs),
        judge("edit distance", _edit_distance, pairs),
        judge("words in order", _sorted_words, pairs),
    ]
    table = Table(title=f"{len(pairs)} labelled pairs of names, cross-validated", box=None)
    for column in ("", "precision", "recall", "F1", f"F1 at {THRESHOLD}", "pairs/s", "of logic-v2"):
        table.add_column(column, justify="left" if not column else "right")
    for each in judged:
        figures = [f"{value:.3f}" for value in (*each.validated, each.fixed[2])]
        ratio = f"{each.a_second / ORACLE_A_SECOND:.1f}"
        table.add_row(each.name, *figures, f"{each.a_second:,.0f}", ratio)
    oracle = [f"{value:.3f}" for value in ORACLE]
    table.add_row("logic-v2 (elsewhere)", *oracle, "", f"{ORACLE_A_SECOND:,.0f}", "1.0")
    console.print(table)


def _show_speed() -> None:
    entries = invented(ENTRIES)
    started = time.perf_counter()
    matcher = Matcher(entries)
    built = time.perf_counter() - started
    times, found = [], 0
    for name, entry in questions(entries):
        started = time.perf_counter()
        hits = matcher.candidates(name, entry.kind, threshold=THRESHOLD)
        times.append((time.perf_counter() - started) * 1000)
        found += any(hit.entry is entry for hit in hits)
    middle, late = statistics.median(times), sorted(times)[len(times) * 95 // 100]
    verdict = "within" if middle <= MOST_MS else "ABOVE"
    console.print(
        f"One name, words reordered and a letter lost, against {len(entries):,} entries:"
        f" median {middle:.1f} ms, p95 {late:.1f} ms ({verdict} {MOST_MS:.0f} ms);"
        f" {found} of {len(times)} found; index built in {built:.1f} s."
    )


def invented(number: int, seed: int = 7) -> list[Entry]:
    """Names of two to four words, of which nobody has one."""
    chance = random.Random(seed)  # noqa: S311 - names, no secret
    words = [
        "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(number // 4)
    ]
    return [
        Entry(
            list_id="invented",
            entry=str(place),
            kind="person" if chance.random() < 0.6 else "organization",  # noqa: PLR2004
            names=(" ".join(chance.sample(words, chance.randint(2, 4))).title(),),
        )
        for place in range(number)
    ]


def questions(entries: Sequence[Entry], seed: int = 11) -> list[tuple[str, Entry]]:
    """Names of some of the entries as somebody else may write them."""
    chance = random.Random(seed)  # noqa: S311 - names, no secret
    asked = []
    for entry in chance.sample(list(entries), min(_ASKED, len(entries))):
        words = entry.names[0].split()
        chance.shuffle(words)
        place = max(range(len(words)), key=lambda at: len(words[at]))
        cut = chance.randrange(1, len(words[place]))
        words[place] = words[place][:cut] + words[place][cut + 1 :]
        asked.append((" ".join(words), entry))
    return asked


def _pairs() -> list[Pair]:
    named = os.environ.get("ACCORD_REAL_DATA")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "data"
    path = folder / "name_matching" / "name_pairs.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as file:
        return [
            Pair(
                row["name1"],
                row["name2"],
                "person" if row["schema"] == "Person" else "organization",
                row["is_match"] == "true",
            )
            for row in csv.DictReader(file)
        ]


if __name__ == "__main__":
    show()
