"""What a draft of a scorecard says as a document, and what stands in the way of publishing it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from app.core.documents import FieldError
from app.health.rules.editing import ABOUT, EXCEPTIONS, MEASURE, WEIGHTS, Entry, Sheet, keys, number_in
from app.health.rules.scorecard import Scorecard, parse_scorecard


@dataclass(frozen=True)
class Problem:
    """What stands in the way: in which part of the editor, at which field, what to do; `about` names a measure."""

    place: str
    field: str
    sentence: str
    about: str = ""


@dataclass(frozen=True)
class Reading:
    """A draft as far as it can be read: its document, what is wrong with it, and the part of it that can be computed.

    `scorecard` leaves out measures that cannot be read yet (`left_out`, by name); None where none can.
    """

    document: dict[str, Any]
    problems: list[Problem]
    scorecard: Scorecard | None
    left_out: list[str]

    def at(self, place: str) -> dict[str, str]:
        """The first sentence per field of one part."""
        found: dict[str, str] = {}
        for problem in self.problems:
            if problem.place == place:
                found.setdefault(problem.field, problem.sentence)
        return found


def reading_of(sheet: Sheet) -> Reading:
    """Read a draft: every problem with its field, and the scorecard of all that is sound."""
    document = document_of(sheet)
    problems = [*_about(sheet), *_groups(sheet), *_exceptions(sheet)]
    bad: set[str] = set()
    for entry, described in zip(sheet["measures"], document["measures"], strict=True):
        found = _measure(sheet, entry, described)
        problems += found
        if found:
            bad.add(entry["key"])
    if not sheet["measures"]:
        problems.append(Problem(WEIGHTS, "", "A scorecard needs at least one measure; add one."))
    if not problems:
        problems = _whole(document)
    names = [entry["name"] or entry["key"] for entry in sheet["measures"] if entry["key"] in bad]
    return Reading(document, problems, _sound(sheet, document, bad), names)


def document_of(sheet: Sheet) -> dict[str, Any]:
    """The scorecard's document that a draft says; what is no number yet stands in it as it was typed."""
    document: dict[str, Any] = {
        "key": sheet["key"],
        "name": sheet["name"] or sheet["key"],
        "measures": [_measure_document(entry) for entry in sheet["measures"]],
        "bands": _bands_document(sheet),
        "lifecycle": {stage["stage"]: {"bands": _bands_document(stage)} for stage in sheet["stages"]},
    }
    if sheet["groups"]:
        document["groups"] = [
            {"key": g["key"], "name": g["name"] or g["key"], "weight": _number(g["weight"])} for g in sheet["groups"]
        ]
    if sheet["exceptions"]:
        document["exceptions"] = [_exception_document(entry) for entry in sheet["exceptions"]]
    if sheet["template"]:
        document["template"] = sheet["template"]
    return document


def _sound(sheet: Sheet, document: Mapping[str, Any], bad: set[str]) -> Scorecard | None:
    """The scorecard without what cannot be computed yet: bad measures, empty groups, exceptions about either."""
    measures = [entry for entry in document["measures"] if entry["key"] not in bad]
    used = {entry.get("group") for entry in measures}
    groups = [g for g in document.get("groups", []) if g["key"] in used]
    known = {*(f"measure:{entry['key']}" for entry in measures), *(f"group:{g['key']}" for g in groups)}
    kept = [_exception_document(entry) for entry in sheet["exceptions"] if entry["of"] in known]
    rest = {name: value for name, value in document.items() if name not in ("groups", "exceptions")}
    sound = {**rest, "measures": measures}
    sound |= {name: value for name, value in (("groups", groups), ("exceptions", kept)) if value}
    try:
        return parse_scorecard(sound)
    except FieldError:
        return None


def _about(sheet: Sheet) -> list[Problem]:
    problems = [] if sheet["name"] else [Problem(ABOUT, "name", "Give the scorecard a name, such as Enterprise.")]
    if sentence := _band_fault(sheet):
        problems.append(Problem(ABOUT, "amber_from", sentence))
    seen: set[str] = set()
    for row, stage in enumerate(sheet["stages"]):
        name = stage["stage"].strip().casefold()
        sentence = _band_fault(stage) or ("" if name else "Name the lifecycle stage, or leave its row empty.")
        if name in seen:
            sentence = f"The stage “{stage['stage']}” stands there twice; take one of them out."
        seen.add(name)
        if sentence:
            problems.append(Problem(ABOUT, f"stage.{row}", sentence))
    return problems


def _band_fault(entry: Mapping[str, str]) -> str:
    amber, green = number_in(entry["amber_from"]), number_in(entry["green_from"])
    if amber is None or green is None:
        return "Write both limits as numbers from 0 to 100."
    return "" if 0 <= amber < green <= 100 else "Amber must begin below green, both within 0 to 100."


