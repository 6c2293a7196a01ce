"""What each topic of a scored study came to, kept apart for its page; and checks that compute a scoring again."""

import sqlalchemy as sa
from alembic import op

from app.core.database import Instant

revision = "1795797000"
down_revision = "1795786800"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "analysis",
        sa.Column("scoring_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(30), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scoring_id"], ["scoring.id"], name=op.f("fk_analysis_scoring_id_scoring"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("scoring_id", "topic", name=op.f("pk_analysis")),
    )

    op.create_table(
        "scoring_check",
        sa.Column("scoring_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("checked_at", Instant()),
        sa.Column("differences", sa.JSON()),
        sa.ForeignKeyConstraint(
            ["scoring_id"], ["scoring.id"], name=op.f("fk_scoring_check_scoring_id_scoring"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("scoring_id", name=op.f("pk_scoring_check")),
    )


def downgrade() -> None:
    op.drop_table("scoring_check")
    op.drop_table("analysis")
