"""Judgement is sealed while weights are set, and shown again once they are published."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.health.models import JudgementSeal, ScorecardVersion
from app.health.queries.sealing import open_seal, sealable_keys, weighing_version
from app.health.rules.scorecard import weighs_judgement

SEALED = "Judgement is sealed already, until the weights of another round are published."
NO_CARD = "Choose the scorecard whose weights are to be set."


def seal_judgement(session: Session, *, key: str, at: datetime, by: int) -> JudgementSeal:
    """Hide what CSMs think from everybody who may set weights, until a version of this scorecard is published.

    Refused where a version weighs judgement already: scores would show what is to be hidden, and have shown it.
    """
    if open_seal(session) is not None:
        raise Refusal(SEALED, "scorecard")
    if key not in sealable_keys(session):
        raise Refusal(NO_CARD, "scorecard")
    weighing = weighing_version(session)
    if weighing is not None:
        raise Refusal(
            f"Version {weighing.version} of “{weighing.name}” weighs what CSMs think already, so that its scores have "
            "shown it: weights can no longer be set without having seen it. Open a round without scores instead.",
            "scorecard",
        )
    seal = JudgementSeal(scorecard_key=key, sealed_at=at, sealed_by=by)
    session.add(seal)
    session.flush()
    return seal


def heed_seal(session: Session, *, version: ScorecardVersion, at: datetime) -> None:
    """Lift the seal that waits for the weights of this version; refused is another scorecard that weighs judgement."""
    seal = open_seal(session)
    if seal is None:
        return
    if version.key == seal.scorecard_key:
        lift_seal(session, seal=seal, at=at, version_id=version.id)
    elif weighs_judgement(version.definition):
        raise Refusal(
            f"A round of blind rating waits for the weights of “{seal.scorecard_key}”, and until then no other "
            "scorecard may weigh what CSMs think: its scores would show it.",
            "measures",
        )


def lift_seal(session: Session, *, seal: JudgementSeal, at: datetime, version_id: int | None = None) -> None:
    """Show judgement again; without a version no weights were published, and the seal proves nothing."""
    seal.lifted_at, seal.version_id = at, version_id
    session.flush()
