"""The link by which a customer answers the rest of an interview, for whoever holds that interview."""

from flask import current_app

from app.core.database import db
from app.interviews.queries.talks import Talk
from app.interviews.services.handing_over import Here, rest_address


def here() -> Here:
    """Return where this workspace is reached."""
    return Here(current_app.config["SETTINGS"].base_url, str(current_app.secret_key))


def rest_link(talk: Talk) -> str | None:
    """Return the link, where the customer has the interview and the caller holds it."""
    if not talk.is_mine or talk.handed_over_at is None or talk.submitted_at is not None:
        return None
    return rest_address(db.session, respondent_id=talk.respondent_id, here=here())
