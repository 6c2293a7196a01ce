"""What happened to promises, what they said before, and what customers answered about them."""

import sqlalchemy as sa
from alembic import op

revision = "1795855800"
down_revision = "1795855200"
branch_labels = ()
depends_on = None

NEW = {"due_on": sa.Date(), "currency": sa.String(3), "quantity": sa.Numeric(14, 2), "unit": sa.String(40)}


def upgrade() -> None:
    for name, kind in NEW.items():
        op.add_column("promise", sa.Column(name, kind, nullable=True))
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(20), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("happens_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2), nullable=True),
        sa.Column("currency", sa.String(3), nullable=True),
        sa.Column("quantity", sa.Numeric(14, 2), nullable=True),
        sa.Column("unit", sa.String(40), nullable=True),
        sa.Column("completes", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("form_key", sa.String(64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name=op.f("fk_ledger_entry_promise_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_ledger_entry_recorded_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["user.id"], name=op.f("fk_ledger_entry_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("form_key", name=op.f("uq_ledger_entry_form_key")),
    )
    op.create_index(op.f("ix_ledger_entry_promise_id"), "ledger_entry", ["promise_id"])
    op.create_table(
        "promise_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("former", sa.JSON(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name=op.f("fk_promise_version_promise_id")),
        sa.ForeignKeyConstraint(["replaced_by"], ["user.id"], name=op.f("fk_promise_version_replaced_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_version")),
    )
    op.create_index(op.f("ix_promise_version_promise_id"), "promise_version", ["promise_id"])
    op.create_table(
        "promise_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(10), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_promise_answer_response_id")),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name=op.f("fk_promise_answer_promise_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_promise_answer_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_answer")),
    )
    op.create_index(op.f("ix_promise_answer_promise_id"), "promise_answer", ["promise_id"])
    op.create_index(
        "uq_promise_answer_current",
        "promise_answer",
        ["response_id", "promise_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def downgrade() -> None:
    for table in ("promise_answer", "promise_version", "ledger_entry"):
        op.drop_table(table)
    for name in reversed(NEW):
        op.drop_column("promise", name)
