"""Tables of studies: what was planned, what was drawn, and who was to be heard."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key


class Study(Base):
    """A questionnaire put to a cross-section of accounts during a fieldwork period.

    `plan` is the study.json that created it, checked and with defaults filled in: mode, strata, filter, size,
    minimum_per_stratum, method, certainty, seed, wave, roles; or, where accounts join as things happen, `trigger`.
    Such a study is started rather than drawn, at `drawn_at`; `triggered_at` is when it last looked who joins. Of an
    anonymous study answers are known by stratum alone.
    """

    __tablename__ = "study"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    scorecard_key: Mapped[str] = mapped_column(String(80))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    plan: Mapped[Document]
    is_anonymous: Mapped[bool] = mapped_column(default=False, server_default=false())
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    health_as_of: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(default=now)
    drawn_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    triggered_at: Mapped[datetime | None]


class DrawRecord(Base):
    """The audit record of a draw: all that is needed to recompute it, and its hash."""

    __tablename__ = "draw_record"

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True)
    audit: Mapped[Document]
    audit_sha256: Mapped[str] = mapped_column(String(64))


class SampledAccount(Base):
    """An account that was drawn: its stratum, that stratum's size in the frame, and its design weight."""

    __tablename__ = "sampled_account"

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    stratum: Mapped[str] = mapped_column(String(400))
    stratum_size: Mapped[int]
    weight: Mapped[float]
    is_certainty: Mapped[bool] = mapped_column(default=False)
    mode: Mapped[str] = mapped_column(String(10))


class AccountOccasion(Base):
    """Why an account joined a study that has a trigger: what happened there and when it is asked, at the latest."""

    __tablename__ = "account_occasion"

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    event: Mapped[str] = mapped_column(String(20))
    happened_on: Mapped[date]
    due_on: Mapped[date]
    last_on: Mapped[date]
    joined_at: Mapped[datetime] = mapped_column(default=now)


class Respondent(Base):
    """A contact drawn into a study, in the role and mode of that day."""

    __tablename__ = "respondent"
    __table_args__ = (UniqueConstraint("study_id", "contact_id"),)

    id: Mapped[Key]
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    role: Mapped[str] = mapped_column(String(80))
    mode: Mapped[str] = mapped_column(String(10))


class Link(Base):
    """A respondent's personal way in, for one purpose; the token itself is stored nowhere.

    `nonce` is random; token = HMAC-SHA-256(secret key, purpose, respondent, nonce), so a link can be listed again while
    the database alone opens nothing. `token_sha256` is what a visitor's token is looked up by.
    """

    __tablename__ = "link"

    id: Mapped[Key]
    respondent_id: Mapped[int] = mapped_column(ForeignKey("respondent.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    nonce: Mapped[str] = mapped_column(String(64))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class OpenLink(Base):
    """The one way into an anonymous study for everybody of a stratum; made and looked up as a `Link` is."""

    __tablename__ = "open_link"

    id: Mapped[Key]
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    stratum: Mapped[str] = mapped_column(String(400))
    nonce: Mapped[str] = mapped_column(String(64))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None]


class Invitation(Base):
    """One mail of a study to one respondent: `number` 0 invites, from 1 on it reminds.

    The row is the fact that the mail is to be sent at `due_at`, and `message_id` is the same at every try. A worker
    notes `claimed_at` before it speaks to the server and `sent_at` after: between them a crash leaves the one mail that
    may be sent twice. `failed_at` is when it was given up, `cancelled_at` when it was no longer wanted, each with its
    `reason`; `bounced_at` is when it came back.
    """

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("respondent_id", "number"),)

    id: Mapped[Key]
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    respondent_id: Mapped[int] = mapped_column(ForeignKey("respondent.id"))
    number: Mapped[int]
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    language: Mapped[str | None] = mapped_column(String(20))
    due_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=now)
    tries: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    failed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)


class MailStop(Base):
    """A person who is not to be mailed any more: they unsubscribed, or their address does not exist."""

    __tablename__ = "mail_stop"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(20))
    stopped_at: Mapped[datetime] = mapped_column(default=now)


class MailText(Base):
    """What a study's mails say in one language; `kind` is invitation or reminder."""

    __tablename__ = "mail_text"

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(default=now)


class Letter(Base):
    """One mail outside a study's invitations: to a customer or to a colleague, and once only by its `key`.

    Addresses are looked up when it is sent, and so is the link of `respondent_id` where the body names it. It waits,
    is claimed and is sent as an `Invitation` is.
    """

    __tablename__ = "letter"

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    respondent_id: Mapped[int | None] = mapped_column(ForeignKey("respondent.id"))
    written_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    language: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=now)
    tries: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)


class CallAttempt(Base):
    """One try to reach a respondent and what it came to; a mistaken entry is taken back with a reason, never changed.

    `consent_before` is what a person's consent was where the outcome set it to no, so that taking it back can restore
    it.
    """

    __tablename__ = "call_attempt"

    id: Mapped[Key]
    respondent_id: Mapped[int] = mapped_column(ForeignKey("respondent.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(Text)
    attempted_at: Mapped[datetime]
    next_call_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    consent_before: Mapped[str | None] = mapped_column(String(10))
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    undo_reason: Mapped[str | None] = mapped_column(Text)


class SilentDraw(Base):
    """The draw of silent accounts to be interviewed in a study: its seed, and the hash of who was silent then."""

    __tablename__ = "silent_draw"

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True)
    seed: Mapped[int]
    frame_sha256: Mapped[str] = mapped_column(String(64))
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class SilentUnit(Base):
    """An account that was silent at the draw, by its place in the order, and the person there who was picked.

    `drawn_at` is when it was drawn, the first ones first; None for those that it has not come to.
    """

    __tablename__ = "silent_unit"

    study_id: Mapped[int] = mapped_column(ForeignKey("silent_draw.study_id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    respondent_id: Mapped[int] = mapped_column(ForeignKey("respondent.id"), index=True)
    place: Mapped[int]
    u: Mapped[float]
    drawn_at: Mapped[datetime | None]


_WAITS = text("sent_at IS NULL AND failed_at IS NULL AND cancelled_at IS NULL")
Index("ix_invitation_waiting", Invitation.due_at, sqlite_where=_WAITS, postgresql_where=_WAITS)
Index("ix_letter_waiting", Letter.due_at, sqlite_where=_WAITS, postgresql_where=_WAITS)
