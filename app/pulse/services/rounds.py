"""Rounds of blind rating: opened with frozen scores, rated without them, closed for good; and the settings."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.core.database import insert_rows
from app.core.errors import Missing, Refusal
from app.health.models import HealthComputation
from app.health.services.sealing import lift_seal, seal_judgement
from app.pulse.models import PulseRound, PulseRoundAccount, PulseSentiment, PulseSetting
from app.pulse.queries import ONLY, newest_computation_id, pulse_settings
from app.pulse.queries.rounds import accounts_to_rate, csms, open_round, queue_of, rated_in, round_of, seal_of
from app.pulse.rules.rounds import Judge, result_of
from app.pulse.rules.settings import PulseSettings, read_settings
from app.pulse.rules.words import read_reason, read_step
from app.pulse.services.saying import measure_sentiments, read_key
from app.users.rules import Scope
from app.users.services import record_event
from app.users.services.audit import wait_for_turn

ONE_AT_A_TIME = "A round is open already; close it first."
NO_HEALTH = "There is no health to hold sentiments against yet; publish a scorecard first."
NOBODY = "Choose at least one person who looks after accounts; a round without accounts says nothing."
CLOSED = "This round is closed and stays as it is."


def begin_round(
    session: Session, *, name: str, raters: Sequence[str], at: datetime, by: int, weights_of: str | None = None
) -> PulseRound:
    """Open a round over the accounts of these people, with their scores by telemetry alone as they are now.

    With `weights_of`, the key of a scorecard, weights come first: judgement is hidden from those who may set weights,
    and scores are frozen when sentiments are asked. Refused while another round is open, without health, where it would
    have no account, and where judgement cannot be hidden.
    """
    wait_for_turn(session)
    title = " ".join(name.split())[:200]
    if not title or not title.isprintable():
        raise Refusal("Give the round a name, such as “December”.", "name")
    if open_round(session) is not None:
        raise Refusal(ONE_AT_A_TIME, "name")
    chosen = sorted({email.lower() for email in raters} & {email for email, _ in csms(session)})
    round_ = PulseRound(name=title, raters=chosen, opened_at=at, opened_by=by)
    if weights_of is None:
        _freeze(session, round_, newest_computation_id(session, at.date()))
    elif not chosen:
        raise Refusal(NOBODY, "raters")
    else:
        round_.seal_id = seal_judgement(session, key=weights_of, at=at, by=by).id
        session.add(round_)
        session.flush()
    facts = {"raters": len(chosen), "weights_first": weights_of is not None}
    _record(session, by, "pulse.round_opened", round_.id, facts)
    return round_


def ask_sentiments(session: Session, *, round_id: int, at: datetime, by: int) -> PulseRound:
    """Freeze the scores of a round by the weights that were published first, and ask its people for sentiments.

    Refused before weights are published and health is computed by them, and where it was done or the round is closed.
    """
    wait_for_turn(session)
    round_ = round_of(session, round_id, is_locked=True)
    seal = seal_of(session, round_)
    if round_.closed_at is not None:
        raise Refusal(CLOSED, "round")
    if seal is None or round_.computation_id is not None:
        raise Refusal("The scores of this round are frozen already.", "round")
    if seal.version_id is None:
        raise Refusal(f"Publish the weights of “{seal.scorecard_key}” first.", "round")
    _freeze(session, round_, newest_computation_id(session, at.date(), version_id=seal.version_id))
    _record(session, by, "pulse.round_asked", round_.id, {"version": seal.version_id})
    return round_


def _freeze(session: Session, round_: PulseRound, computation_id: int | None) -> None:
    if computation_id is None:
        raise Refusal(NO_HEALTH, "name")
    accounts = accounts_to_rate(session, computation_id, round_.raters)
    if not accounts:
        raise Refusal(NOBODY, "raters")
    computation = session.get_one(HealthComputation, computation_id)
    round_.computation_id, round_.as_of = computation.id, computation.as_of
    round_.scorecard_version_id = computation.scorecard_version_id
    session.add(round_)
    session.flush()
    # Unpacked by name: a row's mapping is its public way to its columns.
    insert_rows(session, PulseRoundAccount, [{"round_id": round_.id, **row._mapping} for row in accounts])  # noqa: SLF001


def rate_blind(
    session: Session, *, scope: Scope, crm_id: str, value: str, reason: str, form_key: str, at: datetime
) -> bool:
    """Store what the caller thinks of the next of their accounts in the open round; False where it was stored.

    Missing where no round is open or the account is not theirs to rate in it.
    """
    wait_for_turn(session)
    key, round_ = read_key(form_key), open_round(session)
    if _is_known(session, scope.user_id, key):
        return False
    account = None
    if round_ is not None:
        account = next(iter(queue_of(session, round_=round_, scope=scope, crm_id=crm_id)), None)
    if round_ is None or account is None:
        raise Missing("This account does not wait for your sentiment in an open round.", "account_id")
    row = PulseSentiment(
        account_id=account.id,
        author_id=scope.user_id,
        value=read_step(value),
        reason=read_reason(reason),
        given_at=at,
        form_key=key,
        round_id=round_.id,
    )
    session.add(row)
    session.flush()
    _record(session, scope.user_id, "pulse.rated_blind", round_.id, {"account": account.id, "sentiment": row.id})
    return True


def close_round(session: Session, *, round_id: int, judge: Judge, at: datetime, by: int) -> PulseRound:
    """Close a round for good: its result is stored, and its sentiments become measures of that day.

    One that waits for weights ends without them, and judgement is shown again. Refused where it is closed already.
    """
    wait_for_turn(session)
    round_ = round_of(session, round_id, is_locked=True)
    if round_.closed_at is not None:
        raise Refusal(CLOSED, "round")
    seal = seal_of(session, round_)
    if seal is not None and seal.lifted_at is None:
        lift_seal(session, seal=seal, at=at)
    round_.result = result_of(rated_in(session, round_), judge)
    round_.closed_at, round_.closed_by = at, by
    session.flush()
    if pulse_settings(session).sentiment and round_.computation_id is not None:
        said = select(PulseSentiment.account_id, PulseSentiment.value).where(PulseSentiment.round_id == round_.id)
        measure_sentiments(session, {row.account_id: row.value for row in session.execute(said)}, at.date())
    _record(session, by, "pulse.round_closed", round_.id, {"differ": round_.result["differ"], "n": round_.result["n"]})
    return round_


def change_pulse_settings(session: Session, *, typed: Mapping[str, str], at: datetime, by: int) -> PulseSettings:
    """Store what the workspace chooses; the same again is no change. Refusal where a number or text is none."""
    wanted = read_settings(typed)
    present = session.get(PulseSetting, ONLY, with_for_update=True)
    document = wanted.document()
    if document == pulse_settings(session).document():
        return wanted
    if present is None:
        session.add(PulseSetting(id=ONLY, definition=document, changed_by=by, changed_at=at))
    else:
        present.definition, present.changed_by, present.changed_at = document, by, at
    session.flush()
    switches = {name: value for name, value in document.items() if isinstance(value, bool)}
    record_event(
        session, actor_id=by, action="pulse.settings", object_type="pulse_setting", object_id=ONLY, fields=switches
    )
    return wanted


def _is_known(session: Session, author_id: int, key: str) -> bool:
    known = exists().where(PulseSentiment.author_id == author_id, PulseSentiment.form_key == key)
    return bool(session.scalar(select(known)))


def _record(session: Session, by: int, action: str, round_id: int, fields: Mapping[str, object]) -> None:
    record_event(
        session, actor_id=by, action=action, object_type="pulse_round", object_id=round_id, fields=dict(fields)
    )
