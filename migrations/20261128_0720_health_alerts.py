"""Health alerts: who is told of which moves, each thing to be told, and each mail with what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "1795850400"
down_revision = "1795849800"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "health_alert_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("extent", sa.String(10), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("tells_colour", sa.Boolean(), nullable=False),
        sa.Column("falls_by", sa.Integer(), nullable=True),
        sa.Column("tells_silence", sa.Boolean(), nullable=False),
        sa.Column("seen_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_health_alert_subscription_user_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_health_alert_subscription_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_alert_subscription")),
    )
    op.create_index(op.f("ix_health_alert_subscription_user_id"), "health_alert_subscription", ["user_id"])
    op.create_table(
        "health_alert_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("computation_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(43), nullable=False),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_health_alert_mail_user_id")),
        sa.ForeignKeyConstraint(
            ["computation_id"], ["health_computation.id"], name=op.f("fk_health_alert_mail_computation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_alert_mail")),
        sa.UniqueConstraint("user_id", "computation_id", name=op.f("uq_health_alert_mail_user_id_computation_id")),
        sa.UniqueConstraint("message_id", name=op.f("uq_health_alert_mail_message_id")),
    )
    op.create_index(op.f("ix_health_alert_mail_due_at"), "health_alert_mail", ["due_at"])
    op.create_table(
        "health_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("computation_id", sa.Integer(), nullable=False),
        sa.Column("before_id", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["health_alert_mail.id"], name=op.f("fk_health_alert_mail_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["health_alert_subscription.id"], name=op.f("fk_health_alert_subscription_id")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_health_alert_account_id")),
        sa.ForeignKeyConstraint(
            ["computation_id"], ["health_computation.id"], name=op.f("fk_health_alert_computation_id")
        ),
        sa.ForeignKeyConstraint(["before_id"], ["health_computation.id"], name=op.f("fk_health_alert_before_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_alert")),
        sa.UniqueConstraint(
            "subscription_id",
            "account_id",
            "computation_id",
            name=op.f("uq_health_alert_subscription_id_account_id_computation_id"),
        ),
    )
    op.create_index(op.f("ix_health_alert_mail_id"), "health_alert", ["mail_id"])
    op.create_index("ix_health_score_moves", "health_score", ["computation_id", "account_id", "band", "score"])


def downgrade() -> None:
    op.drop_index("ix_health_score_moves", "health_score")
    op.drop_index(op.f("ix_health_alert_mail_id"), "health_alert")
    op.drop_table("health_alert")
    op.drop_index(op.f("ix_health_alert_mail_due_at"), "health_alert_mail")
    op.drop_table("health_alert_mail")
    op.drop_index(op.f("ix_health_alert_subscription_user_id"), "health_alert_subscription")
    op.drop_table("health_alert_subscription")
