"""Which regional desks a proposal touches, with what share, and which of them leads."""

from __future__ import annotations

from policy.rules.shares import by_country, in_percent
from schemas.in_force import Desks, Regions
from schemas.proposal import Content, DeskShare


def desk_shares(
    content: Content, desks: Desks, regions: Regions
) -> tuple[tuple[DeskShare, ...], str]:
    """The desks touched, in the order of the file, and the lead.

    Shares are summed by desk; the largest leads and a tie goes to the order of the file
    (product.md, section 3, Desk). A region counts for the desks of its countries; one
    without countries for its own desk. Without places there is no desk and the lead is
    empty (annual contributions).
    """
    sums: dict[str, int] = {}
    places: dict[str, list[str]] = {}
    for part in by_country(content, regions):
        desk = desks.of(part.place)
        sums[desk] = sums.get(desk, 0) + part.hundredths
        places.setdefault(desk, []).append(part.place)

    touched = tuple(
        DeskShare(desk=desk, share=in_percent(sums[desk]), places=tuple(places[desk]))
        for desk in desks.order
        if desk in sums
    )
    lead = max((share.desk for share in touched), key=lambda desk: sums[desk], default="")
    return touched, lead
