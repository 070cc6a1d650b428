"""Keeping an installation well: backup and restore, bringing it up to date, the doctor."""
