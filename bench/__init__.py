"""Benchmarks: every figure is a ratio to the bare driver, a peer or another size, in one run."""
