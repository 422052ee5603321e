"""Two training runs, the same lines for torch and for the engine, in CPython or MicroPython."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def sine_fit(torch: "Any", x: "list[float]", y: "list[float]") -> "list[Any]":
    """Return the path of 50 steps of descent on ½·mean((y − sin(ωx + t))²), from (3, 1)."""
    x, y = torch.tensor(x, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)
    w = torch.tensor([3.0, 1.0], dtype=torch.float64, requires_grad=True)
    path = [w.tolist()]
    for _ in range(50):
        loss = ((y - torch.sin(w[0] * x + w[1])) ** 2).mean() / 2
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None
        path.append(w.tolist())
    return path


def network(
    torch: "Any", optimizer: "Any", x: "list[float]", y: "list[float]", steps: int
) -> "list[Any]":
    """Return the losses of a network with one hidden layer of six units, and its last weights."""
    x = torch.tensor(x, dtype=torch.float64).reshape(-1, 1)
    y = torch.tensor(y, dtype=torch.float64).reshape(-1, 1)
    hidden = [[0.3 * (i + 1) * (-1) ** i for i in range(6)]]
    parameters = [
        hidden,
        [0.1 * i - 0.2 for i in range(6)],
        [[0.2 - 0.1 * (i % 4)] for i in range(6)],
    ]
    weights = [torch.nn.Parameter(torch.tensor(p, dtype=torch.float64)) for p in parameters]
    w1, b1, w2 = weights
    optimizer = optimizer(weights)
    losses = []
    for _ in range(steps):
        loss = torch.nn.MSELoss()((x @ w1 + b1).tanh() @ w2, y)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses + w2.reshape(-1).tolist()  # type: ignore[no-any-return]


def networks(
    torch: "Any", optim: "Any", x: "list[float]", y: "list[float]", steps: int = 20
) -> "list[Any]":
    """Return what the network does under each optimizer."""
    return [
        network(torch, lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True), x, y, steps),
        network(
            torch, lambda p: optim.RMSprop(p, lr=0.01, momentum=0.5, centered=True), x, y, steps
        ),
        network(torch, lambda p: optim.Adagrad(p, lr=0.1), x, y, steps),
        network(torch, lambda p: optim.Adam(p, lr=0.05, amsgrad=True), x, y, steps),
        network(torch, lambda p: optim.AdamW(p, lr=0.05), x, y, steps),
    ]
