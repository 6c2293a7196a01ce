"""What people made of the themes in customers' words, and open answers that they read to check our sentiment."""

import sqlalchemy as sa
from alembic import op

from app.core.database import Instant

revision = "1795801800"
down_revision = "1795801111"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "theme_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(200), nullable=False),
        sa.Column("name", sa.String(80), nullable=True),
        sa.Column("into", sa.String(200), nullable=True),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("edited_at", Instant(), nullable=False),
        sa.Column("edited_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edited_by"], ["user.id"], name=op.f("fk_theme_edit_edited_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_edit")),
    )
    op.create_index(op.f("ix_theme_edit_theme"), "theme_edit", ["theme"])
    op.create_table(
        "hand_code",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("drawn_at", Instant(), nullable=False),
        sa.Column("label", sa.String(10), nullable=True),
        sa.Column("coded_at", Instant(), nullable=True),
        sa.Column("coded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_hand_code_answer_id_answer")),
        sa.ForeignKeyConstraint(["coded_by"], ["user.id"], name=op.f("fk_hand_code_coded_by_user")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_hand_code_study_id_study")),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_hand_code")),
    )
    op.create_index(op.f("ix_hand_code_study_id"), "hand_code", ["study_id"])


def downgrade() -> None:
    op.drop_table("hand_code")
    op.drop_table("theme_edit")
