"""Files of cells: opened once to learn their encoding and header, then read as a stream."""

import codecs
import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TextIO

from app.core.errors import Refusal
from app.core.workbooks import MARK, OLD_MARK
from app.transfer.rules.cells import Shape, shown
from app.transfer.rules.encodings import CODECS, KEEP_UNDEFINED, Encoding, implausible_fragment
from app.transfer.rules.headers import Expected, check_header, delimiter_of, recognised
from app.transfer.rules.outcome import Faults
from app.transfer.services.workbooks import Book, Computed, workbook_rows, worksheet_of

CHUNK = 1 << 20
LONGEST_LINE = 1_000_000
PROGRESS_EVERY = 100_000

Progress = Callable[[int], None]
Record = tuple[int, list[str]]

LONE_RETURN = "A lone carriage return ends or parts a row; save the file with ordinary line ends (LF or CR LF)."
LONG_LINE = f"The row is longer than {LONGEST_LINE:,} characters."
UNCLOSED = "A quotation mark is opened and never closed."
CUT_SHORT = (UNCLOSED, LONE_RETURN)
"""The faults in whose row the last cell that can be read is the one at fault."""

_CSV_FAULTS = {
    "unexpected end of data": UNCLOSED,
    "expected after": "Text follows a closing quotation mark: one is not closed, or one inside a cell is not doubled.",
    "new-line character": LONE_RETURN,
    "field larger": "A cell is longer than 131,072 characters, or a quotation mark is never closed.",
}


LEFT_OUT = ""
"""The name of a column that is not imported."""


