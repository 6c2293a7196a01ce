"""A workbook of 100,000 accounts: the look at its columns, the dry run with its preview, and the import, on SQLite."""

import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
SIZE = 100_000
MOST_MB = 300
MOST_SECONDS = 60
WAYS = ("look", "dry_run", "importing")
HEADER = (
    "account_id", "name", "status", "segment", "industry", "tier", "country", "arr", "currency", "seats", "start_date",
    "renewal_date", "csm_email",
)  # fmt: skip
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    + "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
        for name, kind in (
            ("workbook", "spreadsheetml.sheet.main"),
            ("worksheets/sheet1", "spreadsheetml.worksheet"),
            ("sharedStrings", "spreadsheetml.sharedStrings"),
            ("styles", "spreadsheetml.styles"),
        )
    )
    + "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Accounts" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    + "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(
            (("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")),
            1,
        )
    )
    + "</Relationships>",
    "xl/styles.xml": f'<styleSheet xmlns="{SPREADSHEET}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
}


def rows_of(size: int) -> Iterator[tuple[Any, ...]]:
    """The rows to write: text as text, money and seats as numbers, days as days since 1899-12-30."""
    for number in range(size):
        yield (
            f"A-{number:06d}-XYZ",
            f"Customer {number} of the northern region",
            "active",
            ("enterprise", "mid-market", "small business")[number % 3],
            ("Logistics", "Retail", "Health", "Energy", "Media")[number % 5],
            f"tier {number % 4}",
            ("DE", "FR", "US", "IN", "BR")[number % 5],
            1000 + number * 37 % 90_000 / 4,
            "EUR",
            5 + number % 700,
            float(43_000 + number % 2000),
            float(46_500 + number % 700),
            f"csm{number % 150}@us.example",
        )


def write_workbook(path: Path, size: int) -> None:
    """Write the rows as spreadsheet programs do: texts once each in a part of their own, named by number."""
    texts: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in PARTS.items():
            package.writestr(name, content)
        with package.open("xl/worksheets/sheet1.xml", "w") as file:
            _write(file, f'<worksheet xmlns="{SPREADSHEET}"><sheetData>')
            for number, row in enumerate((HEADER, *rows_of(size)), start=1):
                cells = (_cell(f"{chr(65 + place)}{number}", value, texts) for place, value in enumerate(row))
                _write(file, f'<row r="{number}">{"".join(cells)}</row>')
            _write(file, "</sheetData></worksheet>")
        with package.open("xl/sharedStrings.xml", "w") as file:
            _write(file, f'<sst xmlns="{SPREADSHEET}" uniqueCount="{len(texts)}">')
            for text in texts:
                _write(file, f"<si><t>{text}</t></si>")
            _write(file, "</sst>")


def _write(file: IO[bytes], text: str) -> None:
    file.write(text.encode())


def _cell(place: str, value: Any, texts: dict[str, int]) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="s"><v>{texts.setdefault(value, len(texts))}</v></c>'
    style = ' s="1"' if place[0] in "KL" else ""
    return f'<c r="{place}"{style}><v>{value}</v></c>'


def application_in(folder: Path):  # noqa: ANN201  (the type would import the application, whose memory is measured)
    """An application on the database of the folder."""
    sys.path.insert(0, str(ROOT))
    from app import create_app
    from app.core.config import read_settings

    return create_app(read_settings({"PARALLAX_HOME": str(folder), "PARALLAX_SECRET_KEY": "bench"}))


def prepare(folder: Path, size: int) -> None:
    """Make the database and the file to import."""
    application = application_in(folder)
    from app.core.migrations import upgrade_schema

    upgrade_schema(application)
    write_workbook(folder / "accounts.xlsx", size)


def measured(folder: Path, way: str, size: int) -> None:
    """Do one step in this process, and print its seconds, those of the processor, and its peak memory."""
    application = application_in(folder)
    steps: dict[str, Callable[[Path, int], None]] = {"look": look, "dry_run": dry_run, "importing": importing}
    with application.app_context():
        started, worked = time.perf_counter(), time.process_time()
        steps[way](folder / "accounts.xlsx", size)
        found = {"seconds": time.perf_counter() - started, "worked": time.process_time() - worked}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found | {"peak_mb": peak}))  # noqa: T201  (the parent process reads it)


def look(path: Path, _size: int) -> None:
    """What the page that asks what the columns are reads."""
    from app.transfer.services.formats import ACCOUNTS
    from app.transfer.services.mapping import look_at
    from app.transfer.services.options import Options

    found = look_at(path, known=ACCOUNTS, options=Options())
    if found is None or found.header != HEADER:
        raise SystemExit("the columns were not told apart")


def dry_run(path: Path, size: int) -> None:
    """What an upload does before anybody says yes."""
    _imported(path, size, is_dry_run=True, has_preview=True)


def importing(path: Path, size: int) -> None:
    """The import with its commit."""
    from app.core.database import db

    _imported(path, size)
    db.session.commit()


def _imported(path: Path, size: int, **options: Any) -> None:
    from app.core.database import db
    from app.transfer.services import Options, import_file

    report = import_file(db.session, kind="accounts", path=path, options=Options(**options))
    if report.created != size:
        raise SystemExit(f"{report.created} of {size} rows were new")


def main() -> None:
    """Print seconds, those of the processor and peak memory of each step, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, __file__, "prepare", folder, str(SIZE)], check=True)
        size = (Path(folder) / "accounts.xlsx").stat().st_size / 1e6
        print(f"{SIZE:,} rows of {len(HEADER)} columns, {size:.1f} MB")  # noqa: T201  (a benchmark prints)
        for way in WAYS:
            run = [sys.executable, __file__, way, folder, str(SIZE)]
            found = json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
            print(  # noqa: T201  (a benchmark prints)
                f"{way.replace('_', ' ')}: {found['seconds']:.1f} s, of them {found['worked']:.1f} s of work "
                f"(at most {MOST_SECONDS}), "
                f"{found['peak_mb']:.0f} MB peak (at most {MOST_MB})"
            )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        folder, size = Path(sys.argv[2]), int(sys.argv[3])
        prepare(folder, size) if sys.argv[1] == "prepare" else measured(folder, sys.argv[1], size)
    else:
        main()
