"""Files of strangers: whatever is in them, they are read or refused with a sentence, soon, and never run."""

import time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Refusal
from app.questionnaires.rules.reading import parse_definition
from app.questionnaires.rules.xlsform.document import Converted
from app.questionnaires.services import read_xlsform
from app.questionnaires.services.workbooks import LARGEST_FILE
from tests.questionnaires.xlsforms import with_part, workbook

SURVEY = "xl/worksheets/sheet1.xml"
PLAIN = workbook(survey=[["type", "name", "label"], ["text", "q", "Why?"]])
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{dimension}<sheetData>{rows}</sheetData></worksheet>'


def sheet(content: str, dimension: str = "") -> bytes:
    """The plain form with other rows in its survey sheet."""
    return with_part(PLAIN, SURVEY, SHEET.format(rows=content, dimension=dimension).encode())


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADINGS = f'<row r="1">{cell("A1", "type")}{cell("B1", "name")}{cell("C1", "label")}</row>'
QUESTION = f'<row r="2">{cell("A2", "text")}{cell("B2", "q")}{cell("C2", "Why?")}</row>'


def bomb() -> bytes:
    """A package whose sheet unpacks into 200 MB of spaces."""
    stored = BytesIO()
    with ZipFile(BytesIO(PLAIN)) as old, ZipFile(stored, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part, b" " * 200_000_000 if part.filename == SURVEY else old.read(part))
    return stored.getvalue()


def lying_bomb() -> bytes:
    """The bomb, which says of its sheet that it is small."""
    data = bytearray(bomb())
    size = (200_000_000).to_bytes(4, "little")
    position = data.find(size)
    while position >= 0:
        data[position : position + 4] = (1_000).to_bytes(4, "little")
        position = data.find(size, position)
    return bytes(data)


ENTITIES = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>' + SHEET.format(
    rows=HEADINGS + QUESTION.replace("Why?", "&b;"), dimension=""
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SHEET.format(
    rows=HEADINGS + QUESTION.replace("Why?", "&a;"), dimension=""
)

