"""What single cells say: expressions, texts with pipes, yes and no; what cannot be said in Parallax is noted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.questionnaires.rules.expressions import FUNCTION_NAMES, Literal, Node, Operation, Reference, names_in, parsed
from app.questionnaires.rules.piping import pipes
from app.questionnaires.rules.xlsform.lists import ChoiceList
from app.questionnaires.rules.xlsform.sheets import Findings, Row

_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})
_TRUE = frozenset({"yes", "true", "true()"})
_FALSE = frozenset({"no", "false", "false()"})
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|\*\*[^*]+\*\*")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_CALLED = re.compile(r"([A-Za-z][A-Za-z0-9:_-]*)\s*\(")
_PIPE_ROW = re.compile(r"\$\{([^{}|]+)\}")


@dataclass
class Context:
    """What a row can only be understood with: the lists, the rows left out, the pipes, and what was found so far."""

    lists: Mapping[str, ChoiceList]
    findings: Findings
    left_out: frozenset[str] = frozenset()
    consents: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    pipes: Mapping[str, str] = field(default_factory=dict)


def expression_of(row: Row, column: str, context: Context) -> str | None:
    """The expression in a cell, None where there is none or Parallax cannot compute it."""
    written = row.words(column).translate(_QUOTES).strip()
    if not written:
        return None
    if written.casefold() in _TRUE | _FALSE:
        return "true()" if written.casefold() in _TRUE else "false()"
    try:
        node = parsed(written)
    except ValueError as error:
        context.findings.refuse(row, f"{column} “{_short(written)}”: {_reason(written, error)}")
        return None
    _check_names(row, column, node, context)
    return written


def flag_of(row: Row, column: str, context: Context) -> bool:
    """Whether a cell says yes; a condition in place of yes or no is noted."""
    written = row.get(column).casefold()
    if written in _TRUE:
        return True
    if written and written not in _FALSE:
        context.findings.refuse(row, f"{column} “{_short(written)}”: it is yes or no, never by a condition")
    return False


def text_of(words: str, row: Row | None, context: Context) -> str:
    """A text with its pipes as Parallax writes them."""
    if "${" in words:
        words = _PIPE_ROW.sub(lambda found: _written(found, context), words)
        for pipe in pipes(words):
            if pipe.name in context.left_out:
                context.findings.refuse(row, f"the text names “{pipe.name}”, which Parallax does not record")
    if row is not None and _MARKUP.search(words):
        context.findings.leave_out(row, "texts are plain words; the markup in this one is shown as it is written")
    return words


def combined(conditions: list[str]) -> str | None:
    """Conditions that must all hold, as one."""
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    return " and ".join(f"({condition})" for condition in conditions)


def _written(found: re.Match[str], context: Context) -> str:
    raw = context.pipes.get(found[1].strip())
    return found[0] if raw is None else f"${{{raw}}}"


def _check_names(row: Row, column: str, node: Node, context: Context) -> None:
    for name in names_in(node):
        if name in context.left_out:
            context.findings.refuse(row, f"{column} names “{name}”, which Parallax does not record")
        if name in context.notes:
            context.findings.refuse(row, f"{column} names “{name}”, which takes no answer")
    for name in _compared_with_ok(node):
        if name in context.consents:
            context.findings.refuse(
                row, f"{column} compares “{name}” with 'OK'; consent is yes or no: write ${{{name}}} = 'yes'"
            )


def _reason(written: str, error: ValueError) -> str:
    """Why an expression cannot be computed: all functions that are not known, or what the grammar says."""
    called = _CALLED.findall(_QUOTED.sub("''", written))
    unknown = list(dict.fromkeys(name for name in called if name not in {*FUNCTION_NAMES, "and", "or", "div", "mod"}))
    if not unknown:
        return str(error).removesuffix(".")
    listed = ", ".join(f"{name[:40]}()" for name in unknown)
    return f"{listed} {'is' if len(unknown) == 1 else 'are'} not supported"


def _compared_with_ok(node: Node) -> list[str]:
    if not isinstance(node, Operation):
        return []
    inner = [name for operand in node.operands for name in _compared_with_ok(operand)]
    has_ok = any(isinstance(each, Literal) and each.value == "OK" for each in node.operands)
    return inner + ([each.name for each in node.operands if isinstance(each, Reference)] if has_ok else [])


def _short(written: str) -> str:
    return written if len(written) <= 80 else f"{written[:79]}…"
