"""Testing a scorecard against outcomes: asked for, computed by reading alone, stored, and taken up by a person."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.documents import EARLIEST, LATEST
from app.core.errors import Refusal
from app.core.words import topic
from app.health.models import ScorecardVersion
from app.health.queries.before import Before, Decided, decided_accounts, measured_before
from app.health.rules.scorecard import Aggregate, CaseMetric, Measure, Scorecard, Tier, parse_scorecard
from app.health.rules.scores import score_accounts
from app.health.rules.shares import full_shares
from app.health.services import load_scorecard
from app.scoring.models import Validation
from app.scoring.queries.outcomes import newest_voices, voices_said
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.plain import plain
from app.scoring.rules.validation import FLOOR, Factor, Trial, validation_figures
from app.scoring.rules.validation.factors import Kind
from app.users.services import record_event

LEAD_DAYS = 90
"""Days before its outcome by which a value must have been measured: what comes later may be the outcome's echo."""

SEED = 360

_WHOLE_DAY = 86_400.0
_EVER = 36_500
_DIGITS = 4  # Of a weight whose sum is that of the old ones; finer than anybody reads.

TICKET_CSAT = Measure(
    key=str(CaseMetric.CSAT),
    name="Ticket CSAT",
    metric=str(CaseMetric.CSAT),
    points=((0.0, 0.0), (100.0, 100.0)),
    weight=1.0,
    aggregate=Aggregate.MEAN,
    window_days=_EVER,
)
"""Trial beside a scorecard that does not use it: the mean of an account's rated cases, the higher the better."""

Report = Callable[[str], None]


def silent(_: str) -> None:
    """Tell nobody."""


def ask_validation(
    session: Session, *, version: ScorecardVersion, as_of: date, actor_id: int | None = None
) -> Validation:
    """Ask for a test of a scorecard version with the outcomes known by a day; one that waits already is that one."""
    if not EARLIEST <= as_of <= LATEST:
        raise Refusal(f"Outcomes can be looked at as of days from {EARLIEST} to {LATEST}.", "as_of")
    waiting = session.scalar(
        sa.select(Validation).where(
            Validation.scorecard_version_id == version.id,
            Validation.as_of == as_of,
            Validation.computed_at.is_(None),
        )
    )
    if waiting is not None:
        return waiting
    validation = Validation(scorecard_version_id=version.id, as_of=as_of)
    session.add(validation)
    session.flush()
    record_event(
        session,
        actor_id=actor_id,
        action="scorecard.validate",
        object_type="scorecard",
        object_id=version.key,
        fields={"version": version.version, "as_of": as_of.isoformat()},
    )
    return validation


def validation_of(
    session: Session, *, version: ScorecardVersion, as_of: date, report: Report = silent
) -> dict[str, Any]:
    """Return what a test of a scorecard version comes to; it only reads, and the same data give the same figures.

    Measures and answers count where they were there at least ninety days before the account's outcome; later ones are
    refused and counted. With under ten losses or ten renewals the figures say so and nothing else.
    """
    report("Reading what was measured before each outcome …")
    scorecard = parse_scorecard(version.definition)
    decided = decided_accounts(session, as_of=as_of, lead_days=LEAD_DAYS)
    figures = validation_figures(_trial(session, scorecard, decided), seed=SEED, report=report)
    facts = {
        "scorecard": {"key": version.key, "version": version.version, "circular": version.is_circular},
        "as_of": as_of.isoformat(),
        "lead_days": LEAD_DAYS,
    }
    found: dict[str, Any] = plain({**facts, **figures})
    return found


def refusal_of(figures: Mapping[str, Any]) -> str | None:
    """Return why nothing can be said, as a sentence; None where something can."""
    if not figures["is_refused"]:
        return None
    renewals, losses = figures["renewals"], figures["losses"]
    return (
        f"Too few outcomes to test a health score: {losses} losses and {renewals} renewals are known, and it takes "
        f"{FLOOR} of each. Import more: flask import outcomes FILE"
    )


def store_validation(session: Session, *, validation: Validation, figures: dict[str, Any]) -> None:
    """Store what a test came to."""
    validation.figures = figures
    validation.computed_at = now()
    session.flush()


