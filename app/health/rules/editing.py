"""A draft of a scorecard as its editor keeps it: every field as it was typed, whether or not it can be published."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.core.documents import canonical_sha256

Sheet = dict[str, Any]
"""The whole draft: `key`, `name`, `template`, `amber_from`, `green_from`, and lists of plain entries of typed texts:
`stages`, `groups`, `measures`, `exceptions`."""

Entry = dict[str, Any]

ABOUT, WEIGHTS, EXCEPTIONS, MEASURE = "about", "weights", "exceptions", "measure"

ABOUT_FIELDS = ("name", "amber_from", "green_from", "stages")
WEIGHED = ("key", "weight", "tier", "group")
MEASURE_FIELDS = (
    "key", "name", "metric", "aggregate", "window_days", "per", "half_life_days", "group", "weight", "tier", "points",
)  # fmt: skip
_NUMBER = re.compile(r"[+-]?(\d{1,30}([.,]\d{0,20})?|[.,]\d{1,20})(e[+-]?\d{1,2})?", re.ASCII | re.IGNORECASE)
_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}$", re.ASCII)
EXAMPLE_CURVE = [["0", "0"], ["100", "100"]]


def blank_measure(key: str, **typed: str) -> Entry:
    """A slot of the draft: a measure without a metric yet, weighed like one."""
    return {
        "key": key,
        "name": "",
        "metric": "",
        "aggregate": "last",
        "window_days": "90",
        "per": "",
        "half_life_days": "",
        "group": "",
        "weight": "1",
        "tier": "primary",
        "points": [list(pair) for pair in EXAMPLE_CURVE],
        **typed,
    }


def sheet_of(document: Mapping[str, Any]) -> Sheet:
    """The draft that says what a scorecard's document says, each value as somebody would type it."""
    bands = document.get("bands") or {}
    return {
        "key": document["key"],
        "name": document.get("name", document["key"]),
        "template": document.get("template") or "",
        "amber_from": _typed(bands.get("amber_from", 50)),
        "green_from": _typed(bands.get("green_from", 75)),
        "stages": [_stage(stage, entry) for stage, entry in (document.get("lifecycle") or {}).items()],
        "groups": [
            {"key": g["key"], "name": g.get("name", g["key"]), "weight": _typed(g["weight"])}
            for g in document.get("groups") or []
        ],
        "measures": [_measure_entry(entry) for entry in document["measures"]],
        "exceptions": [_exception(entry) for entry in document.get("exceptions") or []],
    }


def keys(sheet: Sheet, kind: str) -> list[str]:
    """The keys of the draft's measures or groups, in order."""
    return [entry["key"] for entry in sheet[kind]]


def places(sheet: Sheet) -> list[str]:
    """Every part that the editor can show."""
    return [ABOUT, WEIGHTS, EXCEPTIONS, *(f"{MEASURE}.{key}" for key in keys(sheet, "measures"))]


def part_of(sheet: Sheet, place: str) -> Any | None:
    """What one part of the draft says; None where there is no such part."""
    if place == ABOUT:
        return {name: sheet[name] for name in ABOUT_FIELDS}
    if place == WEIGHTS:
        weighed = [{name: entry[name] for name in WEIGHED} for entry in sheet["measures"]]
        return {"groups": sheet["groups"], "measures": weighed}
    if place == EXCEPTIONS:
        return {"exceptions": sheet["exceptions"]}
    key = place.removeprefix(f"{MEASURE}.")
    return next((entry for entry in sheet["measures"] if entry["key"] == key), None)


def with_part(sheet: Sheet, place: str, typed: Mapping[str, Any]) -> Sheet:
    """The draft with one part as it was typed now; the other parts stay as they are."""
    if place in (ABOUT, EXCEPTIONS):
        return {**sheet, **typed}
    if place == WEIGHTS:
        weighed = {entry["key"]: entry for entry in typed["measures"]}
        measures = [{**entry, **weighed.get(entry["key"], {})} for entry in sheet["measures"]]
        return {**sheet, "groups": typed["groups"], "measures": measures}
    key = place.removeprefix(f"{MEASURE}.")
    measures = [{**entry, **typed, "key": key} if entry["key"] == key else entry for entry in sheet["measures"]]
    return {**sheet, "measures": measures}


def basis_of(part: Any) -> str:
    """What a page shows is known by this when it comes back, so that a colleague's change in between is noticed."""
    return canonical_sha256({"part": part})[:16]


def with_measure(sheet: Sheet) -> tuple[Sheet, str]:
    """The draft with one more slot at its end, and the slot's key."""
    key = _free_key("measure", keys(sheet, "measures"))
    group = sheet["measures"][-1]["group"] if sheet["measures"] else ""
    return {**sheet, "measures": [*sheet["measures"], blank_measure(key, group=group)]}, key


def without_measure(sheet: Sheet, key: str) -> Sheet:
    """The draft without a measure, and without the exceptions that ask for it."""
    exceptions = [entry for entry in sheet["exceptions"] if entry["of"] != f"measure:{key}"]
    return {**sheet, "measures": [m for m in sheet["measures"] if m["key"] != key], "exceptions": exceptions}


def moved(sheet: Sheet, key: str, by: int) -> Sheet:
    """The draft with a measure one place further up (−1) or down (1); at an end nothing moves."""
    measures = list(sheet["measures"])
    at = keys(sheet, "measures").index(key)
    to = min(max(at + by, 0), len(measures) - 1)
    measures.insert(to, measures.pop(at))
    return {**sheet, "measures": measures}


