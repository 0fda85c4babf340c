"""The versions of a program's terms, and how they differ."""

from typing import Any

from commands.office import Office
from policy import part_labels
from policy.rules import term_changes
from schemas.errors import NotFound
from schemas.people import Viewer


def versions(office: Office, viewer: Viewer, programme: str) -> list[dict[str, Any]]:  # noqa: ARG001
    """Every version of one program's terms, the oldest first; NotFound when it has none."""
    held = [terms for terms in office.catalogue.versions() if terms.code == programme]
    if not held:
        raise NotFound
    today = office.today()
    begun = [terms.version for terms in held if terms.effective <= today]
    return [
        {
            "version": terms.version,
            "effective": terms.effective.isoformat(),
            "in_force": bool(begun) and terms.version == begun[-1],
            "source": terms.source,
            "digest": terms.rules.digest,
        }
        for terms in held
    ]


def differences(
    office: Office,
    viewer: Viewer,  # noqa: ARG001
    programme: str,
    before: str,
    after: str,
) -> list[dict[str, Any]]:
    """What *after* says otherwise than *before*, part by part, with each part's name."""
    held = {terms.version: terms for terms in office.catalogue.versions()}
    old, new = held.get(before), held.get(after)
    if old is None or new is None or not old.code == new.code == programme:
        raise NotFound
    return [
        {
            "part": change.part,
            "label": part_labels.label(change.part).model_dump(),
            "at": list(change.at),
            "change": _kind(change.before, change.after),
            "before": change.before,
            "after": change.after,
        }
        for change in term_changes.changes(old, new)
    ]


def _kind(before: Any, after: Any) -> str:
    if before is None:
        return "added"
    return "removed" if after is None else "changed"
