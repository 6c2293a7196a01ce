"""Anonymous studies: open links, and answers that are tied to a stratum alone."""

import sqlalchemy as sa
from alembic import op

from app.core.database import Instant

revision = "1795773000"
down_revision = "1795772700"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("study", sa.Column("is_anonymous", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "open_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(400), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant()),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_open_link_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_open_link_token_sha256")),
    )
    op.create_index(op.f("ix_open_link_study_id"), "open_link", ["study_id"])
    # Without a row number of their own, rows on SQLite lie in the order of their random ids.
    op.create_table(
        "anonymous_response",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(400), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(20)),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("form_sha256", sa.String(64)),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_anonymous_response_study_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["questionnaire_version.id"], name=op.f("fk_anonymous_response_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anonymous_response")),
        sa.UniqueConstraint("study_id", "form_sha256", name=op.f("uq_anonymous_response_study_id_form_sha256")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "anonymous_answer",
        sa.Column("response_id", sa.String(32), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(200), nullable=False, server_default=sa.text("''")),
        sa.Column("value_number", sa.Double()),
        sa.Column("value_text", sa.Text()),
        sa.Column("absence", sa.String(20)),
        sa.Column("is_counted", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.ForeignKeyConstraint(
            ["response_id"], ["anonymous_response.id"], name=op.f("fk_anonymous_answer_response_id")
        ),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_anonymous_answer_question_id")),
        sa.PrimaryKeyConstraint("response_id", "question_id", "item", name=op.f("pk_anonymous_answer")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("anonymous_answer")
    op.drop_table("anonymous_response")
    op.drop_index(op.f("ix_open_link_study_id"), "open_link")
    op.drop_table("open_link")
    op.drop_column("study", "is_anonymous")
