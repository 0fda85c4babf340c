"""Acts that need nothing but a reason: one page that says what follows and asks why."""

from fastapi import Response

from commands import reading
from pages.asking import AskedByPerson
from pages.failing import Fault
from pages.sent import Sent

MOST_REASON = 20_000


def reason_of(form: Sent) -> str | None:
    """The reason that was typed; None where there is none, or one that is too long."""
    reason = form.get("reason")
    return reason if reason and len(reason) <= MOST_REASON else None


async def why(
    asked: AskedByPerson,
    reference: str,
    act: tuple[str, str],
    form: Sent | None = None,
    *,
    quote: str | None = None,
    says: str | None = None,
) -> Response:
    """The page that asks for the reason of *act* (its name and what follows, marked by `N_`).

    With *form* it is asked for again. *quote*: what the act is about; *says*: what else follows.
    """
    view, _ = await reading.proposal(asked.office, asked.viewer, reference)
    faults = []
    if form is not None:
        faults = [Fault("reason", asked.gettext("Say why, in a few words."))]
    return await asked.page(
        "why.html", 422 if faults else 200, view=view, title=asked.gettext(act[0]),
        follows=asked.gettext(act[1]), says=says, quote=quote, faults=faults,
        reason=form.get("reason") if form is not None else "",
    )  # fmt: skip
