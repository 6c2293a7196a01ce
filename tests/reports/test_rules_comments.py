"""What may be said about an edition."""

import pytest

from app.core.errors import Refusal
from app.reports.rules.comments import LONGEST_COMMENT, Typed, checked_comment, checked_key, checked_words


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (
            Typed("  It fits.\r\nMostly. ", "heard", is_for_all=True),
            Typed("It fits.\nMostly.", "heard", is_for_all=True),
        ),
        (Typed("x" * LONGEST_COMMENT), Typed("x" * LONGEST_COMMENT)),
        (Typed("<b>Ünïcode</b>\twith a tab"), Typed("<b>Ünïcode</b>\twith a tab")),
    ],
    ids=["trimmed", "longest", "any letters"],
)
def test_a_comment_is_stored_as_plain_text(typed: Typed, stored: Typed) -> None:
    assert checked_comment(typed) == stored


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        (Typed(" \n "), "body", "Write what you want to say"),
        (Typed("x" * (LONGEST_COMMENT + 1)), "body", "to 4,000 characters; it has 4,001"),
        (Typed("a\0b"), "body", "cannot be seen"),
        (Typed("It fits.", "nowhere"), "part", "which part"),
        (Typed("It fits.", ""), "part", "which part"),
    ],
    ids=["no words", "too long", "a NUL", "no such part", "no part"],
)
def test_what_cannot_be_stored_is_refused_with_its_field(typed: Typed, field: str, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        checked_comment(typed)
    assert refused.value.field == field


def test_a_note_may_be_left_out() -> None:
    assert checked_words(" ", 10, "note") == ""


@pytest.mark.parametrize(
    ("key", "known"),
    [("0a1b", "0a1b"), ("", None), ("x" * 65, None), ("a\0b", None), ("é", None), ("a b", None)],
    ids=["ours", "none", "too long", "a NUL", "a letter of another alphabet", "a space"],
)
def test_only_a_key_of_ours_is_kept(key: str, known: str | None) -> None:
    assert checked_key(key) == known
