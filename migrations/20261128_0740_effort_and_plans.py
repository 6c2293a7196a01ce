"""What accounts take of a CSM's week, and the outcomes that were agreed with customers."""

import sqlalchemy as sa
from alembic import op

revision = "1795851600"
down_revision = "1795851000"
branch_labels = ()
depends_on = None

_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "effort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("week_permille", sa.Integer(), nullable=True),
        sa.Column("complexity", sa.String(2), nullable=True),
        sa.Column("form_key", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_effort_account_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_effort_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effort")),
        sa.UniqueConstraint("account_id", "form_key", name=op.f("uq_effort_account_id_form_key")),
    )
    op.create_index(op.f("ix_effort_account_id"), "effort", ["account_id"])
    op.create_index("ix_effort_user_id_form_key", "effort", ["user_id", "form_key"])
    op.create_table(
        "success_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("agreed_with", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("form_key", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_success_plan_account_id")),
        sa.ForeignKeyConstraint(["agreed_with"], ["contact.id"], name=op.f("fk_success_plan_agreed_with")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_success_plan_created_by")),
        sa.ForeignKeyConstraint(["closed_by"], ["user.id"], name=op.f("fk_success_plan_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_success_plan")),
        sa.UniqueConstraint("form_key", name=op.f("uq_success_plan_form_key")),
    )
    op.create_index(op.f("ix_success_plan_account_id"), "success_plan", ["account_id"])
    op.create_index(op.f("ix_success_plan_agreed_with"), "success_plan", ["agreed_with"])
    op.create_index(
        "uq_success_plan_open",
        "success_plan",
        ["account_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_table(
        "plan_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("form_key", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["success_plan.id"], name=op.f("fk_plan_outcome_plan_id")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_plan_outcome_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_outcome")),
        sa.UniqueConstraint("form_key", name=op.f("uq_plan_outcome_form_key")),
    )
    op.create_index(op.f("ix_plan_outcome_plan_id"), "plan_outcome", ["plan_id"])
    op.create_table(
        "plan_blocker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("is_critical", sa.Boolean(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["success_plan.id"], name=op.f("fk_plan_blocker_plan_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_plan_blocker_owner_id")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_plan_blocker_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_blocker")),
        sa.UniqueConstraint("form_key", name=op.f("uq_plan_blocker_form_key")),
    )
    op.create_index(op.f("ix_plan_blocker_plan_id"), "plan_blocker", ["plan_id"])
    op.create_table(
        "plan_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("outcome_id", sa.Integer(), nullable=True),
        sa.Column("former_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["success_plan.id"], name=op.f("fk_plan_move_plan_id")),
        sa.ForeignKeyConstraint(["outcome_id"], ["plan_outcome.id"], name=op.f("fk_plan_move_outcome_id")),
        sa.ForeignKeyConstraint(["moved_by"], ["user.id"], name=op.f("fk_plan_move_moved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_move")),
    )
    op.create_index(op.f("ix_plan_move_plan_id"), "plan_move", ["plan_id"])


def downgrade() -> None:
    op.drop_table("plan_move")
    op.drop_table("plan_blocker")
    op.drop_table("plan_outcome")
    op.drop_table("success_plan")
    op.drop_table("effort")
