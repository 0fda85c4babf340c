"""Newer versions of a program's terms, for tests alone: the policy files with one more."""

import copy
import shutil
from collections.abc import Callable
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from policy.catalogue import Catalogue

MINUTE = timedelta(minutes=1)
EFFECTIVE = "2026-04-02"
CTCBP = f"CTCBP/{EFFECTIVE}"
"""The day after the published version: in force on every day on which tests run."""

Edit = Callable[[dict[str, Any]], None]


def policy_with(folder: Path, edit: Edit, *, programme: str = "CTCBP") -> Path:
    """The policy files, and beside them a version of *programme* as *edit* changes it."""
    for name in ("programmes", "checklists", "in_force"):
        shutil.copytree(str(files("policy") / name), folder / name, dirs_exist_ok=True)
    write(folder / "programmes" / programme / f"{EFFECTIVE}.yaml", written(edit, programme))
    return folder


def catalogue_with(folder: Path, edit: Edit, *, programme: str = "CTCBP") -> Catalogue:
    return Catalogue.load(policy_with(folder, edit, programme=programme))


def written(edit: Edit, programme: str = "CTCBP") -> dict[str, Any]:
    """What the file of the newer version says."""
    published = files("policy") / "programmes" / programme / "2026-04-01.yaml"
    data = copy.deepcopy(yaml.safe_load(published.read_text(encoding="utf-8")))
    data["effective"] = EFFECTIVE
    edit(data)
    return data


def write(path: Path, data: dict[str, Any]) -> Path:
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


# ---- edits


def nothing(_: dict[str, Any]) -> None:
    """The same terms under another date."""


def two_recommend(data: dict[str, Any]) -> None:
    """Two people recommend the money, each another."""
    data["quorum"]["funding.recommend"] = 2


def an_hour(data: dict[str, Any]) -> None:
    """A letter is told an hour after it is written."""
    data["undo_minutes"] = 60


def without_a_finding(code: str) -> Edit:
    def edit(data: dict[str, Any]) -> None:
        data["findings"] = [f for f in data["findings"] if f["code"] != code]

    return edit


def always(code: str) -> Edit:
    """The finding *code*, which a trigger opened, is asked of every proposal."""

    def edit(data: dict[str, Any]) -> None:
        for finding in data["findings"]:
            if finding["code"] == code:
                finding.pop("when", None)

    return edit


def with_facts(**facts: Any) -> Edit:
    def edit(data: dict[str, Any]) -> None:
        data.update(facts)

    return edit


def with_days(kind: str, days: int) -> Edit:
    def edit(data: dict[str, Any]) -> None:
        data["task_days"][kind] = days

    return edit


def a_harsher_matrix(data: dict[str, Any]) -> None:
    data["risk_matrix"]["levels"]["possible"]["minor"] = "medium"


def together(*edits: Edit) -> Edit:
    def edit(data: dict[str, Any]) -> None:
        for each in edits:
            each(data)

    return edit