REFUSED = [
    pytest.param(b"", "f.xlsx", "is empty", id="nothing"),
    pytest.param(b"\0" * 100, "f.xlsx", "is no XLSForm", id="NULs"),
    pytest.param(b"PK\x03\x04 and no more", "f.xlsx", "cannot be read", id="half a package"),
    pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "f.xls", "cannot be read", id="half an old one"),
    pytest.param(PLAIN[: len(PLAIN) // 2], "f.xlsx", "cannot be read", id="cut in half"),
    pytest.param(b"x" * (LARGEST_FILE + 1), "f.csv", "larger than 16 MB", id="too large"),
    pytest.param(b"a,b\n\xff\xfe", "f.csv", "UTF-8", id="another encoding"),
    pytest.param(b"hello", "f.csv", "cannot be read as an XLSForm", id="no table"),
    pytest.param(b"survey,a,b,c,d\n", "f.txt", "is no XLSForm", id="another ending"),
    pytest.param(with_part(PLAIN, "xl/vbaProject.bin", b"x"), "f.xlsm", "macros", id="macros"),
    pytest.param(with_part(PLAIN, SURVEY, ENTITIES.encode()), "f.xlsx", "cannot be read", id="entities"),
    pytest.param(with_part(PLAIN, SURVEY, EXTERNAL.encode()), "f.xlsx", "cannot be read", id="external entity"),
    pytest.param(
        sheet(HEADINGS + QUESTION + f'<row r="6000">{cell("A6000", "text")}</row>'),
        "f.xlsx",
        "5,000 rows",
        id="far row",
    ),
    pytest.param(
        sheet(HEADINGS + QUESTION + "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(3, 400_000))),
        "f.xlsx",
        "empty rows",
        id="400,000 empty rows",
    ),
    pytest.param(
        sheet(f'{HEADINGS}<row r="999999999">{cell("A999999999", "text")}</row>'),
        "f.xlsx",
        "cannot be read",
        id="a row that no workbook has",
    ),
    pytest.param(
        workbook(survey=[["type", "name", "label", *(f"c{n}" for n in range(15_000))], ["text", "q", "Q"]]),
        "f.xlsx",
        "300 columns",
        id="15,000 columns",
    ),
    pytest.param(
        ("survey," + ",".join(f"c{n}" for n in range(50_000)) + "\n,text,q\n").encode(),
        "f.csv",
        "300 columns",
        id="50,000 columns",
    ),
    pytest.param(workbook(survey=[["type", "type", "label"], ["text", "q", "Q"]]), "f.xlsx", "two columns", id="twice"),
    pytest.param(
        workbook(survey=[["type", "name", "label"], ["text", "q", "=1+1"]]), "f.xlsx", "row 2, column 3", id="a formula"
    ),
    pytest.param(workbook(survey=[["type", "name", "label"]]), "f.xlsx", "no valid XLSForm|no questions", id="no rows"),
    pytest.param(workbook(a=[["x"]], b=[["y"]]), "f.xlsx", "no valid XLSForm", id="other sheets"),
    pytest.param(b"| survey |\n| | type | name | label |\n| | text | a\0b | Q |\n", "f.md", "name", id="NUL in a name"),
    pytest.param(b"| survey |\n| | type | name | label |\n| | text | a b | Q |\n", "f.md", "name", id="space"),
    pytest.param(
        "| survey |\n| | type | name | label |\n| | text | größe | Q |\n".encode(), "f.md", "plain letters", id="umlaut"
    ),
    pytest.param(
        workbook(survey=[["type", "name", "label", "relevant"], ["text", "q", "Q", "(" * 20_000]]),
        "f.xlsx",
        "characters|valid XLSForm",
        id="deep expression",
    ),
    pytest.param(
        workbook(
            survey=[
                ["type", "name", "label"],
                *(["begin_group", f"g{n}", "G"] for n in range(1_500)),
                ["text", "q", "Q"],
                *(["end_group"] for _ in range(1_500)),
            ]
        ),
        "f.xlsx",
        "valid XLSForm|nested",
        id="1,500 groups in each other",
    ),
]


def read_or_refused(data: bytes, name: str) -> Converted | str:
    """What a file becomes, or the sentence that refuses it."""
    try:
        return read_xlsform(data, name, key="k")
    except Refusal as refusal:
        return refusal.sentence


@pytest.mark.parametrize(("data", "name", "sentence"), REFUSED)
def test_a_harmful_or_damaged_file_is_refused_with_a_sentence(data: bytes, name: str, sentence: str) -> None:
    began = time.monotonic()
    with pytest.raises(Refusal, match=sentence):
        read_xlsform(data, name, key="k")
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("make", [bomb, lying_bomb])
def test_a_file_that_unpacks_into_200_mb_is_refused(make: object) -> None:
    data = make()  # type: ignore[operator]
    assert len(data) < 1_000_000
    with pytest.raises(Refusal, match=r"64 MB|cannot be read"):
        read_xlsform(data, "f.xlsx", key="k")


def test_what_a_sheet_says_of_its_size_does_not_matter() -> None:
    content = sheet(HEADINGS + QUESTION, '<dimension ref="A1:XFD1048576"/>')
    assert len(read_xlsform(content, "f.xlsx", key="k").document["questions"]) == 1


def test_a_text_that_looks_like_a_formula_or_a_script_stays_a_text() -> None:
    survey = [["type", "name", "label"], ["text", "q", "<script>alert(1)</script> ${q|x}"]]
    converted = read_xlsform(workbook(survey=survey), "f.xlsx", key="k")
    assert converted.document["questions"][0]["text"] == survey[1][2]
    assert any("markup" in warning for warning in converted.warnings)


CELLS = st.one_of(
    st.sampled_from([
        "text", "integer", "select_one a", "select_multiple a", "select_one b or_other", "rank a", "begin_group",
        "end_group", "begin repeat", "end repeat", "note", "calculate", "acknowledge", "range", "geopoint", "start",
        "q", "r", "g", "a", "b", "1", "2", "yes", "no", "${q}", "${q} = 'a'", ". > 1", "true()", "start=1 end=5",
        "${account.name}", "${r|other}", "table-list", "field-list label", "${", "=1+1", "'", "a\nb", "product",
    ]),
    st.text(max_size=8),
    st.none(),
    st.integers(-3, 12),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
    st.booleans(),
)  # fmt: skip
SURVEY_HEADINGS = st.lists(
    st.sampled_from([
        "label", "label::German (de)", "hint", "guidance_hint", "relevant", "constraint", "required", "calculation",
        "appearance", "choice_filter", "parameters", "parallax::per", "parallax::kind", "parallax::dimension",
        "bind::x",        "parallax::position", "parallax::opt_outs", "repeat_count", "constraint_message",
    ]),
    unique=True, max_size=5,
)  # fmt: skip


@st.composite
def forms(draw: st.DrawFn) -> bytes:
    """Small workbooks, most of them nonsense."""
    headings = ["type", "name", *draw(SURVEY_HEADINGS)]
    lines = draw(st.lists(st.lists(CELLS, min_size=len(headings), max_size=len(headings)), max_size=6))
    choices = draw(st.lists(st.tuples(st.sampled_from(["a", "b"]), CELLS, CELLS), max_size=5))
    clean = [[_storable(each) for each in line] for line in lines]
    offered = [[_storable(each) for each in line] for line in choices]
    return workbook(survey=[headings, *clean], choices=[["list_name", "name", "label"], *offered])


def _storable(value: object) -> object:
    if not isinstance(value, str):
        return value
    return "".join(each for each in value if each.isprintable() or each == "\n").encode("utf-8", "ignore").decode()


@given(data=forms())
@settings(max_examples=150, deadline=None)
def test_any_small_workbook_is_read_or_refused(data: bytes) -> None:
    outcome = read_or_refused(data, "any.xlsx")
    assert outcome
    assert isinstance(outcome, str) or parse_definition(outcome.document).questions


@given(data=st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda tail: PLAIN[:300] + tail)))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for name in ("f.xlsx", "f.csv", "f.md"):
        outcome = read_or_refused(data, name)
        assert not isinstance(outcome, str) or 0 < len(outcome) < 5_000
