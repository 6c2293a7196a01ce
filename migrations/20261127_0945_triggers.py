"""Studies that start by themselves: the occasions at which accounts joined, and when a study last looked."""

import sqlalchemy as sa
from alembic import op

from app.core.database import Instant

revision = "1795772700"
down_revision = "1795772400"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("study", sa.Column("triggered_at", Instant()))
    op.create_table(
        "account_occasion",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("joined_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_account_occasion_study_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_occasion_account_id")),
        sa.PrimaryKeyConstraint("study_id", "account_id", name=op.f("pk_account_occasion")),
    )
    op.create_index(op.f("ix_account_occasion_account_id"), "account_occasion", ["account_id"])
    op.create_index(op.f("ix_support_case_closed_at"), "support_case", ["closed_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_support_case_closed_at"), "support_case")
    op.drop_table("account_occasion")
    op.drop_column("study", "triggered_at")
