"""Signing in, and who one is."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.answers import answered
from api.bodies import form_fields
from api.dependencies import OfficeDep, PersonDep
from api.openapi import example
from commands import signing_in
from schemas.errors import Gap, Malformed

MOST_FIELD = 400

router = APIRouter(tags=["signing in"])

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["username", "password"],
                    "properties": {
                        "grant_type": {"type": "string", "const": "password"},
                        "username": {"type": "string"},
                        "password": {"type": "string", "format": "password"},
                    },
                }
            }
        },
    }
}


@router.post(
    "/token",
    openapi_extra=_FORM,
    responses=example({"access_token": "...", "token_type": "bearer", "expires_in": 43200}),
)
async def token(
    request: Request, office: OfficeDep, fields: Annotated[dict[str, str], Depends(form_fields)]
) -> Response:
    """Sign in with a local account (OAuth 2 password form)."""
    gaps = [
        Gap(pointer=f"/{name}", code=code, facts={"most": MOST_FIELD})
        for name in ("username", "password")
        for code in [_wrong(fields.get(name, ""))]
        if code
    ]
    if fields.get("grant_type", "password") != "password":
        gaps.append(
            Gap(pointer="/grant_type", code="unknown_value", facts={"expected": "password"})
        )
    if gaps:
        raise Malformed(*gaps)
    address = request.client.host if request.client else ""
    access_token, expires_in = await signing_in.sign_in(
        office,
        fields["username"],
        fields["password"],
        address,
        request.headers.get("user-agent"),
    )
    return answered(
        {"access_token": access_token, "token_type": "bearer", "expires_in": expires_in}
    )


@router.get("/me", responses=example({"id": "...", "name": "...", "grants": []}))
async def me(office: OfficeDep, person: PersonDep) -> Response:
    """The signed-in person, with the grants that hold today."""
    return answered(await signing_in.me(office, person))


def _wrong(value: str) -> str | None:
    if not value:
        return "required"
    return "too_long" if len(value) > MOST_FIELD else None
