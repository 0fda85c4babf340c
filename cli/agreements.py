"""`accord agreements begin`: lives of their own for what was signed before agreements had any."""

from cli.building import build_office
from cli.settings import Settings
from commands import beginning_agreements


async def begin(settings: Settings) -> int:
    """Begin every agreement that has not begun; a line for each."""
    async with build_office(settings) as office:
        begun = await beginning_agreements.begin_all(office)
    for reference in begun:
        print(reference)  # noqa: T201
    print(f"{len(begun)} agreements have begun.")  # noqa: T201
    return 0
