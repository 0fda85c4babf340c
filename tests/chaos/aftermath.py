"""What must hold after everything was killed: nothing acknowledged is lost, or done twice."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from decimal import Decimal
from typing import Any

from tests.chaos.load import MARK, Act, Load
from tests.chaos.running import Running

_HELD = ("reserved", "committed", "certified", "paid")
_ENGINE_FILES = ("temporal.db", "temporal.db-wal")


async def losses(load: Load) -> AsyncIterator[str]:
    """Every acknowledged act whose event is missing, or there more than once."""
    for reference in sorted({act.reference for act in load.ledger.acts}):
        history = await load.all_of(f"/proposals/{reference}/history")
        told = Counter((item["type"], _said(item)) for item in history)
        acts = [act for act in load.ledger.acts if act.reference == reference]
        for act in acts:
            number = told[act.event, act.said]
            if number != 1:
                yield f"{reference}: {act.event} {act.said} is there {number} times"
        tasks = Counter(item["data"]["task"] for item in history if item["type"] == "task_decided")
        for task, number in tasks.items():
            if number != 1:
                yield f"{reference}: {task} is decided {number} times"
        decided = sum(act.event == "task_decided" for act in acts)
        if decided != sum(tasks.values()):
            yield f"{reference}: {sum(tasks.values())} decisions, {decided} were acknowledged"


async def duplicates(load: Load) -> AsyncIterator[str]:
    """Proposals of this load that nobody was told of."""
    known = {course.reference for course in load.ledger.courses}
    for row in await load.all_of("/proposals"):
        if str(row["title"]).startswith(MARK) and row["reference"] not in known:
            yield f"{row['reference']} was created beside the acknowledged ones"


async def wrong_ends(load: Load) -> AsyncIterator[str]:
    """Proposals that do not stand where their decisions took them."""
    for course in load.ledger.courses:
        view = (await load.ask(load.auditor, "GET", f"/proposals/{course.reference}")).json()
        if (view["stage"], view["outcome"]) != course.ends:
            yield f"{course.reference} ({course.name}) is {view['stage']}, {view['outcome']}"


async def wrong_funds(load: Load) -> AsyncIterator[str]:
    """Funds that are not what all proposals together hold of them."""
    expected: Counter[tuple[str, str]] = Counter()
    for row in await load.all_of("/proposals"):
        path = f"/proposals/{row['reference']}"
        for part in (await load.ask(load.auditor, "GET", path)).json().get("commitments") or []:
            for state, amount in part["held"].items():
                expected[part["fund"], state] += _cents(amount)
    for fund in await load.all_of("/funds"):
        for state in _HELD:
            due = expected[fund["id"], state]
            if _cents(fund[state]) != due:
                yield f"{fund['id']}: {fund[state]['value']} {state}, not {due} cents"
        held = sum(_cents(fund[state]) for state in (*_HELD, "available"))
        if held != _cents(fund["budget"]) + _cents(fund["deficit"]):
            yield f"{fund['id']} does not add up"


async def other_answers(load: Load, acts: Iterable[Act]) -> AsyncIterator[str]:
    """Acts that are answered otherwise when they are asked for once more."""
    for act in acts:
        answer = await load.repeat(act)
        if answer.content != act.answer:
            yield f"{act.path} answers {answer.status_code} {answer.text[:200]}"


async def all_troubles(load: Load, accord: Running, repeated: Iterable[Act]) -> list[str]:
    """Everything above, and what `accord verify` finds."""
    found = [
        told
        for check in (
            losses(load),
            duplicates(load),
            wrong_ends(load),
            wrong_funds(load),
            other_answers(load, repeated),
            losses(load),
        )
        async for told in check
    ]
    return found + differences(accord)


def differences(accord: Running) -> list[str]:
    said = accord.run("verify")
    if said.returncode == 0 and ": 0 differences" in said.stdout:
        return []
    return [f"verify: {said.stdout[-2000:]}{said.stderr[-500:]}"]


def told_outside(accord: Running) -> list[str]:
    """Where free text or a name stands outside the store: logs, the engine's file, arguments."""
    words = (MARK, "@accord.example", "Programme officer")
    found = [
        f"{name} holds {word}: {line[:300]}"
        for name, text in accord.logs().items()
        for word in words
        for line in text.splitlines()
        if word in line
    ]
    for name in _ENGINE_FILES:
        if (file := accord.folder / name).exists():
            held = file.read_bytes()
            found += [f"{name} holds {word}" for word in words if word.encode() in held]
    return found


def _said(item: dict[str, Any]) -> str:
    if item["type"] in ("proposal_submitted", "proposal_resubmitted"):
        return str(item["data"]["revision"])
    return str(item["reason"] or "")


def _cents(amount: dict[str, str]) -> int:
    return int(Decimal(amount["value"]) * 100)
