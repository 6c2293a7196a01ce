"""Published editions of gap reports, and links to them."""

import sqlalchemy as sa
from alembic import op

revision = "1795826400"
down_revision = "1795821000"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_edition_study_id")),
        sa.ForeignKeyConstraint(["published_by"], ["user.id"], name=op.f("fk_edition_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("study_id", "number", name=op.f("uq_edition_study_id_number")),
    )
    op.create_table(
        "edition_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("made_for", sa.String(200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_link_edition_id")),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_edition_link_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_edition_link_token_sha256")),
    )
    op.create_index(op.f("ix_edition_link_edition_id"), "edition_link", ["edition_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_edition_link_edition_id"), "edition_link")
    op.drop_table("edition_link")
    op.drop_table("edition")
