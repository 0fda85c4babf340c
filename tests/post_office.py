"""A real SMTP server in the test's own process, which remembers, and misbehaves when asked."""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP

from commands.mail import Mail
from commands.smtp import SmtpMailer


@dataclass
class PostOffice:
    """What it has taken; `manner` says how it treats what comes next."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    manner: str = "friendly"
    """friendly, greylisting, refusing, unknown, slow or dropping."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    never: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        refusals = {
            "greylisting": "451 4.7.1 Try again later",
            "refusing": "554 5.7.1 Relay access denied",
            "unknown": "550 5.1.1 No such user here",
        }
        if self.manner in refusals:
            return refusals[self.manner]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802
        self.asked.set()
        if self.manner == "slow":
            await self.never.wait()
        made = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.taken.append(made)
        self.recipients += envelope.rcpt_tos
        if self.manner == "dropping":
            server.transport.abort()
        return "250 OK"

    # ---- what a test asks

    def subjects_of(self, address: str) -> list[str]:
        return [str(m["Subject"]) for m in self.taken if address in str(m["To"])]

    @property
    def message_ids(self) -> list[str]:
        return [str(m["Message-ID"]) for m in self.taken]

    def mail(self, *, seconds: float = 5.0, digest_hour: int = 7) -> Mail:
        """How an office reaches it."""
        mailer = SmtpMailer(
            host="127.0.0.1",
            port=self.port,
            tls="none",
            connect_seconds=seconds,
            message_seconds=seconds,
        )
        return Mail(
            mailer=mailer,
            sender="accord@dept.example",
            public_url="https://accord.example",
            digest_hour=digest_hour,
        )


@asynccontextmanager
async def a_post_office() -> AsyncIterator[PostOffice]:
    """One that is open on a port of its own."""
    office = PostOffice()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(office, hostname="post.example", loop=loop, enable_SMTPUTF8=True),
        "127.0.0.1",
        0,
    )
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        office.never.set()
        server.close()


def text_of(message: EmailMessage) -> str:
    """The plain text of a message."""
    return _part(message, "plain")


def html_of(message: EmailMessage) -> str:
    return _part(message, "html")


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
