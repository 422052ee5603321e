"""Displayed claims: each has a check, and the check says what is displayed."""
