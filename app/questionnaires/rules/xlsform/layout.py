"""Groups and repetitions: sections, matrices, and what is flattened into them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from app.questionnaires.rules.xlsform import types
from app.questionnaires.rules.xlsform.cells import Context, expression_of
from app.questionnaires.rules.xlsform.draft import Draft, Place, add_text
from app.questionnaires.rules.xlsform.questions import add_head, add_question, key_of, note_refused
from app.questionnaires.rules.xlsform.sheets import OWN, Row

_GRIDS = frozenset({"table-list", "field-list"})


@dataclass
class Node:
    """A row, and the rows inside it where it begins a group."""

    row: Row
    control: str | None = None
    inside: "list[Node]" = field(default_factory=list)

    @property
    def is_repeat(self) -> bool:
        """Whether what is inside is asked several times."""
        return self.control == "repeat"

    @property
    def looks(self) -> list[str]:
        """The words of its appearance."""
        return self.row.get("appearance").split()


def tree(rows: Sequence[Row], context: Context) -> list[Node]:
    """The rows nested as their groups are."""
    root = Node(Row("survey", 1, {}))
    open_nodes = [root]
    for row in rows:
        control = types.control_of(row.get("type"))
        if control is None:
            open_nodes[-1].inside.append(Node(row))
        elif control.is_begin:
            node = Node(row, control.what)
            open_nodes[-1].inside.append(node)
            open_nodes.append(node)
        elif len(open_nodes) > 1:
            open_nodes.pop()
        else:
            context.findings.refuse(row, "it ends a group that was not begun")
    return root.inside


def add_sections(draft: Draft, nodes: Sequence[Node], title: str, context: Context) -> None:
    """Add each group as a section, and the questions between groups as sections that bear the form's title."""
    taken = {node.row.get("name") for node in nodes}
    names = (name for number in range(1, len(nodes) + 2) if (name := f"part_{number}") not in taken)
    for is_group, run in groupby(nodes, key=lambda node: node.control is not None):
        if is_group:
            for node in run:
                _add_section(draft, node, context)
        else:
            section = next(names)
            draft.sections.append({"key": section, "title": title})
            for node in run:
                _add(draft, node, Place(section), context)


def _add_section(draft: Draft, node: Node, context: Context) -> None:
    row, key = node.row, key_of(node.row, context)
    place = f"section.{key}"
    is_matrix = _is_matrix(node)
    if not is_matrix:
        note_refused(row, context)
    title = add_text(draft, row, "label", f"{place}.title", context)
    if title is None:
        title = key
        context.findings.leave_out(row, "the group has no label; its name is the title of the section")
    script = None
    if not is_matrix:
        script = add_text(draft, row, f"{OWN}::script", f"{place}.script", context)
        script = script or add_text(draft, row, "hint", f"{place}.script", context)
    section = {
        "key": key,
        "title": title,
        "script": script,
        "minutes": _minutes(row, context),
        "relevant": None if is_matrix else expression_of(row, "relevant", context),
        "per": _per(node, context),
    }
    draft.sections.append({name: value for name, value in section.items() if value is not None})
    if is_matrix:
        _add_matrix(draft, node, Place(key), context)
    else:
        for inner in node.inside:
            _add(draft, inner, Place(key), context)


def _add(draft: Draft, node: Node, place: Place, context: Context) -> None:
    if node.control is None:
        add_question(draft, node.row, place, context)
    elif node.is_repeat or node.control == "loop" or node.row.get(f"{OWN}::per"):
        context.findings.refuse(node.row, f"{_repetition(node)} inside a group: only whole sections can be repeated")
    elif _is_matrix(node):
        _add_matrix(draft, node, place, context)
    else:
        _flatten(draft, node, place, context)


def _flatten(draft: Draft, node: Node, place: Place, context: Context) -> None:
    """Put what is in an inner group into its section, its label as a note, its condition to each question."""
    if node.row.words("label"):
        add_head(draft, node.row, place, context, kind="note")
    else:
        note_refused(node.row, context)
    condition = expression_of(node.row, "relevant", context)
    if not _GRIDS.isdisjoint(node.looks):
        context.findings.leave_out(node.row, "the questions stand below each other, not in a grid or on a page")
    inner = Place(place.section, (*place.conditions, *([condition] if condition else [])))
    for each in node.inside:
        _add(draft, each, inner, context)


def _add_matrix(draft: Draft, node: Node, place: Place, context: Context) -> None:
    rows = [inner.row for inner in node.inside]
    head = node.row
    if "label" in node.inside[0].looks:
        # The older way to write a grid: its first row holds the labels of the columns, and no answer.
        if not head.words("label"):
            head = rows[0]
        rows = rows[1:]
    matrix = add_head(draft, head, place, context)
    for row in rows:
        entry = add_question(draft, row, Place(place.section), context)
        if entry is not None:
            entry["matrix"] = matrix["key"]


def _is_matrix(node: Node) -> bool:
    """Whether a group is a grid: a head over single choices from one list."""
    if node.control != "group" or not node.inside:
        return False
    if node.row.get(f"{OWN}::kind") == "matrix":
        return True
    selects = [types.select_of(inner.row.get("type")) for inner in node.inside]
    names = {select.list_name for select in selects if select and select.kind == "single_choice"}
    are_alike = all(selects) and len(names) == 1 and all(each and each.kind == "single_choice" for each in selects)
    has_words = bool(node.row.words("label")) or "label" in node.inside[0].looks
    return are_alike and has_words and len(selects) > 1 and not _GRIDS.isdisjoint(node.looks)


def _per(node: Node, context: Context) -> str | None:
    per, count = node.row.get(f"{OWN}::per"), node.row.get("repeat_count")
    if per:
        if count:
            context.findings.leave_out(node.row, f"repeat_count “{count[:80]}”: {OWN}::per says how often it is asked")
        return per
    if node.is_repeat or node.control == "loop":
        context.findings.refuse(
            node.row,
            f"{_repetition(node)}: sections are repeated for each of an account's relationships; "
            f"write their type into the column {OWN}::per",
        )
    return None


def _repetition(node: Node) -> str:
    return "a loop over a list" if node.control == "loop" else "a repetition"


def _minutes(row: Row, context: Context) -> int | None:
    written = row.get(f"{OWN}::minutes")
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and len(written) < 5):
        context.findings.refuse(row, f"{OWN}::minutes “{written[:20]}”: write a whole number")
        return None
    return int(written)


def note_doubled_names(nodes: Sequence[Node], context: Context) -> None:
    """Note names of questions that stand there twice, which XLSForm allows in different groups."""
    rows = [node.row for node in leaves(nodes) if node.row.get("name")]
    counted = Counter(row.get("name") for row in rows)
    for row in rows:
        if counted[row.get("name")] > 1:
            context.findings.refuse(row, "another question has the same name; each needs its own")


def leaves(nodes: Sequence[Node]) -> Iterator[Node]:
    """The rows that are no groups, in their order."""
    for node in nodes:
        if node.control is None:
            yield node
        else:
            yield from leaves(node.inside)
