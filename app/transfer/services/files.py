"""Files that go out by the ending of their names: CSV, XLSX and SPSS's SAV."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from app.core.errors import Refusal
from app.core.sheets import Sheet, finished, write_csv, write_xlsx
from app.transfer.rules.codebook import ABSENCE_LABELS, Variable

LONGEST_LABEL = 250


def write_file(path: Path, sheets: Sequence[Sheet], *, title: str, numbers: Collection[str] = ()) -> int:
    """Write the first sheet as CSV or SAV, or all of them as XLSX, by the ending of the name; return its rows.

    `numbers` are the columns that are numbers in SAV; the others are words there.
    """
    kind = ending_of(path)
    if kind == ".xlsx":
        return write_xlsx(path, sheets)
    if kind == ".sav":
        variables = [Variable(name, name, is_number=name in numbers) for name in sheets[0].header]
        return write_sav(path, variables, sheets[0].rows, title=title)
    return write_csv(path, sheets[0].header, sheets[0].rows)


def ending_of(path: Path) -> str:
    """Return which kind of file a name asks for, or refuse."""
    kind = path.suffix.lower() or ".csv"
    if kind not in {".csv", ".xlsx", ".sav"}:
        raise Refusal(f"{path.name}: use a name that ends in .csv, .xlsx or .sav.", "file")
    return kind


def write_sav(path: Path, variables: Sequence[Variable], rows: Iterable[Sequence[Any]], *, title: str) -> int:
    """Write an SPSS file with the labels and the missing values of its variables, and return its rows.

    What was not answered is system-missing; why a question has no answer is a user-defined missing value.
    """
    import pandas as pd
    import pyreadstat

    columns = list(zip(*rows, strict=True)) or [()] * len(variables)
    frame = pd.DataFrame(
        {
            variable.name: pd.Series(
                [float("nan") if cell is None else float(cell) for cell in cells]
                if variable.is_number
                else ["" if cell is None else str(cell) for cell in cells],
                dtype="float64" if variable.is_number else "object",
            )
            for variable, cells in zip(variables, columns, strict=True)
        }
    )
    numeric = [variable for variable in variables if variable.is_number]

    def write(unfinished: Path) -> int:
        pyreadstat.write_sav(
            frame,
            str(unfinished),
            file_label=title[:60],
            column_labels={variable.name: variable.label[:LONGEST_LABEL] for variable in variables},
            variable_value_labels={each.name: _value_labels(each) for each in numeric if each.labels or each.missing},
            missing_ranges={each.name: list(each.missing.values()) for each in numeric if each.missing},
        )
        return len(frame)

    return finished(path, write)


def _value_labels(variable: Variable) -> dict[float, str]:
    named = {number: words[:LONGEST_LABEL] for number, words in variable.labels.items()}
    return named | {code: ABSENCE_LABELS[absence] for absence, code in variable.missing.items()}
