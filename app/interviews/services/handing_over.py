"""The rest of an interview goes to the customer as a link under the same response, and comes back."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.interviews.models import Interview
from app.interviews.queries.person import Person, person_of
from app.interviews.queries.talks import Talk
from app.interviews.rules.letters import language_for
from app.interviews.rules.period import refusal_to_ask
from app.responses.services import Door, hand_over_response, open_response, take_back_response
from app.studies.models import Study
from app.studies.rules.letters import LetterKind, Wording, checked
from app.studies.rules.links import Purpose, survey_address
from app.studies.services.letters import Reader, cancel_letters, queue_letter
from app.studies.services.links import end_links, issue_tokens, tokens_of_one
from app.users.services.audit import record_event


@dataclass(frozen=True)
class Here:
    """Where this workspace is reached, and the secret from which links are made."""

    base_url: str
    secret: str


def hand_over_interview(
    session: Session, *, talk: Talk, here: Here, wording: Wording | None, is_anything_open: bool, at: datetime, by: int
) -> bool:
    """Give what is still open to the customer as a personal link, and mail it where there is a `wording`.

    Nobody can write in the interview until it is taken back. False where it was handed over already. Refused outside
    the period, where nothing is open, and where a mail is wanted that cannot be sent.
    """
    _refuse_to_ask(talk, at)
    if not is_anything_open:
        raise Refusal("Every question has its answer, or the reason why there is none; submit it instead.", "rest")
    person = person_of(session, talk.respondent_id)
    if wording is not None and person.because:
        raise Refusal(person.because, "mail")
    door = Door(talk.study_id, talk.respondent_id, talk.version_id, mode="interview", source="interview")
    response = open_response(session, door=door, at=at)
    if not hand_over_response(session, response_id=response.id, at=at):
        return False
    session.execute(
        sa.update(Interview).where(Interview.id == talk.id, Interview.started_at.is_(None)).values(started_at=at)
    )
    # One person's interview is handed over: the lock of its response is enough, and the study stays free for others.
    study = session.get_one(Study, talk.study_id)
    issue_tokens(session, study=study, secret=here.secret, people=[talk.respondent_id])
    if wording is not None:
        _mail(session, talk, person, here=here, wording=checked(wording), at=at, by=by)
    _record(session, "interview.hand_over", talk, by, {"is_mailed": wording is not None})
    return True


def take_interview_back(session: Session, *, talk: Talk, at: datetime, by: int) -> bool:
    """End the customer's link, so that the interviewer can go on; what they answered by it stays.

    False where nothing was handed over; Locked where they have sent it meanwhile.
    """
    if talk.response_id is None or not take_back_response(session, response_id=talk.response_id):
        return False
    end_links(session, respondent_id=talk.respondent_id, at=at)
    cancel_letters(session, respondent_id=talk.respondent_id, kind=LetterKind.REST, at=at)
    _record(session, "interview.take_back", talk, by, {})
    return True


def rest_address(session: Session, *, respondent_id: int, here: Here) -> str | None:
    """Return the address by which a customer answers the rest, or None where no link lives."""
    token = tokens_of_one(session, respondent_id=respondent_id, secret=here.secret).get(Purpose.SURVEY)
    return survey_address(here.base_url, token) if token else None


def _mail(session: Session, talk: Talk, person: Person, *, here: Here, wording: Wording, at: datetime, by: int) -> None:
    queue_letter(
        session,
        kind=LetterKind.REST,
        key=f"rest-{talk.respondent_id}-{at.isoformat()}",
        reader=Reader(contact_id=person.contact_id, respondent_id=talk.respondent_id),
        wording=wording,
        base_url=here.base_url,
        at=at,
        by=by,
        language=language_for(person.language),
    )


def _refuse_to_ask(talk: Talk, at: datetime) -> None:
    sentence = refusal_to_ask(
        opens_on=talk.opens_on, closes_on=talk.closes_on, closed_at=talk.closed_at, today=at.date()
    )
    if sentence is not None:
        raise Refusal(sentence, "period")


def _record(session: Session, name: str, talk: Talk, by: int, fields: dict[str, bool]) -> None:
    record_event(session, actor_id=by, action=name, object_type="interview", object_id=talk.id, fields=fields)
