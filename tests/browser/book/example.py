"""One step of descent."""


def step(x: float, slope: float, learning_rate: float = 0.2) -> float:
    """Return the point after one step."""
    return x - learning_rate * slope
