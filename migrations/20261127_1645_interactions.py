"""Conversations with accounts: who began them, and whether the customer took part."""

import sqlalchemy as sa
from alembic import op

from app.core.database import Instant

revision = "1795797900"
down_revision = "1795797000"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("crm_id", sa.String(200), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("occurred_at", Instant(), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("started_by", sa.String(10)),
        sa.Column("contact_id", sa.Integer()),
        sa.Column("participated", sa.Boolean()),
        sa.Column("summary", sa.Text()),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_interaction_account_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_interaction_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction")),
        sa.UniqueConstraint("crm_id", name=op.f("uq_interaction_crm_id")),
    )
    op.create_index(op.f("ix_interaction_contact_id"), "interaction", ["contact_id"])
    op.create_index(
        "ix_interaction_taken_part", "interaction", ["account_id", "started_by", "occurred_at", "participated"]
    )


def downgrade() -> None:
    op.drop_table("interaction")
