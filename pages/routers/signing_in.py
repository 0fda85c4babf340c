"""Signing in and out, setting a password with a one-time link, and choosing the language."""

from fastapi import APIRouter, Request, Response

from commands import own_language, passwords, signing_in
from commands.demonstration import accounts
from commands.passwords import LinkGone
from pages.asking import Asked, VisitDep, inner
from pages.failing import Fault, faults_of
from pages.languages import LANGUAGES
from pages.sent import Sent
from schemas.errors import Gap, NotFound, NotSignedIn
from schemas.values import Language, digest

MOST_FIELD = 400
LEAST_PASSWORD, MOST_PASSWORD = 12, 1024

router = APIRouter()


@router.get("/sign-in")
async def sign_in_page(asked: VisitDep, back: str = "") -> Response:
    context = await _context(asked, inner(back, ""), [])
    return await asked.page("sign_in.html", **context)


@router.post("/sign-in")
async def sign_in(asked: VisitDep, request: Request) -> Response:
    """Start a session; a form that came too late is handed back, to be sent again."""
    form = await asked.form()
    email, password = form.get("email"), (form.all("password") or [""])[0]
    kept = [(name[5:], value) for name, value in form.pairs() if name.startswith("kept.")]
    back, file_gone = inner(form.get("back"), ""), bool(form.get("file_gone"))
    faults = faults_of(
        [
            Gap(pointer=f"/{name}", code=code, facts={"most": MOST_FIELD})
            for name, value in (("email", email), ("password", password))
            for code in [_wrong(value)]
            if code
        ],
        asked.language,
    )
    if not faults:
        address = request.client.host if request.client else ""
        try:
            token, _ = await signing_in.sign_in(
                asked.office, email, password, address, request.headers.get("user-agent")
            )
        except NotSignedIn:
            text = asked.gettext(
                "The e-mail address and the password do not go together. Check both."
            )
            faults = [Fault("email", text)]
    if faults:
        context = await _context(asked, back, kept) | {
            "email": email, "faults": faults, "file_gone": file_gone,
        }  # fmt: skip
        return await asked.page("sign_in.html", 422, **context)
    viewer = await signing_in.viewer_of(asked.office, token)
    await own_language.choose(
        asked.office, viewer, Language(asked.language), digest([viewer.id, "sign-in", token])
    )
    if kept and back:
        answer = await asked.page("sign_in_again.html", back=back, kept=kept, file_gone=file_gone)
    else:
        answer = asked.see((back or f"/{asked.language}/")[3:])
    asked.cookies.sign_in(answer, token)
    return answer


@router.post("/sign-out")
async def sign_out(asked: VisitDep, request: Request) -> Response:
    token = asked.cookies.token(request)
    if token is not None:
        await signing_in.sign_out(asked.office, token)
    answer = asked.see("/signed-out")
    asked.cookies.sign_out(answer)
    return answer


@router.get("/signed-out")
async def signed_out(asked: VisitDep) -> Response:
    return await asked.page("signed_out.html")


@router.post("/language")
async def choose_language(asked: VisitDep) -> Response:
    """Go on in the language of this address, and keep it."""
    form = await asked.form()
    to = inner(form.get("to"), asked.url("/"))
    chosen = to[1:3]
    answer = asked.see("/")
    answer.headers["Location"] = to
    if chosen not in LANGUAGES:
        raise NotFound
    if asked.visitor is not None:
        await own_language.choose(
            asked.office, asked.visitor, Language(chosen),
            digest([asked.visitor.id, chosen, form.get("key")]),
        )  # fmt: skip
    asked.cookies.choose(answer, chosen)
    return answer


# ---- passwords


@router.get("/password/{link}")
async def password_page(asked: VisitDep, link: str) -> Response:
    """Where the one-time link of an e-mail leads; whether it is good is told when it is used."""
    return await asked.page("password.html", link=link, faults=[])


@router.post("/password/{link}")
async def set_password(asked: VisitDep, request: Request, link: str) -> Response:
    form = await asked.form()
    faults = _password_faults(asked, form)
    password = (form.all("password") or [""])[0]
    if not faults:
        address = request.client.host if request.client else ""
        try:
            await passwords.set_password(
                asked.office, link, password, address, digest([link, form.get("key")])
            )
        except LinkGone:
            return await asked.page("password_gone.html", 404)
        return asked.see("/password-set")
    return await asked.page("password.html", 422, link=link, faults=faults)


@router.get("/password-set")
async def password_set(asked: VisitDep) -> Response:
    return await asked.page("password_set.html")


def _password_faults(asked: Asked, form: Sent) -> list[Fault]:
    password = (form.all("password") or [""])[0]
    again = (form.all("again") or [""])[0]
    if len(password) < LEAST_PASSWORD:
        text = asked.gettext("Enter a password of at least %(least)s characters.")
        return [Fault("password", text % {"least": LEAST_PASSWORD})]
    if len(password) > MOST_PASSWORD:
        text = asked.gettext("Enter a password of at most %(most)s characters.")
        return [Fault("password", text % {"most": MOST_PASSWORD})]
    if password != again:
        return [Fault("again", asked.gettext("Enter the same password a second time."))]
    return []


async def _context(asked: Asked, back: str, kept: list[tuple[str, str]]) -> dict[str, object]:
    office = asked.office
    shown = []
    if office.demonstration:
        shown = await accounts(office, office.demonstration_password or "")
    return {
        "back": back, "kept": kept, "email": "", "faults": [], "ended": False, "accounts": shown,
        "file_gone": False,
    }  # fmt: skip


def _wrong(value: str) -> str | None:
    if not value:
        return "required"
    return "too_long" if len(value) > MOST_FIELD else None
