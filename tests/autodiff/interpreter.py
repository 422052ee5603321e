"""Runs a random program on a torch: the real one or the engine, in CPython or MicroPython.

A program is data: inputs, and steps that take earlier values to new ones. So the same
program, written down as JSON, runs everywhere.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _key(entries: "list[Any]") -> "Any":
    """Return what stands in the brackets, from its description."""
    made: list[Any] = []
    for kind, *rest in entries:
        if kind == "slice":
            start, stop, step = rest
            made.append(_Brackets()[start:stop:step])
        else:
            made.append({"int": rest[0] if rest else 0, "none": None, "dots": Ellipsis}[kind])
    return tuple(made)


class _Brackets:
    def __getitem__(self, key: "Any") -> "Any":
        return key


def _edited(x: "Any", y: "Any") -> "Any":
    copy = x.clone()
    copy += y
    copy -= 0.5
    return copy


def _assigned(x: "Any", y: "Any", key: "Any") -> "Any":
    copy = x.clone()
    copy[key] = y
    return copy


# name: (torch, arguments, constants) → value
OPERATIONS = {
    "neg": lambda t, a, c: -a[0],
    "exp": lambda t, a, c: a[0].exp(),
    "log": lambda t, a, c: t.log(a[0]),
    "sin": lambda t, a, c: t.sin(a[0]),
    "cos": lambda t, a, c: a[0].cos(),
    "tan": lambda t, a, c: a[0].tan(),
    "tanh": lambda t, a, c: t.tanh(a[0]),
    "atan": lambda t, a, c: a[0].atan(),
    "sigmoid": lambda t, a, c: t.sigmoid(a[0]),
    "sqrt": lambda t, a, c: a[0].sqrt(),
    "square": lambda t, a, c: a[0].square(),
    "relu": lambda t, a, c: a[0].relu(),
    "abs": lambda t, a, c: abs(a[0]),
    "clamp": lambda t, a, c: a[0].clamp(c[0], c[1]),
    "clamp_min": lambda t, a, c: t.clamp(a[0], min=c[0]),
    "add": lambda t, a, c: a[0] + a[1],
    "sub": lambda t, a, c: a[0] - a[1],
    "mul": lambda t, a, c: a[0] * a[1],
    "div": lambda t, a, c: a[0] / a[1],
    "pow": lambda t, a, c: a[0] ** a[1],
    "maximum": lambda t, a, c: t.maximum(a[0], a[1]),
    "minimum": lambda t, a, c: t.minimum(a[0], a[1]),
    "where": lambda t, a, c: t.where(a[0] > a[1], a[1], a[0] * 2),
    "add_number": lambda t, a, c: c[0] + a[0],
    "sub_number": lambda t, a, c: c[0] - a[0],
    "mul_number": lambda t, a, c: c[0] * a[0],
    "div_number": lambda t, a, c: c[0] / a[0],
    "pow_number": lambda t, a, c: a[0] ** c[0],
    "number_pow": lambda t, a, c: c[0] ** a[0],
    "sum": lambda t, a, c: a[0].sum(),
    "mean": lambda t, a, c: a[0].mean(),
    "sum_dim": lambda t, a, c: a[0].sum(c[0], keepdim=c[1]),
    "mean_dim": lambda t, a, c: t.mean(a[0], dim=c[0], keepdim=c[1]),
    "amax": lambda t, a, c: t.amax(a[0], dim=c[0], keepdim=c[1]),
    "amin": lambda t, a, c: a[0].amin(c[0]),
    "max": lambda t, a, c: a[0].max(),
    "var": lambda t, a, c: a[0].var(correction=0),
    "std": lambda t, a, c: t.std(t.stack([a[0], a[0] + 1, a[0] * 2]), dim=0),
    "norm": lambda t, a, c: a[0].norm(),
    "std_dim": lambda t, a, c: a[0].std(c[0], keepdim=c[1]),
    "var_dim": lambda t, a, c: t.var(a[0], dim=c[0], correction=0, keepdim=c[1]),
    "prod": lambda t, a, c: a[0].prod(),
    "prod_dim": lambda t, a, c: t.prod(a[0], c[0], keepdim=c[1]),
    "cumsum": lambda t, a, c: t.cumsum(a[0], dim=c[0]),
    "softmax": lambda t, a, c: t.softmax(a[0], dim=c[0]),
    "log_softmax": lambda t, a, c: a[0].log_softmax(c[0]),
    "remainder": lambda t, a, c: a[0] % a[1],
    "remainder_number": lambda t, a, c: t.remainder(a[0], c[0]),
    "outer": lambda t, a, c: t.outer(a[0].reshape(-1)[:3], a[1].reshape(-1)[-2:]),
    "matmul": lambda t, a, c: a[0] @ a[1],
    "flatten": lambda t, a, c: a[0].reshape(-1),
    "transpose": lambda t, a, c: a[0].transpose(c[0], c[1]),
    "permute": lambda t, a, c: a[0].permute(*c),
    "T": lambda t, a, c: a[0].T,
    "unsqueeze": lambda t, a, c: a[0].unsqueeze(c[0]),
    "squeeze": lambda t, a, c: a[0].squeeze(),
    "expand": lambda t, a, c: a[0].expand(*c),
    "index": lambda t, a, c: a[0][_key(c)],
    "pick": lambda t, a, c: a[0][t.tensor(c)],
    "mask": lambda t, a, c: a[0][a[0] > c[0]],
    "stack": lambda t, a, c: t.stack([a[0], a[1]], c[0]),
    "cat": lambda t, a, c: t.cat([a[0], a[1], a[0]], c[0]),
    "detach": lambda t, a, c: a[0].detach() * a[0],
    "edit": lambda t, a, c: _edited(a[0], a[1]),
    "assign": lambda t, a, c: _assigned(a[0], a[1], _key(c)),
}


def step(
    torch: "Any", values: "list[Any]", name: str, places: "list[int]", constants: "Any"
) -> "Any":
    """Return the value of one step."""
    return OPERATIONS[name](torch, [values[i] for i in places], constants)


def loss_of(values: "list[Any]", ends: "list[Any]") -> "Any":
    """Return the weighted sum of the values that no step takes up; shapes count too."""
    terms = [weight * (values[place].ndim + 1) * values[place].sum() for place, weight in ends]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def forward(torch: "Any", program: "dict[str, Any]") -> "tuple[list[Any], Any]":
    """Return the inputs and the loss."""
    inputs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in program["inputs"]]
    values = list(inputs)
    for name, places, constants in program["steps"]:
        values.append(step(torch, values, name, places, constants))
    return inputs, loss_of(values, program["ends"])


def run(torch: "Any", program: "dict[str, Any]") -> "dict[str, Any]":
    """Return the program's loss, and the gradient of each input as nested lists."""
    inputs, loss = forward(torch, program)
    loss.backward()
    return {"loss": loss.item(), "grads": [x.grad.tolist() for x in inputs]}


