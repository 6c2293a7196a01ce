"""Two people in one interview, and saves that are known again when they arrive twice."""

import sqlalchemy as sa
from alembic import op

from app.core.database import Instant

revision = "1795785300"
down_revision = "1795785000"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("remark", sa.Column("save_key", sa.String(36)))
    op.create_table(
        "note_taker",
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_note_taker_interview_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_note_taker_user_id")),
        sa.PrimaryKeyConstraint("interview_id", name=op.f("pk_note_taker")),
    )
    op.create_index(op.f("ix_note_taker_user_id"), "note_taker", ["user_id"])


def downgrade() -> None:
    op.drop_table("note_taker")
    op.drop_column("remark", "save_key")
