"""Which parts of the content a resubmission changed, and whether they were open to change."""

from __future__ import annotations

from collections.abc import Collection

from schemas.proposal import SECTION_FIELDS, Content, Section


def changed_sections(old: Content, new: Content) -> tuple[Section, ...]:
    """The sections of which at least one field differs, in the order of `Section`."""
    return tuple(
        section
        for section in Section
        if any(getattr(old, field) != getattr(new, field) for field in SECTION_FIELDS[section])
    )


def fields_outside(
    old: Content, new: Content, open_sections: Collection[Section]
) -> tuple[Section, ...]:
    """Changed sections that the return did not name (409 `section_not_open`)."""
    return tuple(section for section in changed_sections(old, new) if section not in open_sections)
