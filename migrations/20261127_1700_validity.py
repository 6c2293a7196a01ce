"""Tests of the health score against outcomes, and the distress index of all accounts."""

import sqlalchemy as sa
from alembic import op

revision = "1795798800"
down_revision = "1795798500"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "validation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scorecard_version_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True)),
        sa.Column("figures", sa.JSON()),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("accepted_version_id", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["scorecard_version_id"],
            ["scorecard_version.id"],
            name=op.f("fk_validation_scorecard_version_id_scorecard_version"),
        ),
        sa.ForeignKeyConstraint(
            ["accepted_version_id"],
            ["scorecard_version.id"],
            name=op.f("fk_validation_accepted_version_id_scorecard_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validation")),
    )
    op.create_index(op.f("ix_validation_scorecard_version_id"), "validation", ["scorecard_version_id"])
    op.create_table(
        "distress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("inputs_sha256", sa.String(64), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distress")),
    )
    op.create_table(
        "distress_score",
        sa.Column("distress_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double()),
        sa.Column("earlier", sa.Double()),
        sa.Column("with_voice", sa.Double()),
        sa.Column("band", sa.String(10), nullable=False),
        sa.Column("rank", sa.Integer()),
        sa.Column("rank_lo", sa.Integer()),
        sa.Column("rank_hi", sa.Integer()),
        sa.Column("indicators", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["distress_id"], ["distress.id"], name=op.f("fk_distress_score_distress_id_distress"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_distress_score_account_id_account")),
        sa.PrimaryKeyConstraint("distress_id", "account_id", name=op.f("pk_distress_score")),
    )
    op.create_index("ix_distress_score_ranked", "distress_score", ["distress_id", "score", "account_id"])


def downgrade() -> None:
    op.drop_table("distress_score")
    op.drop_table("distress")
    op.drop_table("validation")
