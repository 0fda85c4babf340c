"""Annual voluntary contributions: an officer of the program opens one, and writes it as a partner
writes a proposal (`pages.routers.writing`)."""

from fastapi import APIRouter, Response

from commands import annual_contributions, drafting
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, words_of
from schemas.errors import Malformed, Refused
from schemas.proposal import Content

router = APIRouter()


@router.get("/annual-contributions")
async def all_of_the_year(asked: PersonDep) -> Response:
    """The organizations that policy names, with what they are given this fiscal year."""
    return await _page(asked)


@router.post("/annual-contributions")
async def open_one(asked: PersonDep) -> Response:
    """Open the draft of a contribution; only officers of the program see it before submission."""
    form = await asked.form()
    content = Content(programme=drafting.AVC)
    organization = form.get("organization") or None
    try:
        made, _ = await drafting.create(
            asked.office, asked.viewer, content, organization, asked.request_id(form)
        )
    except Malformed:
        fault = Fault("organization", asked.gettext("Choose an organization."))
        return await _page(asked, 422, [fault])
    except Refused as refused:
        fault = Fault("organization", words_of(refused, asked.language))
        return await _page(asked, refused.status, [fault])
    return asked.see(f"/proposals/{made['reference']}/edit")


async def _page(
    asked: AskedByPerson, status: int = 200, faults: list[Fault] | None = None
) -> Response:
    found = await annual_contributions.of_this_year(asked.office, asked.viewer)
    return await asked.page(
        "annual_contributions.html", status, found=found, faults=faults or [],
        free=[each for each in found["items"] if not each["reference"]],
    )  # fmt: skip
