"""Named queries: each says in a sentence whom it serves; each index names its reader."""
