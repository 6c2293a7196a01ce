"""Kinds, reasons, evidence and outcomes of actions, who is asked again, reminders, and playbooks."""

import sqlalchemy as sa
from alembic import op

revision = "1795855200"
down_revision = "1795854600"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("action", reflect_kwargs={"resolve_fks": False}) as batch:
        batch.add_column(sa.Column("kind", sa.String(20), nullable=False, server_default="task"))
        batch.add_column(sa.Column("reason", sa.Text(), nullable=True))
        batch.add_column(sa.Column("evidence", sa.JSON(none_as_null=True), nullable=True))
        batch.add_column(sa.Column("outcome", sa.String(20), nullable=True))
        batch.add_column(sa.Column("contact_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("follows_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_action_contact_id"), "contact", ["contact_id"], ["id"])
        batch.create_foreign_key(op.f("fk_action_follows_id"), "action", ["follows_id"], ["id"])
        batch.create_index(op.f("ix_action_contact_id"), ["contact_id"])
        batch.create_index(op.f("ix_action_follows_id"), ["follows_id"])
    is_open = sa.text("done_at IS NULL")
    op.create_index("ix_action_open", "action", ["due_on"], sqlite_where=is_open, postgresql_where=is_open)
    # What was done before anybody was asked what came of it was done.
    op.execute("UPDATE action SET outcome = 'done' WHERE done_at IS NOT NULL")
    op.create_table(
        "action_reminder_stop",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_action_reminder_stop_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_action_reminder_stop")),
    )
    op.create_table(
        "playbook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("runs_as", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("matched", sa.Integer(), nullable=True),
        sa.Column("form_key", sa.String(64), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["runs_as"], ["user.id"], name=op.f("fk_playbook_runs_as")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_playbook_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playbook")),
        sa.UniqueConstraint("form_key", name=op.f("uq_playbook_form_key")),
    )
    op.create_table(
        "playbook_action",
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("playbook_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_playbook_action_action_id")),
        sa.ForeignKeyConstraint(["playbook_id"], ["playbook.id"], name=op.f("fk_playbook_action_playbook_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_playbook_action_account_id")),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_playbook_action")),
    )
    op.create_index("ix_playbook_action_raised", "playbook_action", ["playbook_id", "account_id"])


def downgrade() -> None:
    op.drop_index("ix_playbook_action_raised", "playbook_action")
    op.drop_table("playbook_action")
    op.drop_table("playbook")
    op.drop_table("action_reminder_stop")
    op.drop_index("ix_action_open", "action")
    with op.batch_alter_table("action", reflect_kwargs={"resolve_fks": False}) as batch:
        batch.drop_index(op.f("ix_action_follows_id"))
        batch.drop_index(op.f("ix_action_contact_id"))
        batch.drop_constraint(op.f("fk_action_follows_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_action_contact_id"), type_="foreignkey")
        for name in ("follows_id", "contact_id", "outcome", "evidence", "reason", "kind"):
            batch.drop_column(name)
