"""Documents as people write them: JSON files read strictly."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.documents import FieldError, Fields, canonical_sha256, parse_json


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        pytest.param(b"not json", "not JSON", id="no JSON"),
        pytest.param(b"", "not JSON", id="empty"),
        pytest.param(b"[1]", "one JSON object", id="a list"),
        pytest.param(b'{"a": NaN}', "NaN", id="NaN"),
        pytest.param(b'{"a": -Infinity}', "-Infinity", id="infinity"),
        pytest.param(b'{"a": 1e999}', "too large", id="overflowing float"),
        pytest.param(b'{"a": 1, "a": 2}', "“a” twice", id="a key twice"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", "5,000 digits", id="5,000-digit integer"),
        pytest.param(b'{"a": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", "too deeply", id="50,000-deep lists"),
        pytest.param(b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "too deeply", id="50,000-deep objects"),
        pytest.param(b'{"a": "\\u0000"}', "NUL", id="NUL"),
        pytest.param(b'{"a": ["\\ud800"]}', "surrogate", id="lone surrogate"),
        pytest.param('{"a": "ä"}'.encode("utf-16"), "UTF-8", id="UTF-16"),
        pytest.param(b" " * 16_000_001, "larger", id="too large a file"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(raw: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_json(raw)


def test_a_byte_order_mark_is_read_over() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": "\xc3\xa4"}') == {"a": "ä"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(st.text("abc"), JSON))
def test_what_json_can_say_is_read_as_it_stands(document: dict[str, object]) -> None:
    assert parse_json(json.dumps(document).encode()) == document


def test_the_hash_does_not_hang_on_the_order_of_keys() -> None:
    assert canonical_sha256({"a": 1, "b": 2}) == canonical_sha256({"b": 2, "a": 1})
    assert canonical_sha256({"a": 1}) != canonical_sha256({"a": 2})


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("2026-01-05", date(2026, 1, 5), id="ISO"),
        pytest.param("20260105", None, id="without hyphens"),
        pytest.param("2026-02-30", None, id="impossible"),
        pytest.param("9999-12-31", None, id="beyond any window"),
        pytest.param(20260105, None, id="a number"),
    ],
)
def test_a_day(text: object, day: date | None) -> None:
    fields = Fields({"on": text}, "The study")
    if day is None:
        with pytest.raises(FieldError, match="“on”") as refused:
            fields.day("on")
        assert refused.value.field == "on"
    else:
        assert fields.day("on") == day
