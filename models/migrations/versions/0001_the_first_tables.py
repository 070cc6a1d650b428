"""The first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.migrations.append_only import protect, unprotect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "level",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_vi", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(), nullable=False),
        sa.CheckConstraint("duty IN ('obligation', 'task')", name=op.f("ck_level_duty")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_level")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    op.create_table(
        "unit_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('establish', 'rename', 'merge', 'split', 'dissolve', 'move')",
            name=op.f("ck_unit_change_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_change")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("login", name=op.f("uq_user_account_login")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_appointment_order")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_appointment_unit_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_appointment_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint(
            "user_id",
            "unit_id",
            "role",
            "valid_from",
            name=op.f("uq_appointment_user_id_unit_id_role_valid_from"),
        ),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=True),
        sa.Column("issuer_name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("symbol", sa.String(), nullable=True),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=True),
        sa.Column("signer", sa.String(), nullable=True),
        sa.Column("signer_capacity", sa.String(), nullable=True),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("file_sha256", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("open_steps", sa.Integer(), nullable=False),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["unit.id"], name=op.f("fk_letter_issuer_id")),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"], ["letter.id"], name=op.f("fk_letter_superseded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("issuer_id", "kind", "number", "symbol", "dated", name="identity"),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_citation", ["number", "symbol"], unique=False)

    op.create_table(
        "unit_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_alias_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_alias")),
        sa.UniqueConstraint("unit_id", "alias", name=op.f("uq_unit_alias_unit_id_alias")),
    )
    op.create_table(
        "unit_change_part",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.CheckConstraint(
            "side IN ('predecessor', 'successor')", name=op.f("ck_unit_change_part_side")
        ),
        sa.ForeignKeyConstraint(
            ["change_id"], ["unit_change.id"], name=op.f("fk_unit_change_part_change_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_change_part_unit_id")),
        sa.PrimaryKeyConstraint("change_id", "unit_id", "side", name=op.f("pk_unit_change_part")),
    )
    op.create_table(
        "unit_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phrase", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["level"], ["level.code"], name=op.f("fk_unit_group_level")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_group_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_group")),
    )
    op.create_table(
        "unit_period",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_unit_period_order")),
        sa.ForeignKeyConstraint(["level"], ["level.code"], name=op.f("fk_unit_period_level")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_period_parent_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_period_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "valid_from", name=op.f("pk_unit_period")),
    )
    with op.batch_alter_table("unit_period", schema=None) as batch_op:
        batch_op.create_index("ix_unit_period_children", ["parent_id", "valid_from"], unique=False)

    op.create_table(
        "citation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("citing_id", sa.Integer(), nullable=False),
        sa.Column("cited_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=True),
        sa.Column("as_printed", sa.String(), nullable=False),
        sa.Column("span_start", sa.Integer(), nullable=True),
        sa.Column("span_end", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["cited_id"], ["letter.id"], name=op.f("fk_citation_cited_id")),
        sa.ForeignKeyConstraint(["citing_id"], ["letter.id"], name=op.f("fk_citation_citing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citation")),
        sa.UniqueConstraint(
            "citing_id", "cited_id", "role", name=op.f("uq_citation_citing_id_cited_id_role")
        ),
    )
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.create_index("ix_citation_cited_id", ["cited_id"], unique=False)

    op.create_table(
        "letter_line",
        sa.Column("above_id", sa.Integer(), nullable=False),
        sa.Column("below_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["above_id"], ["letter.id"], name=op.f("fk_letter_line_above_id")),
        sa.ForeignKeyConstraint(["below_id"], ["letter.id"], name=op.f("fk_letter_line_below_id")),
        sa.PrimaryKeyConstraint("above_id", "below_id", name=op.f("pk_letter_line")),
    )
    with op.batch_alter_table("letter_line", schema=None) as batch_op:
        batch_op.create_index("ix_letter_line_up", ["below_id", "above_id"], unique=False)

    op.create_table(
        "letter_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("as_printed", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("role IN ('act', 'know')", name=op.f("ck_letter_unit_role")),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_letter_unit_letter_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_letter_unit_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_unit")),
    )
    with op.batch_alter_table("letter_unit", schema=None) as batch_op:
        batch_op.create_index("ix_letter_unit_letter_id", ["letter_id"], unique=False)

    op.create_table(
        "point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("no", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("due_text", sa.String(), nullable=True),
        sa.Column("recurring", sa.String(), nullable=True),
        sa.Column("span_start", sa.Integer(), nullable=True),
        sa.Column("span_end", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_point_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point")),
        sa.UniqueConstraint("letter_id", "position", name=op.f("uq_point_letter_id_position")),
    )
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('obligation', 'task')", name=op.f("ck_duty_kind")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_duty_letter_id")),
        sa.ForeignKeyConstraint(["point_id"], ["point.id"], name=op.f("fk_duty_point_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_duty_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index("ix_duty_letter_id", ["letter_id"], unique=False)

    op.create_table(
        "point_unit",
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.CheckConstraint("role IN ('lead', 'coordinate')", name=op.f("ck_point_unit_role")),
        sa.ForeignKeyConstraint(["point_id"], ["point.id"], name=op.f("fk_point_unit_point_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_point_unit_unit_id")),
        sa.PrimaryKeyConstraint("point_id", "unit_id", "role", name=op.f("pk_point_unit")),
    )
    op.create_table(
        "step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("turn", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("open_children", sa.Integer(), nullable=False),
        sa.Column("laid_on", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("original_due", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('obligation', 'task')", name=op.f("ck_step_kind")),
        sa.CheckConstraint(
            "turn IN ('lead', 'issuer', 'accepter', 'paused', 'nobody')", name=op.f("ck_step_turn")
        ),
        sa.CheckConstraint("open_children >= 0", name=op.f("ck_step_open_children")),
        sa.ForeignKeyConstraint(["issuer_id"], ["unit.id"], name=op.f("fk_step_issuer_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_step_letter_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["step.id"], name=op.f("fk_step_parent_id")),
        sa.ForeignKeyConstraint(["point_id"], ["point.id"], name=op.f("fk_step_point_id")),
        sa.ForeignKeyConstraint(["previous_id"], ["step.id"], name=op.f("fk_step_previous_id")),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["user_account.id"], name=op.f("fk_step_reporter_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_step_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
    )
    with op.batch_alter_table("step", schema=None) as batch_op:
        batch_op.create_index(
            "ix_step_inbox",
            ["unit_id", "due", "id"],
            unique=False,
            sqlite_where=sa.text("turn <> 'nobody'"),
            postgresql_where=sa.text("turn <> 'nobody'"),
        )
        batch_op.create_index("ix_step_letter", ["letter_id", "unit_id"], unique=False)
        batch_op.create_index(
            "ix_step_overdue",
            ["due", "id"],
            unique=False,
            sqlite_where=sa.text("turn IN ('lead', 'issuer')"),
            postgresql_where=sa.text("turn IN ('lead', 'issuer')"),
        )
        batch_op.create_index(
            "ix_step_parts",
            ["parent_id"],
            unique=False,
            sqlite_where=sa.text("parent_id IS NOT NULL"),
            postgresql_where=sa.text("parent_id IS NOT NULL"),
        )

    op.create_table(
        "answer",
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_answer_letter_id")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_answer_step_id")),
        sa.PrimaryKeyConstraint("step_id", "letter_id", name=op.f("pk_answer")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index("ix_answer_letter_id", ["letter_id"], unique=False)

    op.create_table(
        "event",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=True),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("cause_seq", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_event_actor_id")),
        sa.ForeignKeyConstraint(["cause_seq"], ["event.seq"], name=op.f("fk_event_cause_seq")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_event_letter_id")),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"], ["user_account.id"], name=op.f("fk_event_on_behalf_of_id")
        ),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_event_step_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_event_unit_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_letter_id", ["letter_id", "seq"], unique=False)
        batch_op.create_index("ix_event_step_id", ["step_id", "seq"], unique=False)

    op.create_table(
        "step_unit",
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_step_unit_step_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_step_unit_unit_id")),
        sa.PrimaryKeyConstraint("step_id", "unit_id", name=op.f("pk_step_unit")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(sha256 IS NULL) <> (letter_id IS NULL)", name=op.f("ck_evidence_file_or_letter")
        ),
        sa.ForeignKeyConstraint(["event_seq"], ["event.seq"], name=op.f("fk_evidence_event_seq")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_evidence_letter_id")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_evidence_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint(
            "event_seq", "sha256", "letter_id", name=op.f("uq_evidence_event_seq_sha256_letter_id")
        ),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_step_id", ["step_id"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_before", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_seq", sa.Integer(), nullable=False),
        sa.Column("decided_seq", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'granted', 'refused')", name=op.f("ck_extension_state")
        ),
        sa.ForeignKeyConstraint(["asked_seq"], ["event.seq"], name=op.f("fk_extension_asked_seq")),
        sa.ForeignKeyConstraint(
            ["decided_seq"], ["event.seq"], name=op.f("fk_extension_decided_seq")
        ),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_extension_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index("ix_extension_step_id", ["step_id"], unique=False)

    protect("event")


def downgrade() -> None:
    unprotect("event")
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.drop_index("ix_extension_step_id")

    op.drop_table("extension")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_step_id")

    op.drop_table("evidence")
    op.drop_table("step_unit")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_step_id")
        batch_op.drop_index("ix_event_letter_id")

    op.drop_table("event")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index("ix_answer_letter_id")

    op.drop_table("answer")
    with op.batch_alter_table("step", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_step_parts",
            sqlite_where=sa.text("parent_id IS NOT NULL"),
            postgresql_where=sa.text("parent_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_step_overdue",
            sqlite_where=sa.text("turn IN ('lead', 'issuer')"),
            postgresql_where=sa.text("turn IN ('lead', 'issuer')"),
        )
        batch_op.drop_index("ix_step_letter")
        batch_op.drop_index(
            "ix_step_inbox",
            sqlite_where=sa.text("turn <> 'nobody'"),
            postgresql_where=sa.text("turn <> 'nobody'"),
        )

    op.drop_table("step")
    op.drop_table("point_unit")
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_index("ix_duty_letter_id")

    op.drop_table("duty")
    op.drop_table("point")
    with op.batch_alter_table("letter_unit", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_unit_letter_id")

    op.drop_table("letter_unit")
    with op.batch_alter_table("letter_line", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_line_up")

    op.drop_table("letter_line")
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.drop_index("ix_citation_cited_id")

    op.drop_table("citation")
    with op.batch_alter_table("unit_period", schema=None) as batch_op:
        batch_op.drop_index("ix_unit_period_children")

    op.drop_table("unit_period")
    op.drop_table("unit_group")
    op.drop_table("unit_change_part")
    op.drop_table("unit_alias")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_citation")

    op.drop_table("letter")
    op.drop_table("appointment")
    op.drop_table("user_account")
    op.drop_table("unit_change")
    op.drop_table("unit")
    op.drop_table("level")
