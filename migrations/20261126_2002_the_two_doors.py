"""the two doors."""

import sqlalchemy as sa
from alembic import op

import app.core.database

revision = "1795723326"
down_revision = "1795351109"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("stored_as", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("created_at", app.core.database.Instant(timezone=True), nullable=False),
        sa.Column("imported_at", app.core.database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_upload_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("stored_as", name=op.f("uq_upload_stored_as")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_user_id"), ["user_id"], unique=False)

    op.create_table(
        "response_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", app.core.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_response_change_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_change")),
    )
    with op.batch_alter_table("response_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_response_change_study_id"), ["study_id"], unique=False)

    op.create_table(
        "interview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("respondent_id", sa.Integer(), nullable=False),
        sa.Column("interviewer_id", sa.Integer(), nullable=False),
        sa.Column("assigned_at", app.core.database.Instant(timezone=True), nullable=False),
        sa.Column("started_at", app.core.database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["interviewer_id"], ["user.id"], name=op.f("fk_interview_interviewer_id")),
        sa.ForeignKeyConstraint(["respondent_id"], ["respondent.id"], name=op.f("fk_interview_respondent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        sa.UniqueConstraint("respondent_id", name=op.f("uq_interview_respondent_id")),
    )
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interview_interviewer_id"), ["interviewer_id"], unique=False)

    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("respondent_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", app.core.database.Instant(timezone=True), nullable=False),
        sa.Column("expires_at", app.core.database.Instant(timezone=True), nullable=False),
        sa.Column("revoked_at", app.core.database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["respondent_id"], ["respondent.id"], name=op.f("fk_link_respondent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_link_token_sha256")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_respondent_id"), ["respondent_id"], unique=False)

    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("quote_permission", sa.String(length=20), nullable=True),
        sa.Column("absence", sa.String(length=20), nullable=True),
        sa.Column("probes", sa.JSON(), nullable=False),
        sa.Column("recorded_at", app.core.database.Instant(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("superseded_at", app.core.database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_remark_question_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_remark_recorded_by")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_remark_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
        sa.UniqueConstraint(
            "response_id", "question_id", "revision", name=op.f("uq_remark_response_id_question_id_revision")
        ),
    )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.create_index(
            "uq_remark_current",
            ["response_id", "question_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("submitted_at", app.core.database.Instant(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Integer(), nullable=True),
        sa.Column("reopened_at", app.core.database.Instant(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["reopened_by"], ["user.id"], name=op.f("fk_submission_reopened_by")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_submission_response_id")),
        sa.ForeignKeyConstraint(["submitted_by"], ["user.id"], name=op.f("fk_submission_submitted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint(
            "response_id", "form_key", "content_sha256", name=op.f("uq_submission_response_id_form_key_content_sha256")
        ),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recorded_by", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_answer_recorded_by"), "user", ["recorded_by"], ["id"])

    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("organisation", sa.String(length=200), nullable=True))

    # Responses that changed since their study was scored are the facts that the worker now looks for.
    op.execute(
        "INSERT INTO response_change (study_id, changed_at) "
        "SELECT response.study_id, MAX(response.changed_at) FROM response "
        "JOIN scoring ON scoring.study_id = response.study_id WHERE response.changed_at > scoring.scored_at "
        "GROUP BY response.study_id"
    )


def downgrade() -> None:
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.drop_column("organisation")

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_answer_recorded_by"), type_="foreignkey")
        batch_op.drop_column("recorded_by")

    op.drop_table("submission")
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_remark_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.drop_table("remark")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_respondent_id"))

    op.drop_table("link")
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interview_interviewer_id"))

    op.drop_table("interview")
    with op.batch_alter_table("response_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_response_change_study_id"))

    op.drop_table("response_change")
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_upload_user_id"))

    op.drop_table("upload")