def run_twice(torch: "Any", program: "dict[str, Any]") -> "dict[str, Any]":
    """Return the same for half the squared length of the gradient: Hessian times gradient."""
    inputs, loss = forward(torch, program)
    gradients = torch.autograd.grad(loss, inputs, create_graph=True)
    energy = sum([(g * g).sum() for g in gradients]) / 2 + sum([x.sum() for x in inputs])
    energy.backward()
    return {"loss": energy.item(), "grads": [x.grad.tolist() for x in inputs]}


def flat(nested: "Any") -> "list[float]":
    """Return the numbers of nested lists in a row."""
    if not isinstance(nested, list):
        return [nested]
    row: list[float] = []
    for item in nested:
        row += flat(item)
    return row


def difference(one: "dict[str, Any]", two: "dict[str, Any]") -> float:
    """Return the largest relative difference of two results.

    A gradient is a sum in which terms may cancel, so its scale is that of the largest
    number in the whole result, and at least 1.
    """
    worst = 0.0
    a = [one["loss"]] + flat(one["grads"])  # noqa: RUF005 - for MicroPython
    b = [two["loss"]] + flat(two["grads"])  # noqa: RUF005
    scale = max([1.0] + [abs(v) for v in b])
    if len(a) != len(b):
        return float("inf")
    for u, v in zip(a, b):  # noqa: B905
        gap = abs(u - v) / scale
        worst = gap if not gap <= worst else worst
    return worst
