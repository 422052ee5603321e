"""What cannot be explained is refused by name, in one sentence; what is wrong is noticed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from gdbook.graph import RefusedError, record, supported
from gdbook.graph.algebra import mul, num
from gdbook.graph.rules import RULES
from gdbook.graph.rules.elementwise import elementwise
from gdbook.graph.terms import Call


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Tensor:
        slope: Tensor = 3 * ctx.saved_tensors[0] ** 2
        return slope * grad


def cube(x: Tensor) -> Tensor:
    made: Tensor = Cube.apply(x)  # type: ignore[no-untyped-call]
    return made


def vector() -> Tensor:
    return torch.tensor([0.3, -0.2, 1.1], dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (lambda x: x.cumprod(0).sum(), "no rule for cumprod"),
        (lambda x: torch.cumprod(x.sin(), 0)[0], "no rule for cumprod"),
        (lambda x: x.median(), "no rule for median"),
        (lambda x: torch.kthvalue(x, 2).values, "no rule for kthvalue"),
        (lambda x: (x * torch.eye(3).to_sparse()).sum(), "no rule for sparse tensors"),
        (lambda x: torch.fft.fft(x).abs().sum(), "no rule for fft"),
        (lambda x: torch.linalg.norm(x, ord=1), "no rule for the norm of order 1"),
        (lambda x: nn.LayerNorm(3, dtype=torch.float64)(x).sum(), "no rule for "),
        (lambda x: nn.functional.dropout(x).sum(), "no rule for dropout"),
        (lambda x: cube(x).sum(), "no rule for Cube: sum uses a tensor made by CubeBack"),
        (lambda x: cube(x.sum()), "no rule for Cube, which made the output"),
        (lambda x: torch.div(x, 2, rounding_mode="floor").sum(), "no rule for div with rounding"),
    ],
)
def test_what_has_no_rule_is_named(function: Callable[..., Tensor], sentence: str) -> None:
    with pytest.raises(RefusedError, match=f"^{re.escape(sentence)}"):
        record(function, x=vector())


@pytest.mark.parametrize(
    ("change", "name", "form"),
    [
        (lambda y: y.__iadd__(1), "add_", "y = y + 1"),
        (lambda y: y.__isub__(y), "sub_", "y = y - …"),
        (lambda y: y.__imul__(0.5), "mul_", "y = y * 0.5"),
        (lambda y: y.__itruediv__(2), "div_", "y = y / 2"),
        (lambda y: y.__ipow__(3), "ipow", "y = y ** 3"),
        (lambda y: y.exp_(), "exp_", "y = y.exp()"),
        (lambda y: y.clamp_(min=0), "clamp_", "y = y.clamp(…)"),
        (torch.relu_, "relu_", "y = y.relu()"),
        (lambda y: y.zero_(), "zero_", "y = torch.zeros_like(y)"),
        (lambda y: y.copy_(y * 2), "copy_", "y = other.clone()"),
        (lambda y: y.__setitem__(0, 0.0), "setitem", "y = torch.where(…), or put the parts"),
        (lambda y: setattr(y, "data", y * 2), "data_", "y = …, a new tensor"),
        (nn.ReLU(inplace=True), "relu", "y = relu(y), or the module, without inpl"),
        (lambda y: torch.mul(y.detach(), 2, out=torch.empty(3).double()), "mul", "y = torch.mul("),
    ],
)
def test_in_place_the_form_to_write_is_said(
    change: Callable[[Tensor], object], name: str, form: str
) -> None:
    def run(x: Tensor) -> Tensor:
        y = x * 2
        change(y)
        return (y * y).sum()

    with pytest.raises(RefusedError) as raised:
        record(run, x=vector())
    sentence = f"no rule for {name}: it overwrites a tensor in place; write {form}"
    assert str(raised.value).startswith(sentence)


def test_what_is_only_marked_is_not_overwritten() -> None:
    graph = record(lambda x: ((x * 2).requires_grad_() ** 2).sum(), x=vector())
    assert np.allclose(graph.derivation().evaluate()["x"], 8 * vector().detach())
    graph = record(lambda x: nn.Linear(3, 1, bias=False).double()(x).sum(), x=vector())
    assert len(graph.inputs) == 2


@pytest.mark.parametrize(
    "function",
    [
        lambda x: torch.func.grad(lambda z: (z**3).sum())(x).sum(),
        lambda x: torch.func.grad(lambda z: (z * x).sum())(x * 2).sum(),
        lambda x: torch.func.vmap(lambda z: z**2)(x).sum(),
        lambda x: torch.func.vjp(lambda z: z**2, x)[1](x)[0].sum(),
        lambda x: torch.func.jvp(lambda z: z**2, (x,), (x,))[1].sum(),
        lambda x: torch.func.jacrev(lambda z: z**2)(x).sum(),
        lambda x: torch.func.hessian(lambda z: (z**3).sum())(x).sum(),
    ],
)
@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated")  # torch's own use
def test_transforms_are_refused(function: Callable[[Tensor], Tensor]) -> None:
    with pytest.raises(RefusedError, match=r"^no rule for torch.func: .* take its derivatives"):
        record(function, x=vector())


def test_a_tensor_from_elsewhere_is_named() -> None:
    before = vector() ** 2
    with pytest.raises(RefusedError, match="no rule for Pow: add uses a tensor made by PowBack"):
        record(lambda x: (x + before).sum(), x=vector())


@pytest.mark.parametrize(
    ("function", "inputs", "error", "sentence"),
    [
        (lambda x: x * 2, {}, ValueError, r"a single number, of shape \(\), got \(3,\)"),
        (lambda x, z: x.sum(), {"z": 1.0}, ValueError, "nothing that .* uses the input 'z'"),
        (lambda x, z: (x.sum(), z * 2)[0], {"z": 1.0}, ValueError, "uses the input 'z'"),
        (lambda x: x.detach().sum(), {}, ValueError, "depends on no input that requires"),
        (lambda x: float(x.detach().sum()), {}, TypeError, "must return a tensor, got float"),
        (lambda x: (x > 0).sum(), {}, ValueError, "depends on no input that requires"),
        (lambda x: x.sum(), {"z": 1.0}, TypeError, "the function takes .*, got x, z"),
        (lambda x, z: x.sum(), {"z": "one"}, TypeError, "z must be a tensor or a number, got str"),
        (lambda x, z: x.sum(), {"z": True}, TypeError, "z must be a tensor or a number, got bool"),
        (lambda x, z: x.sum(), {"z": torch.tensor(1j)}, TypeError, "z must hold real numbers"),
    ],
)
def test_bad_input_meets_one_sentence(
    function: Callable[..., Tensor], inputs: dict[str, Any], error: type, sentence: str
) -> None:
    with pytest.raises(error, match=sentence) as raised:
        record(function, x=vector(), **inputs)
    assert "\n" not in str(raised.value)


def test_an_input_alone_is_no_graph() -> None:
    with pytest.raises(ValueError, match="returns its input x, with nothing to derive"):
        record(lambda x: x, x=2.0)


def test_unknown_names_are_said() -> None:
    graph = record(lambda a: a.sin(), a=1.0)
    with pytest.raises(ValueError, match="no input is called 'b'; there are: a"):
        graph.derivation(to="b")
    with pytest.raises(ValueError, match="there is no v7; the nodes are v0 to v1"):
        _ = graph[7]
    with pytest.raises(ValueError, match="no column is called 'grad'; there are: node"):
        graph.table(["grad"])


@pytest.mark.parametrize(
    ("formula", "slope", "fault"),
    [
        (lambda p: Call("cos", p), lambda p, v: Call("cos", p), "value at v1"),
        (lambda p: Call("sin", p), lambda p, v: mul(num(-1), Call("cos", p)), "derivative at v2"),
        (lambda p: Call("sin", p), lambda p, v: Call("sin", p), "derivative at v2"),
    ],
)
def test_a_wrong_rule_never_gives_a_derivation(
    monkeypatch: pytest.MonkeyPatch, formula: Any, slope: Any, fault: str
) -> None:
    def wrong(x: Any) -> Any:
        return elementwise(r"\sin #0", "sin", formula, x, slopes=(slope,))

    monkeypatch.setitem(RULES, "sin", wrong)
    monkeypatch.setattr(wrong, "__module__", elementwise.__module__)
    with pytest.raises(RefusedError, match=f"the rule for sin does not give torch's {fault}"):
        record(lambda x: x.sin().sum(), x=vector())


def test_edges_are_held_against_grad_fn(monkeypatch: pytest.MonkeyPatch) -> None:
    def blind(x: Any, other: Any) -> Any:
        return elementwise("#0", "sum", lambda p: mul(num(2), p), x)

    monkeypatch.setitem(RULES, "add", blind)
    with pytest.raises(RefusedError, match="torch's graph leads from it to other tensors"):
        record(lambda a, b: (a + b) * b, a=1.0, b=1.0)


def test_too_large_for_an_explanation() -> None:
    a = torch.ones(400, 400, requires_grad=True)
    with pytest.raises(RefusedError, match=r"64000000 products of elements .* smaller tensors"):
        record(lambda a: (a @ a).sum(), a=a)


def test_nothing_of_the_callers_is_touched() -> None:
    x = vector()
    x.sum().backward()  # type: ignore[no-untyped-call]
    before = x.grad
    net = nn.Linear(3, 1, dtype=torch.float64)
    record(lambda x: net(x).sum(), x=x)
    assert x.grad is before
    assert all(p.grad is None for p in net.parameters())
    assert not torch.nn.modules.module._global_forward_hooks


def test_hooks_go_away_after_an_error() -> None:
    with pytest.raises(RefusedError):
        record(lambda x: nn.Sequential(nn.Softmin(0))(x.cumprod(0)).sum(), x=vector())
    assert not torch.nn.modules.module._global_forward_pre_hooks


def test_supported_operations_are_listed() -> None:
    assert {"sin", "matmul", "einsum", "reshape", "max", "mse_loss"} <= set(supported())
    assert {"prod", "cumsum", "sort", "topk"} <= set(supported())
    assert "cumprod" not in supported()
