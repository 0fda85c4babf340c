"""What the shape of a checklist file cannot say: what hangs on what, and what proves what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from policy.shapes import ChecklistFile
from policy.yaml_files import PolicyFile, Problem
from schemas.checklists import AskedWhen, ChecklistAnswer, Step
from schemas.people import Discipline

FOUR_STEPS = (Step.ASSESS, Step.IDENTIFY, Step.MITIGATE, Step.STRENGTHEN)
"""What due diligence on human rights goes through (domain.md, 2.1)."""


def checklist_problems(written: ChecklistFile, file: PolicyFile) -> Iterator[Problem]:
    """A question hangs on an earlier one; what assures against a risk is proved by evidence."""
    for code, times in Counter(item.code for item in written.items).items():
        if times > 1:
            yield file.problem(f"`{code}` is written {times} times: write it once", "items")
    earlier: set[str] = set()
    for position, item in enumerate(written.items):
        if item.when is not None:
            yield from _when_problems(item.when, earlier, file, position)
        earlier.add(item.code)
    proved = {i.code for i in written.items if ChecklistAnswer.YES in i.evidence}
    for position, risk in enumerate(written.risk_types):
        if risk.assured_by is not None and risk.assured_by not in proved:
            message = (
                f"`{risk.code}` is assured by `{risk.assured_by}`: write a question of this "
                "checklist whose answer yes needs evidence"
            )
            yield file.problem(message, "risk_types", position, "assured_by")
    if written.code is Discipline.HUMAN_RIGHTS:
        for step in FOUR_STEPS:
            if all(item.step is not step for item in written.items):
                yield file.problem(f"no question is of the step `{step}`: write one", "items")


def _when_problems(
    when: AskedWhen, earlier: set[str], file: PolicyFile, position: int
) -> Iterator[Problem]:
    where = ("items", position, "when")
    if when == AskedWhen():
        yield file.problem("it names nothing: write what must hold, or leave `when` out", *where)
    if when.item is not None and when.item not in earlier:
        message = f"there is no earlier question `{when.item}`: write one that stands above"
        yield file.problem(message, *where, "item")
    if (when.item is None) != (not when.answers):
        yield file.problem("write `item` and `answers` together, or neither", *where)
