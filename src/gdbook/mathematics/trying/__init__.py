"""Is a display true? It is tried on draws: equalities, bounds, orders and limits."""
