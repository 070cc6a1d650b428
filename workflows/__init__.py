"""The rules of a cascade, pure: no tables, no pages, no clock, no files."""
