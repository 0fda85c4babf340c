"""`accord keys rotate`: a new wrapping key takes over; crash-safe, beside a running system."""

from cli.building import build_office
from cli.secrets import make_next_key, put_next_key_in_place
from cli.settings import Settings
from commands import rotating_keys
from store.signing import Signer


async def rotate(settings: Settings) -> int:
    """Make a new key (or go on with one that was made), wrap everything under it, put it in place.

    Until the last step both keys are there and either reads; afterwards the old one lies beside
    it, for backups that were made before.
    """
    new = make_next_key(settings)
    async with build_office(settings) as office:
        count = await rotating_keys.rewrap_all(office, new)
        await rotating_keys.record(office, new)
        retired = put_next_key_in_place(settings, office.signer.public_key[:8])
        count += await rotating_keys.rewrap_all(office, new)
    print(  # noqa: T201 - for the operator
        f"{count} data keys are wrapped under the new key; signatures are now checked against "
        f"{Signer(new).public_key}.\n"
        f"The key before lies in {retired}: keep it, apart, as long as backups need it.\n"
        "Keep a copy of the new key, and start Accord again so that it signs with it."
    )
    return 0
