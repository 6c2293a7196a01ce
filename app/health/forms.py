"""What the forms of the scorecard's editor send, as parts of the draft; nothing that was typed is dropped."""

from itertools import zip_longest
from typing import Any

from werkzeug.datastructures import MultiDict

from app.core.errors import Missing, Refusal
from app.health.rules.bands import MOST_STAGES
from app.health.rules.editing import ABOUT, EXCEPTIONS, MEASURE_FIELDS, WEIGHTS, Entry, Sheet, part_of
from app.health.rules.scorecard import MOST_POINTS, Aggregate, Per, Tier

Sent = MultiDict[str, str]

LONGEST = 200
MOST_ROWS = 200
_CHOICES: dict[str, frozenset[str]] = {
    "aggregate": frozenset(map(str, Aggregate)),
    "per": frozenset({"", *map(str, Per)}),
    "tier": frozenset(map(str, Tier)),
}


def typed_part(sent: Sent, sheet: Sheet, place: str) -> dict[str, Any]:
    """Return one part of the draft as a form sends it; Refusal where it cannot be kept, Missing where there is none."""
    current = part_of(sheet, place)
    if current is None:
        raise Missing("This part was taken out meanwhile.", "place")
    if place == ABOUT:
        return _about(sent)
    if place == WEIGHTS:
        return {"groups": _group_rows(sent), "measures": _weight_rows(sent)}
    if place == EXCEPTIONS:
        rows = _rows(sent, ("exception_of", "exception_is", "exception_cap"), MOST_ROWS)
        return {"exceptions": [{"of": of, "is": _band(colour), "cap": _band(cap)} for of, colour, cap in rows]}
    return _measure(sent, current)


def text(sent: Sent, name: str) -> str:
    """Return a line that was typed; Refusal where it is too long to be kept or holds what no line can."""
    return _kept(sent.get(name, ""), name)


def whole(sent: Sent, name: str) -> int:
    """Return a whole number that a form of ours sends; Refusal where it is none."""
    typed = sent.get(name, "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise Refusal("The page does not say which version it shows; reload it.", name)
    return int(typed)


def _about(sent: Sent) -> dict[str, Any]:
    rows = _rows(sent, ("stage", "stage_amber", "stage_green"), MOST_STAGES)
    stages = [
        {"stage": stage, "amber_from": low, "green_from": high} for stage, low, high in rows if stage + low + high
    ]
    return {**{name: text(sent, name) for name in ("name", "amber_from", "green_from")}, "stages": stages}


def _group_rows(sent: Sent) -> list[Entry]:
    rows = _rows(sent, ("group_key", "group_name", "group_weight"), MOST_ROWS)
    return [{"key": key, "name": name, "weight": weight} for key, name, weight in rows if key]


def _weight_rows(sent: Sent) -> list[Entry]:
    rows = _rows(sent, ("measure_key", "measure_weight", "measure_tier", "measure_group"), MOST_ROWS)
    return [
        {"key": key, "weight": weight, "tier": _chosen("tier", tier), "group": group}
        for key, weight, tier, group in rows
        if key
    ]


def _measure(sent: Sent, current: Entry) -> Entry:
    typed = {
        name: text(sent, name) for name in MEASURE_FIELDS if name not in ("key", "points", "tier", "aggregate", "per")
    }
    chosen = {name: _chosen(name, sent.get(name, current[name])) for name in ("tier", "aggregate", "per")}
    rows = _rows(sent, ("point_value", "point_worth"), MOST_POINTS)
    points = [[x, y] for x, y in rows if x or y]
    return {**current, **typed, **chosen, "points": points}


def _rows(sent: Sent, names: tuple[str, ...], most: int) -> list[tuple[str, ...]]:
    columns = [[_kept(value, name) for value in sent.getlist(name)] for name in names]
    if any(len(column) > most + 20 for column in columns):
        raise Refusal(f"There are more than {most} rows.", names[0])
    return list(zip_longest(*columns, fillvalue=""))


def _chosen(name: str, typed: str) -> str:
    if typed not in _CHOICES[name]:
        raise Refusal("Choose one of the list.", name)
    return typed


def _band(typed: str) -> str:
    if typed not in ("red", "amber"):
        raise Refusal("Choose red or amber.", "exception")
    return typed


def _kept(typed: str, name: str) -> str:
    line = typed.strip()
    if len(line) > LONGEST:
        raise Refusal(f"Write at most {LONGEST} characters.", name)
    if any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in line):
        raise Refusal("This line holds a character that cannot be kept; type it again.", name)
    return line


def typed_rules(sent: Sent) -> dict[str, Any]:
    """Return the choice of scorecards as a form sends it; a rule without values is an empty row and is dropped."""
    columns = [sent.getlist(name)[:MOST_ROWS] for name in ("rule_field", "rule_values", "rule_scorecard")]
    rules = []
    for name, typed, scorecard in zip_longest(*columns, fillvalue=""):
        values = list(dict.fromkeys(line.strip() for line in typed.replace("\0", "").splitlines() if line.strip()))
        if values:
            rules.append({"field": name, "values": values, "scorecard": scorecard})
    return {"rules": rules, "default": sent.get("default", "")}
