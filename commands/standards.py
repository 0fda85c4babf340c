"""What was promised of a proposal, and whether it was kept (domain.md, section 5)."""

from datetime import datetime
from typing import Any

from commands.office import Office
from policy.rules import clocks
from schemas.values import instant
from store.tables import ProposalRow


def of_proposal(office: Office, row: ProposalRow) -> list[dict[str, Any]]:
    """Each promise with the moment it falls due and how it stands: running, paused, met, missed.

    `acknowledgement`: the receipt, on the day of the submission. `decision`: within the terms'
    days of a complete application. `notice`: that the decision is told.
    """
    if row.submitted_at is None or row.policy_version is None:
        return []
    rules = office.catalogue.terms(row.policy_version).rules
    same_day = clocks.end_of_day(clocks.toronto_day(row.submitted_at))
    promises = [_promise("acknowledgement", same_day, "met"), _decision(row)]
    if rules.standards is not None and row.decided_at is not None:
        due_at = clocks.due_at(row.decided_at, rules.standards.notice_days, rules.holidays)
        now = office.now()
        told = row.told_at if row.told_at is not None and row.told_at <= now else None
        late = (told or now) > due_at
        promises.append(
            _promise("notice", due_at, "missed" if late else "met" if told else "running")
        )
    return promises


def _decision(row: ProposalRow) -> dict[str, Any]:
    clock = row.state.get("clock") or {}
    missed = [m for m in row.state.get("missed", ()) if m["standard"] == "decision"]
    if missed:
        return _promise("decision", datetime.fromisoformat(missed[0]["due_at"]), "missed")
    if row.decided_at is not None:
        return _promise("decision", None, "met")
    due_at = clock.get("due_at")
    if due_at is None:
        return _promise("decision", None, "paused")
    return _promise("decision", datetime.fromisoformat(due_at), "running")


def _promise(standard: str, due_at: datetime | None, state: str) -> dict[str, Any]:
    return {"standard": standard, "due_at": instant(due_at) if due_at else None, "state": state}
