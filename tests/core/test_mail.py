"""Mails as they are written, and the servers and folders that take them."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from app.core.mail import (
    Attachment,
    Later,
    Mail,
    Outbox,
    Person,
    Returned,
    SmtpPost,
    post_of,
    sender_address,
    server_of,
)
from tests.conftest import settings_for
from tests.post_office import open_post_office

MAIL = Mail(
    sender=Person("surveys@here.example", "Fernhöllow, Söftware"),
    to=Person("dalia@acme.test", "Dália Ferro"),
    subject="Wie läuft’s?",
    text="Grüße\n",
    html="<p>Grüße</p>",
    message_id="<inv-1@here.example>",
    reply_to=Person("alice@here.example", "Alice"),
    headers={"List-Unsubscribe": f"<https://a-rather-long-host-name.here.example/u/{'A' * 43}>"},
)

SERVERS = {
    "smtp://mail.example": ("mail.example", 25, None, None),
    "smtps://me%40here.example:p%2Fw@mail.example": ("mail.example", 465, "me@here.example", "p/w"),
    "smtp+starttls://me:pw@mail.example:2525?timeout=3": ("mail.example", 2525, "me", "pw"),
}


@pytest.mark.parametrize("url", SERVERS)
def test_a_mail_url_names_a_server(url: str) -> None:
    server = server_of(url)
    assert (server.host, server.port, server.user, server.password) == SERVERS[url]


@pytest.mark.parametrize(
    "url",
    ["", "mail.example", "http://mail.example", "smtp://", "smtp://h:x", "smtp://h?timeout=0", "smtp://h?timeout=x"],
)
def test_another_url_says_what_it_must_look_like(url: str) -> None:
    with pytest.raises(ValueError, match="PARALLAX_MAIL_URL must look like"):
        server_of(url)
    with pytest.raises(Later, match="PARALLAX_MAIL_URL must look like"):
        SmtpPost(url, "here").ready()


def test_where_mails_come_from(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "sqlite://")
    assert sender_address(settings) == "surveys@localhost"
    assert sender_address(replace(settings, mail_url="smtp://me%40here.example:x@mail.example")) == "me@here.example"
    assert sender_address(replace(settings, mail_url="smtp://apikey:x@mail.example")) == "surveys@localhost"
    assert sender_address(replace(settings, mail_from="ask@here.example")) == "ask@here.example"


def test_without_a_server_the_same_mail_is_the_same_file(tmp_path: Path) -> None:
    with post_of(settings_for(tmp_path, "sqlite://")) as post:
        assert isinstance(post, Outbox)
        post.ready()
        post.send(MAIL)
        post.send(MAIL)
    (file,) = (tmp_path / "outbox").iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=default)
    assert mail["Subject"] == MAIL.subject
    assert mail["From"] == '"Fernhöllow, Söftware" <surveys@here.example>'
    assert mail["List-Unsubscribe"] == MAIL.headers["List-Unsubscribe"]
    assert f"List-Unsubscribe: {MAIL.headers['List-Unsubscribe']}".encode() in file.read_bytes()


BAD = {
    "subject": replace(MAIL, subject="Hello\r\nBcc: all@mail.example"),
    "subject with a line feed": replace(MAIL, subject="Hello\nBcc: all@mail.example"),
    "address": replace(MAIL, to=Person("dalia@acme.test\r\nBcc: all@mail.example")),
    "two addresses": replace(MAIL, to=Person("dalia@acme.test, all@mail.example")),
    "no address": replace(MAIL, to=Person("")),
    "reply-to": replace(MAIL, reply_to=Person("a@b.example\nBcc: all@mail.example")),
    "sender": replace(MAIL, sender=Person("a@b.example\r\nBcc: all@mail.example")),
    "Message-ID": replace(MAIL, message_id="<a@b>\r\nBcc: all@mail.example"),
    "another header": replace(MAIL, headers={"List-Unsubscribe": "<x>\r\nBcc: all@mail.example"}),
}


@pytest.mark.parametrize("case", BAD)
def test_a_line_break_begins_no_header(tmp_path: Path, case: str) -> None:
    with Outbox(tmp_path) as post, pytest.raises(Returned):
        post.send(BAD[case])
    assert list(tmp_path.iterdir()) == []


def test_a_name_loses_its_line_breaks(tmp_path: Path) -> None:
    with Outbox(tmp_path) as post:
        post.send(replace(MAIL, to=Person("dalia@acme.test", "Dalia\r\nBcc: all@mail.example")))
    mail = message_from_bytes(next(tmp_path.iterdir()).read_bytes(), policy=default)
    assert mail["Bcc"] is None
    assert mail["To"].addresses[0].display_name == "Dalia Bcc: all@mail.example"


def test_one_connection_carries_a_batch_and_outlives_a_refusal() -> None:
    with open_post_office() as office, SmtpPost(office.url, "here.example") as post:
        post.send(MAIL)
        office.recipient = lambda _address: "450 4.2.1 not now"
        with pytest.raises(Later, match=r"450 4\.2\.1 not now"):
            post.send(MAIL)
        office.recipient = lambda _address: None
        post.send(MAIL)
        assert len(office.took) == 2


def test_a_server_that_hangs_is_given_up_in_time() -> None:
    with open_post_office() as office, SmtpPost(office.url.replace("timeout=5", "timeout=1"), "here.example") as post:
        office.recipient, office.hang_seconds = (lambda _address: "hang"), 3.0
        with pytest.raises(Later, match="did not answer"):
            post.send(MAIL)


def test_a_file_comes_with_a_mail_and_no_header_is_lost() -> None:
    content = bytes(range(256)) * 40
    headers = {**MAIL.headers, "Content-Language": "en"}
    file = Attachment("Bericht über alles.pdf", "application/pdf", content)
    mail = message_from_bytes(replace(MAIL, headers=headers, attachments=(file,)).message().as_bytes(), policy=default)
    assert mail["Content-Language"] == "en"
    assert mail["List-Unsubscribe"] == MAIL.headers["List-Unsubscribe"]
    assert mail.get_content_type() == "multipart/mixed"
    body, attached = mail.iter_parts()
    assert [part.get_content_type() for part in body.iter_parts()] == ["text/plain", "text/html"]
    assert attached.get_filename() == "Bericht über alles.pdf"
    assert attached.get_content() == content