def accept_weights(session: Session, *, validation: Validation, actor_id: int | None = None) -> ScorecardVersion:
    """Publish the tested scorecard with the suggested weights as its next version, because a person says so.

    Refused where nothing is suggested, where that was done already, and where the scorecard has changed since.
    """
    session.refresh(validation, with_for_update=True)
    suggested = ((validation.figures or {}).get("suggestion") or {}).get("weights")
    if not suggested:
        raise Refusal("This test suggests no weights.", "weights")
    if validation.accepted_version_id is not None:
        raise Refusal("These weights were published already.", "weights")
    tested = session.get_one(ScorecardVersion, validation.scorecard_version_id)
    newest = session.scalar(sa.select(sa.func.max(ScorecardVersion.version)).where(ScorecardVersion.key == tested.key))
    if newest != tested.version:
        raise Refusal("The scorecard has changed since it was tested. Test the newest version first.", "weights")
    document = reweighted(tested.definition, suggested)
    version = load_scorecard(session, document=document, actor_id=actor_id)
    validation.accepted_at, validation.accepted_version_id = now(), version.id
    session.flush()
    record_event(
        session,
        actor_id=actor_id,
        action="scorecard.accept_weights",
        object_type="scorecard",
        object_id=tested.key,
        fields={"tested": tested.version, "published": version.version, "validation": validation.id},
    )
    return version


def reweighted(definition: Mapping[str, Any], shares: Mapping[str, float]) -> dict[str, Any]:
    """Return a scorecard's document with other weights: shares of 1 in the score, put on the scale of the old weights.

    A secondary measure counts half, so that its weight is twice its share. A group gets what its measures get together.
    """
    total = sum(_effective(measure) for measure in definition["measures"])
    measures = [
        {**measure, "weight": max(round(shares[measure["key"]] * total * _halved(measure), _DIGITS), 10.0**-_DIGITS)}
        for measure in definition["measures"]
    ]
    groups = [
        {**group, "weight": sum(_effective(each) for each in measures if each["group"] == group["key"])}
        for group in definition.get("groups", [])
    ]
    return {**definition, "measures": measures, **({"groups": groups} if groups else {})}


def _effective(measure: Mapping[str, Any]) -> float:
    return float(measure["weight"]) / _halved(measure)


def _halved(measure: Mapping[str, Any]) -> int:
    return 2 if measure["tier"] == Tier.SECONDARY else 1


def _trial(session: Session, scorecard: Scorecard, decided: Decided) -> Trial:
    befores = [measured_before(session, measure=measure, decided=decided) for measure in scorecard.measures]
    health = score_accounts(
        scorecard, np.column_stack([before.values for before in befores]), decided.seats, decided.stages
    )
    shares = full_shares(scorecard)
    factors = [
        _factor(measure, Kind.MEASURE, shares[measure.key], health.points[:, m], befores[m])
        for m, measure in enumerate(scorecard.measures)
    ]
    if TICKET_CSAT.metric not in {measure.metric for measure in scorecard.measures}:
        before = measured_before(session, measure=TICKET_CSAT, decided=decided)
        if before.late.any() or not np.isnan(before.values).all():
            factors.append(_factor(TICKET_CSAT, Kind.EXTRA, 0.0, before.values, before))
    return Trial(
        kept=decided.kept,
        health=health.scores,
        factors=[*factors, *_voices(session, decided)],
        measures=[measure.key for measure in scorecard.measures],
        values=health.values,
        points=health.points,
        voice=_newest_voice(session, decided),
    )


def _factor(measure: Measure, kind: Kind, weight: float, scores: FloatArray, before: Before) -> Factor:
    return Factor(measure.key, measure.name, kind, weight, scores, before.late)


def _voices(session: Session, decided: Decided) -> list[Factor]:
    """What customers said in time: per account the mean over its people, the voice first, then each dimension."""
    places = {account_id: place for place, account_id in enumerate(decided.ids.tolist())}
    sums: dict[str, FloatArray] = {}
    counts: dict[str, FloatArray] = {}
    late: dict[str, FloatArray] = {}
    for account_id, submitted_at, voice, dimensions in voices_said(session, sa.select(decided.rows.c.account_id)):
        place = places[account_id]
        is_late = _day(submitted_at) >= decided.cut[place] + 1
        for name, score in {"": voice, **dimensions}.items():
            if score is None:
                continue
            for table in (sums, counts, late):
                table.setdefault(name, np.zeros(len(places)))
            if is_late:
                late[name][place] = 1
            else:
                sums[name][place] += score
                counts[name][place] += 1
    return [
        Factor(
            f"voice.{name}" if name else "voice",
            f"What they said: {topic(name).lower()}" if name else "What they said: overall voice",
            Kind.VOICE,
            0.0,
            np.divide(sums[name], counts[name], out=np.full(len(places), np.nan), where=counts[name] > 0),
            late[name] > 0,
        )
        for name in sorted(sums)
    ]


def _day(at: datetime) -> float:
    return at.timestamp() / _WHOLE_DAY


def _newest_voice(session: Session, decided: Decided) -> FloatArray:
    known = {account_id: voice for account_id, voice, _ in newest_voices(session)}
    return np.array([known.get(account_id, np.nan) for account_id in decided.ids.tolist()], dtype=np.float64)
