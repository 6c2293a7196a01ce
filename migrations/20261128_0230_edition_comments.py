"""Comments on editions, and who stands behind them."""

import sqlalchemy as sa
from alembic import op

revision = "1795830000"
down_revision = "1795828200"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "edition_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("is_for_all", sa.Boolean(), nullable=False),
        sa.Column("form_key", sa.String(64), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_comment_edition_id")),
        sa.ForeignKeyConstraint(["written_by"], ["user.id"], name=op.f("fk_edition_comment_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_comment")),
        sa.UniqueConstraint("written_by", "form_key", name=op.f("uq_edition_comment_written_by_form_key")),
    )
    op.create_index(op.f("ix_edition_comment_edition_id"), "edition_comment", ["edition_id"])
    op.create_table(
        "edition_sign_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_sign_off_edition_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_edition_sign_off_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_sign_off")),
        sa.UniqueConstraint("edition_id", "user_id", name=op.f("uq_edition_sign_off_edition_id_user_id")),
    )


def downgrade() -> None:
    op.drop_table("edition_sign_off")
    op.drop_index(op.f("ix_edition_comment_edition_id"), "edition_comment")
    op.drop_table("edition_comment")
