"""What the survey says when it cannot show its form: what happened, and what a customer can do."""

from datetime import date
from typing import NamedTuple

from app.surveys.rules.doors import Shut


class Words(NamedTuple):
    """A title, and the sentence that says what to do; `day` is the one that either of them names."""

    title: str
    advice: str
    day: date | None = None


ERRORS = {
    400: Words(
        "This form could not be read",
        "Nothing was stored. Go back in your browser: what you typed is still there. Then send it again.",
    ),
    404: Words(
        "This link does not open a survey",
        "Perhaps a part of the address is missing: copy the whole of it from the message that you received. "
        "If it still does not open, reply to that message.",
    ),
    405: Words("This address works differently", "Open the link of the message that you received."),
    413: Words(
        "Your text is too long to be sent",
        "Nothing was stored. Go back in your browser: your text is still in the form. Shorten it, then send it again.",
    ),
    429: Words(
        "Too many links that do not exist were tried from here",
        "Wait a minute, then try again. A link that you received opens at once.",
    ),
    500: Words(
        "Something broke on our side",
        "Nothing that you did was wrong, and the fault has been recorded. Go back in your browser: what you typed is "
        "still there. Try again in a few minutes.",
    ),
    503: Words(
        "We cannot take your answers at this moment",
        "Nothing is stored yet. Wait a few seconds, then send them again.",
    ),
}
OTHER = Words("This did not work", "Open the link of the message that you received, and try once more.")
BUSY = "Nothing is stored yet, because too much arrived at once. Wait a few seconds, then send your answers again."


def error_words(status: int) -> Words:
    """The words for a status."""
    return ERRORS.get(status, OTHER)


def shut_words(shut: Shut, *, opens_on: date, closed_on: date) -> Words:
    """Why a link does not open now, kindly, and what comes next."""
    if shut is Shut.NOT_YET:
        return Words("This survey opens on {day}", "Your link is right. Please come back then.", opens_on)
    if shut is Shut.REVOKED:
        return Words(
            "This link was withdrawn",
            "Perhaps you received a newer one: please use that. What you may have answered before is kept.",
        )
    return Words(
        "This survey closed on {day}",
        "Thank you for wanting to answer. What you may have answered before is kept and will be read.",
        closed_on,
    )


LEAVE_ERRORS = {
    400: Words("This button could not be read", "Nothing was changed. Open the link of the mail and press the button."),
    404: Words(
        "This link does not belong to a mail of ours",
        "Perhaps a part of the address is missing: copy the whole of it from the mail. "
        "If it still does not open, reply to the mail and say that you want no more of them.",
    ),
    503: Words("We cannot note this at this moment", "Nothing was changed yet. Wait a few seconds, then try again."),
}


def leave_words(status: int) -> Words:
    """The words for a status where somebody wants no more mails."""
    return LEAVE_ERRORS.get(status) or error_words(status)
