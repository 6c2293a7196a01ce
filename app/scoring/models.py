"""Tables of scores: what responses came to, per respondent, per account and for the portfolio."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key


class Scoring(Base):
    """The present scoring of a study: its inputs and its portfolio figures. Scoring again changes it."""

    __tablename__ = "scoring"

    id: Mapped[Key]
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), unique=True)
    health_computation_id: Mapped[int] = mapped_column(ForeignKey("health_computation.id"))
    scored_at: Mapped[datetime] = mapped_column(default=now)
    figures: Mapped[Document]


class RespondentScore(Base):
    """One respondent's voice and dimension scores, 0-100; null where nothing was answered.

    `core_share` is the share 0-1 of applicable core questions answered. `flags` says what is unusual about the response
    (see `rules.quality`), null where nothing is; the answers count all the same. `mark` is a mark of all of it (see
    `rules.marks`), null where the row was written between two scorings of the portfolio.
    """

    __tablename__ = "respondent_score"

    scoring_id: Mapped[int] = mapped_column(ForeignKey("scoring.id", ondelete="CASCADE"), primary_key=True)
    respondent_id: Mapped[int] = mapped_column(ForeignKey("respondent.id"), primary_key=True)
    voice: Mapped[float | None]
    dimensions: Mapped[Document]
    core_share: Mapped[float | None]
    flags: Mapped[list[Document] | None] = mapped_column(JSON(none_as_null=True))
    mark: Mapped[int | None] = mapped_column(BigInteger)


class AccountScore(Base):
    """One drawn account: voice, health, the gap between them, and how sure we are.

    Scores 0-100, gaps in points, `role_coverage` 0-1; what is missing is null.
    """

    __tablename__ = "account_score"

    scoring_id: Mapped[int] = mapped_column(ForeignKey("scoring.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    respondents: Mapped[int]
    voice: Mapped[float | None]
    voice_se: Mapped[float | None]
    voice_shrunken: Mapped[float | None]
    voice_band: Mapped[str | None] = mapped_column(String(10))
    role_coverage: Mapped[float | None]
    role_range: Mapped[float | None]
    health: Mapped[float | None]
    health_band: Mapped[str | None] = mapped_column(String(10))
    equated_health: Mapped[float | None]
    gap: Mapped[float | None]
    gap_shrunken: Mapped[float | None]
    gap_se: Mapped[float | None]
    p_low: Mapped[float | None]
    p_high: Mapped[float | None]
    cross_check_p: Mapped[float | None]
    tier: Mapped[str] = mapped_column(String(12))
    quadrant: Mapped[str] = mapped_column(String(16))
    dimensions: Mapped[Document]


class Analysis(Base):
    """What one topic of a scored study came to, portfolio and accounts; scoring again replaces it."""

    __tablename__ = "analysis"

    scoring_id: Mapped[int] = mapped_column(ForeignKey("scoring.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(30), primary_key=True)
    figures: Mapped[Document]


class ScoringCheck(Base):
    """A wish to compute a scoring again, and what differed then; null until the worker has done it."""

    __tablename__ = "scoring_check"

    scoring_id: Mapped[int] = mapped_column(ForeignKey("scoring.id", ondelete="CASCADE"), primary_key=True)
    asked_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    differences: Mapped[list[Document] | None] = mapped_column(JSON(none_as_null=True))


class ChosenFigures(Base):
    """A wish for the figures of a part of a scored study (see `rules.choice`), and the figures, null until computed.

    `key` tells parts apart, `query` is the choice. `step` is how far the worker has come. Scoring again takes it away.
    """

    __tablename__ = "chosen_figures"
    __table_args__ = (UniqueConstraint("scoring_id", "key"),)

    id: Mapped[Key]
    scoring_id: Mapped[int] = mapped_column(ForeignKey("scoring.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    query: Mapped[Document]
    step: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    figures: Mapped[Document | None] = mapped_column(JSON(none_as_null=True))


class MeasureDimensions(Base):
    """Which dimension of voice the measures of a scorecard are held against, where somebody chose another than ours.

    `chosen` maps a measure's key to a dimension, or to `none`; measures that are not in it go by their name.
    """

    __tablename__ = "measure_dimensions"

    scorecard_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    chosen: Mapped[Document]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    changed_at: Mapped[datetime] = mapped_column(default=now)


class VerbatimSentiment(Base):
    """What was read of one open answer: compound -1 to 1 and its label, null where the language is not supported.

    `mark` is one for the same words (see `marks.mark_of_words`) and goes with them; `is_long` says that nobody writes
    them twice by chance.
    """

    __tablename__ = "verbatim_sentiment"

    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"), primary_key=True)
    compound: Mapped[float | None]
    label: Mapped[str | None] = mapped_column(String(10))
    mark: Mapped[int | None] = mapped_column(BigInteger)
    is_long: Mapped[bool] = mapped_column(default=False, server_default=false())


class QuoteSentiment(Base):
    """The sentiment of one sentence that an interviewer wrote down word for word; null as with open answers."""

    __tablename__ = "quote_sentiment"

    remark_id: Mapped[int] = mapped_column(ForeignKey("remark.id"), primary_key=True)
    compound: Mapped[float | None]
    label: Mapped[str | None] = mapped_column(String(10))


class Validation(Base):
    """One test of a scorecard version against the outcomes known by a day, as somebody asked for it.

    `figures` is null until it was computed. `accepted_version_id` is the version that a person made of its suggestion.
    """

    __tablename__ = "validation"

    id: Mapped[Key]
    scorecard_version_id: Mapped[int] = mapped_column(ForeignKey("scorecard_version.id"), index=True)
    as_of: Mapped[date]
    asked_at: Mapped[datetime] = mapped_column(default=now)
    computed_at: Mapped[datetime | None]
    figures: Mapped[Document | None] = mapped_column(JSON(none_as_null=True))
    accepted_at: Mapped[datetime | None]
    accepted_version_id: Mapped[int | None] = mapped_column(ForeignKey("scorecard_version.id"))


class Distress(Base):
    """The present distress index of the portfolio: its day, what it was computed from, and how."""

    __tablename__ = "distress"

    id: Mapped[Key]
    as_of: Mapped[date]
    computed_at: Mapped[datetime] = mapped_column(default=now)
    inputs_sha256: Mapped[str] = mapped_column(String(64))
    figures: Mapped[Document]


class DistressScore(Base):
    """The distress of one account, 0-100, high being bad; null where no indicator can be told.

    `earlier` is the same thirty days before, `with_voice` with what customers said of support. `rank_lo` and `rank_hi`
    are places from the most distressed on. `indicators` holds each indicator's value and its place 0-100.
    """

    __tablename__ = "distress_score"

    distress_id: Mapped[int] = mapped_column(ForeignKey("distress.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    score: Mapped[float | None]
    earlier: Mapped[float | None]
    with_voice: Mapped[float | None]
    band: Mapped[str] = mapped_column(String(10))
    rank: Mapped[int | None]
    rank_lo: Mapped[int | None]
    rank_hi: Mapped[int | None]
    indicators: Mapped[list[Document]]


Index("ix_distress_score_ranked", DistressScore.distress_id, DistressScore.score, DistressScore.account_id)


class ThemeEdit(Base):
    """How somebody wanted a theme to be treated; the newest of each theme holds, the older ones are its history.

    `theme` are its stems. `name` is null where its written form is its name, `into` the theme it is part of, null where
    it stands alone.
    """

    __tablename__ = "theme_edit"

    id: Mapped[Key]
    theme: Mapped[str] = mapped_column(String(200), index=True)
    name: Mapped[str | None] = mapped_column(String(80))
    into: Mapped[str | None] = mapped_column(String(200))
    is_hidden: Mapped[bool] = mapped_column(default=False)
    edited_at: Mapped[datetime] = mapped_column(default=now)
    edited_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class HandCode(Base):
    """An open answer that was drawn to be read by a person, and what that person found: null until somebody has.

    `place` is its place in the draw, `seed` the draw's. `label` is positive, neutral, negative or unclear.
    """

    __tablename__ = "hand_code"

    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"), primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    seed: Mapped[int]
    place: Mapped[int]
    drawn_at: Mapped[datetime] = mapped_column(default=now)
    label: Mapped[str | None] = mapped_column(String(10))
    coded_at: Mapped[datetime | None]
    coded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


# What the list of accounts counts, without the wide rows.
Index(
    "ix_account_score_listed",
    AccountScore.scoring_id,
    AccountScore.account_id,
    AccountScore.respondents,
    AccountScore.quadrant,
    AccountScore.voice,
    AccountScore.gap_shrunken,
)
