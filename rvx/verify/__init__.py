"""Proof by random programs: what they are made of, engine against engine, rvx against others."""
