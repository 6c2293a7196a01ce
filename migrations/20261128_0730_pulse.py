"""Judgement: sentiments, colours, the matrix, overrides, rounds of blind rating, and what the workspace chose."""

import sqlalchemy as sa
from alembic import op

revision = "1795851000"
down_revision = "1795850400"
branch_labels = ()
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "pulse_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["user.id"], name=op.f("fk_pulse_setting_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_setting")),
    )
    op.create_table(
        "pulse_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("computation_id", sa.Integer(), nullable=False),
        sa.Column("scorecard_version_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("raters", sa.JSON(), nullable=False),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", AT, nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["computation_id"], ["health_computation.id"], name=op.f("fk_pulse_round_computation_id")
        ),
        sa.ForeignKeyConstraint(
            ["scorecard_version_id"], ["scorecard_version.id"], name=op.f("fk_pulse_round_scorecard_version_id")
        ),
        sa.ForeignKeyConstraint(["opened_by"], ["user.id"], name=op.f("fk_pulse_round_opened_by")),
        sa.ForeignKeyConstraint(["closed_by"], ["user.id"], name=op.f("fk_pulse_round_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_round")),
    )
    op.create_table(
        "pulse_round_account",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("rater", sa.String(254), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("band", sa.String(10), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["pulse_round.id"], name=op.f("fk_pulse_round_account_round_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_pulse_round_account_account_id")),
        sa.PrimaryKeyConstraint("round_id", "account_id", name=op.f("pk_pulse_round_account")),
    )
    op.create_table(
        "pulse_sentiment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_at", AT, nullable=False),
        sa.Column("form_key", sa.String(40), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_pulse_sentiment_account_id")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_pulse_sentiment_author_id")),
        sa.ForeignKeyConstraint(["round_id"], ["pulse_round.id"], name=op.f("fk_pulse_sentiment_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_sentiment")),
        sa.UniqueConstraint("author_id", "form_key", name=op.f("uq_pulse_sentiment_author_id_form_key")),
        sa.UniqueConstraint("round_id", "account_id", name=op.f("uq_pulse_sentiment_round_id_account_id")),
    )
    op.create_table(
        "pulse_light",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(10), nullable=False),
        sa.Column("occasion", sa.String(20), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("given_at", AT, nullable=False),
        sa.Column("form_key", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_pulse_light_account_id")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_pulse_light_author_id")),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name=op.f("fk_pulse_light_interaction_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_light")),
        sa.UniqueConstraint("author_id", "form_key", name=op.f("uq_pulse_light_author_id_form_key")),
    )
    op.create_table(
        "pulse_judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.String(40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("given_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_pulse_judgement_account_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_pulse_judgement_contact_id")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_pulse_judgement_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_judgement")),
    )
    op.create_table(
        "pulse_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("band", sa.String(10), nullable=False),
        sa.Column("calculated_score", sa.Double(), nullable=True),
        sa.Column("calculated_band", sa.String(10), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_at", AT, nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("form_key", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_pulse_override_account_id")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_pulse_override_author_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_pulse_override_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_override")),
        sa.UniqueConstraint("author_id", "form_key", name=op.f("uq_pulse_override_author_id_form_key")),
    )
    for table in ("pulse_sentiment", "pulse_light", "pulse_judgement", "pulse_override"):
        op.create_index(op.f(f"ix_{table}_account_id"), table, ["account_id"])
    op.create_index(op.f("ix_pulse_light_interaction_id"), "pulse_light", ["interaction_id"])
    op.create_index("ix_pulse_judgement_contact", "pulse_judgement", ["contact_id", "dimension"])


def downgrade() -> None:
    for table in (
        "pulse_override",
        "pulse_judgement",
        "pulse_light",
        "pulse_sentiment",
        "pulse_round_account",
        "pulse_round",
        "pulse_setting",
    ):
        op.drop_table(table)
