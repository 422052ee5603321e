"""Values for all draws at once: letters, functions, derivatives, limits."""
