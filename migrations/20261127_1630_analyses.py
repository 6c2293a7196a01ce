"""What each topic of a scored study came to, kept apart so that a page reads the topic that it shows and no other."""

import sqlalchemy as sa
from alembic import op

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


def downgrade() -> None:
    op.drop_table("analysis")
