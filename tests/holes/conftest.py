"""The pages over the small office, as tests/web has them, for whoever tries to get through."""

from __future__ import annotations

from tests.web.conftest import browser_of, compiled, quick_hashes, site, stranger

__all__ = ["browser_of", "compiled", "quick_hashes", "site", "stranger"]
