"""How sure we are, in words; what accounts were computed by, and from which versions."""

from collections.abc import Mapping
from typing import Any

from app.core.display import NBSP, count, day, money_full, number, percent, signed
from app.core.words import topic
from app.reports.rules.document import Document
from app.reports.rules.estimates import (
    Estimate,
    has_interval,
    reason,
    value_of,
)
from app.reports.rules.findings import MINIMUM_PAIRS, answered_of, hidden_flags
from app.reports.rules.origin import not_drawn, origin
from app.reports.rules.part import all_accounts, is_part, led
from app.reports.rules.words import capital, counted, in_words, label, listed, plural

Row = Mapping[str, Any]

ALERT = 0.25
_TRAITS = {"arr": "revenue", "tenure": "tenure", "cases": "support cases", "health": "health"}
_ASSUMED = "Too few accounts have two people who answered: how far people of one account differ is assumed, 20 points."
_AS_IS = "Health and voice could not be put on one scale, which takes thirty accounts; gaps compare them as they are."


def how_sure(document: Document) -> list[str]:
    """What a reader may and may not conclude, in sentences."""
    return [
        *not_drawn(document),
        *_who_was_heard(document),
        *_what_flags_mean(document),
        *_what_is_missing(document),
        *_circular(document),
        *(warning["message"] for warning in document["warnings"] if warning["code"] not in _SAID),
    ]


_SAID = {"NOT_DRAWN", "CIRCULAR", "NON_RESPONSE", "ASSUMED_SIGMA", "NOT_EQUATED"}
"""Warnings that a sentence above tells in more words."""


def provenance(document: Document) -> list[tuple[str, str]]:
    """The versions, dates, draw and settings by which anyone can compute the report again."""
    draw, method = document["draw"], document.get("method") or {}
    card, questionnaire = document["scorecard"], document["questionnaire"]
    population = document["population"]
    facts = [
        (
            "Study",
            f"{document['name']} ({document['study']}), {day(document['opens_on'])} to {day(document['closes_on'])}",
        ),
        ("Health", f"scorecard “{card['key']}” version {card['version']}, as of {day(document['as_of'])}"),
        (
            "Health bands",
            f"amber from {number(card['amber_from'])}, green from {number(card['green_from'])}; voice 50 and 75",
        ),
        ("Questionnaire", f"“{questionnaire['key']}” version {questionnaire['version']}"),
        (
            "Accounts that joined" if draw.get("trigger") else "Accounts in the frame",
            f"{count(population['accounts'])}, paying {money_full(population['arr'], document['currency'])} a year",
        ),
        ("Draw", origin(draw)),
        (
            "Audit hash of the start" if draw.get("trigger") else "Audit hash of the draw",
            draw.get("audit_sha256") or "not drawn by Parallax",
        ),
        ("Spread between people", _spread(method)),
        ("Spread of gaps", _gap_spread(method)),
        ("A large gap", f"{number(method.get('delta', 15))} points or more"),
    ]
    return [(name, text) for name, text in facts if text]


def account_method(document: Document) -> str:
    """How an account's gap and its probability come about, in one paragraph."""
    delta = number((document.get("method") or {}).get("delta", 15))
    scale = (
        "Health is put on the scale of voice by trimmed equating, so that the gaps we look for do not bend the scale."
        if (document.get("method") or {}).get("equated")
        else "With fewer than thirty accounts to compare, health is taken as it is."
    )
    return (
        "A person’s voice is the mean of the topics answered; an account’s is the mean of its roles by their weights. "
        f"{scale} The gap is voice minus that health; it is drawn towards the average gap by how few people spoke "
        f"(DerSimonian–Laird). P is the probability that it is larger than {delta} points. Confirmed: every P is "
        f"80{NBSP}% or more and on average at most one in ten of the list is there by chance. "
        f"Probable: P from 50{NBSP}%. Watch: P from 30{NBSP}%. {capital(_estimates(document))} weigh every account "
        f"heard by {_weights(document)}."
    )


def _estimates(document: Document) -> str:
    domain = ", a part of the whole draw," if is_part(document) else ""
    return f"estimates for {all_accounts(document)}{domain}"


def _weights(document: Document) -> str:
    if document["draw"].get("method") == "pps":
        return "1/π, its chance of being drawn, raised inside its stratum for those who were not heard"
    return "the accounts of its stratum over those heard in it"


def heard_sentence(document: Document) -> str:
    """Whether those who answered are like all that were asked."""
    if not document["sample"]["responded"]:
        return "As long as nobody has answered, there is nothing to weigh."
    return " ".join(_likeness(document))


_KINDS = (
    ("speeder", "answered very fast"),
    ("straight_liner", "answered all scales at the same place"),
    ("duplicate", "repeated another response"),
    ("machine", "came perhaps from a machine"),
)


