"""Trends over waves: what changed among the same people, and what through who was heard."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.display import NBSP, count, day, number, signed
from app.core.words import capital, counted, in_words, listed, plural, topic
from app.reports.rules.charts.dots import Dot, dots_chart, points_ruler
from app.reports.rules.charts.waves import waves_chart
from app.reports.rules.estimates import (
    Estimate,
    bare_interval,
    interval_text,
    is_above,
    is_below,
    on_scale,
    value_of,
    with_interval,
)
from app.reports.rules.topics.foretold import LEVEL, p_text
from app.reports.rules.topics.page import Cell, Figures, Page, Section, Setting, Table
from app.reports.rules.workings import Working

SHOWN = 20
"""Accounts listed by how far the same people moved."""

_PARTS = (
    ("total", "All that were heard"),
    ("same", "The same people"),
    ("mix", "Came and went"),
)
_HOW = {
    "total": "Mean of this wave less mean of the one before, each over accounts by its own design weights.",
    "same": "Mean over accounts of now less then, by people heard both times, on the topics that each answered both "
    "times, with the roles and weights of now.",
    "mix": "The change of all less the change of the same people.",
}
_INTERVAL = " Interval: linearised, accounts as clusters, t; without correction for a finite population."
_MISSING = (
    "It takes an earlier study, scored and closed before this one, that asked some of the same questions. Ask the same "
    "people again where you can: only they show whether minds changed."
)

Row = Mapping[str, Any]


def page(figures: Figures, setting: Setting) -> Page:
    """How this wave differs from the one before, the same people apart from the mix."""
    against = figures["against"]
    if against is None:
        return Page(
            "There is one wave so far, so no change can be told",
            [],
            [Section("waves", "Waves", empty=_MISSING)],
        )
    found = {row["figure"]: row for row in figures["changes"]}
    return Page(
        title=_title(found["voice"], against),
        lede=_lede(found["voice"], against),
        sections=[
            _waves(figures),
            _apart(found["voice"], against),
            _figures(figures["changes"]),
            _accounts(figures["accounts"], against, setting),
        ],
        notes=_notes(against),
    )


def _title(voice: Row, against: Row) -> str:
    since, same, total = f"since {against['name']}", voice["same"], voice["total"]
    if not against["same"] and not against["came"]:
        return "Nobody was heard yet in this wave, so no change can be told"
    if value_of(same) is None:
        return f"Nobody was heard both now and in {against['name']}, so no mind is known to have changed"
    points = counted(abs(round(same["value"])), "point")
    if is_above(same, 0):
        return f"The same people rate us {points} higher {since}"
    if is_below(same, 0):
        return f"The same people rate us {points} lower {since}"
    if is_above(total, 0) or is_below(total, 0):
        side = "higher" if total["value"] > 0 else "lower"
        moved = f"The voice is {counted(abs(round(total['value'])), 'point')} {side} {since}"
        return f"{moved}, but no change of the same people is shown"
    return f"No change of the voice is shown {since}"


def _lede(voice: Row, against: Row) -> list[str]:
    same = against["same"]
    heard = f"{capital(counted(same, 'person'))} {plural(same, 'was')}" if same else "Nobody was"
    came, went = (in_words(against[way]) if against[way] else "nobody" for way in ("came", "went"))
    moved = f"{heard} heard both times, {came} came anew and {went} went."
    if value_of(voice["total"]) is None:
        return [moved]
    return [f"The voice went from {number(voice['before']['value'])} to {number(voice['now']['value'])}.", moved]


def _notes(against: Row) -> list[str]:
    notes = []
    if not against["is_whole"]:
        topics = listed([topic(name).lower() for name in against["dimensions"]])
        notes.append(f"Both waves asked the same about {topics}: changes are told of these alone.")
    if against["other_door"]:
        people = counted(against["other_door"], "person")
        notes.append(f"{capital(people)} answered by another way than before; that alone can move an answer.")
    return notes


def _waves(figures: Figures) -> Section:
    waves = [wave for wave in figures["waves"] if value_of(wave.get("voice")) is not None]
    if len(waves) < 2:
        return Section("waves", "Wave by wave", empty="Only one of the waves has a voice.")
    rows = [
        [
            Cell(wave["name"], f"closed {day(wave['closes_on'])}"),
            Cell(count(wave["accounts"])),
            Cell(number(wave["voice"]["value"]), bare_interval(on_scale(wave["voice"]))),
            Cell(
                signed(wave["nps"]["value"]) if value_of(wave["nps"]) is not None else "–", _nps_interval(wave["nps"])
            ),
        ]
        for wave in waves
    ]
    columns = ["Wave", "Accounts heard", f"Voice, 95{NBSP}%", f"NPS, 95{NBSP}%"]
    return Section(
        "waves",
        "Wave by wave",
        chart=waves_chart(waves, title=f"The voice over {counted(len(waves), 'wave')}"),
        tables=[Table("Waves", columns, rows, numeric=frozenset({1, 2, 3}))],
    )


def _nps_interval(estimate: Estimate) -> str:
    return bare_interval(estimate, signed) if value_of(estimate) is not None else interval_text(estimate)


def _apart(voice: Row, against: Row) -> Section:
    title = "The same people apart from the mix"
    known = [(name, voice[key], key) for key, name in _PARTS if value_of(voice[key]) is not None]
    if not known:
        return Section("apart", title, empty="Neither wave has a voice on the topics that both asked about.")
    dots = [
        Dot(
            name,
            f"n = {counted(each['n'], 'account')}",
            each["value"],
            each["lo"],
            each["hi"],
            is_ring=each["lo"] is None,
        )
        for name, each, _ in known
    ]
    return Section(
        "apart",
        title,
        text=[_parts_sentence(voice)],
        chart=dots_chart(
            key="change",
            title=f"Change of the voice since {against['name']}",
            subtitle=f"Points on 0 to 100, 95{NBSP}% interval; the lower two add up to the first",
            rows=dots,
            ruler=points_ruler(dots),
        ),
        workings=[
            Working(name, signed(each["value"], 1), bare_interval(each, _one), count(each["n"]), _HOW[key] + _INTERVAL)
            for name, each, key in known
        ],
    )


def _one(value: Any) -> str:
    return signed(value, 1)


def _parts_sentence(voice: Row) -> str:
    same, mix = voice["same"], voice["mix"]
    if value_of(same) is None or value_of(mix) is None:
        return "Nobody was heard both times: the change may come from who was heard alone."
    return (
        f"Of {_points(voice['total'])} in all, {_points(same)} come from the same people, and the rest of "
        f"{_points(mix)} from who came and who went."
    )


def _points(estimate: Estimate) -> str:
    return with_interval(estimate, _one)


def _figures(changes: Sequence[Row]) -> Section:
    title = "Figure by figure"
    rows = [row for row in changes if value_of(row["total"]) is not None]
    if not rows:
        return Section("figures", title, empty="No figure could be estimated in both waves.")
    cells = [
        [
            Cell(_name(row["figure"])),
            Cell(number(row["before"]["value"])),
            Cell(number(row["now"]["value"])),
            *(_change_cell(row[part]) for part, _ in _PARTS),
            Cell(p_text(row["p_adjusted"])),
        ]
        for row in rows
    ]
    columns = ["Figure", "Before", "Now", "Change", "Same people", "Mix", "p, adjusted"]
    return Section(
        "figures",
        title,
        text=[_dimension_sentence(rows)],
        tables=[Table(title, columns, cells, numeric=frozenset(range(1, 7)))],
        workings=[
            Working(
                f"{_name(row['figure'])}, the same people",
                signed(row["same"]["value"], 1),
                bare_interval(row["same"], _one),
                f"{count(row['same']['n'])} accounts, {count(row['people'])} people",
                _HOW["same"] + _INTERVAL,
            )
            for row in rows
        ],
    )


def _name(figure: str) -> str:
    return {"voice": "Voice", "nps": "NPS"}.get(figure) or topic(figure)


def _change_cell(estimate: Estimate) -> Cell:
    if value_of(estimate) is None:
        return Cell("–", interval_text(estimate))
    return Cell(signed(estimate["value"], 1), bare_interval(estimate, _one))


def _dimension_sentence(rows: Sequence[Row]) -> str:
    topics = [row for row in rows if row["figure"] not in {"voice", "nps"}]
    moved = [row for row in topics if row["p_adjusted"] is not None and row["p_adjusted"] < LEVEL]
    if not moved:
        return "Topic by topic no change of the same people is shown."
    said = [f"{topic(row['figure']).lower()} ({signed(row['same']['value'])})" for row in moved]
    return f"Among the same people these topics moved, also after all were tested together: {listed(said)}."


def _accounts(rows: Sequence[Row], against: Row, setting: Setting) -> Section:
    title = "Accounts where the same people moved most"
    seen = [row for row in rows if row["id"] in setting.accounts]
    if not seen:
        return Section("accounts", title, empty="None of the accounts that you may see was heard both times.")
    far = sorted(seen, key=lambda row: (-abs(row["now"] - row["before"]), row["id"]))[:SHOWN]
    cells = [
        [
            setting.accounts[row["id"]].cell,
            Cell(number(row["before"])),
            Cell(number(row["now"])),
            Cell(signed(row["now"] - row["before"])),
            Cell(count(row["people"])),
        ]
        for row in far
    ]
    note = f"The {in_words(len(far))} of {counted(len(seen), 'account')} that moved most." if len(seen) > SHOWN else ""
    columns = ["Account", _head(against["name"]), "Now", "Change", "People"]
    return Section(
        "accounts",
        title,
        text=["One or two people move by chance as well: a reason to ask, not yet a finding."],
        tables=[Table(title, columns, cells, numeric=frozenset({1, 2, 3, 4}), note=note)],
    )


def _head(name: str) -> str:
    return name if len(name) <= 24 else "Before"
