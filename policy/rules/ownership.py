"""Whether an entity counts as listed because of who owns or directs it (product.md, section 5)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

DIRECTS = frozenset({"director"})
IS_IT = frozenset({"partner"})


def counts_as_listed(listed: Iterable[tuple[str, str | None]], owner_share_percent: int) -> bool:
    """Whether these people, by relation and share, make their organization count as listed.

    It does where one of them is the organization itself or directs it, or where together they
    hold the share that policy names. A share that is not told counts for nothing by itself.
    """
    shares = Decimal(0)
    for relation, share in listed:
        if relation in IS_IT | DIRECTS:
            return True
        shares += _percent(share)
    return shares >= owner_share_percent


def _percent(share: str | None) -> Decimal:
    try:
        return Decimal(share) if share is not None else Decimal(0)
    except InvalidOperation:
        return Decimal(0)