def with_group(sheet: Sheet) -> Sheet:
    """The draft with one more group. The first one comes with the groups that measures named, at the same weights."""
    if sheet["groups"] or not any(entry["group"] for entry in sheet["measures"]):
        key = _free_key("group", keys(sheet, "groups"))
        return {**sheet, "groups": [*sheet["groups"], {"key": key, "name": "", "weight": "10"}]}
    names = list(dict.fromkeys(entry["group"] or "Other" for entry in sheet["measures"]))
    groups: list[Entry] = []
    for name in names:
        weight = sum(effective(entry) for entry in sheet["measures"] if (entry["group"] or "Other") == name)
        groups.append(
            {"key": key_from(name, keys({"groups": groups}, "groups")), "name": name, "weight": _typed(weight)}
        )
    by_name = {name: group["key"] for name, group in zip(names, groups, strict=True)}
    measures = [{**entry, "group": by_name[entry["group"] or "Other"]} for entry in sheet["measures"]]
    return {**sheet, "groups": groups, "measures": measures}


def without_group(sheet: Sheet, key: str) -> Sheet:
    """The draft without a group and the exceptions that ask for it; its measures stay, in no group."""
    measures = [{**entry, "group": ""} if entry["group"] == key else entry for entry in sheet["measures"]]
    exceptions = [entry for entry in sheet["exceptions"] if entry["of"] != f"group:{key}"]
    groups = [entry for entry in sheet["groups"] if entry["key"] != key]
    return {**sheet, "groups": groups, "measures": measures, "exceptions": exceptions}


def with_exception(sheet: Sheet) -> Sheet:
    """The draft with one more exception, about nothing yet."""
    return {**sheet, "exceptions": [*sheet["exceptions"], {"of": "", "is": "red", "cap": "amber"}]}


def without_exception(sheet: Sheet, row: str) -> Sheet:
    """The draft without the exception of that row, counted from 0."""
    kept = [entry for number, entry in enumerate(sheet["exceptions"]) if str(number) != row]
    return {**sheet, "exceptions": kept}


def key_from(name: str, taken: Sequence[str]) -> str:
    """A key made of a name, which nothing else has."""
    kept = "".join(c if c.isascii() and c.isalnum() else "_" for c in name.strip().lower()).strip("_")[:50]
    key = kept if kept[:1].isalpha() else f"g_{kept}".rstrip("_")
    return key if key not in taken else _free_key(key, taken)


def effective(entry: Mapping[str, Any]) -> float:
    """The weight with which a measure counts, as far as what was typed is one: a secondary measure counts half."""
    weight = number_in(entry["weight"]) or 0.0
    return max(weight, 0.0) / (2 if entry["tier"] == "secondary" else 1)


def shares(sheet: Sheet) -> dict[str, float]:
    """Each group's and measure's share of 1 where every measure has a value, by `group.key` and `measure.key`.

    A group's weight is split among its measures by their effective weights; a group without measures gives its weight
    to the others.
    """
    within: dict[str, float] = {}
    for entry in sheet["measures"]:
        within[entry["group"]] = within.get(entry["group"], 0.0) + effective(entry)
    if not sheet["groups"]:
        total = sum(within.values())
        return {f"measure.{m['key']}": effective(m) / total if total else 0.0 for m in sheet["measures"]}
    weights = {g["key"]: max(number_in(g["weight"]) or 0.0, 0.0) for g in sheet["groups"] if within.get(g["key"])}
    total = sum(weights.values())
    found = {f"group.{g['key']}": weights.get(g["key"], 0.0) / total if total else 0.0 for g in sheet["groups"]}
    for entry in sheet["measures"]:
        share = found.get(f"group.{entry['group']}", 0.0)
        found[f"measure.{entry['key']}"] = share * effective(entry) / within[entry["group"]] if share else 0.0
    return found


def judgement_share(sheet: Sheet) -> float:
    """The share of 1 that a CSM's own judgement has in the score where every measure has a value."""
    found = shares(sheet)
    judged = (m["key"] for m in sheet["measures"] if m["metric"].casefold().startswith("csm."))
    return sum(found[f"measure.{key}"] for key in judged)


def number_in(text: str) -> float | None:
    """The number that somebody typed, with a comma or a dot before its fraction; None where it is none or ambiguous."""
    plain = text.strip().replace("−", "-")
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) and not _THOUSANDS.search(plain) else None


def _typed(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, float) else "" if value is None else str(value)


def _stage(stage: str, entry: Mapping[str, Any]) -> Entry:
    bands = entry["bands"]
    return {"stage": stage, "amber_from": _typed(bands["amber_from"]), "green_from": _typed(bands["green_from"])}


def _measure_entry(entry: Mapping[str, Any]) -> Entry:
    said = {
        name: _typed(entry.get(name)) for name in MEASURE_FIELDS if name != "points" and entry.get(name) is not None
    }
    points = [[_typed(x), _typed(y)] for x, y in entry["points"]]
    return {**blank_measure(entry["key"]), "name": entry["key"], **said, "points": points}


def _exception(entry: Mapping[str, Any]) -> Entry:
    of = f"group:{entry['group']}" if entry.get("group") else f"measure:{entry.get('measure', '')}"
    return {"of": of, "is": entry["is"], "cap": entry["cap"]}


def _free_key(stem: str, taken: Sequence[str]) -> str:
    return next(key for number in range(1, 10_000) if (key := f"{stem}_{number}") not in taken)
