"""Who to ask and what was promised: stakeholder templates, referrals, promises."""

import sqlalchemy as sa
from alembic import op

from app.core.database import Instant

revision = "1795786200"
down_revision = "1795785600"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("crm_id", sa.String(200), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("aspect", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("promised_on", sa.Date()),
        sa.Column("amount", sa.Numeric(14, 2)),
        sa.Column("delivered_on", sa.Date()),
        sa.Column("evidence", sa.Text()),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_promise_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint("crm_id", name=op.f("uq_promise_crm_id")),
    )
    op.create_index(op.f("ix_promise_account_id"), "promise", ["account_id"])
    op.create_table(
        "stakeholder_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(200), nullable=False),
        sa.Column("seats", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.Integer()),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["user.id"], name=op.f("fk_stakeholder_template_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stakeholder_template")),
        sa.UniqueConstraint("tier", name=op.f("uq_stakeholder_template_tier")),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("referred_by", sa.Integer()),
        sa.Column("interview_id", sa.Integer()),
        sa.Column("noted_by", sa.Integer()),
        sa.Column("noted_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_referral_contact_id")),
        sa.ForeignKeyConstraint(["referred_by"], ["contact.id"], name=op.f("fk_referral_referred_by")),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_referral_interview_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["noted_by"], ["user.id"], name=op.f("fk_referral_noted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_referral_contact_id")),
    )
    op.create_index(op.f("ix_referral_interview_id"), "referral", ["interview_id"])


def downgrade() -> None:
    op.drop_table("referral")
    op.drop_table("stakeholder_template")
    op.drop_table("promise")
