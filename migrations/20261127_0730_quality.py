"""Scored respondents: how much of the core they answered, and what is unusual about their response."""

import sqlalchemy as sa
from alembic import op

revision = "1795764600"
down_revision = "1795759800"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("respondent_score", sa.Column("core_share", sa.Double()))
    op.add_column("respondent_score", sa.Column("flags", sa.JSON()))


def downgrade() -> None:
    op.drop_column("respondent_score", "flags")
    op.drop_column("respondent_score", "core_share")
