"""The sample worlds: neutral stories played through the same doors as real letters."""
