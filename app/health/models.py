"""Tables of telemetry, support cases, scorecard versions and health scores."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key


class Telemetry(Base):
    """One measured value of an account for the period that ends on a day."""

    __tablename__ = "telemetry"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    metric: Mapped[str] = mapped_column(String(120), primary_key=True)
    period_end: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[float]
    unit: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (Index("ix_telemetry_metric_period_end", "metric", "period_end"),)


class RelationshipTelemetry(Base):
    """One measured value of a relationship for the period that ends on a day; apart, so that accounts stay fast."""

    __tablename__ = "relationship_telemetry"

    relationship_id: Mapped[int] = mapped_column(ForeignKey("relationship.id"), primary_key=True)
    metric: Mapped[str] = mapped_column(String(120), primary_key=True)
    period_end: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[float]
    unit: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (Index("ix_relationship_telemetry_metric_period_end", "metric", "period_end"),)


class SupportCase(Base):
    """One support case of an account."""

    __tablename__ = "support_case"

    id: Mapped[Key]
    crm_id: Mapped[str] = mapped_column(String(200), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    priority: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str | None] = mapped_column(String(40))
    csat: Mapped[float | None]


class ScorecardVersion(Base):
    """A published scorecard; never changed: other content is another version."""

    __tablename__ = "scorecard_version"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    definition: Mapped[Document]
    content_sha256: Mapped[str] = mapped_column(String(64))
    is_circular: Mapped[bool]
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)


class ScorecardDraft(Base):
    """What somebody is writing, one per key: every field as typed, also what could not be published yet.

    `revision` rises with every save, so that two authors notice each other; `form_key` is the name that the page which
    began it gave, so that a form that is sent twice begins one draft; `based_on` is the version that it started from.
    """

    __tablename__ = "scorecard_draft"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    definition: Mapped[Document]
    based_on: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=1)
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ScorecardChoice(Base):
    """A published choice of which scorecard scores which account; never changed: the newest version holds.

    `definition` is ordered rules with a default; the first rule that an account meets names its scorecard.
    """

    __tablename__ = "scorecard_choice"

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(unique=True)
    definition: Mapped[Document]
    content_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class JudgementSeal(Base):
    """From when until when judgement was hidden from those who may set weights, and which version they published.

    `version_id` is None while it holds, and where it was lifted without weights.
    """

    __tablename__ = "judgement_seal"

    id: Mapped[Key]
    scorecard_key: Mapped[str] = mapped_column(String(80))
    sealed_at: Mapped[datetime]
    sealed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    lifted_at: Mapped[datetime | None]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("scorecard_version.id"))


class HealthChange(Base):
    """An account of which something was measured, or told, since health was last computed for what changed."""

    __tablename__ = "health_change"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class HealthComputation(Base):
    """One computation of health for all accounts, at a date, by a scorecard version.

    The same inputs give the same `content_sha256` and are not stored twice.
    """

    __tablename__ = "health_computation"

    id: Mapped[Key]
    scorecard_version_id: Mapped[int] = mapped_column(ForeignKey("scorecard_version.id"), index=True)
    as_of: Mapped[date]
    computed_at: Mapped[datetime] = mapped_column(default=now)
    content_sha256: Mapped[str] = mapped_column(String(64))


class HealthScore(Base):
    """The health of one account in one computation, with what each measure gave.

    `score` is 0-100 or null where no measure had data. `measures` lists, per measure: key, value (raw, after `per`),
    points (0-100), weight (its share of 1 after missing measures gave theirs away), of measures that decay age_days.
    `missing` lists measure keys. `telemetry_score` and `telemetry_band` leave out what CSMs think (`csm.*`): voice is
    compared with them. `band` is the one after the scorecard's exceptions, `calculated_band` the one before, and
    `capped_by` the exception that made the difference, with the measure for which it held; null where none did.
    """

    __tablename__ = "health_score"

    computation_id: Mapped[int] = mapped_column(
        ForeignKey("health_computation.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    score: Mapped[float | None]
    band: Mapped[str | None] = mapped_column(String(10))
    measures: Mapped[list[Document]]
    missing: Mapped[list[str]]
    telemetry_score: Mapped[float | None]
    telemetry_band: Mapped[str | None] = mapped_column(String(10))
    calculated_band: Mapped[str | None] = mapped_column(String(10))
    capped_by: Mapped[Document | None] = mapped_column(JSON(none_as_null=True))


class RelationshipHealth(Base):
    """The health of one relationship on a day by a scorecard version: the last that was computed of that day.

    The fields mean what they mean in HealthScore.
    """

    __tablename__ = "relationship_health"

    relationship_id: Mapped[int] = mapped_column(ForeignKey("relationship.id"), primary_key=True)
    scorecard_version_id: Mapped[int] = mapped_column(ForeignKey("scorecard_version.id"), primary_key=True)
    as_of: Mapped[date] = mapped_column(primary_key=True)
    score: Mapped[float | None]
    band: Mapped[str | None] = mapped_column(String(10))
    measures: Mapped[list[Document]]
    missing: Mapped[list[str]]


# A year's trend is read from it alone: the rows hold the explanations, and are wide.
Index(
    "ix_relationship_health_trend",
    RelationshipHealth.relationship_id,
    RelationshipHealth.as_of,
    RelationshipHealth.scorecard_version_id,
    RelationshipHealth.score,
)
Index("ix_health_score_ranked", HealthScore.computation_id, HealthScore.score, HealthScore.account_id)
# Who changed colour is read from it alone: the rows hold the explanations, and are wide.
Index(
    "ix_health_score_moves",
    HealthScore.computation_id,
    HealthScore.account_id,
    HealthScore.band,
    HealthScore.score,
)
