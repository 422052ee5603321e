"""Running the chapters: which ones are stale, in which kernels, and what came of it."""
