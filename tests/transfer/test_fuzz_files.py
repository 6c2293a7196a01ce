"""Whatever lies in a file, an import ends with a report or a refusal, and what is refused leaves nothing."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.customers.models import Account
from app.transfer.rules.headers import DELIMITERS, delimiter_of
from app.transfer.rules.outcome import Faults
from app.transfer.services import ImportRefused, Options, import_file
from app.transfer.services.formats import FORMATS
from app.transfer.services.reading import open_sheet, records

Contents = Callable[[Session], list[tuple[Any, ...]]]

PIECES = [
    b"account_id", b"name", b"arr", b"A-1", b"A-2", b",", b";", b"\t", b'"', b"\n", b"\r\n", b"\r", b"\0", b"=1+1",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xe9", b"\x82", b"\x90", b"\xc3\xa9", b"\xed\xa0\x80", b"1e999",
    b"nan", b"-", b"9" * 50, b" ", b"'", b"\x1a", b"\\", "é😀".encode(),
]  # fmt: skip
FILES = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join),
    st.lists(st.sampled_from(PIECES), max_size=30).map(lambda pieces: b"account_id,name,arr\n" + b"".join(pieces)),
    st.text(max_size=80).map(lambda text: text.encode("utf-16", errors="surrogatepass")),
)


@given(content=FILES, kind=st.sampled_from(sorted(FORMATS)))
@settings(max_examples=300)
def test_any_bytes_are_read_or_refused(content: bytes, kind: str) -> None:
    faults = Faults()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "any.csv"
        path.write_bytes(content)
        sheet = open_sheet(path, FORMATS[kind].expected, faults)
        if sheet is None:
            assert faults.listed
            return
        width = len(sheet.header)
        assert all(row > 1 and len(cells) == width for row, cells in records(sheet, faults))
    assert all(len(error.message) < 1_000 for error in faults.listed)


@given(content=FILES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_stored_whole_or_not_at_all(
    content: bytes, session: Session, write_file: Callable[[bytes], Path]
) -> None:
    try:
        report = import_file(session, kind="accounts", path=write_file(content))
        assert session.scalar(sa.select(sa.func.count()).select_from(Account)) == report.created
        assert report.created == report.rows
    except ImportRefused:
        session.rollback()
        assert session.scalar(sa.select(sa.func.count()).select_from(Account)) == 0
    finally:
        session.rollback()


WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20)


@given(
    rows=st.lists(
        st.lists(WORDS, min_size=3, max_size=3),
        max_size=5,
    ),
    delimiter=st.sampled_from(DELIMITERS),
)  # fmt: skip
def test_what_a_spreadsheet_writes_is_read_as_written(rows: list[list[str]], delimiter: str) -> None:
    import csv

    with TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerows([["account_id", "name", "note"], *rows])
        faults = Faults()
        sheet = open_sheet(path, FORMATS["accounts"].expected, faults)
        assert sheet is not None
        assert [cells for _, cells in records(sheet, faults)] == rows
        assert not faults.total


@pytest.mark.parametrize(
    ("line", "delimiter"),
    [
        ("account_id,name", ","),
        ("account_id;name;a,b", ";"),
        ("account_id\tname, first", "\t"),
        ('"account_id","name; last"', ","),
        ("nothing known;at all", ";"),
        ("one", ","),
        ("", ","),
    ],
)
def test_the_delimiter_is_told_by_the_header(line: str, delimiter: str) -> None:
    assert delimiter_of(line, ("account_id", "name")) == delimiter


def test_a_pipe_is_refused(session: Session, tmp_path: Path) -> None:
    import os

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(Refusal, match="not an ordinary file"):
        import_file(session, kind="accounts", path=pipe, options=Options())
