"""What is kept: tables, named queries, the journal that alone writes state, migrations."""
