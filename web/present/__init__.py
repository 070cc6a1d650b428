"""Rows turned into what the templates show, a module a noun."""
