"""Every importer refuses every kind of broken file: status 1, row, column and reason, and nothing is stored.

One world serves the six kinds of file, because what is refused leaves it as it was; the tests insist on that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.orm import Session

pytestmark = pytest.mark.usefixtures("world")

Run = Callable[..., Any]
Contents = Callable[[Session], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Good:
    """A file that can be imported: its header, a row, another row, and which columns are what."""

    header: str
    row: str
    other: str
    date: str
    number: str
    required: str

    @property
    def names(self) -> list[str]:
        """The columns."""
        return self.header.split(",")

    def with_cell(self, column: str, text: str) -> str:
        """The file with one cell of its first row changed."""
        cells = self.row.split(",")
        cells[self.names.index(column)] = text
        return f"{self.header}\n{','.join(cells)}\n"


GOOD = {
    "accounts": Good(
        "account_id,name,arr,start_date", "A-8,Eight,100.50,2026-01-31", "A-9,Nine,7,2026-01-31",
        date="start_date", number="arr", required="name",
    ),
    "contacts": Good(
        "contact_id,account_id,name,is_primary", "C-8,A-1,Nora,yes", "C-9,A-2,Nils,no",
        date="", number="is_primary", required="name",
    ),
    "relationships": Good(
        "relationship_id,account_id,type,arr", "P-8,A-1,product,100.50", "P-9,A-2,service,",
        date="", number="arr", required="type",
    ),
    "telemetry": Good(
        "account_id,period_end,metric,value", "A-1,2026-01-31,logins,5", "A-2,2026-01-31,logins,6",
        date="period_end", number="value", required="metric",
    ),
    "cases": Good(
        "case_id,account_id,opened_at,csat", "K-8,A-1,2026-01-31,4.5", "K-9,A-1,2026-01-31T10:00:00Z,",
        date="opened_at", number="csat", required="opened_at",
    ),
    "interactions": Good(
        "interaction_id,account_id,channel,occurred_at,participated", "I-8,A-1,call,2026-01-31,yes",
        "I-9,A-2,mail,2026-01-31T09:30:00+01:00,", date="occurred_at", number="participated", required="channel",
    ),
    "outcomes": Good(
        "account_id,outcome_date,outcome,reason", "A-1,2026-01-31,renewed,fine", "A-2,2026-01-31,churned,price",
        date="outcome_date", number="outcome", required="outcome",
    ),
    "responses": Good(
        "response_id,account_id,contact_id,submitted_at,question,value", "R-8,A-1,C-1,2026-01-31,recommend,9",
        "R-9,A-2,C-2,2026-01-31,recommend,8", date="submitted_at", number="value", required="value",
    ),
}  # fmt: skip
ALL = tuple(GOOD)
DATED = tuple(kind for kind, good in GOOD.items() if good.date)
OWNED = tuple(kind for kind in GOOD if kind != "accounts")
STRICT = tuple(kind for kind in GOOD if kind not in {"accounts", "contacts"})

Content = Callable[[Good], str | bytes]
Place = Callable[[Good], tuple[int | None, str | None]]


def bad(name: str, content: Content, place: Place, reason: str, kinds: tuple[str, ...] = ALL) -> Any:
    """A case: how to spoil a good file, and which row, column and reason must be named."""
    return pytest.param(content, place, reason, kinds, id=name)


def in_column(which: str, text: str) -> Content:
    """Puts the text into the cell of a column of the first row: its first, second, date, number or required one."""
    return lambda good: good.with_cell(column_of(good, which), text)


def column_of(good: Good, which: str) -> str:
    """The name of the column that plays a part."""
    numbered = {"first": 0, "second": 1, "third": 2}
    return good.names[numbered[which]] if which in numbered else str(getattr(good, which, which))


def at(row: int | None, which: str | None = None) -> Place:
    """The place of an error, in a column by its part."""
    return lambda good: (row, column_of(good, which) if which else None)


def without_required(good: Good) -> str:
    """The file without its required column."""
    position = good.names.index(good.required)
    lines = [line.split(",") for line in (good.header, good.row)]
    return "".join(",".join(cells[:position] + cells[position + 1 :]) + "\n" for cells in lines)


def unclosed(good: Good) -> str:
    """The file with a quotation mark opened in the second column of its second row."""
    first, rest = good.other.split(",", 1)
    return f'{good.header}\n{good.row}\n{first},"{rest}\n'


def second_row_lacks_required(good: Good) -> str:
    """A good row, then one without the required cell."""
    cells = good.other.split(",")
    cells[good.names.index(good.required)] = ""
    return f"{good.header}\n{good.row}\n{','.join(cells)}\n"


def beyond(good: Good) -> str:
    """What the cell behind the last column is called."""
    return f"cell {len(good.names) + 1}"


NUMBERS = {
    "words": "twelve", "infinity": "inf", "not a number": "nan", "underscore": "1_000", "arabic digits": "٣",
    "hexadecimal": "0x10", "huge exponent": "1e999", "five thousand digits": "9" * 5000,
}  # fmt: skip
DATES = {
    "30 February": "2026-02-30", "German": "31.01.2026", "compact": "20260131", "week date": "2026-W05-6",
    "words": "soon", "25 o'clock": "2026-01-31T25:00:00Z",
}  # fmt: skip

CASES = [
    bad("no bytes", lambda _: b"", at(None), "The file is empty"),
    bad("only a byte-order mark", lambda _: b"\xef\xbb\xbf", at(None), "The file is empty"),
    bad("a workbook", lambda _: b"PK\x03\x04" + bytes(200), at(None), "workbook"),
    bad("missing column", without_required, at(1, "required"), "is missing"),
    bad(
        "header twice",
        lambda good: f"{good.header},{good.names[1]}\n{good.row},x\n",
        at(1, "second"),
        "twice",
    ),
    bad(
        "header without a name",
        lambda good: f"{good.header},\n{good.row},\n",
        lambda good: (1, beyond(good)),
        "no name",
    ),
    bad(
        "50,000 columns",
        lambda _: ",".join(f"column_{number}" for number in range(50_000)) + "\n",
        at(1),
        "50,000 columns",
    ),
    bad(
        "unknown column",
        lambda good: f"{good.header},shoe_size\n{good.row},43\n",
        lambda _: (1, "shoe_size"),
        "Unknown column",
        STRICT,
    ),
    bad(
        "more cells than headers",
        lambda good: f"{good.header}\n{good.other}\n{good.row},x\n",
        lambda good: (3, beyond(good)),
        "the header only",
    ),
    bad(
        "fewer cells, a required one among them",
        lambda good: f"{good.header}\n{good.other}\n{good.row.split(',')[0]}\n",
        at(3, "required"),
        "is required",
    ),
    bad("empty key", in_column("first", " "), at(2, "first"), "The cell is empty"),
    bad(
        "doubled id",
        lambda good: f"{good.header}\n{good.row}\n{good.other}\n{good.row}\n",
        at(4, "first"),
        "stands in row 2 already",
    ),
    bad("unknown account", in_column("account_id", "A-77"), at(2, "account_id"), "No account has the id “A-77”", OWNED),
    *(bad(f"number: {name}", in_column("number", text), at(2, "number"), "") for name, text in NUMBERS.items()),
    *(bad(f"date: {name}", in_column("date", text), at(2, "date"), "is not a", DATED) for name, text in DATES.items()),
    bad("NUL byte in the key", in_column("first", "A\0B"), at(2, "first"), "NUL byte"),
    bad("NUL byte in another cell", in_column("third", "1\0"), at(2, "third"), "NUL byte"),
    bad("control character", in_column("first", "A\x1bB"), at(2, "first"), "U+001B"),
    bad("lone CR in a row", in_column("second", "A\rB"), at(2, "second"), "lone carriage return"),
    bad("lone CR in quotes", in_column("second", '"A\rB"'), at(2, "second"), "lone carriage return"),
    bad("lone CR as line end", lambda good: f"{good.header}\r{good.row}\r", at(1), "lone carriage return"),
    bad("unclosed quote", unclosed, at(3, "second"), "never closed"),
    bad("text after a closing quote", in_column("second", '"A"B'), at(2), "closing quotation mark"),
    bad("cell of 5 MB", in_column("second", "x" * 5_000_000), at(2), "longer than"),
    bad("cell longer than its column", in_column("first", "x" * 201), at(2, "first"), "at most 200 fit"),
    bad("only the last row at fault", second_row_lacks_required, at(3, "required"), "is required"),
]


@pytest.mark.parametrize(("content", "place", "reason", "kinds"), CASES)
def test_a_broken_file_is_refused(
    *,
    content: Content,
    place: Place,
    reason: str,
    kinds: tuple[str, ...],
    run: Run,
    contents: Contents,
    world: Session,
) -> None:
    before = contents(world)
    for kind in kinds:
        outcome = run(kind, content(GOOD[kind]))
        assert outcome.status == 1, (kind, outcome.stdout)
        assert place(GOOD[kind]) in outcome.places, kind
        assert reason in outcome.reasons, kind
        assert len(outcome.reasons) < 1_000, kind
        assert outcome.counts[1:] == (0, 0, 0), kind
        assert outcome.stderr.endswith("Nothing was stored.\n"), kind
    assert contents(world) == before


def test_good_files_are_stored_once(run: Run, contents: Contents, world: Session) -> None:
    for kind, good in GOOD.items():
        content = f"{good.header}\n{good.row}\n{good.other}\n"
        before = contents(world)
        assert run(kind, content, "--dry-run").counts == (2, 2, 0, 0), kind
        assert contents(world) == before, kind
        outcome = run(kind, content)
        assert (outcome.status, outcome.counts, outcome.document["errors"]) == (0, (2, 2, 0, 0), []), kind
        after = contents(world)
        assert len(after) > len(before), kind
        assert run(kind, content).counts == (2, 0, 0, 2), kind
        assert run(kind, content, "--dry-run").counts == (2, 0, 0, 2), kind
        assert contents(world) == after, kind


def test_a_header_alone_is_no_rows(run: Run) -> None:
    for kind, good in GOOD.items():
        outcome = run(kind, good.header + "\n")
        assert (outcome.status, outcome.counts) == (0, (0, 0, 0, 0)), kind


def test_rows_with_line_breaks_count_once(run: Run) -> None:
    content = 'account_id,outcome_date,outcome,reason\nA-1,2026-01-31,renewed,"two\nlines"\nA-2,2026-01-31,gone,\n'
    assert run("outcomes", content).places == [(3, "outcome")]


def test_blank_rows_are_skipped_and_counted_in_the_numbering(run: Run) -> None:
    outcome = run("accounts", "account_id,name\n\nA-8,Eight\n\nA-9,\n")
    assert outcome.places == [(5, "name")]


def test_many_errors_are_listed_up_to_a_hundred_and_counted(run: Run) -> None:
    rows = "".join(f"A-{number},\n" for number in range(10, 260))
    outcome = run("accounts", f"account_id,name\n{rows}")
    assert len(outcome.document["errors"]) == 100
    assert outcome.document["errors_total"] == 250
    assert outcome.document["rows"] == 250
    assert "… and 230 more errors." in outcome.stderr


def test_errors_of_all_kinds_come_in_the_order_of_the_file(run: Run) -> None:
    outcome = run(
        "telemetry",
        "account_id,period_end,metric,value\nA-77,2026-01-31,a,1\nA-1,2026-13-31,a,x\nA-1,2026-01-31,a,1\n"
        "A-1,2026-01-31,a,2\n",
    )
    assert outcome.places == [(2, "account_id"), (3, "period_end"), (3, "value"), (5, "account_id")]


def test_a_file_that_is_not_there_is_wrong_usage(runner: Any) -> None:
    assert runner.invoke(args=["import", "accounts", "nowhere.csv"]).exit_code == 2


def test_an_unknown_kind_is_wrong_usage(run: Run) -> None:
    assert run("galaxies", "account_id\n").status == 2
