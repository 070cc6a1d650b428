"""The migrations make exactly the tables the program works with, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, inspect, text

from models import schema
from models.database import Database
from models.errors import SchemaError
from models.tables import metadata
from workflows.roles import Role, default_span


def differences(conn: Connection) -> list[object]:
    """What Alembic would write into a next migration."""
    context = MigrationContext.configure(
        conn, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, metadata))


def checks(conn: Connection) -> set[tuple[str, str | None]]:
    """Every CHECK by table and name; Alembic does not compare these."""
    found = inspect(conn)
    return {
        (table, check["name"])
        for table in found.get_table_names()
        for check in found.get_check_constraints(table)
    }


def test_an_empty_database_is_brought_to_exactly_the_tables_in_use(empty: Database) -> None:
    schema.upgrade(empty)
    schema.check(empty)
    with empty.read() as conn:
        assert differences(conn) == []
        assert checks(conn) == {
            (table.name, check.name)
            for table in metadata.tables.values()
            for check in table.constraints
            if isinstance(check, CheckConstraint)
        }


def test_the_newest_migration_is_the_one_the_program_asks_for() -> None:
    assert ScriptDirectory.from_config(schema.config()).get_heads() == [schema.HEAD]


def test_upgrading_again_changes_nothing(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.session() as session:
        session.execute(text("INSERT INTO unit (code) VALUES ('P')"))
    schema.upgrade(empty)
    with empty.read() as conn:
        assert schema.revision(conn) == schema.HEAD
        assert conn.execute(text("SELECT code FROM unit")).scalars().all() == ["P"]


def test_the_way_down_leaves_nothing_and_leads_up_again(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.write() as conn:
        command.downgrade(schema.config(conn), "base")
    with empty.read() as conn:
        assert inspect(conn).get_table_names() == ["alembic_version"]
        assert schema.revision(conn) is None
    if not empty.is_sqlite:
        with empty.read() as conn:
            mine = text("SELECT proname FROM pg_proc WHERE proname LIKE '%append_only'")
            assert conn.execute(mine).scalars().all() == []
    schema.upgrade(empty)
    with empty.read() as conn:
        assert differences(conn) == []


def test_a_database_without_a_register_is_told(empty: Database) -> None:
    with pytest.raises(SchemaError) as told:
        schema.check(empty)
    assert (told.value.found, told.value.wanted) == (None, schema.HEAD)


def test_a_newer_schema_is_left_as_it_is(db: Database) -> None:
    with db.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for refused in (schema.check, schema.upgrade):
        with pytest.raises(SchemaError) as told:
            refused(db)
        assert (told.value.found, told.value.wanted) == ("9999", schema.HEAD)
    with db.read() as conn:
        assert schema.revision(conn) == "9999"


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(empty: Database) -> None:
    with empty.write() as conn:
        conn.execute(text("CREATE TABLE step (in_the_way INTEGER)"))
    with pytest.raises(Exception, match="step"):
        schema.upgrade(empty)
    with empty.read() as conn:
        assert inspect(conn).get_table_names() == ["step"]


def test_each_migration_is_one_file_named_by_its_number() -> None:
    script = ScriptDirectory.from_config(schema.config())
    for revision in script.walk_revisions():
        assert Path(revision.path).name.startswith(f"{revision.revision}_")


def test_posts_on_file_see_as_far_as_their_role_does(empty: Database) -> None:
    with empty.write() as conn:
        command.upgrade(schema.config(conn), "0012")
        conn.execute(text("INSERT INTO unit (id, code) VALUES (1, 'P')"))
        conn.execute(
            text("INSERT INTO user_account (id, login, name, is_active) VALUES (1, 'a', 'A', true)")
        )
        for role in Role:
            conn.execute(
                text(
                    "INSERT INTO appointment (user_id, unit_id, role, valid_from, valid_to) "
                    f"VALUES (1, 1, '{role}', '2020-01-01', '9999-12-31')"
                )
            )
    schema.upgrade(empty)
    with empty.read() as conn:
        kept = conn.execute(text("SELECT role, scope FROM appointment")).all()
    assert {row.role: row.scope for row in kept} == {role: default_span(role) for role in Role}
