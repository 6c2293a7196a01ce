"""Surveys: invitations, mail texts, who is not to be mailed, relationships, drafts, answers per item."""

import sqlalchemy as sa
from alembic import op

from app.core.database import Instant

revision = "1795759800"
down_revision = "1795736400"
branch_labels = ()
depends_on = None

CURRENT = sa.text("superseded_at IS NULL")
WAITS = sa.text("sent_at IS NULL AND failed_at IS NULL AND cancelled_at IS NULL")


def current_answers(*columns: str) -> None:
    op.drop_index("uq_answer_current", "answer")
    op.create_index(
        "uq_answer_current", "answer", [*columns], unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT
    )


def upgrade() -> None:
    op.add_column("answer", sa.Column("item", sa.String(200), nullable=False, server_default=sa.text("''")))
    op.add_column("answer", sa.Column("absence", sa.String(20)))
    op.add_column("answer", sa.Column("is_counted", sa.Boolean(), nullable=False, server_default=sa.true()))
    current_answers("response_id", "question_id", "item")
    op.add_column("response", sa.Column("language", sa.String(20)))
    op.add_column("submission", sa.Column("seconds", sa.Integer()))
    for name, default in (("person_days", "90"), ("account_days", "30"), ("account_studies", "2")):
        op.add_column("workspace", sa.Column(name, sa.Integer(), nullable=False, server_default=default))
    op.create_table(
        "relationship",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("crm_id", sa.String(200), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(80), nullable=False),
        sa.Column("name", sa.String(300)),
        sa.Column("arr", sa.Numeric(14, 2)),
        sa.Column("owner_email", sa.String(254)),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_relationship_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relationship")),
        sa.UniqueConstraint("crm_id", name=op.f("uq_relationship_crm_id")),
    )
    op.create_index(op.f("ix_relationship_account_id"), "relationship", ["account_id"])
    op.create_table(
        "questionnaire_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.Integer()),
        sa.ForeignKeyConstraint(["changed_by"], ["user.id"], name=op.f("fk_questionnaire_draft_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_draft")),
        sa.UniqueConstraint("key", name=op.f("uq_questionnaire_draft_key")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("respondent_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("language", sa.String(20)),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        *(sa.Column(name, Instant()) for name in ("claimed_at", "sent_at", "failed_at", "cancelled_at", "bounced_at")),
        sa.Column("reason", sa.Text()),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_invitation_study_id")),
        sa.ForeignKeyConstraint(["respondent_id"], ["respondent.id"], name=op.f("fk_invitation_respondent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("respondent_id", "number", name=op.f("uq_invitation_respondent_id_number")),
        sa.UniqueConstraint("message_id", name=op.f("uq_invitation_message_id")),
    )
    op.create_index(op.f("ix_invitation_study_id"), "invitation", ["study_id"])
    op.create_index(op.f("ix_invitation_sent_at"), "invitation", ["sent_at"])
    op.create_index("ix_invitation_waiting", "invitation", ["due_at"], sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_table(
        "mail_stop",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("stopped_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_mail_stop_contact_id")),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_mail_stop")),
    )
    op.create_table(
        "mail_text",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_mail_text_study_id")),
        sa.PrimaryKeyConstraint("study_id", "kind", "language", name=op.f("pk_mail_text")),
    )


def downgrade() -> None:
    for table in ("mail_text", "mail_stop", "invitation", "questionnaire_draft", "relationship"):
        op.drop_table(table)
    for name in ("account_studies", "account_days", "person_days"):
        op.drop_column("workspace", name)
    op.drop_column("submission", "seconds")
    op.drop_column("response", "language")
    op.execute("DELETE FROM answer WHERE item <> ''")
    current_answers("response_id", "question_id")
    for name in ("is_counted", "absence", "item"):
        op.drop_column("answer", name)
