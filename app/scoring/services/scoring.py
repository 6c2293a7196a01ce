"""Scoring a study: from its answers and its accounts' health to voices, gaps and the portfolio's figures."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.errors import Refusal
from app.core.garbage import at_rest
from app.core.workspace import the_workspace
from app.health.models import HealthComputation, ScorecardVersion
from app.health.queries import newest_scorecard
from app.health.services import compute_health
from app.questionnaires.queries import asked_by
from app.questionnaires.rules.definition import AskedIn
from app.responses.queries import change_ids, unseen_since
from app.responses.services import forget_changes
from app.scoring import queries
from app.scoring.models import Scoring
from app.scoring.queries.words import spoken_words
from app.scoring.rules import portfolio
from app.scoring.rules.accounts import DELTA, compare
from app.scoring.rules.findings import NOT_DRAWN, warnings_of
from app.scoring.rules.frozen import frozen_of
from app.scoring.rules.plain import plain
from app.scoring.rules.quality import counts_of
from app.scoring.rules.rollup_arrays import within_variance_of
from app.scoring.services.analyses import Beside, Scene, analyses
from app.scoring.services.columns import (
    Asked,
    Picture,
    drawn_columns,
    people_of,
    read_people,
    rolled_up,
    spoken_columns,
    traits,
)
from app.scoring.services.figures import portfolio_figures
from app.scoring.services.quality import quality_flags
from app.scoring.services.rescoring import PARAMETERS
from app.scoring.services.sentiments import read_verbatims
from app.scoring.services.storing import Computation, store_scoring
from app.studies.models import Study
from app.studies.queries.people import facts_of, strata_of
from app.studies.rules.dispositions import COMPLETE_FROM
from app.studies.rules.plan import Method
from app.studies.services.anonymity import refuse_anonymous
from app.users.services import record_event


@dataclass(frozen=True)
class Scored:
    """What a scoring came to: submitted responses, respondents and accounts with a voice, and its warnings."""

    responses: int
    respondents: int
    accounts: int
    warnings: list[dict[str, str]]


@at_rest()
def score_study(session: Session, *, study: Study, actor_id: int | None = None, beside: Beside | None = None) -> Scored:
    """Score every answer of a study, compare voice with health at its health date, and store the figures.

    Health is computed for that date by the newest version of the study's scorecard; where accounts join by themselves,
    for today as long as that date lies ahead. Scoring again replaces the figures; the same inputs give the same
    figures. `beside` is what other features hand in for the topics. Refuses a study that was not drawn, and an
    anonymous one.
    """
    refuse_anonymous(study)
    if study.drawn_at is None:
        raise Refusal(f"Study “{study.key}” has not been drawn yet. Run: flask study draw {study.key}")
    # Two scorings of one study would each try to be its only one; the second waits for the first. The lock lets others
    # add rows that name the study: nobody's answer waits for a scoring on PostgreSQL.
    session.refresh(study, with_for_update={"key_share": True})
    seen = change_ids(session, study.id)
    started = now()
    scorecard = newest_scorecard(session, study.scorecard_key)
    health = compute_health(session, version=scorecard, as_of=_health_day(study))
    asked = asked_in(session, study)
    # Words that were read stay so: after the first scoring, those of responses that changed since are looked at.
    is_first = queries.scoring_of(session, study) is None
    read_verbatims(session, study, asked, since=None if is_first else unseen_since(session, study.id) or started)
    found = _computed(session, study, asked, health, beside or Beside())
    # What changes while we compute is not in these figures: they are dated at their start, and only the changes that
    # were seen then are done with.
    store_scoring(session, study, health, found, at=started)
    forget_changes(session, seen)
    scored = _scored(found)
    record_event(
        session,
        actor_id=actor_id,
        action="study.score",
        object_type="study",
        object_id=study.key,
        fields={"responses": scored.responses, "accounts": scored.accounts},
    )
    return scored


def computed_again(session: Session, *, study: Study, scoring: Scoring, beside: Beside) -> Computation:
    """Return what the study's present answers come to by the health that its scoring used; nothing is written."""
    health = session.get_one(HealthComputation, scoring.health_computation_id)
    return _computed(session, study, asked_in(session, study), health, beside)


def low_core_shares(session: Session, study: Study) -> Mapping[int, float]:
    """Return the share 0–1 of applicable core questions answered where it is under four fifths, by respondent.

    As the present scoring has it, computed for the responses that changed since; for all where there is none. What was
    put to people whose answers were imported is seen from everybody's: in a study with such, one change computes all.
    """
    if queries.scoring_of(session, study) is None:
        return _computed_shares(session, study)
    stored, since = queries.low_core_shares(session, study), unseen_since(session, study.id)
    if since is None:
        return stored
    if not DOORS.issuperset(queries.sources(session, study)):
        return _computed_shares(session, study)
    changed = queries.changed_since(session, study, since)
    kept = {person: share for person, share in stored.items() if person not in changed}
    return kept | _computed_shares(session, study, since)


