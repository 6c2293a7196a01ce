"""Silence: who was asked and never answered, how they differ, and what reckons with them."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.display import MISSING, count, money, number, percent, signed
from app.core.words import capital, counted, label, listed, plural
from app.reports.rules.charts.base import NARROW, WIDE, Chart
from app.reports.rules.charts.ranges import Range, ranges_chart
from app.reports.rules.estimates import (
    bare_interval,
    interval_text,
    is_above,
    is_below,
    is_firm,
    on_scale,
    value_of,
    with_interval,
)
from app.reports.rules.topics.page import Cell, Deed, Figures, Link, Page, Section, Setting, Table
from app.reports.rules.topics.silence_estimates import BANDS, THIRDS, adjusted_section, follow_up_section, shown
from app.reports.rules.workings import Working

SHOWN = 20
"""Silent accounts listed, the largest first."""
ALERT = 0.25
_TRAITS = {"arr": "revenue", "tenure": "tenure", "cases": "support cases", "health": "health"}
_BY = {"health": "Health band", "arr": "Third by revenue", "stratum": "Stratum"}

_SHARE = "Silent ÷ asked; Wilson’s interval with n divided by the design effect of people in accounts."
_CHI = "Pearson’s χ² of heard and silent accounts by class, without continuity correction."
_HEALTH = "Mean health of accounts heard minus that of all asked; Welch interval."
_PARTS = "Mean over accounts of: taken part ÷ begun by us and known, in the year before the health date; t interval."


def page(figures: Figures, setting: Setting) -> Page:
    """Who is silent, how they differ from those heard, and the figures with them reckoned in."""
    silent = figures["silent"]
    return Page(
        title=_title(silent),
        lede=_lede(figures, setting),
        sections=[
            _classes(figures, setting),
            _differences(figures),
            _conversations(figures),
            adjusted_section(figures),
            follow_up_section(figures),
            _accounts(silent, setting),
        ],
        notes=_notes(figures),
        deeds=[_deed(figures, setting)] if silent["accounts"] else [],
    )


def _deed(figures: Figures, setting: Setting) -> Deed:
    text = "Draw more of the silent to interview" if figures["follow_up"] else "Draw silent people to interview"
    return Deed(text, Link("reports.draw_silent_people", {"key": setting.study}), "studies:manage")


def _title(silent: Mapping[str, Any]) -> str:
    if not silent["asked"]:
        return "Nobody was asked yet, so nobody is silent"
    n, asked = silent["accounts"], counted(silent["asked"], "account")
    if not n:
        return f"Nobody is silent: {asked} {plural(silent['asked'], 'was')} asked and heard"
    return f"{capital(counted(n, 'account'))} of {count(silent['asked'])} asked {plural(n, 'was')} never heard"


def _lede(figures: Figures, setting: Setting) -> list[str]:
    silent, voice = figures["silent"], figures["adjusted"]["voice"]
    if not silent["accounts"]:
        return []
    pay, all_pay = (money(silent[name], setting.currency) for name in ("arr", "arr_asked"))
    return [f"They pay {pay} of the {all_pay} a year of all who were asked.", *_moved(voice), *_heard_too(figures)]


def _heard_too(figures: Figures) -> list[str]:
    found = figures["follow_up"]
    if found is None or value_of(found["voice"]["estimate"]) is None:
        return []
    heard = counted(found["voice"]["followed_up"], "account")
    return [f"Interviews with {heard} of the silent put it at {with_interval(on_scale(found['voice']['estimate']))}."]


def _moved(voice: Mapping[str, Any]) -> list[str]:
    plain, best = voice["unadjusted"], voice["raked"] or voice["classes"]
    if value_of(plain) is None or value_of(best) is None:
        return []
    by = best["value"] - plain["value"]
    return [
        (
            f"Weighting for who answered moves the mean voice by {signed(by, 1)} points, "
            f"to {with_interval(on_scale(best))}. It mends only what health, revenue and stratum tell of the silent."
        )
    ]


def _notes(figures: Figures) -> list[str]:
    if not figures["is_assumed"]:
        return []
    return [
        (
            "The answers were collected elsewhere, so it is not known here who was asked: everybody drawn whose "
            "consent is not “no” counts as asked."
        )
    ]


def _classes(figures: Figures, setting: Setting) -> Section:
    people, title = figures["people"], "Who is silent"
    asked = people["heard"] + people["silent"] + people["refused"]
    if not asked:
        return Section("who", title, empty="Nobody was asked yet. Send the invitations, or call.")
    refused = f", {count(people['refused'])} said no" if people["refused"] else ""
    left = (
        f" {capital(counted(people['not_asked'], 'person'))} drawn {plural(people['not_asked'], 'was')} not asked."
        if people["not_asked"]
        else ""
    )
    groups = [
        ("Role", figures["by_role"], {}),
        ("Revenue", figures["by_arr"], THIRDS),
        ("Health", figures["by_health"], BANDS),
    ]
    rows = [
        (kind, names.get(row["label"], label(row["label"]).lower()), row)
        for kind, found, names in groups
        for row in found
    ]
    return Section(
        "who",
        title,
        text=[
            f"Of {counted(asked, 'person')} asked, {count(people['silent'])} never answered{refused}.{left}",
            _cuts(figures, setting),
        ],
        chart=_shares_chart(rows),
        tables=[_cross(figures)],
        workings=[
            Working(
                f"Silent, {kind.lower()}: {name}",
                percent(value_of(row["share"])),
                bare_interval(row["share"], percent),
                count(row["asked"]),
                _SHARE,
            )
            for kind, name, row in rows
        ],
    )


def _cuts(figures: Figures, setting: Setting) -> str:
    cuts = figures["cuts"]
    if not cuts:
        return "Revenue is the same everywhere or not known, so that it makes no thirds."
    low, high = (money(cut, setting.currency) for cut in cuts)
    return f"Thirds by revenue are those of the accounts drawn: up to {low}, up to {high}, and above."


def _shares_chart(rows: Sequence[tuple[str, str, Mapping[str, Any]]]) -> Chart:
    return ranges_chart(
        key="shares",
        title="The share of the asked who never answered",
        subtitle="People, by role, by revenue and by health of their account; share and 95\u00a0% interval",
        rows=[
            Range(f"{kind}: {name}", f"{count(row['silent'])} of {count(row['asked'])}", row["share"])
            for kind, name, row in rows
        ],
        domain=(0.0, 1.0),
        ticks=[(t, percent(t)) for t in (0.0, 0.25, 0.5, 0.75, 1.0)],
        show=percent,
        widths=(WIDE, NARROW),
        source="Overlapping bars may be chance.",
    )


def _cross(figures: Figures) -> Table:
    bands = [
        band for band in ("green", "amber", "red", "none") if any(cell["health"] == band for cell in figures["cells"])
    ]
    cells = {(cell["role"], cell["arr"], cell["health"]): cell for cell in figures["cells"]}
    keys = sorted({(role, third) for role, third, _ in cells}, key=lambda key: (key[0], list(THIRDS).index(key[1])))
    rows = [
        [Cell(label(role), THIRDS[third]), *(_cell(cells.get((role, third, band))) for band in bands)]
        for role, third in keys
    ]
    columns = ["Role and revenue", *(f"Health {BANDS.get(band, band)}" for band in bands)]
    return Table(
        "Silent of asked, by role, revenue and health",
        columns,
        rows,
        frozenset(range(1, len(columns))),
        "Silent of asked.",
    )


def _cell(cell: Mapping[str, Any] | None) -> Cell:
    return Cell(MISSING) if cell is None else Cell(f"{count(cell['silent'])} of {count(cell['asked'])}")


def _differences(figures: Figures) -> Section:
    bias, title = figures["bias"], "How those heard differ from all who were asked"
    if not figures["silent"]["asked"]:
        return Section("differ", title, empty="Nobody was asked yet.")
    rows = [
        [Cell(capital(_TRAITS[name])), Cell(MISSING if value is None else signed(value, 2)), Cell(_verdict(value))]
        for name, value in bias["differences"].items()
    ]
    tests = figures["tests"]
    return Section(
        "differ",
        title,
        text=[_largest(bias), _health(figures["health_difference"])],
        tables=[
            Table(
                "Standardised differences",
                ["Known of every account", "Heard minus drawn, in SD", "Size"],
                rows,
                frozenset({1}),
            ),
            Table(
                "Heard and silent by class",
                ["Class", "χ²", "df", "p", "Cramér’s V"],
                [_test(row) for row in tests],
                frozenset({1, 2, 3, 4}),
                _small(tests),
            ),
        ],
        workings=[
            Working(
                "Health, heard minus asked, points",
                shown(figures["health_difference"], lambda v: signed(v, 1)),
                bare_interval(figures["health_difference"], lambda v: signed(v, 1)),
                count(figures["health_difference"]["n"]),
                _HEALTH,
            ),
            *(Working(f"χ² by {_BY[row['by']].lower()}", _p(row), MISSING, count(row["n"]), _CHI) for row in tests),
        ],
    )


def _verdict(value: float | None) -> str:
    if value is None:
        return "not known, or the same everywhere"
    return "more than a quarter of a standard deviation" if abs(value) > ALERT else "small"


def _largest(bias: Mapping[str, Any]) -> str:
    largest = bias["largest"]
    if largest is None:
        return "Nothing is known of every account that could tell those heard from the others."
    name, value = _TRAITS[largest["variable"]], largest["standardised_difference"]
    if abs(value) <= ALERT:
        known = listed(list(_TRAITS.values()))
        return f"None of {known} differs by more than a quarter of a standard deviation ({name}: {signed(value, 2)})."
    side = "more" if value > 0 else "less"
    return (
        f"Accounts heard have {side} {name} than all drawn ({signed(value, 2)} standard deviations): what they say may "
        "not hold for the others."
    )


def _health(estimate: Mapping[str, Any]) -> str:
    if value_of(estimate) is None:
        return f"Their health cannot be compared: {interval_text(estimate)}."
    said = f"{signed(estimate['value'], 1)} points, {interval_text(estimate, lambda v: signed(v, 1))}"
    if is_above(estimate, 0) or is_below(estimate, 0):
        side = "higher" if estimate["value"] > 0 else "lower"
        return f"Health of those heard is {side} than that of all asked ({said})."
    return f"Mean health of those heard minus that of all asked: {said}; that may be chance."


def _test(row: Mapping[str, Any]) -> list[Cell]:
    values = (number(row["chi2"], 2), count(row["df"]), number(row["p"], 2), number(row["cramers_v"], 2))
    return [Cell(_BY[row["by"]]), *(Cell(MISSING if row["chi2"] is None else value) for value in values)]


def _p(row: Mapping[str, Any]) -> str:
    return MISSING if row["p"] is None else f"χ² = {number(row['chi2'], 2)}, p = {number(row['p'], 2)}"


def _small(tests: Sequence[Mapping[str, Any]]) -> str:
    rough = [_BY[row["by"]].lower() for row in tests if row["is_small"]]
    said = f"Some cells expect fewer than five accounts ({listed(rough)}): p is rough there. " if rough else ""
    return f"{said}A dash: all in one class, or all heard." if any(row["p"] is None for row in tests) else said


def _conversations(figures: Figures) -> Section:
    found, title = figures["participation"], "Do they take part in what we begin?"
    if not found["conversations"]:
        return Section(
            "conversations",
            title,
            empty="No conversation that we began is known with these accounts. Interactions imported from your CRM, "
            "under Imports, fill this part with the next scoring.",
        )
    heard, silent, difference = found["heard"], found["silent"], found["difference"]
    rows = [
        [Cell(name), Cell(shown(row, percent)), Cell(bare_interval(row, percent)), Cell(count(row["n"]))]
        for name, row in (("Accounts heard", heard), ("Silent accounts", silent), ("Heard minus silent", difference))
    ]
    points = lambda v: signed(100 * v)  # noqa: E731
    rows[2][1:3] = [Cell(shown(difference, points)), Cell(bare_interval(difference, points))]
    return Section(
        "conversations",
        title,
        text=[
            _begun(found),
            _apart(difference),
        ],
        tables=[
            Table(
                "Participation",
                ["Accounts by class", "Took part, %", "95\u00a0% interval", "Accounts"],
                rows,
                frozenset({1, 2, 3}),
            )
        ],
        workings=[
            Working(
                "Took part, accounts heard",
                shown(heard, percent),
                bare_interval(heard, percent),
                count(heard["n"]),
                _PARTS,
            ),
            Working(
                "Took part, silent accounts",
                shown(silent, percent),
                bare_interval(silent, percent),
                count(silent["n"]),
                _PARTS,
            ),
            Working(
                "Heard minus silent, points",
                shown(difference, points),
                bare_interval(difference, points),
                count(difference["n"]),
                "Difference of the two means; Welch interval.",
            ),
        ],
    )


def _begun(found: Mapping[str, Any]) -> str:
    talks, accounts = counted(found["conversations"], "conversation"), counted(found["accounts"], "account")
    return f"We began {talks} with {accounts} in a year; they took part in {count(found['took_part'])}."


def _apart(difference: Mapping[str, Any]) -> str:
    if value_of(difference) is None:
        return "Heard and silent accounts cannot be compared: of one of them nothing is known."
    if is_above(difference, 0):
        return "Accounts that did not answer also took part less often than those that did."
    if is_below(difference, 0):
        return "Accounts that did not answer took part more often than those that did: silence here is not absence."
    return (
        "Whether silent accounts take part less often cannot be told from these figures."
        if is_firm(difference)
        else "Too few accounts for a comparison."
    )


def _accounts(silent: Mapping[str, Any], setting: Setting) -> Section:
    title = "The silent accounts"
    rows = [row for row in silent["each"] if row["id"] in setting.accounts]
    if not rows:
        return Section("accounts", title, empty="None of the accounts that you may see is silent.")
    cells = [
        [
            setting.accounts[row["id"]].cell,
            Cell(money(row["arr"], setting.currency)),
            Cell(number(row["health"])),
            Cell(f"{count(row['took_part'])} of {count(row['invited'])}" if row["invited"] else MISSING),
        ]
        for row in rows[:SHOWN]
    ]
    note = f"The {SHOWN} largest of {count(len(rows))}." if len(rows) > SHOWN else ""
    columns = ["Account", "ARR", "Health", "Took part in what we began"]
    return Section("accounts", title, tables=[Table(title, columns, cells, frozenset({1, 2, 3}), note)])
