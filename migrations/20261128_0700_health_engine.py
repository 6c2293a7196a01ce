"""Health beside judgement and exceptions: the score of telemetry alone, the band before a cap, and which scorecard."""

import sqlalchemy as sa
from alembic import op

revision = "1795849200"
down_revision = "1795833600"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scorecard_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_scorecard_choice_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard_choice")),
        sa.UniqueConstraint("version", name=op.f("uq_scorecard_choice_version")),
    )
    op.create_table(
        "health_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_health_change_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_change")),
    )
    op.create_index(op.f("ix_health_change_account_id"), "health_change", ["account_id"])
    op.add_column("health_score", sa.Column("telemetry_score", sa.Double(), nullable=True))
    op.add_column("health_score", sa.Column("telemetry_band", sa.String(10), nullable=True))
    op.add_column("health_score", sa.Column("calculated_band", sa.String(10), nullable=True))
    op.add_column("health_score", sa.Column("capped_by", sa.JSON(), nullable=True))
    # What was computed until now is what voice was compared with: it stays so, to the last bit.
    op.execute("UPDATE health_score SET telemetry_score = score, telemetry_band = band, calculated_band = band")


def downgrade() -> None:
    for column in ("capped_by", "calculated_band", "telemetry_band", "telemetry_score"):
        op.drop_column("health_score", column)
    op.drop_index(op.f("ix_health_change_account_id"), "health_change")
    op.drop_table("health_change")
    op.drop_table("scorecard_choice")