def quality_sentence(document: Document) -> str:
    """How many responses are unusual and in which way; empty where the study was scored before they were looked at."""
    quality = document.get("quality")
    if not quality or not quality["responses"]:
        return ""
    if not quality["flagged"]:
        return f"None of the {counted(quality['responses'], 'response')} is unusual in speed, pattern or wording."
    ways = listed([f"{quality[kind]:,} {words}" for kind, words in _KINDS if quality[kind]])
    return (
        f"{quality['flagged']:,} of {counted(quality['responses'], 'response')} "
        f"{plural(quality['flagged'], 'is')} unusual: {ways}. They are flagged, not removed, and count in every figure."
    )


def _who_was_heard(document: Document) -> list[str]:
    sample = document["sample"]
    rates = sample["response_rates"]
    if not sample["responded"]:
        return ["Nobody has answered yet, so nothing is said about how customers feel."]
    answered = led(document, capital(answered_of(document)))
    said = f"{answered} answered (RR1 {percent(rates['rr1'])}, RR3 {percent(rates['rr3'])})."
    return [said, *_likeness(document)]


def _likeness(document: Document) -> list[str]:
    sample = document["sample"]
    if sample["responded"] == sample["drawn"]:
        return ["Nobody that was asked stayed silent, so those who answered are those who were asked."]
    return _non_response(document, sample.get("bias") or {})


def _non_response(document: Document, bias: Row) -> list[str]:
    largest = bias.get("largest")
    if not largest:
        return [
            (
                "Whether those who answered differ from those who did not cannot be checked: "
                "nothing that varies is known of all of them."
            )
        ]
    size = abs(largest["standardised_difference"])
    trait = _TRAITS.get(largest["variable"], label(largest["variable"]).lower())
    scale = f"{number(size, 2)} standard deviations; the alert stands at {number(ALERT, 2)}"
    if size > ALERT:
        return [
            (
                f"Those who answered differ from all that were asked, most in {trait} ({scale}). "
                f"Read the estimates for {all_accounts(document)} with that in mind."
            )
        ]
    return [f"Those who answered are much like all that were asked; the largest difference is in {trait} ({scale})."]


def _what_flags_mean(document: Document) -> list[str]:
    if not document["agreement"]["n"]:
        return []
    flagged = hidden_flags(document)
    said = (
        "No account in hidden risk is confirmed: with so few people heard in each, chance can look like a gap."
        if not flagged["confirmed"] and document["hidden_risk"]["accounts"]
        else f"A confirmed account is 80{NBSP}% sure or more, and of all that are confirmed at most one in ten is "
        "expected to be there by chance."
    )
    method = document.get("method") or {}
    return [said, *([_ASSUMED] if method.get("sigma_assumed") else []), *([] if method.get("equated") else [_AS_IS])]


def _what_is_missing(document: Document) -> list[str]:
    """One sentence per group of figures that cannot be estimated, with the reason."""
    voice, value, agreement = document["voice"], document["value"], document["agreement"]
    named = {
        f"the voice of {all_accounts(document)}": voice["mean"],
        "NPS": voice["nps"],
        "CSAT": voice["csat_top2"],
        "renewal intent": voice["renewal_intent"],
        "the value gap": value["gap"],
        **{topic(key).lower(): estimate for key, estimate in voice["dimensions"].items()},
    }
    missing = _by_reason({name: e for name, e in named.items() if value_of(e) is None})
    open_ended = _by_reason({name: e for name, e in named.items() if value_of(e) is not None and not has_interval(e)})
    sentences = [f"{capital(listed(group))} cannot be estimated: {why}." for why, group in missing.items()]
    sentences += [
        f"{capital(listed(group))} {'has' if len(group) == 1 else 'have'} no interval: {why}."
        for why, group in open_ended.items()
    ]
    n = agreement["n"]
    if value_of(agreement["spearman"]) is None or n < MINIMUM_PAIRS:
        sentences.append(_agreement_missing(n, agreement))
    return sentences


def _agreement_missing(n: int, agreement: Row) -> str:
    if n < MINIMUM_PAIRS:
        held = "none has" if n == 0 else f"{in_words(n)} {plural(n, 'has')}"
        return (
            f"Agreement between health and voice takes {MINIMUM_PAIRS} accounts with both scores; {held}, "
            "so read what is shown of it as a first impression at most."
        )
    return f"Agreement between health and voice cannot be measured: {reason(agreement['spearman'])}."


def _by_reason(estimates: Mapping[str, Estimate]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name, estimate in estimates.items():
        groups.setdefault(reason(estimate), []).append(name)
    return groups


def _circular(document: Document) -> list[str]:
    if not document["scorecard"]["circular"]:
        return []
    return [
        (
            "The scorecard uses what customers say, so health and voice agree in part by design: "
            "the gaps shown are, if anything, too small."
        )
    ]


def _spread(method: Row) -> str:
    sigma2 = method.get("sigma2")
    if sigma2 is None:
        return ""
    origin = "assumed" if method.get("sigma_assumed") else "pooled over accounts"
    return f"σ = {number(sigma2**0.5, 1)} points within accounts, {origin}"


def _gap_spread(method: Row) -> str:
    tau2, mean = method.get("tau2_gap"), method.get("mean_gap")
    if tau2 is None:
        return ""
    return f"τ = {number(tau2**0.5, 1)} points around a mean of {signed(mean, 1)}"
