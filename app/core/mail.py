"""The one file that sends mail: by SMTP, one connection for a batch; or into files where no server is named."""

import re
import smtplib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from ssl import create_default_context
from types import TracebackType
from typing import Protocol, Self, cast
from urllib.parse import parse_qs, unquote, urlsplit

from app.core.clock import now
from app.core.config import Settings

SCHEMES = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
"""The schemes of a mail URL, and the port that each means where none is named."""
SECONDS = 20.0
"""How long a server may stay silent at any step, where the URL's `?timeout=` says nothing else."""
LONGEST_SECONDS = 30.0
"""A mail must have met its fate before its claim is another worker's."""
OUTBOX = "outbox"
UNDELIVERABLE = frozenset({550, 551, 553})
"""Replies that say that an address does not exist, where no finer code stands in them (RFC 5321, 4.2.3)."""

_FINE_CODE = re.compile(r"\b5\.([0-9]{1,3})\.([0-9]{1,3})\b")
_FILE_NAME = re.compile(r"[^A-Za-z0-9.-]+")
_LONGEST_REASON = 300
_UNREADABLE = f"PARALLAX_MAIL_URL must look like {' or '.join(f'{scheme}://host' for scheme in SCHEMES)}."


class WholeLine(UnstructuredHeader):
    """A header that is never folded: an address in it would be broken or encoded, and no mail programme reads that."""

    max_count = None
    name: str

    def fold(self, *, policy: EmailPolicy) -> str:
        """Write the header in one line."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", cast("type[BaseHeader]", WholeLine))
POLICY = SMTP.clone(header_factory=_HEADERS)


class Later(Exception):  # noqa: N818  (what the server says, in one word: not now)
    """The mail was not taken now, and may be at another time."""


class Returned(Exception):  # noqa: N818  (the mail's fate, not an error of ours)
    """The mail will never be taken; `is_dead` where that is because its address does not exist."""

    def __init__(self, reason: str, *, is_dead: bool = False) -> None:
        super().__init__(reason)
        self.is_dead = is_dead


@dataclass(frozen=True)
class Person:
    """Somebody with an address, as a header names them."""

    address: str
    name: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file that comes with a mail; `kind` is its media type, as application/pdf."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """A mail as it is to arrive; the same `message_id` at every try, so that a reader's programme shows it once.

    `calendar` is an entry for the reader's calendar, with the method that it names (RFC 6047).
    """

    sender: Person
    to: Person
    subject: str
    text: str
    html: str
    message_id: str
    reply_to: Person | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    calendar: tuple[str, str] | None = None
    attachments: Sequence[Attachment] = ()

    def message(self) -> EmailMessage:
        """The mail as RFC 5322 has it; ValueError where a header would hold a line break or an address is none."""
        message = EmailMessage(policy=POLICY)
        message["From"] = _address(self.sender)
        message["To"] = _address(self.to)
        if self.reply_to:
            message["Reply-To"] = _address(self.reply_to)
        message["Subject"] = self.subject
        message["Date"] = format_datetime(now())
        message["Message-ID"] = self.message_id
        message.set_content(self.text, cte="quoted-printable")
        message.add_alternative(self.html, subtype="html", cte="quoted-printable")
        if self.calendar:
            text, method = self.calendar
            message.add_alternative(text, subtype="calendar", cte="quoted-printable", params={"method": method})
        for each in self.attachments:
            main, _, sub = each.kind.partition("/")
            message.add_attachment(each.content, maintype=main, subtype=sub, filename=each.name)
        # Last of all: setting the content takes away every header whose name begins with it, the language's too.
        for name, value in self.headers.items():
            message[name] = value
        return message


class Post(Protocol):
    """What takes mails: open once for a batch, and closed after it."""

    def __enter__(self) -> Self:
        """Open it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""

    def ready(self) -> None:
        """Reach the server, before any mail is claimed for it; Later where it does not answer."""

    def send(self, mail: Mail) -> None:
        """Hand a mail over; Later or Returned where it is not taken."""


@dataclass
class Outbox:
    """Writes mails as files, one for each Message-ID: for workspaces without a mail server."""

    folder: Path

    def __enter__(self) -> Self:
        """Make the folder."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Leave the files where they are."""

    def ready(self) -> None:
        """A folder is always ready."""

    def send(self, mail: Mail) -> None:
        """Write the mail; the same again is the same file."""
        path = self.folder / f"{_FILE_NAME.sub('-', mail.message_id).strip('-')}.eml"
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(_written(mail).as_bytes())
        unfinished.replace(path)


@dataclass(frozen=True)
class Server:
    """Where a mail URL leads."""

    scheme: str
    host: str
    port: int
    user: str | None
    password: str | None
    seconds: float


