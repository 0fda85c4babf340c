"""What every command works with; built once by the composition root."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, BinaryIO, Protocol

from pwdlib import PasswordHash

from commands.mail import Mail
from policy.catalogue import Catalogue
from policy.rules import clocks
from schemas.agreements import Adopted, Beginning
from schemas.codec import CodecPayload
from schemas.engine import Then, Trouble, Work
from schemas.events import WORKFLOW
from schemas.messages import (
    AgreementAct,
    Decision,
    Notice,
    PartnerAct,
    ProposalStart,
    StaffAct,
    Submission,
    TermsMove,
    TermsPreview,
)
from schemas.repairs import Repair
from store.database import Database
from store.heads import HeadsFile
from store.keys import KeyRing
from store.signing import Signer


class Codec(Protocol):
    """Decodes what the engine keeps; see `workflows.decoding.PayloadDecoder`."""

    async def decode(
        self, payloads: Sequence[CodecPayload]
    ) -> tuple[tuple[CodecPayload, ...], tuple[str, ...]]: ...


class Gateway(Protocol):
    """How commands talk to running proposals; see `workflows.gateway.TemporalGateway`."""

    async def submit(self, start: ProposalStart) -> None: ...
    async def decide(
        self,
        reference: str,
        decision: Decision,
        *,
        standing: tuple[str, int] | None = None,
        then: Then | None = None,
    ) -> None: ...
    async def act(self, reference: str, act: PartnerAct) -> None: ...
    async def staff_act(self, reference: str, act: StaffAct) -> None: ...
    async def agreement_act(self, reference: str, act: AgreementAct) -> None: ...
    async def repair(self, reference: str, repair: Repair) -> None: ...
    async def hand_over(self, reference: str, request_id: str) -> None: ...
    async def adopt(self, adopted: Adopted) -> bool: ...
    async def begin_agreement(self, reference: str) -> Beginning: ...
    async def resubmit(self, submission: Submission) -> None: ...
    async def move(self, reference: str, move: TermsMove) -> None: ...
    async def preview(self, reference: str, move: TermsMove) -> TermsPreview | None: ...
    async def notify(self, reference: str, notice: Notice) -> None: ...
    async def snapshot(self, reference: str, source: str = WORKFLOW) -> Any: ...
    async def recover(self, reference: str) -> bool: ...
    async def troubles(self, reference: str) -> tuple[Trouble, ...]: ...
    async def hasten(self, reference: str) -> tuple[Work, ...]: ...
    async def is_alive(self) -> bool: ...


class Scanner(Protocol):
    """Looks for harm in uploaded files; see `commands.scanning.ClamdScanner`."""

    async def scan(self, file: BinaryIO) -> str | None: ...
    async def answers(self) -> bool: ...


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Office:
    """Store, policy, engine and clock of one installation."""

    database: Database
    catalogue: Catalogue
    gateway: Gateway
    keys: KeyRing
    signer: Signer
    hasher: PasswordHash
    demonstration: bool = False
    demonstration_password: str | None = None
    clock: Callable[[], datetime] = utc_now
    seeding: str | None = None
    """What demonstration data is still being made; None when it is finished."""
    heads: HeadsFile | None = None
    """Where the heads of chains are signed; None signs none."""
    codec: Codec | None = None
    scanner: Scanner | None = None
    """What looks at uploaded files; None takes them as they are."""
    mail: Mail | None = None
    """How e-mail leaves; None tells people in Accord alone."""
    engine_pages: str | None = None
    """Where the engine's own pages show a workflow, up to its id; None where nobody serves them."""
    memory: dict[str, Any] = field(default_factory=dict)
    """Short-lived caches of commands; never the only place of anything."""

    def now(self) -> datetime:
        return self.clock()

    def today(self) -> date:
        """Today in Toronto, the department's day."""
        return clocks.toronto_day(self.now())
