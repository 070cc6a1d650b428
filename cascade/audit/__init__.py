"""Handing the history over: a BagIt package and the verifier that goes with it."""
