"""The interface for programs, `/api/v1`: the same rights and the same door as the pages."""
