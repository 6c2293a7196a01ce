"""The small language of conditions, constraints and calculations: the useful part of XLSForm's, read by a grammar.

Values are numbers, texts, truths; what was not answered is an empty text. Comparing, adding and converting follow
XPath 1.0, as XLSForm does: an empty text is no number, and no number is smaller or larger than anything.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from lark import Lark, Transformer, v_args
from lark.exceptions import LarkError, UnexpectedInput, UnexpectedToken, VisitError

LONGEST = 2_000
DEEPEST = 40
LONGEST_VALUE = 10_000
Value = float | str | bool

_DECIMAL = re.compile(r"\s{0,9}-?[0-9]{1,15}(?:\.[0-9]{1,15})?\s{0,9}", re.ASCII)

_GRAMMAR = r"""
?start: either
?either: both | either "or" both
?both: compared | both "and" compared
?compared: sum | sum COMPARE sum
?sum: product | sum ADD product
?product: sign | product TIMES sign
?sign: atom | "-" sign -> negative
?atom: NUMBER -> number
     | STRING -> text
     | "${" NAME "}" -> reference
     | "." -> current
     | FUNCTION "(" [either ("," either)*] ")" -> call
     | "(" either ")"

COMPARE: "!=" | "<=" | ">=" | "=" | "<" | ">"
ADD: "+" | "-"
TIMES: "*" | "div" | "mod"
NUMBER: /[0-9]{1,15}(\.[0-9]{1,15})?/
STRING: /'[^']*'/ | /"[^"]*"/
NAME: /[A-Za-z_][A-Za-z0-9_.-]{0,99}/
FUNCTION: /[a-z]+(-[a-z]+)*(?=\s*\()/
%import common.WS
%ignore WS
"""


@dataclass(frozen=True)
class Literal:
    """A number or a text that stands in the expression."""

    value: Value


@dataclass(frozen=True)
class Reference:
    """The answer to a question, or a fact about the customer, by name."""

    name: str


@dataclass(frozen=True)
class Current:
    """The answer that a constraint is about, written as a full stop."""


@dataclass(frozen=True)
class Operation:
    """An operator or a function with its operands."""

    name: str
    operands: "tuple[Node, ...]"


Node = Literal | Reference | Current | Operation


def parsed(expression: str) -> Node:
    """The tree of an expression; ValueError says where it goes wrong and how to mend it."""
    if len(expression) > LONGEST:
        raise ValueError(f"The expression has {len(expression):,} characters; {LONGEST:,} are the most.")
    return _parsed(expression)


@lru_cache(4096)
def _parsed(expression: str) -> Node:
    try:
        tree: Any = _parser().parse(expression)
    except UnexpectedInput as error:
        raise ValueError(_place(expression, error)) from None
    except VisitError as error:
        raise ValueError(str(error.orig_exc)) from None
    except LarkError:
        raise ValueError("The expression cannot be read.") from None
    return tree.node  # type: ignore[no-any-return]


def names_in(node: Node) -> Iterator[str]:
    """The names that an expression refers to, each as often as it stands there."""
    if isinstance(node, Reference):
        yield node.name
    if isinstance(node, Operation):
        for operand in node.operands:
            yield from names_in(operand)


def uses_current(node: Node) -> bool:
    """Whether the full stop stands anywhere in an expression."""
    if isinstance(node, Operation):
        return any(uses_current(operand) for operand in node.operands)
    return isinstance(node, Current)


def evaluated(node: Node, resolve: Callable[[str], Value], current: Value = "") -> Value:
    """The value of an expression; `resolve` gives the values of names, `current` stands for the full stop."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Reference):
        return resolve(node.name)
    if isinstance(node, Current):
        return current

    def value_of(operand: Node) -> Value:
        return evaluated(operand, resolve, current)

    return _FUNCTIONS[node.name].apply(value_of, node.operands)


def truth(value: Value) -> bool:
    """A value as true or false: numbers but 0, and texts with anything in them, are true."""
    if isinstance(value, float):
        return not math.isnan(value) and value != 0
    return bool(value)


def number(value: Value) -> float:
    """A value as a number, not-a-number where it is none."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        return float(value) if _DECIMAL.fullmatch(value) else math.nan
    return value


def text(value: Value) -> str:
    """A value as a text: whole numbers without decimals, not-a-number as nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if math.isnan(value):
        return ""
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"


@dataclass(frozen=True)
class _Built:
    """A tree under construction with its depth, so that one too deep is refused while it is read."""

    node: Node
    depth: int = 1


@v_args(inline=True)
class _Builder(Transformer[Any, Any]):
    def number(self, token: str) -> _Built:
        return _Built(Literal(float(token)))

    def text(self, token: str) -> _Built:
        return _Built(Literal(str(token)[1:-1]))

    def reference(self, token: str) -> _Built:
        return _Built(Reference(str(token)))

    def current(self) -> _Built:
        return _Built(Current())

    def negative(self, operand: _Built) -> _Built:
        return _operation("negative", operand)

    def either(self, left: _Built, right: _Built) -> _Built:
        return _operation("or", left, right)

    def both(self, left: _Built, right: _Built) -> _Built:
        return _operation("and", left, right)

    def compared(self, left: _Built, operator: str, right: _Built) -> _Built:
        return _operation(str(operator), left, right)

    def sum(self, left: _Built, operator: str, right: _Built) -> _Built:
        return _operation(str(operator), left, right)

    def product(self, left: _Built, operator: str, right: _Built) -> _Built:
        return _operation(str(operator), left, right)

    def call(self, name: str, *operands: _Built | None) -> _Built:
        given = [operand for operand in operands if operand is not None]
        function = _FUNCTIONS.get(str(name))
        if function is None or not function.is_named:
            known = ", ".join(sorted(key for key, each in _FUNCTIONS.items() if each.is_named))
            raise ValueError(f"“{name}()” is not supported; these are: {known}.")
        if not function.least <= len(given) <= function.most:
            raise ValueError(f"“{name}()” is given {len(given)} values; it takes {function.takes}.")
        if str(name) == "selected" and not isinstance(given[0].node, Reference | Current):
            raise ValueError("The first value of “selected()” must be a question, as in selected(${key}, 'choice').")
        return _operation(str(name), *given)


def _operation(name: str, *operands: _Built) -> _Built:
    depth = 1 + max((operand.depth for operand in operands), default=0)
    if depth > DEEPEST:
        raise ValueError(f"The expression is nested more than {DEEPEST} deep; split it into calculated values.")
    return _Built(Operation(name, tuple(operand.node for operand in operands)), depth)


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", transformer=_Builder())


def _place(expression: str, error: UnexpectedInput) -> str:
    position = error.pos_in_stream or 0
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return f"The expression ends too early: “{expression[-40:]}”."
    return f"The expression cannot be read from “{expression[position : position + 20]}” (character {position + 1}) on."


@dataclass(frozen=True)
class _Function:
    """How an operator or function is computed, and how many values it takes; `is_named` is called by its name."""

    apply: Callable[[Callable[[Node], Value], tuple[Node, ...]], Value]
    least: int
    most: int
    is_named: bool = True

    @property
    def takes(self) -> str:
        if self.least == self.most:
            return str(self.least)
        return f"{self.least} or more" if self.most > 9 else f"{self.least} to {self.most}"


def _of_values(
    compute: Callable[..., Value], least: int, most: int | None = None, *, is_named: bool = True
) -> _Function:
    def apply(value_of: Callable[[Node], Value], operands: tuple[Node, ...]) -> Value:
        return compute(*(value_of(operand) for operand in operands))

    return _Function(apply, least, least if most is None else most, is_named)


def _and(value_of: Callable[[Node], Value], operands: tuple[Node, ...]) -> Value:
    return all(truth(value_of(operand)) for operand in operands)


def _or(value_of: Callable[[Node], Value], operands: tuple[Node, ...]) -> Value:
    return any(truth(value_of(operand)) for operand in operands)


def _if(value_of: Callable[[Node], Value], operands: tuple[Node, ...]) -> Value:
    return value_of(operands[1] if truth(value_of(operands[0])) else operands[2])


def _coalesce(value_of: Callable[[Node], Value], operands: tuple[Node, ...]) -> Value:
    return next((value for value in map(value_of, operands) if text(value) != ""), "")


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return number(left) == number(right)
    return left == right


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Value, Value], Value]:
    def apply(left: Value, right: Value) -> Value:
        # Days are written so that their texts stand in their order.
        if isinstance(left, str) and isinstance(right, str) and _is_day(left) and _is_day(right):
            return bool(compare(left, right))
        return bool(compare(number(left), number(right)))

    return apply


