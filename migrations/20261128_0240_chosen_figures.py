"""Figures of a part of a scored study, and which part an edition is of."""

import sqlalchemy as sa
from alembic import op

revision = "1795833600"
down_revision = "1795830600"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chosen_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scoring_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["scoring_id"], ["scoring.id"], name=op.f("fk_chosen_figures_scoring_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chosen_figures")),
        sa.UniqueConstraint("scoring_id", "key", name=op.f("uq_chosen_figures_scoring_id_key")),
    )
    op.add_column("edition", sa.Column("choice", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("edition", sa.Column("choice_key", sa.String(64), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    op.drop_column("edition", "choice_key")
    op.drop_column("edition", "choice")
    op.drop_table("chosen_figures")
