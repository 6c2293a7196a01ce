"""A real SMTP server of our own, which can be told to refuse, to hang and to drop."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.serving import free_port

Reply = Callable[[str], str | None]
"""What the server says to a recipient or a mail: an SMTP reply, or None for yes."""


@dataclass
class PostOffice:
    """What the server took, and what it says; `recipient` answers RCPT by the address, `data` the mail's content."""

    port: int
    took: list[tuple[str, EmailMessage]] = field(default_factory=list)
    recipient: Reply = lambda _address: None
    data: Reply = lambda _address: None
    drops: Reply = lambda _address: None
    hang_seconds: float = 0.0
    turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """The mail URL of this server."""
        return f"smtp://127.0.0.1:{self.port}?timeout=5"

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails that were taken."""
        return [mail for _, mail in self.took]

    async def handle_RCPT(  # noqa: N802  (the server looks for this name)
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Take or refuse a recipient."""
        reply = self.recipient(address)
        if reply == "hang":
            await asyncio.sleep(self.hang_seconds)
        elif reply == "drop":
            cast("asyncio.Transport", server.transport).abort()
        elif reply:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  (the server looks for this name)
        """Take or refuse a mail; what is dropped after it was taken has been delivered all the same."""
        address = envelope.rcpt_tos[0]
        reply = self.data(address)
        if reply and reply != "drop":
            return reply
        content = cast("bytes", envelope.content)
        with self.turn:
            self.took.append((address, cast("EmailMessage", message_from_bytes(content, policy=default))))
        if reply == "drop":
            cast("asyncio.Transport", server.transport).abort()
        return "250 OK"


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """Run the server in a thread of its own."""
    office = PostOffice(free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port, ready_timeout=30)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def parts_of(mail: EmailMessage) -> dict[str, str]:
    """The words of a mail by their type."""
    return {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
