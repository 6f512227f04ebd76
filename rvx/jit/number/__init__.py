"""Exact numbers as native code: every format, every rounding, every flag as `rvx.number` has them.

A rule computes one rounded expression. The generic integer rule takes everything; the faster ones
take the shapes for which they are exact (`shape.py` says what a shape is).
"""
