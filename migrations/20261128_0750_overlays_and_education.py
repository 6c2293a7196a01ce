"""Situations beside health with how they meet industries and accounts, and what education accounts bought and took."""

import sqlalchemy as sa
from alembic import op

revision = "1795852200"
down_revision = "1795851600"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "overlay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("folded", sa.String(400), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_overlay_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overlay")),
        sa.UniqueConstraint("key", name=op.f("uq_overlay_key")),
        sa.UniqueConstraint("folded", name=op.f("uq_overlay_folded")),
    )
    op.create_table(
        "overlay_impact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("overlay_id", sa.Integer(), nullable=False),
        sa.Column("industry", sa.String(200), nullable=False),
        sa.Column("level", sa.String(20), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["overlay_id"], ["overlay.id"], name=op.f("fk_overlay_impact_overlay_id")),
        sa.ForeignKeyConstraint(["set_by"], ["user.id"], name=op.f("fk_overlay_impact_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overlay_impact")),
    )
    op.create_index("ix_overlay_impact_standing", "overlay_impact", ["overlay_id", "industry", "id"])
    op.create_table(
        "overlay_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("overlay_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(20), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("concessions", sa.Text(), nullable=True),
        sa.Column("amount", sa.Numeric(14, 2), nullable=True),
        sa.Column("billing", sa.Text(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["overlay_id"], ["overlay.id"], name=op.f("fk_overlay_change_overlay_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_overlay_change_account_id")),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_overlay_change_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overlay_change")),
    )
    op.create_index(op.f("ix_overlay_change_account_id"), "overlay_change", ["account_id"])
    op.create_index("ix_overlay_change_standing", "overlay_change", ["overlay_id", "account_id", "id"])
    op.create_table(
        "education_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("included", sa.String(10), nullable=False),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("hours", sa.Double(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("takers", sa.Text(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_education_record_account_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["user.id"], name=op.f("fk_education_record_noted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_education_record")),
    )
    op.create_index("ix_education_record_standing", "education_record", ["account_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_education_record_standing", "education_record")
    op.drop_table("education_record")
    op.drop_index("ix_overlay_change_standing", "overlay_change")
    op.drop_index(op.f("ix_overlay_change_account_id"), "overlay_change")
    op.drop_table("overlay_change")
    op.drop_index("ix_overlay_impact_standing", "overlay_impact")
    op.drop_table("overlay_impact")
    op.drop_table("overlay")
