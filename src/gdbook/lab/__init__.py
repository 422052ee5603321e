"""The programming lab: its tasks, a variant for each seed, and the files that students get.

>>> from gdbook.lab.variants import variant
>>> variant(0).start
(8.0, 8.0)
"""
