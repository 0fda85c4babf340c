"""`make messages` brings the pages' messages into their French catalogue; `make check` (--check)
says what it lacks."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pages import messages


def main() -> None:
    if "--check" not in sys.argv:
        messages.update()
    found = messages.problems()
    for problem in found:
        print(problem)
    if found and "--check" in sys.argv:
        sys.exit(f"The French catalogue of the pages has {len(found)} problems; see make messages.")


if __name__ == "__main__":
    main()
