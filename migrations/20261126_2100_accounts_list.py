"""accounts list."""

from alembic import op

revision = "1795726800"
down_revision = "1795723326"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(
            "ix_account_listed", ["id", "renewal_date", "csm_email", "segment", "arr", "currency"], unique=False
        )
        batch_op.create_index("ix_account_arr", ["arr", "id", "currency"], unique=False)
        batch_op.create_index("ix_account_segment", ["segment"], unique=False)
        batch_op.create_index("ix_account_csm_email", ["csm_email"], unique=False)
        batch_op.create_index("ix_account_renewal_date", ["renewal_date", "id"], unique=False)
    with op.batch_alter_table("health_score", schema=None) as batch_op:
        batch_op.create_index("ix_health_score_ranked", ["computation_id", "score", "account_id"], unique=False)
    with op.batch_alter_table("account_score", schema=None) as batch_op:
        batch_op.create_index(
            "ix_account_score_listed",
            ["scoring_id", "account_id", "respondents", "quadrant", "voice", "gap_shrunken"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("account_score", schema=None) as batch_op:
        batch_op.drop_index("ix_account_score_listed")
    with op.batch_alter_table("health_score", schema=None) as batch_op:
        batch_op.drop_index("ix_health_score_ranked")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index("ix_account_renewal_date")
        batch_op.drop_index("ix_account_csm_email")
        batch_op.drop_index("ix_account_segment")
        batch_op.drop_index("ix_account_arr")
        batch_op.drop_index("ix_account_listed")
