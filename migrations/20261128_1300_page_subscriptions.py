"""Who gets the page of which account by mail, and each mail with it."""

import sqlalchemy as sa
from alembic import op

revision = "1795867200"
down_revision = "1795866600"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("rhythm", sa.String(20), nullable=False),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("nonce", sa.String(43), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_page_subscription_account_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_page_subscription_user_id")),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_page_subscription_made_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_page_subscription_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_subscription")),
        sa.UniqueConstraint("account_id", "user_id", name=op.f("uq_page_subscription_account_id_user_id")),
    )
    op.create_index(op.f("ix_page_subscription_user_id"), "page_subscription", ["user_id"])
    op.create_index(op.f("ix_page_subscription_next_at"), "page_subscription", ["next_at"])
    op.create_table(
        "page_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(40), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=True),
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
            ["subscription_id"], ["page_subscription.id"], name=op.f("fk_page_mail_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_page_mail_message_id")),
        sa.UniqueConstraint("subscription_id", "occasion", name=op.f("uq_page_mail_subscription_id_occasion")),
    )
    op.create_index(op.f("ix_page_mail_due_at"), "page_mail", ["due_at"])


def downgrade() -> None:
    op.drop_table("page_mail")
    op.drop_table("page_subscription")
