"""Accounts in the order of their names, what a search reads, and the studies that drew an account, by an index."""

import sqlalchemy as sa
from alembic import op

revision = "1795736400"
down_revision = "1795726800"
branch_labels = ()
depends_on = None

ACCOUNTS = {
    "sqlite": """UPDATE account SET searched = small_letters(name || char(10) || crm_id || char(10)
        || coalesce((SELECT group_concat(value, char(10)) FROM json_each(tags)), ''))""",
    "postgresql": """UPDATE account SET searched = lower(name || chr(10) || crm_id || chr(10)
        || coalesce((SELECT string_agg(value, chr(10)) FROM json_array_elements_text(tags)), ''))""",
}
CONTACTS = {
    "sqlite": "UPDATE contact SET searched = small_letters(name)",
    "postgresql": "UPDATE contact SET searched = lower(name)",
}


def upgrade() -> None:
    op.create_index("ix_account_name", "account", [sa.text("lower(name)"), "id"])
    op.create_index(op.f("ix_sampled_account_account_id"), "sampled_account", ["account_id"])
    for table in ("account", "contact"):
        op.add_column(table, sa.Column("searched", sa.Text()))
    op.drop_index("ix_contact_account_id", "contact")
    op.create_index("ix_contact_searched", "contact", ["account_id", "searched"])
    op.execute(ACCOUNTS[op.get_bind().dialect.name])
    op.execute(CONTACTS[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_index("ix_contact_searched", "contact")
    op.create_index("ix_contact_account_id", "contact", ["account_id"])
    for table in ("contact", "account"):
        op.drop_column(table, "searched")
    op.drop_index(op.f("ix_sampled_account_account_id"), "sampled_account")
    op.drop_index("ix_account_name", "account")
