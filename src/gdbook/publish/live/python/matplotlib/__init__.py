"""The part of Matplotlib that a live cell has: see `pyplot`."""
