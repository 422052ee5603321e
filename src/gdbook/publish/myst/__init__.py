"""What MyST-NB's reading of a chapter lacks: slide types, numbers, problems, chapter references."""
