"""Python that runs in MicroPython, in the reader's page: `pack` brings it there."""
