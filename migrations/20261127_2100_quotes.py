"""The sentiment of sentences that interviewers wrote down word for word."""

import sqlalchemy as sa
from alembic import op

revision = "1795813200"
down_revision = "1795812600"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quote_sentiment",
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("compound", sa.Double(), nullable=True),
        sa.Column("label", sa.String(10), nullable=True),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], name=op.f("fk_quote_sentiment_remark_id_remark")),
        sa.PrimaryKeyConstraint("remark_id", name=op.f("pk_quote_sentiment")),
    )


def downgrade() -> None:
    op.drop_table("quote_sentiment")
