"""Editions of a gap report: frozen when they are published, and the links by which people outside read them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key
from app.core.waiting import WaitingMail


class Edition(Base):
    """One published state of a study's gap report, never changed again: its data as text, and the hash of that text.

    The text holds no words of customers, only by which ids they are found: what somebody takes away is gone from every
    edition. Editions of a study are numbered from 1 on. `choice` is the part of the study that it is of (see
    `scoring.rules.choice`), null for all of it, and `choice_key` tells such parts apart.
    """

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: Mapped[Key]
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    number: Mapped[int]
    choice: Mapped[Document | None] = mapped_column(JSON(none_as_null=True))
    choice_key: Mapped[str] = mapped_column(String(64), default="", server_default=text("''"))
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    scored_at: Mapped[datetime]
    published_at: Mapped[datetime] = mapped_column(default=now)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class EditionLink(Base):
    """A way for people without an account here to read one edition until a day; the token is stored nowhere."""

    __tablename__ = "edition_link"

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_for: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class EditionComment(Base):
    """What a colleague says about an edition, or about one part of it; never shown to people outside.

    `is_for_all` says that everybody who may open the edition reads it, those too who see some accounts alone. What its
    writer takes back loses its words. `form_key` is random and comes with the form: sending it twice stays once.
    """

    __tablename__ = "edition_comment"
    __table_args__ = (UniqueConstraint("written_by", "form_key"),)

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    part: Mapped[str] = mapped_column(String(40))
    body: Mapped[str | None] = mapped_column(Text)
    is_for_all: Mapped[bool]
    form_key: Mapped[str | None] = mapped_column(String(64))
    written_at: Mapped[datetime] = mapped_column(default=now)
    written_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    taken_back_at: Mapped[datetime | None]


class EditionSignOff(Base):
    """That somebody has read an edition and stands behind it: once for each person, until they withdraw it."""

    __tablename__ = "edition_sign_off"
    __table_args__ = (UniqueConstraint("edition_id", "user_id"),)

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    note: Mapped[str | None] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]


class ReportSubscription(Base):
    """That a person gets a study's report by mail: one row for each, changed when they choose anew.

    `next_at` is when the next mail is due; null where editions decide, and after the end. `made_at` is when it was last
    chosen: only editions after it are sent. From `nonce` comes the token of the link that stops it.
    """

    __tablename__ = "report_subscription"
    __table_args__ = (UniqueConstraint("study_id", "user_id"),)

    id: Mapped[Key]
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    rhythm: Mapped[str] = mapped_column(String(20))
    day: Mapped[int | None]
    nonce: Mapped[str] = mapped_column(String(43))
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ReportMail(WaitingMail, Base):
    """One mail with a report, once only for its `occasion`: a day, or an edition.

    What it holds is decided when it is sent, by what its reader may see then. It waits, is claimed and is sent as an
    `Invitation` is.
    """

    __tablename__ = "report_mail"
    __table_args__ = (UniqueConstraint("subscription_id", "occasion"),)

    subscription_id: Mapped[int] = mapped_column(ForeignKey("report_subscription.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    occasion: Mapped[str] = mapped_column(String(40))
