"""The accounts of a CSM are found by an index, whatever the capitals of their address."""

import sqlalchemy as sa
from alembic import op

revision = "1795867800"
down_revision = "1795867200"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_index("ix_account_csm", "account", [sa.text("lower(csm_email)")])


def downgrade() -> None:
    op.drop_index("ix_account_csm", "account")
