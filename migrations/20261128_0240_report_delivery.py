"""Reports by mail: who gets which when, and each mail with what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "1795830600"
down_revision = "1795830000"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("rhythm", sa.String(20), nullable=False),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("nonce", sa.String(43), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_report_subscription_study_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_report_subscription_user_id")),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_report_subscription_made_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_report_subscription_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_subscription")),
        sa.UniqueConstraint("study_id", "user_id", name=op.f("uq_report_subscription_study_id_user_id")),
    )
    op.create_index(op.f("ix_report_subscription_next_at"), "report_subscription", ["next_at"])
    op.create_table(
        "report_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("occasion", sa.String(40), nullable=False),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["report_subscription.id"], name=op.f("fk_report_mail_subscription_id")
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_report_mail_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_mail")),
        sa.UniqueConstraint("subscription_id", "occasion", name=op.f("uq_report_mail_subscription_id_occasion")),
        sa.UniqueConstraint("message_id", name=op.f("uq_report_mail_message_id")),
    )
    op.create_index(op.f("ix_report_mail_due_at"), "report_mail", ["due_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_report_mail_due_at"), "report_mail")
    op.drop_table("report_mail")
    op.drop_index(op.f("ix_report_subscription_next_at"), "report_subscription")
    op.drop_table("report_subscription")
