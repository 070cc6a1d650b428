"""The migrations: each is frozen once released and knows nothing of today's tables."""
