"""Portfolios made up for tests, computed by the product's own scoring rules: realistic, large, tiny or lacking."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from app.reports.rules.document import AccountRow, Document, Facts, assemble
from app.reports.rules.evidence import Told
from app.scoring.rules import portfolio
from app.scoring.rules.accounts import Compared, Drawn, compare
from app.scoring.rules.estimates import nothing
from app.scoring.rules.fieldwork import Fieldwork, fieldwork_figures
from app.scoring.rules.rollup_arrays import account_voices, within_variance_of

FIRST = (
    "Hask",
    "Pell",
    "Farrow",
    "Quill",
    "Ostr",
    "Lake",
    "Ivor",
    "Zell",
    "Lorv",
    "Calder",
    "Brin",
    "Thorn",
    "Ask",
    "Nor",
)
SECOND = ("elby", "moor", "mint", "mere", "elle", "stad", "brook", "wyn", "dale", "vik", "ham", "leigh", "enne", "by")
TRADE = (
    "Clinics",
    "Steel",
    "Mining",
    "Energy",
    "Pharma",
    "Housing",
    "Insurance",
    "Logistics",
    "Schools",
    "Foods",
    "Rail",
)
ROLES = ("admin", "champion", "decision_maker", "power_user")
OMEGA = np.array([0.15, 0.25, 0.35, 0.25])
STRATA = ("Enterprise", "Mid-market", "Small")
CSMS = ("M. Oskjold", "T. Quist", "I. Varga-Lund", None)
UNHAPPY = (
    "Two days a month promised, and on Fridays it costs us time.",
    "Nobody told us the old module goes away.",
    "We have stopped reporting faults. It changes nothing.",
    "My team went back to spreadsheets in April.",
    "The new buyer asked me why we have it at all.",
)
HAPPY = (
    "It saves us a day every week.",
    "Support answers before I have finished my coffee.",
    "We show it to every visitor.",
)
AS_OF = date(2026, 5, 14)


def document_of(
    drawn: int,
    population: int,
    *,
    seed: int = 360,
    answering: float = 0.78,
    people: tuple[int, int] = (1, 5),
    sour: float = 0.18,
    has_health: bool = True,
    is_circular: bool = False,
    words: float = 0.7,
    currency: str | None = "EUR",
    is_restricted: bool = False,
    is_sample: bool = True,
) -> Document:
    """A whole document; `sour` is the share of accounts that feel far worse than their health says."""
    rng = random.Random(seed)  # noqa: S311  (invented test data, the same on every run)
    sizes = _sizes(population)
    strata = _strata(drawn, sizes)
    health = np.array([min(100.0, max(3.0, rng.gauss(66, 17))) if has_health else np.nan for _ in range(drawn)])
    arr = np.array([round(rng.lognormvariate(11.6 - STRATA.index(s) * 0.9, 0.7)) for s in strata], dtype=float)
    truth = [_felt(rng, h, sour) for h in health.tolist()]
    heard = _heard(rng, drawn, answering, people, truth)
    bands = [None if np.isnan(h) else "green" if h >= 75 else "amber" if h >= 50 else "red" for h in health.tolist()]
    frame = Drawn(list(range(drawn)), list(strata), sizes, arr, health, bands)
    account, role, voice = (np.array([h[i] for h in heard], dtype=kind) for i, kind in enumerate((int, int, float)))
    voices = account_voices(account, role, voice, OMEGA, drawn)
    within = within_variance_of(account, voice, drawn)
    compared = compare(frame, voices, within)
    figures = _figures(
        rng, frame=frame, heard=heard, voice=voices.voice, compared=compared, population=population, within=within
    )
    figures["sample"]["bias"] = portfolio.non_response(voices.answered, {"arr": arr, "health": health})
    rows = [_row(i, rng, frame, voices, compared) for i in range(drawn)]
    facts = Facts(
        study="spring",
        name="Spring cross-section",
        as_of=AS_OF,
        opens_on=date(2026, 4, 6),
        closes_on=AS_OF,
        currency=currency,
        is_sample=is_sample,
        scorecard={
            "key": "default", "version": 3, "circular": is_circular, "name": "Default", "amber_from": 50.0,
            "green_from": 75.0, "has_lifecycle_bands": False,
        },
        questionnaire={"key": "relationship", "version": 1, "name": "Relationship survey"},
        draw={"method": "neyman", "seed": seed, "wave": "spring", "strata": ["segment"], "audit_sha256": "9f" * 32},
    )  # fmt: skip
    told = _told(rng, rows, heard, words)
    kept = rows[: max(1, drawn // 6)] if is_restricted else rows
    low = [r for r in rows if r.quadrant == "hidden_risk" and (r.p_low or 0) > (r.p_high or 0)]
    flags = {tier: sum(r.tier == tier for r in low) for tier in ("confirmed", "probable")}
    return assemble(facts, figures, kept, told, hidden_risk=flags, is_restricted=is_restricted)


def _sizes(population: int) -> dict[str, int]:
    enterprise, middle = max(1, population // 12), max(1, population // 3)
    return {"Enterprise": enterprise, "Mid-market": middle, "Small": max(1, population - enterprise - middle)}


def _strata(drawn: int, sizes: dict[str, int]) -> Sequence[str]:
    total = sum(sizes.values())
    cuts = [round(drawn * sum(list(sizes.values())[: i + 1]) / total) for i in range(3)]
    return [STRATA[sum(i >= cut for cut in cuts)] if i < cuts[-1] else "Small" for i in range(drawn)]


def _felt(rng: random.Random, health: float, sour: float) -> float:
    base = 66.0 if np.isnan(health) else 42 + 0.4 * health
    chance = rng.random()
    if chance < sour:
        return rng.gauss(28, 7)
    return rng.gauss(86, 5) if chance > 0.93 else rng.gauss(base, 8)


def _heard(
    rng: random.Random, drawn: int, answering: float, people: tuple[int, int], truth: Sequence[float]
) -> list[tuple[int, int, float]]:
    heard = []
    for i in range(drawn):
        if rng.random() < answering:
            for n in range(rng.randint(*people)):
                role = rng.choices(range(4), (3, 5, 2, 4))[0] if n > 1 else (2, 1)[n]
                heard.append((i, role, min(100.0, max(0.0, rng.gauss(truth[i], 13)))))
    return heard


def _figures(
    rng: random.Random,
    *,
    frame: Drawn,
    heard: Sequence[tuple[int, int, float]],
    voice: Any,
    compared: Compared,
    population: int,
    within: Any,
) -> dict[str, Any]:
    def spread(shift: float) -> Any:
        return portfolio.as_dict(portfolio.mean_of(frame, np.clip(voice + shift, 0, 100)))

    silent = [(i, rng.randrange(4)) for i in range(len(frame.strata)) for _ in range(2)]
    promised = np.clip(voice + 17, 0, 100)
    codes = np.where(np.isnan(voice), np.nan, np.where(voice > 75, 1.0, np.where(voice > 55, 0.0, -1.0)))
    shifts = {
        "recommendation": -2,
        "overall_sentiment": 3,
        "support": 8,
        "value": -9,
        "renewal_intent": 1,
        "education": 4,
    }
    asked = [*((i, r) for i, r, _ in heard), *silent]
    return {
        "population": {
            "accounts": population,
            "arr": float(np.nansum(frame.arr) * population / max(1, len(frame.strata))),
            "other_currency": 0,
        },
        "sample": fieldwork_figures(
            Fieldwork(
                strata=frame.strata,
                stratum_sizes=frame.stratum_sizes,
                arr=frame.arr,
                account=np.array([a for a, _ in asked], dtype=int),
                role=np.array([r for _, r in asked], dtype=int),
                roles=ROLES,
                modes=np.array(["interview" if a % 3 == 0 else "survey" for a, _ in asked]),
                has_response=np.array([i < len(heard) for i in range(len(asked))]),
                core_share=np.array([1.0 if i < len(heard) else np.nan for i in range(len(asked))]),
            )
        ),
        "voice": {
            "mean": spread(0),
            "nps": portfolio.as_dict(portfolio.nps_of(frame, codes)),
            "csat_top2": portfolio.as_dict(portfolio.share_of(frame, np.where(np.isnan(voice), np.nan, voice > 60))),
            "renewal_intent": spread(1),
            "dimensions": {k: spread(v) for k, v in shifts.items()} | {"community": portfolio.as_dict(nothing("mean"))},
        },
        "value": portfolio.value_figures(frame, promised, np.clip(voice - 9, 0, 100)),
        "agreement": portfolio.agreement_figures(frame, voice, compared),
        "crosstab": portfolio.crosstab(frame, compared),
        "hidden_risk": portfolio.quadrant_figures(frame, compared, "hidden_risk"),
        "hidden_strength": portfolio.quadrant_figures(frame, compared, "hidden_strength"),
        "arr_at_risk": portfolio.arr_at_risk(frame, compared),
        "method": {
            "sigma2": within.variance,
            "sigma_assumed": within.assumed,
            "delta": 15,
            "equated": compared.was_equated,
        },
        "warnings": [{"code": "PARTIAL_DIMENSIONS", "message": "3 people answered on some dimensions only."}],
    }


def _row(i: int, rng: random.Random, frame: Drawn, voices: Any, compared: Compared) -> AccountRow:
    def plain(column: Any) -> float | None:
        return None if np.isnan(column[i]) else float(column[i])

    name = f"{FIRST[i % 14]}{SECOND[(i // 14 + i) % 14]} {TRADE[(i * 5 + i // 11) % 11]}"
    return AccountRow(
        account_id=f"A-{i:05d}",
        name=name,
        arr=float(frame.arr[i]),
        currency=None,
        renewal_on=AS_OF + timedelta(days=rng.randint(-20, 330)) if i % 9 else None,
        csm=CSMS[i % 4],
        stratum=frame.strata[i],
        health=plain(frame.health),
        health_band=frame.health_bands[i],
        voice=plain(voices.voice),
        voice_se=plain(compared.voice_se),
        voice_band=compared.voice_bands[i],
        respondents=int(voices.respondents[i]),
        role_coverage=float(voices.coverage[i]),
        role_range=plain(voices.role_range),
        equated_health=plain(compared.equated_health),
        gap=plain(compared.gap),
        shrunken_gap=plain(compared.gap_shrunken),
        se=plain(compared.gap_se),
        p_low=plain(compared.p_low),
        p_high=plain(compared.p_high),
        tier=compared.tiers[i],
        quadrant=compared.quadrants[i],
    )


def _told(
    rng: random.Random, rows: Sequence[AccountRow], heard: Sequence[tuple[int, int, float]], words: float
) -> dict[str, list[Told]]:
    told: dict[str, list[Told]] = {}
    for n, (i, role, voice) in enumerate(heard):
        who = (f"R-{n:05d}", ROLES[role], "interview" if i % 3 == 0 else "survey")
        entries = told.setdefault(rows[i].account_id, [])
        if rng.random() < words:
            text = rng.choice(UNHAPPY if voice < 55 else HAPPY)
            entries.append(Told(*who, "reason", None, text, None, -0.5 if voice < 55 else 0.6))
        for question, dimension in (
            ("effort", "support"),
            ("value_delivered", "value"),
            ("recommend", "recommendation"),
        ):
            entries.append(
                Told(*who, question, dimension, None, round(min(100, max(0, voice + rng.uniform(-15, 15))) / 25) * 25.0)
            )
    return told