DOORS = frozenset(door.value for door in AskedIn)
"""The sources of responses that were given here."""


def _computed_shares(session: Session, study: Study, since: datetime | None = None) -> dict[int, float]:
    asked, accounts = asked_in(session, study), queries.drawn_ids(session, study)
    read = read_people(session, study, asked, since)
    people = people_of(
        read, accounts, asked, facts_of(read.people[4], study, read.people[1], strata_of(session, study))
    )
    shares = np.nan_to_num(people.heard.core_share)
    low = np.flatnonzero(people.has_response & (shares < COMPLETE_FROM)).tolist()
    return {int(people.ids[position]): float(shares[position]) for position in low}


def asked_in(session: Session, study: Study) -> Asked:
    """Return what a study asks."""
    return Asked(*asked_by(session, study.version_id), study.plan["roles"])


def _computed(session: Session, study: Study, asked: Asked, health: HealthComputation, beside: Beside) -> Computation:
    rows = queries.drawn_accounts(session, study, health)
    picture = picture_of(session, study, asked, rows)
    figures = portfolio_figures(session, study, picture, asked.definition)
    figures["sample"]["bias"] = portfolio.non_response(
        picture.voices.answered, traits(session, study, picture.drawn, rows)
    )
    flags, sent = quality_flags(session, study, picture, asked)
    figures["quality"] = counts_of(flags, sent)
    figures["method"] = method_of(study, picture)
    scorecard = session.get_one(ScorecardVersion, health.scorecard_version_id)
    figures["warnings"] = _warnings(session, scorecard, picture, rows, figures)
    if "trigger" in study.plan:
        figures["warnings"].insert(0, dict(NOT_DRAWN))
    scene = Scene(session, study, picture, asked.definition, asked.question_ids, health, beside)
    parameters = plain(frozen_of(picture.drawn, picture.voices, picture.within, picture.compared))
    return Computation(picture, flags, figures, analyses(scene) | {PARAMETERS: parameters})


def _health_day(study: Study) -> date:
    # Such a study stands for months: the telemetry of its last day is not there yet, and today's is.
    return min(study.health_as_of, today()) if "trigger" in study.plan else study.health_as_of


def picture_of(session: Session, study: Study, asked: Asked, rows: queries.Rows) -> Picture:
    """Return all that is known of a study's accounts (`rows` of `queries.drawn_accounts`) when its figures are made."""
    is_by_size = study.plan.get("method") == Method.PPS
    drawn = drawn_columns(rows, the_workspace(session).currency, is_by_size=is_by_size)
    read, strata = read_people(session, study, asked), dict(zip(drawn.account_ids, drawn.strata, strict=True))
    # The database looks for the words while numpy scores the people.
    with ThreadPoolExecutor(1) as reader:
        words = reader.submit(spoken_words, session, study, asked.open_questions)
        facts = facts_of(read.people[4], study, read.people[1], strata)
        people = people_of(read, drawn.account_ids, asked, facts)
        voices = rolled_up(people, people.heard.voice, drawn)
        heard = ~np.isnan(people.heard.voice)
        within = within_variance_of(people.account[heard], people.heard.voice[heard], len(drawn.account_ids))
        compared = compare(drawn, voices, within)
    return Picture(drawn, people, voices, within, compared, spoken_columns(words.result(), people))


def method_of(study: Study, picture: Picture) -> dict[str, Any]:
    """Return by which settings the figures were made."""
    return {
        "sigma2": picture.within.variance,
        "sigma_assumed": picture.within.assumed,
        "delta": DELTA,
        "equated": picture.compared.was_equated,
        "roles": study.plan["roles"],
    }


def _warnings(
    session: Session, scorecard: ScorecardVersion, picture: Picture, rows: queries.Rows, figures: dict[str, Any]
) -> list[dict[str, str]]:
    currency = the_workspace(session).currency
    return warnings_of(
        drawn=picture.drawn,
        voices=picture.voices,
        compared=picture.compared,
        within=picture.within,
        partial=int(picture.people.heard.is_partial.sum()),
        is_circular=scorecard.is_circular,
        other_currency=sum(row.currency is not None and row.currency != currency for row in rows),
        merged=portfolio.strata_of(picture.drawn, picture.voices.voice).merged,
        largest_bias=figures["sample"]["bias"]["largest"],
    )


def _scored(found: Computation) -> Scored:
    picture = found.picture
    return Scored(
        responses=int(picture.people.has_response.sum()),
        respondents=int((~np.isnan(picture.people.heard.voice)).sum()),
        accounts=int(picture.voices.answered.sum()),
        warnings=found.figures["warnings"],
    )
