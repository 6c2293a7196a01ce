"""Workbooks of strangers: weighed before they are opened, and opened so that memory stays flat."""

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import IO, Any

MARK = b"PK\x03\x04"
"""How every workbook begins."""

OLD_MARK = b"\xd0\xcf\x11\xe0"
"""How workbooks of the old kind begin, and those with a password."""


class PackageFault(Enum):
    """Why a workbook is not opened."""

    NO_PACKAGE = auto()
    TOO_LARGE = auto()
    MACROS = auto()


@dataclass(frozen=True)
class Weights:
    """How much a workbook may unpack into: how many parts, and bytes in one sheet, in shared texts, in another part.

    `whole` is how much all parts together may come to.
    """

    parts: int
    whole: int
    sheet: int
    texts: int
    other: int

    def most_of(self, name: str) -> int:
        """The most bytes of a part, by its name in small letters."""
        if is_sheet(name):
            return self.sheet
        return self.texts if name.endswith("sharedstrings.xml") else self.other


def fault_of_package(file: Path | IO[bytes], weights: Weights) -> PackageFault | None:
    """Why a workbook is not opened: no package, with programmes, or far too large once unpacked; None if it may be."""
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        return PackageFault.NO_PACKAGE
    if any(part.filename.casefold().endswith("vbaproject.bin") for part in parts):
        return PackageFault.MACROS
    # A part is never unpacked beyond the size that it declares, so that the declared sizes are an upper bound.
    is_heavy = any(part.file_size > weights.most_of(part.filename.casefold()) for part in parts)
    is_heavy = is_heavy or sum(part.file_size for part in parts) > weights.whole
    return PackageFault.TOO_LARGE if is_heavy or len(parts) > weights.parts else None


def is_sheet(name: str) -> bool:
    """Whether a part, by its name in small letters, is a sheet of cells."""
    return "worksheets/" in name and name.endswith(".xml")


@contextmanager
def opened_workbook(file: IO[bytes], *, has_results: bool, texts: list[str] | None = None) -> Iterator[Any]:
    """Open a weighed workbook to be read row by row: formulas as such, or (`has_results`) by their stored results.

    `texts` is filled with the texts that cells share; the next opening of the same file that is given it reads them no
    second time. Whatever a damaged file makes the reader raise is the caller's to catch.
    """
    from app.core.workbook_reader import Reader

    with warnings.catch_warnings():
        # The reader warns of drop-down lists and colours that it does not keep; nobody needs them here.
        warnings.simplefilter("ignore")
        reader = Reader(file, has_results=has_results, texts=texts)
        reader.read()
    with closing(reader.wb):
        yield reader.wb
