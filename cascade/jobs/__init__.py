"""Long work that survives whoever asked for it: docs/adr/0018-jobs.md tells how and why."""
