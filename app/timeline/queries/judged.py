"""What colleagues thought of an account, for whoever may see it now (`health.queries.sealing.sees_judgement`)."""

from sqlalchemy import literal, or_, select

from app.pulse.models import PulseLight, PulseOverride, PulseRound, PulseSentiment
from app.timeline.queries.branches import ACCOUNT, Event, Reader, start_of_day
from app.timeline.queries.naming import user_name
from app.users.models import User


def sentiments(reader: Reader) -> Event | None:
    """What colleagues thought of it; what was said in a round is left out until that closes, so it steers nobody."""
    if not reader.sees_judgement:
        return None
    return Event(
        at=PulseSentiment.given_at,
        id=PulseSentiment.id,
        shown={
            "a": literal("sentiment"),
            "c": reader.words(PulseSentiment.reason),
            "x": PulseSentiment.value,
            "who": user_name(),
        },
        source=select(PulseSentiment)
        .join(User, User.id == PulseSentiment.author_id)
        .outerjoin(PulseRound, PulseRound.id == PulseSentiment.round_id),
        where=(
            PulseSentiment.account_id == ACCOUNT,
            or_(PulseSentiment.round_id.is_(None), PulseRound.closed_at.is_not(None)),
        ),
    )


def lights(reader: Reader) -> Event | None:
    """Red, amber or green after a conversation."""
    if not reader.sees_judgement:
        return None
    return Event(
        at=start_of_day(PulseLight.happened_on),
        id=PulseLight.id,
        shown={
            "a": literal("light"),
            "b": PulseLight.colour,
            "c": reader.words(PulseLight.note),
            "d": PulseLight.occasion,
            "who": user_name(),
        },
        source=select(PulseLight).join(User, User.id == PulseLight.author_id),
        where=(PulseLight.account_id == ACCOUNT,),
    )


def overrides(reader: Reader) -> Event | None:
    """Bands that were set beside the calculated one."""
    if not reader.sees_judgement:
        return None
    return Event(
        at=PulseOverride.set_at,
        id=PulseOverride.id,
        shown={
            "a": literal("override"),
            "b": PulseOverride.band,
            "c": reader.words(PulseOverride.reason),
            "d": PulseOverride.calculated_band,
            "who": user_name(),
        },
        source=select(PulseOverride).join(User, User.id == PulseOverride.author_id),
        where=(PulseOverride.account_id == ACCOUNT,),
    )
