"""The demonstration's proposals, each left at another stage so that every inbox holds something."""

from commands.office import Office


async def seed_proposals(office: Office) -> None:
    """Nothing yet."""
