"""Weights first: a seal that hides judgement while weights are set, and rounds that freeze scores after it."""

import sqlalchemy as sa
from alembic import op

revision = "1795854000"
down_revision = "1795853400"
branch_labels = ()
depends_on = None

AT = sa.DateTime(timezone=True)
FROZEN = {"computation_id": sa.Integer(), "scorecard_version_id": sa.Integer(), "as_of": sa.Date()}


def upgrade() -> None:
    op.create_table(
        "judgement_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scorecard_key", sa.String(80), nullable=False),
        sa.Column("sealed_at", AT, nullable=False),
        sa.Column("sealed_by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", AT, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["sealed_by"], ["user.id"], name=op.f("fk_judgement_seal_sealed_by")),
        sa.ForeignKeyConstraint(["version_id"], ["scorecard_version.id"], name=op.f("fk_judgement_seal_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement_seal")),
    )
    with op.batch_alter_table("pulse_round") as batch:
        batch.add_column(sa.Column("seal_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_pulse_round_seal_id"), "judgement_seal", ["seal_id"], ["id"])
        for name, kind in FROZEN.items():
            batch.alter_column(name, existing_type=kind, nullable=True)


def downgrade() -> None:
    # What came first cannot be told any more, and a round without frozen scores could not stand.
    op.execute("delete from pulse_round where computation_id is null")
    with op.batch_alter_table("pulse_round") as batch:
        batch.drop_constraint(op.f("fk_pulse_round_seal_id"), type_="foreignkey")
        batch.drop_column("seal_id")
        for name, kind in FROZEN.items():
            batch.alter_column(name, existing_type=kind, nullable=False)
    op.drop_table("judgement_seal")
