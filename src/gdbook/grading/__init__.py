"""Marking of the programming lab: what `gdbook grade` does.

A submission is data and is treated as such: one JSON file, opened without following links, read
up to a limit, and compared with numbers. Nothing in it is run, imported or used as a path.

Modules, in the order in which a submission meets them:

``folder``
    which files there are
``submission``
    a file, read safely
``numbers``
    one answer as an array, whichever of the accepted forms it was written in
``runs``, ``mistakes``, ``judges``
    the right answers of a variant, the known wrong ones, and which of them an answer is
``marking``
    points of a submission
``journal``, ``workers``
    many files side by side, and going on after an interruption
``report``, ``feedback``, ``gradebook``, ``statistics``
    what is written
"""