def server_of(url: str) -> Server:
    """The server that a mail URL names, as smtp://user:password@host:port; ValueError with the remedy otherwise."""
    try:
        parts = urlsplit(url)
        port, seconds = parts.port, float(parse_qs(parts.query).get("timeout", [SECONDS])[0])
    except ValueError:
        raise ValueError(_UNREADABLE) from None
    if parts.scheme not in SCHEMES or not parts.hostname or not 0 < seconds <= LONGEST_SECONDS:
        raise ValueError(_UNREADABLE)
    return Server(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or SCHEMES[parts.scheme],
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        seconds=seconds,
    )


class SmtpPost:
    """Speaks to one SMTP server over one connection, made anew after anything that went wrong."""

    def __init__(self, url: str, greeting: str) -> None:
        self._url = url
        self._greeting = greeting
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Nothing is opened before the first mail."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Say goodbye, if anybody still listens."""
        if self._connection is not None:
            try:
                self._connection.quit()
            except (smtplib.SMTPException, OSError):
                self._connection.close()

    def ready(self) -> None:
        """Connect, encrypt and sign in where that is not done yet; whatever fails here is no mail's fault."""
        if self._connection is None:
            try:
                self._connection = self._connected()
            except (smtplib.SMTPException, OSError) as error:
                raise Later(_reason(error)) from error
            except ValueError as error:
                raise Later(str(error)) from error

    def send(self, mail: Mail) -> None:
        """Hand a mail over; after a refusal the connection serves the next one, after a silence it is made anew."""
        self.ready()
        message = _written(mail)
        connection = self._connection
        assert connection is not None  # noqa: S101  (ready() has raised otherwise)
        try:
            connection.send_message(message, from_addr=mail.sender.address, to_addrs=[mail.to.address])
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            raise _verdict(code, words, mail, is_about_address=True) from refused
        except smtplib.SMTPSenderRefused as refused:
            # It is we who are refused, so that no recipient may suffer for it.
            raise Later(_reason(refused, mail)) from refused
        except smtplib.SMTPDataError as refused:
            raise _verdict(refused.smtp_code, refused.smtp_error, mail, is_about_address=False) from refused
        except smtplib.SMTPNotSupportedError as refused:
            raise Returned(_reason(refused, mail)) from refused
        except (smtplib.SMTPException, OSError) as error:
            self._forget()
            raise Later(_reason(error, mail)) from error
        finally:
            if connection.sock is None:
                self._forget()

    def _connected(self) -> smtplib.SMTP:
        server = server_of(self._url)
        safe = create_default_context()
        if server.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, self._greeting, timeout=server.seconds, context=safe
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, self._greeting, timeout=server.seconds)
        try:
            if server.scheme == "smtp+starttls":
                connection.starttls(context=safe)
            if server.user:
                connection.login(server.user, server.password or "")
        except BaseException:
            connection.close()
            raise
        return connection

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def post_of(settings: Settings) -> Post:
    """Where this workspace's mails go: to the server of `PARALLAX_MAIL_URL`, else into files."""
    if not settings.mail_url:
        return Outbox(settings.home / OUTBOX)
    return SmtpPost(settings.mail_url, urlsplit(settings.base_url).hostname or "localhost")


def sender_address(settings: Settings) -> str:
    """The address that mails come from: `PARALLAX_MAIL_FROM`, else the mail URL's user, else surveys@ our own host."""
    if settings.mail_from:
        return settings.mail_from
    try:
        user = server_of(settings.mail_url).user if settings.mail_url else None
    except ValueError:
        user = None
    return user if user and "@" in user else f"surveys@{urlsplit(settings.base_url).hostname or 'localhost'}"


def one_line(text: str) -> str:
    """A text as a header may carry it: no line break, no other character that cannot be seen."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _address(person: Person) -> Address:
    return Address(display_name=one_line(person.name), addr_spec=person.address)


def _written(mail: Mail) -> EmailMessage:
    try:
        return mail.message()
    except (ValueError, IndexError, MessageError) as error:
        raise Returned(f"The mail cannot be written: {one_line(str(error))[:_LONGEST_REASON]}") from error


def _verdict(code: int, words: bytes | str, mail: Mail, *, is_about_address: bool) -> Later | Returned:
    """What a reply means: 4xx not now, 5xx never; and whether it is the address that does not exist."""
    reason = _said(code, words, mail)
    if code < 500:
        return Later(reason)
    fine = _FINE_CODE.search(reason)
    is_dead = (fine[1] == "1" or fine.groups() == ("2", "1")) if fine else code in UNDELIVERABLE
    return Returned(reason, is_dead=is_about_address and is_dead)


def _said(code: int, words: bytes | str, mail: Mail | None) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    # The reply mostly repeats the address, which stands in the contact's row and nowhere else.
    text = text.replace(mail.to.address, "the address") if mail else text
    return one_line(f"{code} {text}")[:_LONGEST_REASON]


def _reason(error: Exception, mail: Mail | None = None) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error, mail)
    return one_line(f"The mail server did not answer ({type(error).__name__}: {error})")[:_LONGEST_REASON]
