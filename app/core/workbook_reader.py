"""openpyxl's reader without what takes most of its time: the walk through each sheet for a size that may be wrong."""

from typing import IO

from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet


class Sheet(ReadOnlyWorksheet):  # type: ignore[misc]
    """A sheet that is read row by row, as far as there are cells, whatever the file says of its size."""

    def _get_size(self) -> None:
        """Leave the size open: a sheet that does not tell it would be read to its end for it."""


class Reader(ExcelReader):  # type: ignore[misc]
    """A reader of one workbook, row by row; `texts` are what its cells share, where they were read before."""

    def __init__(self, file: IO[bytes], *, has_results: bool, texts: list[str] | None) -> None:
        super().__init__(file, read_only=True, data_only=has_results, keep_links=False)
        self.texts = [] if texts is None else texts

    def read_strings(self) -> None:
        """Read the texts that cells share, unless they are known."""
        if not self.texts:
            super().read_strings()
            self.texts.extend(self.shared_strings)
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
