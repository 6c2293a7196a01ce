"""Who is reminded: the silent, some days after their last mail, and not for ever."""

from datetime import datetime, timedelta

from app.studies.rules.budget import Facts, Held, not_to_be_mailed

DAYS_BETWEEN = 5
MOST_REMINDERS = 2


def held_from_reminder(
    facts: Facts, *, at: datetime, mails: int, mailed_at: datetime | None, is_waiting: bool
) -> Held | None:
    """Why a person is not reminded now; None where they are.

    `mails` counts those that reached them, the last at `mailed_at`; the first invited them.
    """
    lately = is_waiting or (mailed_at is not None and at - mailed_at < timedelta(days=DAYS_BETWEEN))
    reasons = (
        (Held.QUOTA_FULL, facts.is_quota_full),
        (Held.NOT_INVITED, not mails),
        (Held.REMINDED_ENOUGH, mails > MOST_REMINDERS),
        (Held.MAILED_LATELY, lately),
    )
    return not_to_be_mailed(facts) or next((reason for reason, holds in reasons if holds), None)
