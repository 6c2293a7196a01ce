"""Planning of interviews: calls and what they came to, appointments with their mails, who interviews for whom."""

import sqlalchemy as sa
from alembic import op

from app.core.database import Instant

revision = "1795786800"
down_revision = "1795786200"
branch_labels = ()
depends_on = None

CURRENT = sa.text("superseded_at IS NULL")
WAITS = sa.text("sent_at IS NULL AND failed_at IS NULL AND cancelled_at IS NULL")
IS_OWN = """
SELECT 1 FROM respondent
JOIN account ON account.id = respondent.account_id
JOIN "user" ON "user".id = interview.interviewer_id
WHERE respondent.id = interview.respondent_id AND lower("user".email) = lower(account.csm_email)
"""


def upgrade() -> None:
    op.add_column("interview", sa.Column("relation", sa.String(20)))
    op.execute(f"UPDATE interview SET relation = CASE WHEN EXISTS ({IS_OWN}) THEN 'own_csm' ELSE 'neutral' END")  # noqa: S608  (no value in it)
    op.create_table(
        "call_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("respondent_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("attempted_at", Instant(), nullable=False),
        sa.Column("next_call_at", Instant()),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.Integer()),
        sa.Column("consent_before", sa.String(10)),
        sa.Column("superseded_at", Instant()),
        sa.Column("superseded_by", sa.Integer()),
        sa.Column("undo_reason", sa.Text()),
        sa.ForeignKeyConstraint(["respondent_id"], ["respondent.id"], name=op.f("fk_call_attempt_respondent_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_call_attempt_recorded_by")),
        sa.ForeignKeyConstraint(["superseded_by"], ["user.id"], name=op.f("fk_call_attempt_superseded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_attempt")),
    )
    op.create_index(op.f("ix_call_attempt_respondent_id"), "call_attempt", ["respondent_id"])
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(200), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("timezone", sa.String(60), nullable=False),
        sa.Column("wall", sa.String(16), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("organiser_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by", sa.Integer()),
        sa.Column("superseded_at", Instant()),
        sa.ForeignKeyConstraint(["interview_id"], ["interview.id"], name=op.f("fk_appointment_interview_id")),
        sa.ForeignKeyConstraint(["organiser_id"], ["user.id"], name=op.f("fk_appointment_organiser_id")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_appointment_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("uid", "sequence", name=op.f("uq_appointment_uid_sequence")),
    )
    op.create_index(op.f("ix_appointment_interview_id"), "appointment", ["interview_id"])
    op.create_index(
        "uq_appointment_current", "appointment", ["interview_id"], unique=True, sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )  # fmt: skip
    op.create_table(
        "appointment_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        *(sa.Column(name, Instant()) for name in ("claimed_at", "sent_at", "failed_at", "cancelled_at")),
        sa.Column("reason", sa.Text()),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_appointment_mail_appointment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_mail")),
        sa.UniqueConstraint("appointment_id", "kind", name=op.f("uq_appointment_mail_appointment_id_kind")),
        sa.UniqueConstraint("message_id", name=op.f("uq_appointment_mail_message_id")),
    )
    op.create_index(
        "ix_appointment_mail_waiting", "appointment_mail", ["due_at"], sqlite_where=WAITS, postgresql_where=WAITS
    )
    op.create_table(
        "interviewer_zone",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("timezone", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_interviewer_zone_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_interviewer_zone")),
    )


def downgrade() -> None:
    for table in ("interviewer_zone", "appointment_mail", "appointment", "call_attempt"):
        op.drop_table(table)
    op.drop_column("interview", "relation")
