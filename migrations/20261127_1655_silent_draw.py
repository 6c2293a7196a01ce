"""The draw of silent accounts to be interviewed: who was silent, in which order, and who was drawn."""

import sqlalchemy as sa
from alembic import op

from app.core.database import Instant

revision = "1795798500"
down_revision = "1795797900"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "silent_draw",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("frame_sha256", sa.String(64), nullable=False),
        sa.Column("drawn_at", Instant(), nullable=False),
        sa.Column("drawn_by", sa.Integer()),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_silent_draw_study_id")),
        sa.ForeignKeyConstraint(["drawn_by"], ["user.id"], name=op.f("fk_silent_draw_drawn_by")),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_silent_draw")),
    )
    op.create_table(
        "silent_unit",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("respondent_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("u", sa.Double(), nullable=False),
        sa.Column("drawn_at", Instant()),
        sa.ForeignKeyConstraint(["study_id"], ["silent_draw.study_id"], name=op.f("fk_silent_unit_study_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_silent_unit_account_id")),
        sa.ForeignKeyConstraint(["respondent_id"], ["respondent.id"], name=op.f("fk_silent_unit_respondent_id")),
        sa.PrimaryKeyConstraint("study_id", "account_id", name=op.f("pk_silent_unit")),
    )
    op.create_index(op.f("ix_silent_unit_respondent_id"), "silent_unit", ["respondent_id"])


def downgrade() -> None:
    op.drop_table("silent_unit")
    op.drop_table("silent_draw")
