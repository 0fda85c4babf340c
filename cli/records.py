"""`accord records ...`: disposing of what policy no longer keeps, legal holds, data keys."""

from collections.abc import Coroutine
from typing import Any

from cli import engine
from cli.building import build_office
from cli.settings import Settings
from commands import records
from schemas.errors import AccordError
from workflows.operating import Operations


async def dispose(settings: Settings, *, apply: bool) -> int:
    """Print what is due under which rule, or dispose of it; 0 also when nothing is."""
    async with build_office(settings) as office:
        plan = await (records.dispose(office) if apply else records.plan(office))
    verb = "disposed" if apply else "due"
    for each in plan.due:
        print(  # noqa: T201 - for the operator
            f"{verb}  {each.reference}  {each.kind}  {len(each.texts)}  {each.under}  "
            f"closed {each.closed_on}, since {each.since}"
        )
    for reference in plan.held:
        print(f"kept  {reference}  on hold")  # noqa: T201
    count = sum(len(each.texts) for each in plan.due)
    hint = "" if apply or not count else " `--apply` disposes of them."
    print(f"{count} texts {verb}, {len(plan.held)} proposals kept on hold.{hint}")  # noqa: T201
    return 0


async def hold(settings: Settings, reference: str, reason: str) -> int:
    async with build_office(settings) as office:
        return await _said(records.hold(office, reference, reason), f"{reference} is on hold.")


async def release(settings: Settings, reference: str) -> int:
    async with build_office(settings) as office:
        return await _said(records.release(office, reference), f"{reference} is on hold no more.")


async def holds(settings: Settings) -> int:
    async with build_office(settings) as office:
        for each in await records.legal_holds(office):
            print(each["reference"], each["since"], each["reason"])  # noqa: T201
    return 0


async def destroy_key(settings: Settings, reference: str) -> int:
    async with build_office(settings) as office:
        operations = Operations(await engine.connect(settings, office.keys))
        return await _said(
            records.destroy_key(office, operations, reference),
            f"The data key of {reference} is destroyed; backups that hold it must go too.",
        )


_SENTENCES = {
    "proposal_unknown": "There is no submitted proposal {reference}.",
    "not_closed": "{reference} is not closed: it stands at {stage}.",
    "on_hold": "{reference} is on hold.",
    "workflow_running": "The workflow of {reference} still runs (its reconsideration window).",
    "key_unknown": "{reference} has no data key any more.",
    "not_on_legal_hold": "{reference} is on no legal hold.",
    "engine_unavailable": "The engine does not answer.",
}


async def _said(act: Coroutine[Any, Any, None], done: str) -> int:
    try:
        await act
    except AccordError as refused:
        sentence = _SENTENCES.get(refused.code, refused.code)
        print(sentence.format(**refused.facts))  # noqa: T201 - for the operator
        return 1
    print(done)  # noqa: T201
    return 0
