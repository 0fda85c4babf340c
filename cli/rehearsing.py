"""`accord policy rehearse DRAFT.yaml`: what past proposals would have come to under draft terms.

Reads the store and writes nothing; the engine need not run.
"""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import yaml

from cli.settings import REPOSITORY, Settings
from commands import rehearsing
from policy.catalogue import Catalogue, PolicyProblems
from schemas.terms import Terms
from store.database import Database

_SHOWN = {
    "outcome": "outcome",
    "stage": "stage",
    "rung": "approver",
    "residual": "level",
    "asked": "tasks",
    "overdue": "overdue",
    "missed": "standards missed",
    "days": "days in stages",
    "decided_at": "decided",
    "refused": "refused",
    "assumed": "assumed",
    "waits_for": "waits for",
}


async def rehearse(settings: Settings, draft: Path, *, as_json: bool) -> int:
    """A paragraph for each proposal that would differ, or all as JSON; 1 if the draft is bad."""
    try:
        catalogue, terms = with_draft(draft, REPOSITORY / "policy")
    except PolicyProblems as error:
        for problem in error.problems:
            print(problem)  # noqa: T201 - told to the operator
        return 1
    database = Database(settings.database_url)
    try:
        return await report(database, catalogue, terms, as_json=as_json)
    finally:
        await database.close()


def with_draft(draft: Path, policy: Path) -> tuple[Catalogue, Terms]:
    """The policy files with *draft* among them, checked as they are; raises PolicyProblems."""
    text = draft.read_text(encoding="utf-8")
    written = yaml.safe_load(text)
    named = written if isinstance(written, dict) else {}
    code, effective = str(named.get("code", draft.stem)), str(named.get("effective", draft.stem))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for part in ("programmes", "checklists", "in_force"):
            shutil.copytree(policy / part, root / part)
        place = root / "programmes" / Path(code).name / f"{Path(effective).name}.yaml"
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, encoding="utf-8")
        catalogue = Catalogue.load(root)
    return catalogue, catalogue.terms(f"{code}/{effective}")


async def report(database: Database, catalogue: Catalogue, terms: Terms, *, as_json: bool) -> int:
    """As `rehearse`, of a store that is open."""
    items = [item async for item in rehearsing.rehearse(database, catalogue, terms)]
    totals = rehearsing.totals(items)
    if as_json:
        print(json.dumps({"draft": terms.version, "totals": totals, "items": items}))  # noqa: T201
        return 0
    for item in items:
        for line in _lines(item):
            print(line)  # noqa: T201
    print(  # noqa: T201
        f"{totals['proposals']} proposals, {totals['differ']} would differ,"
        f" {totals['left_out']} left out; mean days"
        f" {totals['mean_days_before']} -> {totals['mean_days_after']}."
    )
    return 0


def _lines(item: dict[str, Any]) -> list[str]:
    if item["left_out"]:
        return [f"{item['reference']}  left out: {item['left_out']}"]
    if not item["differs"]:
        return [f"{item['reference']}  the same"]
    lines = [item["reference"]]
    for name in item["differs"]:
        if name == "checks":
            changed = ", ".join(
                f"{c['code']} {c['before']} -> {c['after']}" for c in item["checks"]
            )
            lines.append(f"  {'checks':<17} {changed}")
            continue
        before, after = item["before"][name], item["after"][name]
        lines.append(f"  {_SHOWN[name]:<17} {_change(before, after)}")
    return lines


def _change(before: Any, after: Any) -> str:
    if isinstance(before, dict) and isinstance(after, dict):
        return ", ".join(
            f"{key} {before.get(key, 0)} -> {after.get(key, 0)}"
            for key in dict.fromkeys((*before, *after))
            if before.get(key) != after.get(key)
        )
    return f"{_plain(before)} -> {_plain(after)}"


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(" ".join(e) if isinstance(e, list) else str(e) for e in value) or "none"
    return str(value) if value is not None else "none"