def _is_day(value: str) -> bool:
    return len(value) == 10 and value[4] == value[7] == "-" and value.replace("-", "").isdigit()


def _divided(left: float, right: float) -> float:
    return left / right if right else math.nan


def _remainder(left: float, right: float) -> float:
    return math.fmod(left, right) if right and math.isfinite(left) else math.nan


def _rounded(value: Value, digits: Value = 0.0) -> Value:
    places, exact = number(digits), number(value)
    if math.isnan(exact) or math.isinf(exact) or not 0 <= places <= 9:
        return math.nan
    tens = float(10 ** int(places))
    return math.floor(exact * tens + 0.5) / tens


def _whole(value: Value) -> Value:
    exact = number(value)
    return math.nan if math.isnan(exact) or math.isinf(exact) else float(math.trunc(exact))


def _short(value: str) -> str:
    return value[:LONGEST_VALUE]


_FUNCTIONS: Mapping[str, _Function] = {
    "and": _Function(_and, 2, 2, is_named=False),
    "or": _Function(_or, 2, 2, is_named=False),
    "=": _of_values(_equal, 2, is_named=False),
    "!=": _of_values(lambda left, right: not _equal(left, right), 2, is_named=False),
    "<": _of_values(_ordered(lambda left, right: left < right), 2, is_named=False),
    "<=": _of_values(_ordered(lambda left, right: left <= right), 2, is_named=False),
    ">": _of_values(_ordered(lambda left, right: left > right), 2, is_named=False),
    ">=": _of_values(_ordered(lambda left, right: left >= right), 2, is_named=False),
    "+": _of_values(lambda left, right: number(left) + number(right), 2, is_named=False),
    "-": _of_values(lambda left, right: number(left) - number(right), 2, is_named=False),
    "*": _of_values(lambda left, right: number(left) * number(right), 2, is_named=False),
    "div": _of_values(lambda left, right: _divided(number(left), number(right)), 2, is_named=False),
    "mod": _of_values(lambda left, right: _remainder(number(left), number(right)), 2, is_named=False),
    "negative": _of_values(lambda value: -number(value), 1, is_named=False),
    "if": _Function(_if, 3, 3),
    "coalesce": _Function(_coalesce, 2, 9),
    "not": _of_values(lambda value: not truth(value), 1),
    "true": _of_values(lambda: True, 0),
    "false": _of_values(lambda: False, 0),
    "boolean": _of_values(truth, 1),
    "number": _of_values(number, 1),
    "string": _of_values(text, 1),
    "int": _of_values(_whole, 1),
    "round": _of_values(_rounded, 1, 2),
    "min": _of_values(lambda *values: min(map(number, values)), 1, 9),
    "max": _of_values(lambda *values: max(map(number, values)), 1, 9),
    "concat": _of_values(lambda *values: _short("".join(map(text, values))), 1, 99),
    "contains": _of_values(lambda value, part: text(part) in text(value), 2),
    "starts-with": _of_values(lambda value, part: text(value).startswith(text(part)), 2),
    "string-length": _of_values(lambda value: float(len(text(value))), 1),
    "selected": _of_values(lambda value, choice: text(choice) in text(value).split(), 2),
    "count-selected": _of_values(lambda value: float(len(text(value).split())), 1),
}
