"""An account with which everything has happened that a timeline knows, and one with which nothing has."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.core.clock import now, today
from app.customers.models import Account, Contact, Interaction, Outcome
from app.health.models import HealthComputation, HealthScore, ScorecardVersion, SupportCase
from app.interviews.models import Appointment, AppointmentMail
from app.overlays.models import Overlay, OverlayChange, OverlayImpact
from app.pulse.models import PulseLight, PulseOverride, PulseSentiment
from app.studies.models import CallAttempt, Invitation, Letter, Respondent
from tests.interviews.talks import ANNA, World
from tests.ledger.world import account_of, add_ledger, enter, hear
from tests.users.people import CSM, LEADER

PAGE = "/accounts/Haskelby/timeline"
SUMMARY = "Nora says that Fridays are lost to typing"
SPRING = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)


def add_quiet(session: Session) -> World:
    """Add the ledger's world; with Ostrava nothing has happened but an interview that is planned."""
    return add_ledger(session)


def add_busy(session: Session) -> World:
    """Let everything have happened with Haskelby, with Nora there, on days of spring; one appointment is to come."""
    talks = add_ledger(session)
    account, nora = account_of(session), person(session, talks)
    account.industry = "Trade"
    people = talks.people
    add_conversations(session, account, nora.contact_id)
    hear(session, "P-2", "partly", talks=talks)
    enter(session, "P-2", side="articulated", happens_on="2026-06-01")
    add_mails(session, talks, nora)
    session.add_all(
        [
            CallAttempt(
                respondent_id=nora.id,
                outcome="no_answer",
                channel="phone",
                attempted_at=SPRING,
                recorded_by=people[ANNA],
                note="Secret note",
            ),
            CallAttempt(
                respondent_id=nora.id,
                outcome="busy",
                channel="phone",
                attempted_at=SPRING,
                superseded_at=now(),
            ),
            Action(
                account_id=account.id,
                owner_id=people[CSM],
                title="Send the template",
                due_on=today(),
                is_promised=True,
                created_at=SPRING,
                created_by=people[LEADER],
                done_at=SPRING + timedelta(days=2),
                done_by=people[CSM],
            ),
            PulseSentiment(
                account_id=account.id, author_id=people[CSM], value=25, reason="They went quiet", given_at=SPRING,
                form_key="s",
            ),
            PulseLight(
                account_id=account.id, author_id=people[CSM], colour="amber", occasion="call",
                happened_on=SPRING.date(), note="Heard in the call", given_at=now(), form_key="l",
            ),
            PulseOverride(
                account_id=account.id, author_id=people[CSM], band="red", calculated_band="green", reason="I know them",
                set_at=SPRING, expires_on=today(), form_key="o",
            ),
            SupportCase(
                crm_id="C-1", account_id=account.id, opened_at=SPRING, closed_at=SPRING + timedelta(days=1),
                priority="high",
            ),
            Outcome(account_id=account.id, outcome_date=date(2026, 5, 1), outcome="renewed", reason_category="price"),
        ]
    )  # fmt: skip
    add_health(session, account)
    add_situation(session, account, people[CSM])
    session.flush()
    return talks


def add_crowded(session: Session) -> World:
    """Let 400 people at Haskelby have 400 conversations at one and the same instant."""
    talks = add_ledger(session)
    account = account_of(session)
    people = [Contact(crm_id=f"many-{n}", account_id=account.id, name=f"Person {n}") for n in range(400)]
    session.add_all(people)
    session.flush()
    session.add_all(conversation(account, f"same-{n}", each.id) for n, each in enumerate(people))
    session.flush()
    return talks


def add_conversations(session: Session, account: Account, contact_id: int) -> None:
    """A call with Nora, a mention in public, and a mail that is dated in the future."""
    session.add_all(
        [
            conversation(account, "I-1", contact_id, summary=SUMMARY, started_by="us"),
            conversation(account, "I-2", None, channel="social", summary="They complain in public", participated=False),
            conversation(account, "I-3", None, channel="mail", occurred_at=datetime(2999, 1, 1, tzinfo=UTC)),
        ]
    )
    session.flush()


def conversation(account: Account, key: str, contact_id: int | None, **more: Any) -> Interaction:
    """A call of spring."""
    facts: dict[str, Any] = {"occurred_at": SPRING, "channel": "call"}
    return Interaction(crm_id=key, account_id=account.id, contact_id=contact_id, **facts | more)


def add_mails(session: Session, talks: World, nora: Respondent) -> None:
    """An invitation, a mail of thanks, and an appointment to come with the mail about it."""
    appointment = Appointment(
        interview_id=talks.interviews["nora"],
        uid="u",
        sequence=0,
        starts_at=now() + timedelta(days=3),
        timezone="UTC",
        wall="2027-01-01T10:00",
        minutes=60,
        way="video",
        place="https://meet.example",
        organiser_id=talks.people[ANNA],
    )
    session.add(appointment)
    session.flush()
    session.add_all(
        [
            Invitation(
                study_id=talks.study, respondent_id=nora.id, number=0, message_id="m0", due_at=SPRING, sent_at=SPRING
            ),
            Invitation(study_id=talks.study, respondent_id=nora.id, number=1, message_id="m1", due_at=SPRING),
            Letter(
                kind="thanks", key="t", contact_id=nora.contact_id, respondent_id=nora.id,
                written_by=talks.people[ANNA],
                language="en", subject="Thank you, Nora", body="Secret body", message_id="l0", due_at=SPRING,
                sent_at=SPRING,
            ),
            AppointmentMail(
                appointment_id=appointment.id, kind="agreed", message_id="a0", due_at=SPRING, sent_at=SPRING
            ),
        ]
    )  # fmt: skip
    session.flush()


def add_health(session: Session, account: Account) -> None:
    """Health on four days: green, a little lower, red, and the same again."""
    card = ScorecardVersion(
        key="default", version=1, name="Default", definition={}, content_sha256="0", is_circular=False
    )
    session.add(card)
    session.flush()
    for month, (score, band) in enumerate([(80, "green"), (78, "green"), (40, "red"), (40, "red")], start=1):
        computation = HealthComputation(
            scorecard_version_id=card.id, as_of=date(2026, month, 1), content_sha256=str(month)
        )
        session.add(computation)
        session.flush()
        session.add(
            HealthScore(
                computation_id=computation.id, account_id=account.id, score=score, band=band, measures=[], missing=[]
            )
        )
    session.flush()


def add_situation(session: Session, account: Account, by: int) -> None:
    """A situation that meets the trade and was changed for the account, and one that meets nobody here."""
    met, other = (
        Overlay(key=key, name=name, folded=key, starts_on=date(2026, 3, 1), ends_on=end)
        for key, name, end in (("strike", "Strike", date(2026, 3, 9)), ("drought", "Drought", None))
    )
    session.add_all([met, other])
    session.flush()
    session.add_all(
        [
            OverlayImpact(overlay_id=met.id, industry="Trade", level="high", set_by=by),
            OverlayImpact(overlay_id=other.id, industry="Farming", level="high", set_by=by),
            OverlayChange(
                overlay_id=met.id, account_id=account.id, level="low", reason="Hardly met", made_by=by, made_at=SPRING
            ),
        ]
    )


def person(session: Session, talks: World) -> Respondent:
    """Return Nora as she was drawn."""
    return session.scalars(select(Respondent).where(Respondent.id == talks.respondents["nora"])).one()
