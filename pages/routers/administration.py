"""What operations look at: what needs attention, what fails, e-mails, jobs on many tasks."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from api.sentences import sentence
from commands import attention, bulk, failing, notifications, unattended
from pages.asking import PersonDep
from pages.languages import N_
from policy import labels
from schemas.notifications import MailState
from schemas.people import Role
from schemas.tasks import TaskKind

router = APIRouter()
A_PAGE = 25
Cursor = Annotated[str | None, Query(max_length=1000)]
Choice = Annotated[str, Query(max_length=100)]

NEEDS = {
    "failing": (N_("Proposals for which something fails"), "/operations/failing"),
    "unattended": (N_("Tasks that nobody may take, or whose people are all away"),
                   "/operations/unattended"),
    "mails_given_up": (N_("E-mails that could not be sent"), "/operations/mail?state=given_up"),
    "grants_proposed": (N_("Roles that wait for a second person"), "/grants?state=proposed"),
    "grants_to_attest": (N_("Roles that lapse soon unless somebody says that they are needed"),
                         "/grants?state=to_attest"),
    "tasks_overdue": (N_("Overdue tasks"), "/tasks?late=overdue"),
    "tasks_due_soon": (N_("Tasks that are due soon"), "/tasks?late=soon"),
    "tasks_mine": (N_("Tasks that I hold"), "/tasks?view=mine"),
    "tasks_of_group": (N_("Tasks that I may take"), "/tasks?view=group"),
    "records_proposed": (N_("Baselines, vettings and due diligence that wait for me as the second "
                            "person"), "/records?state=proposed"),
    "records_ending": (N_("Baselines, vettings and due diligence that end soon"),
                       "/records?state=ends_soon"),
    "lists_missing": (N_("Sanctions lists that have never been imported"), "/lists"),
    "rescreening": (N_("Lists whose changes are being screened"), "/lists"),
    "money_waiting": (N_("Proposals that wait for money"), "/funds"),
    "deficits": (N_("Funds in deficit"), "/funds"),
}  # fmt: skip
PRESSING = ("failing", "unattended", "mails_given_up", "tasks_overdue", "deficits", "lists_missing")
MAIL_STATES = {
    MailState.WAITING: N_("Waiting"),
    MailState.SENDING: N_("On its way"),
    MailState.SENT: N_("Sent"),
    MailState.FAILED: N_("Failed, tried again"),
    MailState.GIVEN_UP: N_("Given up"),
    MailState.WITHDRAWN: N_("No longer needed"),
    MailState.NONE: N_("Not by e-mail"),
}
ACTS = {
    "claim": N_("Take"),
    "release": N_("Give back"),
    "reassign": N_("Give to somebody"),
    "decide": N_("Decide"),
    "move": N_("Move to newer terms"),
}
JOB_STATES = {"running": N_("Under way"), "done": N_("Done"), "stopped": N_("Stopped")}


@router.get("/attention")
async def what_needs_attention(asked: PersonDep) -> Response:
    """What needs attention, and where everything else is found."""
    found = await attention.attention(asked.office, asked.viewer)
    all_tasks = "&view=all" if asked.oversees else ""
    items = [
        (NEEDS[each["code"]][0], each["count"], each["code"] in PRESSING,
         NEEDS[each["code"]][1] + (all_tasks if "late=" in NEEDS[each["code"]][1] else ""))
        for each in found
    ]  # fmt: skip
    return await asked.page(
        "attention.html", items=items,
        is_officer=any(grant.role is Role.PROGRAMME_OFFICER for grant in asked.viewer.grants),
    )  # fmt: skip


@router.get("/operations/failing")
async def what_fails(asked: PersonDep) -> Response:
    found = await failing.listed(asked.office, asked.viewer)
    return await asked.page("failing.html", found=found)


@router.get("/operations/unattended")
async def unattended_tasks(asked: PersonDep) -> Response:
    found = await unattended.listed(asked.office, asked.viewer)
    titles = {kind.value: labels.kind_title(kind).in_language(asked.language) for kind in TaskKind}
    return await asked.page("unattended.html", found=found, titles=titles)


@router.get("/operations/mail")
async def mail(*, asked: PersonDep, state: Choice = "", cursor: Cursor = None) -> Response:
    """The ledger of e-mails: what became of each."""
    wanted = MailState(state) if state in list(MailState) else None
    found = await notifications.ledger(
        asked.office, asked.viewer, state=wanted, limit=A_PAGE, cursor=cursor
    )
    following = {"state": state, "cursor": found["next"]}
    return await asked.page(
        "mail.html", mails=found["items"], state=wanted, names=MAIL_STATES,
        following=urlencode(following) if found["next"] else None,
    )  # fmt: skip


@router.post("/operations/mail/{notification_id}/retry")
async def send_again(asked: PersonDep, notification_id: str) -> Response:
    """Let an e-mail leave again at once."""
    form = await asked.form()
    await notifications.send_again(
        asked.office, asked.viewer, notification_id, asked.request_id(form)
    )
    return asked.see("/operations/mail")


@router.get("/operations/jobs")
async def jobs(asked: PersonDep, cursor: Cursor = None) -> Response:
    """What was ordered for many at a time, and how far it has come."""
    found = await bulk.jobs(asked.office, asked.viewer, limit=A_PAGE, cursor=cursor)
    return await asked.page(
        "jobs.html", jobs=found["items"], acts=ACTS, states=JOB_STATES,
        following=urlencode({"cursor": found["next"]}) if found["next"] else None,
    )  # fmt: skip


@router.get("/operations/jobs/{job_id}")
async def job(
    *, asked: PersonDep, job_id: str, state: Choice = "", cursor: Cursor = None
) -> Response:
    """One job; its items are shown to whoever ordered it, and to auditors."""
    found = await bulk.one(asked.office, asked.viewer, job_id)
    own = found["person"] == asked.viewer.id
    items, following = [], None
    if own or asked.viewer.holds(Role.AUDITOR):
        page = await bulk.items(
            asked.office, asked.viewer, job_id,
            state=state if state in bulk.ITEM_STATES else None, limit=A_PAGE, cursor=cursor,
        )  # fmt: skip
        items = [
            {**each, "why": sentence(each["refused"]["code"], each["refused"]["facts"],
                                     asked.language) if each["refused"] else None}
            for each in page["items"]
        ]  # fmt: skip
        if page["next"]:
            following = urlencode({"state": state, "cursor": page["next"]})
    return await asked.page(
        "job.html", job=found, items=items, own=own, acts=ACTS, states=JOB_STATES,
        following=following, may_stop=found["state"] == "running" and (
            own or asked.viewer.holds(Role.ADMINISTRATOR)
        ),
    )  # fmt: skip


@router.post("/operations/jobs/{job_id}/stop")
async def stop(asked: PersonDep, job_id: str) -> Response:
    await asked.form()
    await bulk.stop(asked.office, asked.viewer, job_id)
    return asked.see(f"/operations/jobs/{job_id}")