def _groups(sheet: Sheet) -> list[Problem]:
    problems = []
    used = {entry["group"] for entry in sheet["measures"]}
    for row, group in enumerate(sheet["groups"]):
        weight = number_in(group["weight"])
        if weight is None or weight <= 0:
            problems.append(Problem(WEIGHTS, f"group.{row}", "A group’s weight must be a number above 0."))
        elif not group["name"]:
            problems.append(Problem(WEIGHTS, f"group.{row}", "Give the group a name, such as Adoption."))
        elif group["key"] not in used:
            sentence = f"No measure is in “{group['name']}”; put one there, or take the group out."
            problems.append(Problem(WEIGHTS, f"group.{row}", sentence))
    return problems


def _exceptions(sheet: Sheet) -> list[Problem]:
    known = {*(f"group:{key}" for key in keys(sheet, "groups")), *(f"measure:{key}" for key in keys(sheet, "measures"))}
    problems = []
    for row, entry in enumerate(sheet["exceptions"]):
        if entry["of"] not in known:
            problems.append(Problem(EXCEPTIONS, f"exception.{row}", "Choose the group or the measure it is about."))
        elif entry["is"] == "amber" and entry["cap"] == "red":
            sentence = "An amber measure cannot make an account red; cap it at amber."
            problems.append(Problem(EXCEPTIONS, f"exception.{row}", sentence))
    return problems


def _measure(sheet: Sheet, entry: Entry, described: Mapping[str, Any]) -> list[Problem]:
    place = f"{MEASURE}.{entry['key']}"
    found = {name: sentence for name, sentence in _own_faults(sheet, entry).items() if sentence}
    if not found:
        try:
            alone = {name: value for name, value in described.items() if name != "group"}
            parse_scorecard({"key": sheet["key"], "measures": [alone]})
        except FieldError as error:
            sentence = str(error).replace(f"Measure “{entry['key']}”: ", "")
            found = {error.field or "metric": sentence[:1].upper() + sentence[1:]}
    about = entry["name"] or entry["key"]
    return [Problem(place, name, sentence, about) for name, sentence in found.items()]


def _own_faults(sheet: Sheet, entry: Entry) -> dict[str, str]:
    groups = keys(sheet, "groups")
    weight = number_in(entry["weight"])
    window, half = number_in(entry["window_days"]), number_in(entry["half_life_days"])
    lacks_group = groups and entry["group"] not in groups
    return {
        "metric": "" if entry["metric"] else "This slot has no metric yet; choose one, or take the slot out.",
        "weight": "A weight must be a number above 0." if weight is None or weight <= 0 else "",
        "window_days": "" if window is not None and window >= 1 else "Write for how many days back values count.",
        "half_life_days": "Write a number of days, or leave it empty." if entry["half_life_days"] and not half else "",
        "group": "Choose the group that it belongs to." if lacks_group else "",
        "points": curve_fault(entry["points"]),
    }


def curve_fault(points: list[list[str]]) -> str:
    """What is wrong with a points curve as it was typed, with the row at fault; empty where nothing is."""
    pairs = [(number_in(x), number_in(y)) for x, y in points]
    if not pairs:
        return "Give at least one value and what it is worth."
    for row, (x, y) in enumerate(pairs, start=1):
        if x is None or y is None:
            return f"Row {row}: write the value and its points as numbers such as 2.5."
        if not 0 <= y <= 100:
            return f"Row {row}: points run from 0 to 100."
    values = [x for x, _ in pairs if x is not None]
    for row, (x, following) in enumerate(pairwise(values), start=2):
        if following <= x:
            return f"Row {row}: the curve goes back; each value must be above the one before it."
    return ""


def _whole(document: Mapping[str, Any]) -> list[Problem]:
    try:
        parse_scorecard(document)
    except FieldError as error:
        return [Problem(ABOUT, error.field or "", str(error))]
    return []


def _number(text: str) -> float | int | str:
    number = number_in(text)
    if number is None:
        return text
    return int(number) if number.is_integer() else number


def _bands_document(entry: Mapping[str, str]) -> dict[str, Any]:
    return {"amber_from": _number(entry["amber_from"]), "green_from": _number(entry["green_from"])}


def _measure_document(entry: Entry) -> dict[str, Any]:
    document: dict[str, Any] = {
        "key": entry["key"],
        "name": entry["name"] or entry["key"],
        "metric": entry["metric"],
        "aggregate": entry["aggregate"],
        "window_days": _number(entry["window_days"]),
        "points": [[_number(x), _number(y)] for x, y in entry["points"]],
        "weight": _number(entry["weight"]),
        "tier": entry["tier"],
    }
    chosen = {"per": entry["per"], "group": entry["group"], "half_life_days": _number(entry["half_life_days"])}
    return document | {name: value for name, value in chosen.items() if value != ""}


def _exception_document(entry: Entry) -> dict[str, Any]:
    kind, _, key = entry["of"].partition(":")
    return {kind or "group": key, "is": entry["is"], "cap": entry["cap"]}
