"""Saying an act to the engine with its words: either both are kept, or neither."""

from typing import Any

from commands import deciding, views
from commands.office import Office
from schemas.errors import Refused
from schemas.events import TextRef
from schemas.messages import AgreementAct, PartnerAct, StaffAct
from schemas.people import Viewer
from store import messages, texts


async def say(
    office: Office,
    viewer: Viewer,
    reference: str,
    act: StaffAct | PartnerAct | AgreementAct,
    **words: Any,
) -> None:
    """Keep the words of *act* and tell it to the proposal's workflow; a refusal leaves neither.

    Beside the words stands that the act is under way, so that somebody looks after it should this
    process die in between. Raises what the engine refuses: a hold as the reader may know it, and
    whoever was quicker by name.
    """
    kept: dict[str, TextRef] = {}
    async with office.database.writing() as session:
        await messages.begin(session, act.request_id, reference, office.now())
        for name, body in words.items():
            kept[name] = await texts.put(
                session, reference, f"{act.request_id}-{name}", body, now=office.now()
            )
    try:
        if isinstance(act, StaffAct):
            await office.gateway.staff_act(reference, act.model_copy(update={"texts": kept}))
        elif isinstance(act, AgreementAct):
            await office.gateway.agreement_act(reference, act.model_copy(update={"texts": kept}))
        else:
            await office.gateway.act(reference, act.model_copy(update={"texts": kept}))
    except Refused as refused:
        async with office.database.writing() as session:
            await messages.end(session, act.request_id)
            await texts.drop_unused(session, [ref.id for ref in kept.values()])
            if isinstance(by := refused.facts.get("by"), str):
                refused.facts["by"] = await deciding.named(session, by)
        views.mask_seal(viewer, refused, reference)
        raise
