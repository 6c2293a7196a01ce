"""The guided interview: remarks about relationships, stars, what is put again; entry from notes, times."""

import sqlalchemy as sa
from alembic import op

from app.core.database import Instant

revision = "1795785000"
down_revision = "1795773000"
branch_labels = ()
depends_on = None

CURRENT = sa.text("superseded_at IS NULL")
FLAGS = ("is_paraphrase", "is_starred", "is_later")


def current_remarks(*columns: str) -> None:
    op.drop_index("uq_remark_current", "remark")
    op.create_index(
        "uq_remark_current", "remark", [*columns], unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT
    )


def unique_revisions(*columns: str, instead_of: str) -> None:
    with op.batch_alter_table("remark", reflect_kwargs={"resolve_fks": False}) as remark:
        remark.drop_constraint(op.f(instead_of), type_="unique")
        remark.create_unique_constraint(op.f(f"uq_remark_{'_'.join(columns)}"), list(columns))


def upgrade() -> None:
    op.add_column("remark", sa.Column("item", sa.String(200), nullable=False, server_default=sa.text("''")))
    op.add_column("remark", sa.Column("reason", sa.Text()))
    for name in FLAGS:
        op.add_column("remark", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    unique_revisions(
        "response_id", "question_id", "item", "revision", instead_of="uq_remark_response_id_question_id_revision"
    )
    current_remarks("response_id", "question_id", "item")
    op.add_column("interview", sa.Column("held_on", sa.Date()))
    op.add_column("interview", sa.Column("peeked_at", Instant()))
    op.create_table(
        "question_time",
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("tab", sa.String(32), nullable=False),
        sa.Column("slot", sa.String(700), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("seconds_to_answer", sa.Integer()),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("jumps", sa.Integer(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["interview_id"], ["interview.id"], name=op.f("fk_question_time_interview_id")),
        sa.PrimaryKeyConstraint("interview_id", "tab", "slot", name=op.f("pk_question_time")),
    )


def downgrade() -> None:
    op.drop_table("question_time")
    op.drop_column("interview", "peeked_at")
    op.drop_column("interview", "held_on")
    current_remarks("response_id", "question_id")
    unique_revisions(
        "response_id", "question_id", "revision", instead_of="uq_remark_response_id_question_id_item_revision"
    )
    for name in ("is_later", "is_starred", "is_paraphrase", "reason", "item"):
        op.drop_column("remark", name)
