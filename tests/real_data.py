"""Real lists and labelled names, where this machine has them; none is part of the project.

`ACCORD_REAL_DATA` names the folder that holds `sanctions` and `name_matching`; without it,
`../shared/data` beside the repository is looked at. A test that asks for what is absent is skipped
and says so.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("ACCORD_REAL_DATA") or Path(__file__).parents[2] / "shared" / "data")


def real(*path: str) -> Path:
    """The file (or folder) at *path* below the data; skips the test where it is absent."""
    found = ROOT.joinpath(*path)
    if not found.exists():
        pytest.skip(f"no {'/'.join(path)}: name the folder of real data in ACCORD_REAL_DATA")
    return found
