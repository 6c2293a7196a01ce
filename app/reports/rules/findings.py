"""The sentences of the report, made from its numbers; no claim goes further than its interval, none names a cause."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.display import NBSP, Number, money, number, percent, signed
from app.core.words import lower_first, topic
from app.reports.rules.document import Document, flagged_low
from app.reports.rules.estimates import (
    has_interval,
    interval_text,
    is_above,
    is_below,
    is_firm,
    on_scale,
    reason,
    value_of,
    with_interval,
)
from app.reports.rules.part import all_accounts, is_part, led, nouns
from app.reports.rules.words import capital, counted, in_words, label, listed, plural, stratum_label
from app.studies.rules.triggers import stored_trigger, trigger_words

Row = Mapping[str, Any]

MINIMUM_PAIRS = 10
"""Accounts with both scores from which on agreement is measured."""


def headline(document: Document) -> str:
    """The finding of the whole report in one or two sentences; of a part of the study, led by which."""
    return led(document, _headline(document))


def _headline(document: Document) -> str:
    responded, compared = document["sample"]["responded"], document["agreement"]["n"]
    if not responded:
        return "Nobody has answered yet, so there is nothing to compare."
    if not compared:
        return f"{capital(counted(responded, 'account'))} answered, but none can be held against a health score yet."
    n, arr = document["hidden_risk"]["accounts"], document["hidden_risk"]["arr"]
    if not n:
        return _headline_without_risk(document, compared)
    look = f"{capital(counted(n, 'account'))} {'looks' if n == 1 else 'look'} healthy"
    flagged, sound = hidden_flags(document), "sounds" if n == 1 else "sound"
    if flagged["confirmed"]:
        claim = f"{look} but {plural(n, 'is')} not happy."
    elif flagged["probable"]:
        claim = f"{look} but {sound} unhappy; {_of_them(flagged['probable'], n)} probably not by chance."
    else:
        return f"{look} but {sound} unhappy; with so few voices, chance may explain it."
    return f"{claim} {_pays(n, arr, document['currency'])}".strip()


def lede(document: Document) -> list[str]:
    """Three sentences: who was asked, what the gap is and how sure, and what else stands out."""
    return [sentence for sentence in (_asked(document), _gap_sentence(document), _third(document)) if sentence]


def hidden_flags(document: Document) -> dict[str, int]:
    """How many accounts of the whole study in hidden risk are confirmed, and how many probable."""
    return {tier: document["hidden_risk"].get(tier) or 0 for tier in ("confirmed", "probable")}


def agreement_title(document: Document) -> str:
    """How many accounts get the same colour twice, and how that compares with chance."""
    n = document["agreement"]["n"]
    if not n:
        return "No account has both a health score and a voice that can be compared"
    same = sum(document["crosstab"][band][band]["accounts"] for band in ("red", "amber", "green"))
    both = f"{in_words(same) if same else 'none'} of {counted(n, 'account')}"
    return led(document, f"Health and voice give {both} the same colour{_against_chance(document)}")


def crosstab_title(document: Document) -> str:
    """The corner that matters: green by telemetry, red by voice."""
    if not document["agreement"]["n"]:
        return "The cross-table is empty so far"
    n = document["crosstab"]["green"]["red"]["accounts"]
    found = capital(in_words(n)) if n else "None"
    return f"{found} {'is' if n < 2 else 'are'} green on the screen and red in the room"


def measures_title(document: Document) -> str:
    """Whether the measures of agreement can be told from zero, by their intervals."""
    measures = [document["agreement"][key] for key in ("spearman", "kappa", "ccc")]
    known = [measure for measure in measures if is_firm(measure)]
    if not known:
        return f"Agreement cannot be measured: {_why_no_agreement(document)}"
    above, below = sum(is_above(m, 0) for m in known), sum(is_below(m, 0) for m in known)
    if below:
        return f"{_some(below, len(known))} measures of agreement {plural(below, 'is')} below zero"
    if not above:
        return (
            "No measure of agreement can be told from zero" if len(known) > 1 else "Agreement cannot be told from zero"
        )
    if above == len(known):
        return "Every measure of agreement is above zero; 1 would be perfect"
    return (
        f"{capital(in_words(above))} of {in_words(len(known))} measures of agreement {plural(above, 'is')} above zero"
    )


def differences_title(document: Document) -> str:
    """Where voice runs against health on average, and how far a single account may be off."""
    bias, limits = document["agreement"]["bias"], document["agreement"]["limits"]
    value = value_of(bias)
    if value is None:
        return f"The difference between voice and health is not estimable: {_why_no_agreement(document)}"
    spread = ""
    if limits and None not in limits:
        spread = f"; nineteen accounts in twenty lie between {signed(limits[0])} and {signed(limits[1])}"
    if not is_firm(bias):
        few = counted(document["agreement"]["n"], "account")
        return f"Voice is {signed(value)} points from health on average; with {few}, a first impression"
    if not (is_above(bias, 0) or is_below(bias, 0)):
        return f"On average voice and health cannot be told apart{spread}"
    points = counted(round(abs(value)), "point") if round(abs(value)) else "less than a point"
    return f"Voice runs {points} {'below' if value < 0 else 'above'} health{spread}"


def heard_title(document: Document) -> str:
    """How many of those drawn answered."""
    sample = document["sample"]
    if not sample["responded"]:
        return led(document, f"None of the {counted(sample['drawn'], 'account')} that we asked has answered yet")
    return led(document, f"{capital(answered_of(document))} answered, {_people(document)}")


def answered_of(document: Document) -> str:
    """How many of how many accounts: `46 of 60 accounts`, `all four accounts`, `the one account`."""
    drawn, responded = document["sample"]["drawn"], document["sample"]["responded"]
    if responded < drawn:
        return f"{in_words(responded)} of {counted(drawn, 'account')}"
    return "the one account" if drawn == 1 else f"all {counted(drawn, 'account')}"


def roles_title(document: Document) -> str:
    """Which role was heard most and which least, among accounts that answered."""
    responded, roles = document["sample"]["responded"], document["sample"]["by_role"]
    if not responded or not roles:
        return "No role has been heard yet"
    most, least = (pick(roles, key=lambda row: row["accounts"]) for pick in (max, min))
    if most["accounts"] == least["accounts"]:
        return (
            "Every role was heard equally often" if len(roles) > 1 else f"{label(most['role'])} is the one role asked"
        )
    return (
        f"{label(most['role'])} was heard in {percent(most['accounts'] / responded)} of answering accounts, "
        f"{lower_first(label(least['role']))} in {percent(least['accounts'] / responded)}"
    )


def strata_title(document: Document) -> str:
    """Which stratum answered least."""
    strata = [row for row in document["sample"]["by_stratum"] if row["drawn"]]
    if not strata:
        return "No stratum was drawn"
    if len(strata) == 1:
        row = strata[0]
        return f"{percent(row['responded'] / row['drawn'])} of the accounts asked have answered"
    rates = {row["stratum"]: row["responded"] / row["drawn"] for row in strata}
    least, most = min(rates, key=rates.__getitem__), max(rates, key=rates.__getitem__)
    if rates[least] == rates[most]:
        return f"Every stratum answered alike: {percent(rates[least])}"
    lowest = f"{stratum_label(least)} answered least, {percent(rates[least])}"
    return f"{lowest}; {stratum_label(most)} most, {percent(rates[most])}"


def dimensions_title(document: Document) -> str:
    """Which topic is rated lowest, and whether its interval lies apart from the next."""
    ranked = ranked_dimensions(document)
    if not ranked:
        return "No topic can be estimated yet"
    (lowest, estimate), rest = ranked[0], ranked[1:]
    if not rest:
        return f"{topic(lowest)} is rated {number(estimate['value'])} of 100"
    said = f"{topic(lowest)} is rated lowest, at {number(estimate['value'])} of 100"
    if not is_firm(estimate):
        return f"{said}; with so few accounts, read it as a first impression"
    n = sum(not has_interval(other) or other["lo"] <= estimate["hi"] for _, other in rest)
    if n == len(rest) > 1:
        ends = f"{number(estimate['value'])} and {number(rest[-1][1]['value'])}"
        return f"No topic stands clearly below the others; they lie between {ends} of 100"
    close = f"; {in_words(n)} other {plural(n, 'topic')} {plural(n, 'is')} too close to call"
    return said + (close if n else ", and its interval lies apart from every other topic")


def value_title(document: Document) -> str:
    """Whether what was received falls short of what was promised."""
    gap = document["value"]["gap"]
    value = value_of(gap)
    if value is None:
        return f"Value promised and received cannot be compared: {reason(gap)}"
    if is_below(gap, 0):
        return f"Value received is rated {counted(round(-value), 'point')} below the value promised"
    if is_above(gap, 0):
        return f"Value received is rated {counted(round(value), 'point')} above the value promised"
    if not is_firm(gap):
        return f"Value received is {signed(value)} points from value promised; with so few accounts, a first impression"
    return "Value received and value promised cannot be told apart"


def accounts_title(document: Document) -> str:
    """How many accounts are flagged low, and how many of them are confirmed."""
    low = [a for a in document["accounts"] if flagged_low(a, "confirmed", "probable", "watch")]
    if not any(a["shrunken_gap"] is not None for a in document["accounts"]):
        return "No gap can be computed yet"
    if not low:
        return "No account can be flagged: no gap is large and sure enough"
    confirmed = sum(a["tier"] == "confirmed" for a in low)
    sure = (
        "none of them is confirmed"
        if not confirmed
        else f"{in_words(confirmed)} of them {plural(confirmed, 'is')} confirmed"
    )
    if len(low) == 1:
        sure = (
            "it is confirmed"
            if confirmed
            else f"it is {low[0]['tier'] if low[0]['tier'] == 'probable' else 'worth watching'}"
        )
    speak = led(document, f"{capital(counted(len(low), 'account'))} {'speaks' if len(low) == 1 else 'speak'}")
    return f"{speak} worse of us than health suggests; {sure}"


def ranked_dimensions(document: Document) -> list[tuple[str, Row]]:
    """The dimensions that can be estimated, lowest first."""
    known = [(k, e) for k, e in document["voice"]["dimensions"].items() if value_of(e) is not None]
    return sorted(known, key=lambda pair: (pair[1]["value"], pair[0]))


def counted_number(n: int, noun: str) -> str:
    """So many in figures: `46 accounts`; for places where words would not line up with other figures."""
    return f"{number(n)}{NBSP}{plural(n, noun)}"


def _some(n: int, total: int) -> str:
    return f"{capital(in_words(n))} of {in_words(total)}"


def _headline_without_risk(document: Document, compared: int) -> str:
    if is_part(document):
        none = "The one" if compared == 1 else f"None of the {in_words(compared)}"
        does = "does not look healthy and sound unhappy" if compared == 1 else "looks healthy and sounds unhappy"
        return f"{none} that we could compare {does}."
    among = (
        f"the {counted(compared, 'account')} that we could compare" if compared > 1 else "the one that we could compare"
    )
    return f"No account looks healthy and sounds unhappy, among {among}."


def _of_them(n: int, total: int) -> str:
    if n == total:
        return "that is" if n == 1 else "for all of them that is"
    return f"for {in_words(n)} of them that is"


def _pays(n: int, arr: Number | None, currency: str | None) -> str:
    if not arr:
        return ""
    return f"{'It pays' if n == 1 else 'They pay'} {money(arr, currency)} a year."


def _asked(document: Document) -> str:
    sample, population = document["sample"], document["population"]
    if trigger := document["draw"].get("trigger"):
        each = f"{counted(sample['drawn'], 'account')}{', each' if sample['drawn'] > 1 else ''}"
        asked = f"We asked {each} {trigger_words(stored_trigger(trigger))} or soon after"
    elif sample["drawn"] == population["accounts"]:
        n, one = sample["drawn"], sample["drawn"] == 1
        asked = f"We asked {f'the one {nouns(document, 1)}' if one else f'all {in_words(n)} {nouns(document, n)}'}"
    else:
        whole = f"{in_words(population['accounts'])} {nouns(document, population['accounts'])}"
        asked = f"We asked {in_words(sample['drawn'])} of {whole}"
    if not sample["responded"]:
        return f"{asked}; none has answered yet."
    return f"{asked}; {in_words(sample['responded'])} answered, {_people(document)}."


def _people(document: Document) -> str:
    people = document["sample"].get("people") or {}
    return f"{counted(people.get('responded') or 0, 'person')} in all"


def _gap_sentence(document: Document) -> str:
    compared, risk = document["agreement"]["n"], document["hidden_risk"]["accounts"]
    if not compared:
        return _not_compared(document)
    if not risk:
        both = "the one account" if compared == 1 else f"none of the {in_words(compared)} accounts"
        where = (
            "In the one account with both scores voice does not"
            if compared == 1
            else f"In {both} with both scores does voice"
        )
        return f"{where} fall below 50 while health is amber or green."
    flagged = hidden_flags(document)
    said = f"In {in_words(risk)}, customers score us below 50 while telemetry says amber or green"
    if flagged["confirmed"]:
        sure = "all" if flagged["confirmed"] == risk else in_words(flagged["confirmed"])
        them = "for it" if risk == 1 else f"for {sure} of them"
        return f"{said}; {them} chance is a poor explanation."
    if flagged["probable"]:
        return (
            f"{said}; none is confirmed, {in_words(flagged['probable'])} {plural(flagged['probable'], 'is')} probable."
        )
    return f"{said}; none of them is confirmed or probable."


def _not_compared(document: Document) -> str:
    answered = document["sample"]["responded"]
    if not answered:
        return ""
    no_health = sum(a["voice"] is not None and a["health"] is None for a in document["accounts"])
    if no_health >= answered:
        return "None of them has a health score, so voice stands alone."
    return "In each, either health is missing or fewer than half of the roles were heard, so no band can be given."


def _third(document: Document) -> str:
    gap, ranked = document["value"]["gap"], ranked_dimensions(document)
    if is_below(gap, 0):
        return (
            f"They rate the value received {counted(round(-gap['value']), 'point')} below the value promised "
            f"({interval_text(gap, signed)})."
        )
    if ranked and is_firm(ranked[0][1]):
        return f"{dimensions_title(document)}."
    mean = document["voice"]["mean"]
    if value_of(mean) is None:
        return f"The voice of {all_accounts(document)} is not estimable: {reason(mean)}."
    return f"The voice of {all_accounts(document)} is {with_interval(on_scale(mean))}."


def _against_chance(document: Document) -> str:
    kappa = document["agreement"]["kappa"]
    if not has_interval(kappa) or document["agreement"]["n"] < MINIMUM_PAIRS:
        return ""
    if is_below(kappa, 0):
        return ": fewer than chance would"
    if not is_above(kappa, 0):
        return ": no more than chance may give"
    return ": far more than chance would" if kappa["lo"] > 0.6 else ": more than chance would"


def _why_no_agreement(document: Document) -> str:
    n = document["agreement"]["n"]
    if n < MINIMUM_PAIRS:
        held = "there are none" if not n else f"there {plural(n, 'is')} {in_words(n)}"
        return f"it takes {in_words(MINIMUM_PAIRS)} accounts with both scores, and {held}"
    return reason(document["agreement"]["spearman"])


def names(rows: Sequence[Row], most: int = 3) -> str:
    """The names of a few accounts in a sentence, and how many more there are."""
    shown = [row["name"] for row in rows[:most]]
    rest = len(rows) - len(shown)
    return listed([*shown, f"{in_words(rest)} more"]) if rest else listed(shown)
