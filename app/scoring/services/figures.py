"""The portfolio's figures of a study, from its columns."""

from functools import partial
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from app.questionnaires.rules.definition import Questionnaire
from app.scoring.queries.words import hand_codes
from app.scoring.rules import portfolio
from app.scoring.rules.fieldwork import Fieldwork, fieldwork_figures
from app.scoring.rules.hand_coding import hand_coding
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.parts import Part
from app.scoring.rules.verbatims import POSITIVE_FROM
from app.scoring.services.columns import People, Picture, rolled_up
from app.scoring.services.parts import part_of
from app.studies.models import Study
from app.studies.queries.triggers import population_totals


def portfolio_figures(
    session: Session, study: Study, picture: Picture, definition: Questionnaire, part: Part | None = None
) -> dict[str, Any]:
    """Return the portfolio part of gaps.json (see formats: every estimate with its interval, n and warnings).

    With a part, what is counted is of its accounts alone, and estimates are of a domain of the whole draw; how many
    accounts and how much revenue it speaks for is left to the caller.
    """
    drawn, people, voices, compared = picture.drawn, picture.people, picture.voices, picture.compared
    said, accounts = people.heard, len(drawn.account_ids)
    dimensions = {name: rolled_up(people, said.dimensions[:, i], drawn).voice for i, name in enumerate(said.names)}
    promised, delivered = (rolled_up(people, side, drawn).voice for side in (said.promised, said.delivered))
    keys = {question.key: position for position, question in enumerate(definition.questions)}
    mean = partial(portfolio.mean_of if part is None else part.mean, drawn)
    nps, share = (portfolio.nps_of, portfolio.share_of) if part is None else (part.nps, part.share)
    seen = picture if part is None else part_of(picture, part)
    return {
        "population": population_totals(session, study),
        "sample": fieldwork_figures(_fieldwork(seen)),
        "voice": {
            "mean": portfolio.as_dict(mean(voices.voice)),
            "nps": portfolio.as_dict(nps(drawn, nps_codes(people, keys, accounts))),
            "csat_top2": portfolio.as_dict(share(drawn, _top_two(people, keys, accounts))),
            "renewal_intent": portfolio.as_dict(mean(dimensions.get("renewal_intent", np.full(accounts, np.nan)))),
            "dimensions": {name: portfolio.as_dict(mean(column)) for name, column in dimensions.items()},
            "sentiment": _sentiment_figures(session, picture, part),
        },
        "value": portfolio.value_figures(drawn, promised, delivered, part),
        "agreement": portfolio.agreement_figures(seen.drawn, seen.voices.voice, seen.compared),
        "crosstab": portfolio.crosstab(seen.drawn, seen.compared),
        "hidden_risk": portfolio.quadrant_figures(seen.drawn, seen.compared, "hidden_risk"),
        "hidden_strength": portfolio.quadrant_figures(seen.drawn, seen.compared, "hidden_strength"),
        "arr_at_risk": portfolio.arr_at_risk(drawn, compared)
        if part is None
        else portfolio.arr_seen(seen.drawn, seen.compared)
        | {"portfolio": portfolio.as_dict(part.total(drawn, drawn.arr * compared.p_low))},
    }


def _fieldwork(picture: Picture) -> Fieldwork:
    drawn, people = picture.drawn, picture.people
    return Fieldwork(
        strata=drawn.strata,
        stratum_sizes=drawn.stratum_sizes,
        arr=drawn.arr,
        account=people.account,
        role=people.role,
        roles=people.roles,
        modes=people.modes,
        has_response=people.has_response,
        core_share=people.heard.core_share,
        facts=people.facts,
    )


def nps_codes(people: People, columns: dict[str, int], accounts: int) -> FloatArray:
    """Return each account's mean code of its respondents: promoter 1, passive 0, detractor -1; NaN where nobody."""
    if "recommend" not in columns:
        return np.full(accounts, np.nan)
    score = people.heard.raw[:, columns["recommend"]]
    code = np.where(score >= 9, 1.0, np.where(score >= 7, 0.0, -1.0))
    return _plain_mean(people, np.where(np.isnan(score), np.nan, code), accounts)


def _top_two(people: People, columns: dict[str, int], accounts: int) -> FloatArray:
    if "satisfaction" not in columns:
        return np.full(accounts, np.nan)
    score = people.heard.raw[:, columns["satisfaction"]]
    return _plain_mean(people, np.where(np.isnan(score), np.nan, (score >= 4).astype(np.float64)), accounts)


def _plain_mean(people: People, values: FloatArray, accounts: int) -> FloatArray:
    """Return each account's plain mean over its respondents, for codes and shares; NaN where nobody answered."""
    said = ~np.isnan(values)
    n = np.bincount(people.account[said], minlength=accounts)
    sums = np.bincount(people.account[said], values[said], minlength=accounts)
    means: FloatArray = np.divide(sums, n, out=np.full(accounts, np.nan), where=n > 0)
    return means


def _sentiment_figures(session: Session, picture: Picture, part: Part | None) -> dict[str, Any]:
    """Return mean compound over accounts and net positive share of verbatims: experimental until checked by hand."""
    people, spoken = picture.people, picture.spoken
    read = ~np.isnan(spoken.compound)
    mean = portfolio.mean_of if part is None else part.mean
    compound, person = spoken.compound[read], spoken.person[read]
    n = np.bincount(person, minlength=len(people.ids))
    sums = np.bincount(person, compound, minlength=len(people.ids))
    means: FloatArray = np.divide(sums, n, out=np.full(len(n), np.nan), where=n > 0)
    if part is not None:
        compound = compound[part.inside[people.account[person]]]
    verbatims = len(compound)
    net = int((compound >= POSITIVE_FROM).sum()) - int((compound <= -POSITIVE_FROM).sum())
    of_accounts = _plain_mean(people, means, len(picture.drawn.account_ids))
    return {
        "mean": portfolio.as_dict(mean(picture.drawn, of_accounts)),
        "verbatims": verbatims,
        "net": 100 * net / verbatims if verbatims else None,
        "experimental": hand_coding(hand_codes(session))["experimental"],
    }
