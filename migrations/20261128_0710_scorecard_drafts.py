"""Drafts of scorecards, and a note on what a published version changes."""

import sqlalchemy as sa
from alembic import op

revision = "1795849800"
down_revision = "1795849200"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scorecard_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["user.id"], name=op.f("fk_scorecard_draft_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard_draft")),
        sa.UniqueConstraint("key", name=op.f("uq_scorecard_draft_key")),
        sa.UniqueConstraint("form_key", name=op.f("uq_scorecard_draft_form_key")),
    )
    op.add_column("scorecard_version", sa.Column("note", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("scorecard_version", "note")
    op.drop_table("scorecard_draft")
