"""After an interview: what was promised, letters, predictions, second codings, and how each answer was given."""

import sqlalchemy as sa
from alembic import op

from app.core.database import Instant

revision = "1795785600"
down_revision = "1795785300"
branch_labels = ()
depends_on = None

WAITS = sa.text("sent_at IS NULL AND failed_at IS NULL AND cancelled_at IS NULL")


def foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.add_column("response", sa.Column("handed_over_at", Instant()))
    op.add_column("answer", sa.Column("mode", sa.String(10), nullable=False, server_default="survey"))
    op.execute("UPDATE answer SET mode = (SELECT response.mode FROM response WHERE response.id = answer.response_id)")
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("contact_id", sa.Integer()),
        sa.Column("user_id", sa.Integer()),
        sa.Column("respondent_id", sa.Integer()),
        sa.Column("written_by", sa.Integer()),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        *(sa.Column(name, Instant()) for name in ("claimed_at", "sent_at", "failed_at", "cancelled_at")),
        sa.Column("reason", sa.Text()),
        foreign("letter", "contact_id", "contact"),
        foreign("letter", "user_id", "user"),
        foreign("letter", "respondent_id", "respondent"),
        foreign("letter", "written_by", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("key", name=op.f("uq_letter_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letter_message_id")),
    )
    op.create_index(op.f("ix_letter_contact_id"), "letter", ["contact_id"])
    op.create_index("ix_letter_waiting", "letter", ["due_at"], sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("respondent_id", sa.Integer()),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_promised", sa.Boolean(), nullable=False),
        sa.Column("form_key", sa.String(64)),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("done_at", Instant()),
        sa.Column("done_by", sa.Integer()),
        sa.Column("note", sa.Text()),
        sa.Column("blanked_at", Instant()),
        foreign("action", "account_id", "account"),
        foreign("action", "respondent_id", "respondent"),
        foreign("action", "owner_id", "user"),
        foreign("action", "created_by", "user"),
        foreign("action", "done_by", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("form_key", name=op.f("uq_action_form_key")),
    )
    for column in ("account_id", "respondent_id", "owner_id"):
        op.create_index(op.f(f"ix_action_{column}"), "action", [column])
    op.create_table(
        "prediction",
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer()) for name in ("recommend", "renewal_intent", "satisfaction")),
        sa.Column("predicted_at", Instant(), nullable=False),
        foreign("prediction", "interview_id", "interview"),
        foreign("prediction", "author_id", "user"),
        sa.PrimaryKeyConstraint("interview_id", "author_id", name=op.f("pk_prediction")),
    )
    op.create_table(
        "coding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("coder_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("coded_at", Instant()),
        foreign("coding", "interview_id", "interview"),
        foreign("coding", "coder_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding")),
        sa.UniqueConstraint("interview_id", "coder_id", name=op.f("uq_coding_interview_id_coder_id")),
    )
    op.create_index(op.f("ix_coding_coder_id"), "coding", ["coder_id"])
    op.create_table(
        "code",
        sa.Column("coding_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("value_number", sa.Double()),
        sa.Column("value_text", sa.Text()),
        foreign("code", "coding_id", "coding"),
        foreign("code", "question_id", "question"),
        sa.PrimaryKeyConstraint("coding_id", "question_id", name=op.f("pk_code")),
    )
    op.create_table(
        "conversation",
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("held_with_id", sa.Integer(), nullable=False),
        foreign("conversation", "interview_id", "interview"),
        foreign("conversation", "held_with_id", "interview"),
        sa.PrimaryKeyConstraint("interview_id", name=op.f("pk_conversation")),
    )
    op.create_index(op.f("ix_conversation_held_with_id"), "conversation", ["held_with_id"])


def downgrade() -> None:
    for table in ("conversation", "code", "coding", "prediction", "action", "letter"):
        op.drop_table(table)
    op.drop_column("answer", "mode")
    op.drop_column("response", "handed_over_at")