@dataclass(frozen=True)
class Manner:
    """How a file is to be read: what its columns are to us, which sheet of a workbook, how dates and numbers look.

    `columns` maps names of the file's header to our names, to names of custom fields, or to LEFT_OUT; names that it
    lacks stay what they are.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    worksheet: str | None = None
    shape: Shape = field(default_factory=Shape)


PLAIN = Manner()


@dataclass(frozen=True)
class Sheet:
    """A file whose header is understood: how to read it, and the recognised names of its columns.

    A column that is left out has the name LEFT_OUT.
    """

    path: Path
    encoding: Encoding
    delimiter: str
    header: tuple[str, ...]
    manner: Manner = PLAIN
    worksheet: str = ""
    book: Book | None = None


def open_sheet(path: Path, expected: Expected, faults: Faults, manner: Manner = PLAIN) -> Sheet | None:
    """Learn encoding, delimiter and header of a file; None with the reasons in `faults` if it cannot be imported.

    Refusal where a workbook has rows on several sheets and none was chosen.
    """
    sheet = unnamed_sheet(path, expected, faults, manner)
    if sheet is None:
        return None
    header = _header(sheet, expected, faults)
    return None if header is None or faults.total else replace(sheet, header=tuple(header))


def raw_records(sheet: Sheet, faults: Faults) -> Iterator[Record]:
    """Yield (row, cells) of every row, the header first, whatever its names are."""
    return _all_records(sheet, faults)


def unnamed_sheet(path: Path, expected: Expected, faults: Faults, manner: Manner = PLAIN) -> Sheet | None:
    """Learn all but the header of a file, as `open_sheet` does."""
    encoding = _encoding_of(path, faults)
    if encoding is None:
        return None
    if encoding is Encoding.WORKBOOK:
        return _opened_workbook(path, faults, manner)
    try:
        with _opened(path, encoding) as file:
            first = file.readline(LONGEST_LINE)
    except UnicodeError:
        faults.add(None, None, _not_text(encoding))
        return None
    delimiter = delimiter_of(first.rstrip("\r\n").replace("\r", " "), expected.known)
    return Sheet(path, encoding, delimiter, (), manner)


def _opened_workbook(path: Path, faults: Faults, manner: Manner) -> Sheet | None:
    book = Book(path)
    if book.fault:
        faults.add(None, None, book.fault)
        return None
    try:
        worksheet = worksheet_of(book, manner.worksheet)
    except Refusal as refusal:
        if refusal.field:
            raise
        faults.add(None, None, refusal.sentence)
        return None
    return Sheet(path, Encoding.WORKBOOK, "", (), manner, worksheet, book)


def records(sheet: Sheet, faults: Faults, progress: Progress | None = None) -> Iterator[Record]:
    """Yield (row, cells) after the header, as many cells as the header has; what cannot be read goes to `faults`.

    Rows are numbered as a spreadsheet numbers them: the header is 1, and a cell with line breaks is still in one row.
    """
    width = len(sheet.header)
    is_guessed = sheet.encoding is Encoding.WINDOWS_1252
    for row, cells in islice(_all_records(sheet, faults), 1, None):
        if progress and row % PROGRESS_EVERY == 0:
            progress(row)
        if not cells:
            continue
        faults.rows += 1
        if is_guessed and not _is_plausible(sheet, row, cells, faults):
            continue
        if len(cells) > width:
            faults.add(row, f"cell {width + 1}", f"The row has {len(cells):,} cells, the header only {width:,}.")
            continue
        yield row, cells if len(cells) == width else cells + [""] * (width - len(cells))


def _header(sheet: Sheet, expected: Expected, faults: Faults) -> list[str] | None:
    first = next(_all_records(sheet, faults), None)
    if faults.total:
        return None
    if first is None:
        faults.add(None, None, "The file is empty; its first row must name the columns.")
        return None
    if sheet.encoding is Encoding.WINDOWS_1252 and not _is_plausible(sheet, 1, first[1], faults):
        return None
    names = recognised(first[1], expected.known)
    chosen = sheet.manner.columns
    if chosen:
        names = [chosen.get(raw.strip(), name) for raw, name in zip(first[1], names, strict=True)]
    kept = [name for name in names if name != LEFT_OUT] if chosen else names
    check_header(kept, expected, lambda column, message: faults.add(1, column, message))
    return names


def _all_records(sheet: Sheet, faults: Faults) -> Iterator[Record]:
    return _workbook_records(sheet, sheet.book, faults) if sheet.book else _text_records(sheet, faults)


def _workbook_records(sheet: Sheet, book: Book, faults: Faults) -> Iterator[Record]:
    try:
        for row, cells in workbook_rows(book, sheet.worksheet, sheet.manner.shape):
            texts = [cell for cell in cells if isinstance(cell, str)]
            if len(texts) == len(cells):
                yield row, texts
            else:
                _name_computed(sheet, row, cells, faults)
    except Refusal as refusal:
        faults.add(None, None, refusal.sentence)


def _name_computed(sheet: Sheet, row: int, cells: list[str | Computed], faults: Faults) -> None:
    """Note the cells of a row whose values are not known."""
    for position, cell in enumerate(cells):
        if isinstance(cell, Computed):
            column = sheet.header[position] if position < len(sheet.header) else f"cell {position + 1}"
            faults.add(row, column or f"cell {position + 1}", cell.reason)


def _text_records(sheet: Sheet, faults: Faults) -> Iterator[Record]:
    row, lines_before = 0, 0
    with _opened(sheet.path, sheet.encoding) as file:
        reader = csv.reader(_lines(file), delimiter=sheet.delimiter, strict=True)
        try:
            for row, cells in enumerate(reader, start=1):
                yield row, cells
                lines_before = reader.line_num
        except csv.Error as error:
            message = _in_plain_words(str(error))
            column = _column_at_fault(sheet, lines_before) if message in CUT_SHORT else None
            faults.add(row + 1, column, message)
        except UnicodeError:
            faults.add(None, None, _not_text(sheet.encoding))


def _lines(file: TextIO) -> Iterator[str]:
    # The file is opened so that only a line feed ends a line: the reader then sees a lone CR and can refuse it.
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise csv.Error(LONG_LINE)
        if line[-1] == "\r":
            raise csv.Error(LONE_RETURN)
        yield line


def _not_text(encoding: Encoding) -> str:
    return f"Not all of its bytes are {encoding}; save it as UTF-8."


def _in_plain_words(fault: str) -> str:
    return next((words for sign, words in _CSV_FAULTS.items() if sign in fault), fault)


def _column_at_fault(sheet: Sheet, lines_before: int) -> str | None:
    with _opened(sheet.path, sheet.encoding) as file:
        line = next(islice(iter(lambda: file.readline(LONGEST_LINE), ""), lines_before, None), "")
    try:
        cells = next(csv.reader([line.rstrip("\r\n").split("\r")[0]], delimiter=sheet.delimiter), [])
    except csv.Error:
        return None
    position = len(cells) - 1
    return sheet.header[position] if 0 <= position < len(sheet.header) else None


def _is_plausible(sheet: Sheet, row: int, cells: list[str], faults: Faults) -> bool:
    for position, cell in enumerate(cells):
        fragment = implausible_fragment(cell)
        if fragment:
            column = sheet.header[position] if position < len(sheet.header) else None
            reason = f"Read as Windows-1252, {shown(fragment)} makes no sense: the row mixes encodings"
            faults.add(row, column, f"{reason}. Save the file as UTF-8.")
            return False
    return True


def _opened(path: Path, encoding: Encoding) -> TextIO:
    errors = KEEP_UNDEFINED if encoding is Encoding.WINDOWS_1252 else "strict"
    return path.open(encoding=CODECS[encoding], errors=errors, newline="\n")


def _encoding_of(path: Path, faults: Faults) -> Encoding | None:
    try:
        if not path.is_file():
            raise Refusal(f"{path.name} is not an ordinary file; save it first, then import it.", "file")
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise Refusal(f"{path.name} cannot be read: {error.strerror}.", "file") from error
    if head == MARK:
        return Encoding.WORKBOOK
    if head == OLD_MARK:
        faults.add(
            None, None, "This is a workbook of an old kind or with a password; save it as .xlsx, or as CSV (UTF-8)."
        )
        return None
    marked = _marked_encoding(head)
    if marked:
        return marked
    return Encoding.UTF_8 if _is_utf_8(path) else Encoding.WINDOWS_1252


def _marked_encoding(head: bytes) -> Encoding | None:
    if head.startswith(codecs.BOM_UTF8):
        return Encoding.UTF_8_MARKED
    return Encoding.UTF_16 if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else None


def _is_utf_8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
