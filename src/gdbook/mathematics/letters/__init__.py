"""Declarations: what the letters of a display are."""
