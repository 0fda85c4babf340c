"""`accord policy check`: whether the policy files can be used, and what to write if not."""

from __future__ import annotations

import sys
from pathlib import Path

from policy.catalogue import Catalogue, PolicyProblems, rules_bytes
from policy.rules import quorum
from schemas.terms import MOST_RULES_BYTES


def check(path: Path | None) -> int:
    """Print a line per program version, or a line per problem; 0 if there is none, else 1.

    Below a version stands how many people it takes where several are asked one question: the
    files cannot know how many there are.
    """
    try:
        catalogue = Catalogue.load(path)
    except PolicyProblems as error:
        for problem in error.problems:
            sys.stdout.write(f"{problem}\n")
        count = len(error.problems)
        sys.stdout.write(f"{count} problem{'' if count == 1 else 's'}\n")
        return 1
    for terms in catalogue.versions():
        size = rules_bytes(terms.rules)
        sys.stdout.write(
            f"programmes/{terms.version}.yaml: rules {size} of {MOST_RULES_BYTES} bytes\n"
        )
        for kind, people in quorum.people_needed(terms.rules).items():
            asked = terms.rules.quorum[kind]
            more = "" if people == asked else ", with who confirms it"
            sys.stdout.write(f"    {kind} asks {asked}: have {people} people who may{more}\n")
    for file in catalogue.in_force_versions():
        sys.stdout.write(f"in_force/{file}.yaml: fine\n")
    return 0
