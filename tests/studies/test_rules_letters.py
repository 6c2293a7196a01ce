"""Letters as people type them, and to whom none is sent."""

import pytest

from app.core.errors import Refusal
from app.studies.mails import shown_paragraphs
from app.studies.rules.letters import Unsendable, Wording, checked, unsendable


@pytest.mark.parametrize(
    ("subject", "body", "field"),
    [
        pytest.param("", "Hello", "subject", id="no subject"),
        pytest.param(" \t\0", "Hello", "subject", id="a subject of nothing to be seen"),
        pytest.param("x" * 201, "Hello", "subject", id="a long subject"),
        pytest.param("Hi", " \r\n", "body", id="no words"),
        pytest.param("Hi", "x" * 10_001, "body", id="long words"),
        pytest.param("Hi", "a\0b", "body", id="a NUL"),
        pytest.param("Hi", "a\u202eb", "body", id="words that turn round"),
    ],
)
def test_a_letter_without_words_is_none(subject: str, body: str, field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        checked(Wording(subject, body))
    assert refusal.value.field == field


def test_a_letter_is_tidied() -> None:
    found = checked(Wording(" Hi\r\nBcc: x@y.example ", "\nHello,\r\n\tyou\n\n"))
    assert found == Wording("Hi Bcc: x@y.example", "Hello,\n\tyou")
    longest = Wording("x" * 200, "y" * 10_000)
    assert checked(longest) == longest


@pytest.mark.parametrize(
    ("consent", "stop", "email", "is_active", "because"),
    [
        pytest.param("unknown", None, "a@x.test", True, None, id="who may be written to"),
        pytest.param("no", "bounced", None, True, Unsendable.CONSENT, id="consent comes first"),
        pytest.param("yes", "unsubscribed", "a@x.test", True, Unsendable.STOPPED, id="unsubscribed"),
        pytest.param("yes", "bounced", "a@x.test", True, Unsendable.STOPPED, id="a dead address"),
        pytest.param("yes", None, "", True, Unsendable.NO_ADDRESS, id="no address"),
        pytest.param(None, None, "a@x.test", False, Unsendable.GONE, id="a login that was shut out"),
    ],
)
def test_to_whom_no_letter_is_sent(
    consent: str | None, stop: str | None, email: str | None, is_active: bool, because: Unsendable | None
) -> None:
    assert unsendable(consent=consent, stop=stop, email=email, is_active=is_active) is because


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        pytest.param(
            "http://x/s/1", '&lt;a&gt; <a href="http://x/s/1">http://x/s/1</a><br>b', id="its link can be clicked"
        ),
        pytest.param(None, "&lt;a&gt; {link}<br>b", id="without a link the words stay"),
    ],
)
def test_a_body_is_shown_as_paragraphs(link: str | None, shown: str) -> None:
    assert shown_paragraphs("<a> {link}\nb\n\n\n\nc", link) == [shown, "c"]
