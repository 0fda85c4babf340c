"""Sending over SMTP, each step in bounded time; failures are codes, never a server's own words."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from ssl import SSLError
from typing import Literal

import aiosmtplib

from commands.mail import Connection, MailFailure

CONNECT_SECONDS = 15.0
MESSAGE_SECONDS = 30.0
"""For one whole message, however busily the server answers single steps."""
_NO_SUCH_ADDRESS = re.compile(r"^5\.1\.[0-9]+\b")
"""Enhanced status codes about the address itself (RFC 3463, section 3.2)."""
_FOR_GOOD = 500


@dataclass(frozen=True)
class SmtpMailer:
    """Sends through one server."""

    host: str
    port: int
    tls: Literal["none", "starttls", "tls"] = "starttls"
    user: str | None = None
    password: str | None = None
    connect_seconds: float = CONNECT_SECONDS
    message_seconds: float = MESSAGE_SECONDS

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Connection]:
        client = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=self.tls == "tls",
            start_tls=self.tls == "starttls",
            username=self.user,
            password=self.password,
            timeout=self.connect_seconds,
        )
        try:
            await self._connect(client)
            yield _Smtp(client, self.message_seconds)
        finally:
            with suppress(aiosmtplib.SMTPException, TimeoutError, OSError):
                async with asyncio.timeout(1):
                    await client.quit()
            client.close()

    async def _connect(self, client: aiosmtplib.SMTP) -> None:
        try:
            async with asyncio.timeout(self.connect_seconds):
                await client.connect()
        except (TimeoutError, aiosmtplib.SMTPTimeoutError):
            raise MailFailure("server_slow", connection=True) from None
        except aiosmtplib.SMTPAuthenticationError as error:
            raise MailFailure("sign_in_refused", error.code, connection=True) from None
        except SSLError:
            raise MailFailure("not_encrypted", connection=True) from None
        except aiosmtplib.SMTPException as error:
            code = "not_encrypted" if isinstance(error.__cause__, SSLError) else "server_away"
            if "STARTTLS" in str(error):
                code = "not_encrypted"
            raise MailFailure(code, getattr(error, "code", None), connection=True) from None
        except OSError:
            raise MailFailure("server_away", connection=True) from None


class _Smtp:
    """One connection that stands."""

    def __init__(self, client: aiosmtplib.SMTP, seconds: float) -> None:
        self._client = client
        self._seconds = seconds

    async def send(self, message: EmailMessage) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await self._client.send_message(message)
        except (TimeoutError, aiosmtplib.SMTPTimeoutError):
            raise MailFailure("server_slow", connection=True) from None
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            unknown = bool(_NO_SUCH_ADDRESS.match(refused.message))
            code = "address_unknown" if unknown else "recipient_refused"
            raise MailFailure(
                code, refused.code, for_good=unknown and refused.code >= _FOR_GOOD
            ) from None
        except aiosmtplib.SMTPSenderRefused as error:
            raise MailFailure("sender_refused", error.code) from None
        except aiosmtplib.SMTPServerDisconnected:
            raise MailFailure("connection_lost", connection=True) from None
        except aiosmtplib.SMTPResponseException as error:
            raise MailFailure("message_refused", error.code) from None
        except (aiosmtplib.SMTPException, OSError):
            raise MailFailure("connection_lost", connection=True) from None
