"""openpyxl's reader without what takes most of its time.

That is the walk through each sheet for a size that may be wrong, and a parser written in Python, which stands there
because it refuses entities. Here a part that declares any is refused by its beginning, and then read by the swift one.
"""

from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element, iterparse
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

CHUNK = 1 << 16
TEXT_TAG, RUN_TAG, SHARED_TAG = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("t", "r", "si"))


class DeclarationError(ValueError):
    """A part declares what no workbook does: a document type, and with it perhaps entities."""


class Begun(Exception):  # noqa: N818  (it is no error: what could be declared has been)
    """The first element of a part has begun."""


class Rows(WorkSheetParser):  # type: ignore[misc]
    """The rows of a sheet, one by one."""

    def parse(self) -> Iterator[Any]:
        """Yield the number and the cells of each row; what else a sheet holds is left."""
        for element in elements(self.source, ROW_TAG):
            yield self.parse_row(element)


class Sheet(ReadOnlyWorksheet):  # type: ignore[misc]
    """A sheet that is read row by row, as far as there are cells, whatever the file says of its size."""

    def _get_size(self) -> None:
        """Leave the size open: a sheet that does not tell it would be read to its end for it."""

    def _cells_by_row(self, *limits: Any) -> Iterator[tuple[Any, ...]]:
        """Yield every row from the first, those that the file leaves out as empty ones."""
        *_limits, values_only = limits
        book, due = self.parent, 1
        with self._get_source() as source:
            rows = Rows(
                source,
                self._shared_strings,
                data_only=book.data_only,
                epoch=book.epoch,
                date_formats=book._date_formats,  # noqa: SLF001
                timedelta_formats=book._timedelta_formats,  # noqa: SLF001
            )
            for number, cells in rows.parse():
                for _ in range(due, number):
                    yield ()
                if due <= number:
                    due = number + 1
                    yield self._get_row(cells, values_only=values_only)


class Reader(ExcelReader):  # type: ignore[misc]
    """A reader of one workbook, row by row; `texts` are what its cells share, where they were read before."""

    def __init__(self, file: IO[bytes], *, has_results: bool, texts: list[str] | None) -> None:
        super().__init__(file, read_only=True, data_only=has_results, keep_links=False)
        self.texts = [] if texts is None else texts

    def read_strings(self) -> None:
        """Read the texts that cells share, unless they are known."""
        part = self.package.find(SHARED_STRINGS)
        if part is not None and not self.texts:
            with self.archive.open(part.PartName[1:]) as source:
                self.texts.extend(_text(element) for element in elements(source, SHARED_TAG))
        self.shared_strings: list[str] = self.texts

    def read_worksheets(self) -> None:
        """Note the sheets without reading any of them."""
        for sheet, relation in self.parser.find_sheets():
            if relation.target not in self.valid_files:
                continue
            if "chartsheet" in relation.Type:
                self.read_chartsheet(sheet, relation)
                continue
            self.wb._sheets.append(Sheet(self.wb, sheet.name, relation.target, self.shared_strings))  # noqa: SLF001


def elements(source: IO[bytes], tag: str) -> Iterator[Element]:
    """Yield the elements of that name, each emptied once the next is asked for; DeclarationError as it says below."""
    refuse_declarations(source)
    source.seek(0)
    for _event, element in iterparse(source):  # noqa: S314  (what declares entities is refused before)
        if element.tag == tag:
            yield element
            element.clear()


def refuse_declarations(source: IO[bytes]) -> None:
    """Raise DeclarationError where a part declares a document type; it may stand before the first element alone."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _declared
    parser.StartElementHandler = _begun
    try:
        while chunk := source.read(CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003  (it takes no names)
    except Begun:
        return


def _declared(*_: Any) -> None:
    raise DeclarationError


def _begun(*_: Any) -> None:
    raise Begun


def _text(shared: Element) -> str:
    """The words of a shared text, of all its runs; how they sound stands beside them and is left out."""
    runs = (part if part.tag == TEXT_TAG else part.find(TEXT_TAG) for part in shared if part.tag in {TEXT_TAG, RUN_TAG})
    return "".join(run.text or "" for run in runs if run is not None).replace("x005F_", "")
