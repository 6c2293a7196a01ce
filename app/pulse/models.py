"""Tables of judgement: settings, sentiments, colours, the matrix, overrides, and rounds of blind rating.

Rows are added, never changed, but for the end of an override and of a round, and for words that are erased.
"""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key


class PulseSetting(Base):
    """What the workspace chose, as one document; the only row has the id 1."""

    __tablename__ = "pulse_setting"

    id: Mapped[Key]
    definition: Mapped[Document]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    changed_at: Mapped[datetime] = mapped_column(default=now)


class PulseRound(Base):
    """A round in which sentiments are given without seeing the score; closed, it never changes.

    `raters` are the addresses of those who rate, each their own accounts; `result` is written at the closing. Where
    weights come first, `seal_id` says by what judgement was hidden meanwhile, and the scores are frozen (computation,
    version, as_of) only once weights are published and sentiments are asked.
    """

    __tablename__ = "pulse_round"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200))
    computation_id: Mapped[int | None] = mapped_column(ForeignKey("health_computation.id"))
    scorecard_version_id: Mapped[int | None] = mapped_column(ForeignKey("scorecard_version.id"))
    as_of: Mapped[date | None]
    seal_id: Mapped[int | None] = mapped_column(ForeignKey("judgement_seal.id"))
    raters: Mapped[list[str]]
    opened_at: Mapped[datetime] = mapped_column(default=now)
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    result: Mapped[Document | None] = mapped_column(JSON(none_as_null=True))


class PulseRoundAccount(Base):
    """An account of a round with its score by telemetry alone as it was at the opening, and who rates it."""

    __tablename__ = "pulse_round_account"

    round_id: Mapped[int] = mapped_column(ForeignKey("pulse_round.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    rater: Mapped[str] = mapped_column(String(254))
    score: Mapped[float | None]
    band: Mapped[str | None] = mapped_column(String(10))


class PulseSentiment(Base):
    """What somebody thinks of an account, 0 to 100 in five steps; `round_id` where it was said blind, in a round."""

    __tablename__ = "pulse_sentiment"
    __table_args__ = (UniqueConstraint("author_id", "form_key"), UniqueConstraint("round_id", "account_id"))

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    value: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime] = mapped_column(default=now)
    form_key: Mapped[str] = mapped_column(String(40))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("pulse_round.id"))


class PulseLight(Base):
    """Red, amber or green after an interaction with an account; `note` goes when the person there is erased."""

    __tablename__ = "pulse_light"
    __table_args__ = (UniqueConstraint("author_id", "form_key"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    colour: Mapped[str] = mapped_column(String(10))
    occasion: Mapped[str] = mapped_column(String(20))
    happened_on: Mapped[date]
    interaction_id: Mapped[int | None] = mapped_column(ForeignKey("interaction.id", ondelete="SET NULL"), index=True)
    note: Mapped[str | None] = mapped_column(Text)
    given_at: Mapped[datetime] = mapped_column(default=now)
    form_key: Mapped[str] = mapped_column(String(40))


class PulseJudgement(Base):
    """One cell of the matrix: what somebody thinks of a topic with a person, 1 to 5; the newest row of a cell holds."""

    __tablename__ = "pulse_judgement"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    dimension: Mapped[str] = mapped_column(String(40))
    value: Mapped[int]
    reason: Mapped[str | None] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    given_at: Mapped[datetime] = mapped_column(default=now)


class PulseOverride(Base):
    """A band that somebody set beside the calculated one, with both as they were, a reason and a last day."""

    __tablename__ = "pulse_override"
    __table_args__ = (UniqueConstraint("author_id", "form_key"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    band: Mapped[str] = mapped_column(String(10))
    calculated_score: Mapped[float | None]
    calculated_band: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(default=now)
    expires_on: Mapped[date]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    form_key: Mapped[str] = mapped_column(String(40))


Index("ix_pulse_judgement_contact", PulseJudgement.contact_id, PulseJudgement.dimension)
