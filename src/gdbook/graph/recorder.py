"""Watching torch: each call on a tensor of the run is met with its rule, or refused by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.modules import module as hooks
from torch.overrides import TorchFunctionMode, resolve_name

from gdbook.graph.model import Constant, ModuleCall
from gdbook.graph.names import Names
from gdbook.graph.refusals import refuse_in_place, refuse_transforms
from gdbook.graph.rules import (
    REINDEXING,
    RULES,
    SIDE_BY_SIDE,
    WITH_POSITIONS,
    Operand,
    Operation,
    RefusedError,
)
from gdbook.graph.rules.reindexing import index_text, reindexed

_RENAMED = {"axis": "dim", "keepdims": "keepdim"}


@dataclass(eq=False)
class Entry:
    """A tensor of the run that a gradient flows through."""

    uid: int
    name: str
    tensor: Tensor
    operation: Operation | None
    modules: tuple[int, ...] = ()
    version: int = 0
    function: Any = None


class Recorder(TorchFunctionMode):
    """Records what runs while it is entered."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names
        self.entries: dict[int, Entry] = {}
        self.constants: dict[int, Constant] = {}
        self.modules: dict[int, ModuleCall] = {}
        self._known: dict[int, int] = {}
        self._kept: list[Any] = []
        self._stack: list[int] = []
        self._count = 0

    # ------------------------------------------------------------ who is who

    def leaf(self, tensor: Tensor, name: str) -> Entry:
        """Enter a tensor to differentiate by."""
        return self._enter(tensor, name, None)

    def find(self, tensor: Tensor) -> Entry | None:
        """Return the entry of a tensor, if it has one."""
        uid = self._known.get(id(tensor))
        return self.entries.get(uid) if uid is not None else None

    def _enter(self, tensor: Tensor, name: str, operation: Operation | None) -> Entry:
        uid = self._new(tensor)
        stack = tuple(self._stack) if operation is not None else ()
        entry = Entry(uid, name, tensor, operation, stack, tensor._version, tensor.grad_fn)
        self.entries[uid] = entry
        return entry

    def _new(self, tensor: Tensor) -> int:
        self._count += 1
        self._known[id(tensor)] = self._count
        self._kept.append(tensor)  # or its id could come to mean another
        return self._count

    def _operand(self, tensor: Tensor, action: str, *, plain: bool = True) -> Operand | float:
        if id(tensor) not in self._known:
            if tensor.requires_grad:
                self._stranger(tensor, action)
            elif plain and not tensor.ndim and id(tensor) not in self.names.tensors:
                return float(tensor)
            else:
                self._constant(tensor)
        uid = self._known[id(tensor)]
        entry = self.entries.get(uid)
        value = numbers(entry.tensor) if entry else self.constants[uid].value
        return Operand(uid, tuple(tensor.shape), value)

    def _stranger(self, tensor: Tensor, action: str) -> None:
        """Take in a parameter; refuse what was computed where nobody watched."""
        if not tensor.is_leaf:
            made = type(tensor.grad_fn).__name__
            raise RefusedError(
                f"no rule for {made.partition('Backward')[0]}: {action} uses a tensor made by "
                f"{made}, outside of what was recorded"
            )
        self.leaf(tensor, self._name(tensor, "p"))

    def _constant(self, tensor: Tensor) -> None:
        uid = self._new(tensor)
        name = self.names.tensors.get(id(tensor))
        if name is None:
            name = self._unused("c")
        self.constants[uid] = Constant(uid, name, "", numbers(tensor))

    def _name(self, tensor: Tensor, letter: str) -> str:
        if id(tensor) in self.names.tensors:
            return self.names.tensors[id(tensor)]
        return self._unused(letter)

    def _unused(self, letter: str) -> str:
        taken = {e.name for e in self.entries.values()}
        taken |= {constant.name for constant in self.constants.values()}
        return next(name for k in count(1) if (name := f"{letter}_{k}") not in taken)

    # ------------------------------------------------------------ what runs

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        name = operation_name(func)
        refuse_transforms(name)
        recorded = name != "data_" or self.find(args[0]) is not None  # a new module sets data
        if recorded and any(isinstance(a, Tensor) for a in _flat(args)):
            refuse_in_place(name, args, kwargs)
        made = func(*args, **kwargs)
        given = list(_flat((args, tuple(kwargs.values()))))
        results = [t for t in _flat((made,)) if isinstance(t, Tensor)]
        if not any(t.requires_grad and not _among(t, given) for t in results):
            return made
        if not any(isinstance(a, Tensor) for a in given):
            return made  # a new leaf; it is taken in where it is used
        self._explain(func, name, args, kwargs, made)
        return made

    def _explain(
        self, func: Any, name: str, args: Sequence[Any], kwargs: dict[str, Any], made: Any
    ) -> None:
        if name in REINDEXING:
            explained = self._reindex(func, name, args, kwargs, made)
        else:
            explained = self._apply_rule(name, args, kwargs, made)
        outputs = made if isinstance(made, tuple | list) else [made]
        for tensor, operation in zip(outputs, explained, strict=False):
            if operation.shape != tuple(tensor.shape):
                raise RefusedError(f"no rule for {name} with these arguments")
            self._enter(tensor, name, operation)

    def _apply_rule(
        self, name: str, args: Sequence[Any], kwargs: dict[str, Any], made: Any
    ) -> list[Operation]:
        along = name in WITH_POSITIONS and not isinstance(made, Tensor)
        if name in ("max", "min") and not along:
            second = args[1] if len(args) > 1 else kwargs.get("other")
            name = {"max": "maximum", "min": "minimum"}[name] if second is not None else f"a{name}"
        if name not in RULES and not along:
            raise RefusedError(f"no rule for {name}")
        plain = not along and RULES[name].__module__ in SIDE_BY_SIDE
        given = [self._converted(a, name, plain) for a in args]
        named = {_RENAMED.get(k, k): self._converted(a, name, plain) for k, a in kwargs.items()}
        if "input" in named:
            given.insert(0, named.pop("input"))
        try:
            if along:
                winners = made.indices.detach().cpu().numpy()
                return [WITH_POSITIONS[name](name, winners, *given, **named)]
            operation: Operation = RULES[name](*given, **named)
        except TypeError as error:
            raise RefusedError(f"no rule for {name} with these arguments") from error
        return [operation]

    def _converted(self, argument: Any, name: str, plain: bool) -> Any:
        if isinstance(argument, Tensor):
            return self._operand(argument, name, plain=plain)
        if isinstance(argument, list | tuple) and any(isinstance(a, Tensor) for a in argument):
            return [self._operand(a, name, plain=False) for a in argument]
        return argument

    def _reindex(
        self, func: Any, name: str, args: Sequence[Any], kwargs: dict[str, Any], made: Any
    ) -> list[Operation]:
        first, *rest = args
        operand = self._operand(first, name)
        assert isinstance(operand, Operand)
        source = torch.arange(first.numel()).reshape(first.shape)
        found = func(source, *rest, **kwargs)
        short = REINDEXING[name]
        if name == "getitem":
            short = f"#0[{index_text(rest[0])}]"
        pieces = found if isinstance(found, tuple | list) else [found]
        flats = [piece.numpy() for piece in pieces]
        if isinstance(made, Tensor):
            return [reindexed(short, operand, flats[0])]
        return [
            reindexed(short.replace("} #0", f"}}_{{{k}}} #0"), operand, flat)
            for k, flat in enumerate(flats)
        ]

    # ------------------------------------------------------------ modules

    @contextmanager
    def watch_modules(self) -> Iterator[None]:
        """Note, while entered, which calls of modules operations belong to."""

        def before(module: torch.nn.Module, _: Any) -> None:
            key = len(self.modules) + 1
            path = self.names.modules.get(id(module), "")
            self.modules[key] = ModuleCall(type(module).__name__, path)
            self._stack.append(key)

        def after(*_: Any) -> None:
            self._stack.pop()

        handles = (
            hooks.register_module_forward_pre_hook(before),
            hooks.register_module_forward_hook(after, always_call=True),
        )
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def unchanged(self) -> None:
        """Refuse a run in which a recorded tensor was overwritten after it was used."""
        for entry in self.entries.values():
            if entry.tensor._version != entry.version:
                raise RefusedError(f"the result of {entry.name} was overwritten in place")


@lru_cache(maxsize=4096)
def operation_name(func: Any) -> str:
    """Return the name by which an operation's rule is found: ``rsub`` for ``2 - x``."""
    full = resolve_name(func) or getattr(func, "__name__", str(func))
    last = full.split(".")
    name = last[-1]
    if name in ("__get__", "__set__"):  # of an attribute, which assigning overwrites
        name = last[-2] + ("_" if name == "__set__" else "")
    prefix = [part for part in last[:-1] if part in ("linalg", "special")]
    name = name.removeprefix("__").removesuffix("__") if name.startswith("__") else name
    return f"{prefix[0]}_{name}" if prefix and name in ("norm", "vector_norm") else name


def numbers(tensor: Tensor) -> Any:
    """Return a tensor's numbers: reals as float64, others as they are."""
    if tensor.layout is not torch.strided:
        raise RefusedError("no rule for sparse tensors")
    array = tensor.detach().cpu()
    if array.is_complex():
        raise RefusedError("no rule for complex numbers")
    if array.is_floating_point():
        return np.array(array.double().numpy(force=True))
    return np.array(array.numpy(force=True))


def _flat(items: Any) -> Iterator[Any]:
    for item in items:
        if isinstance(item, tuple | list):
            yield from _flat(item)
        else:
            yield item


def _among(tensor: Tensor, given: Sequence[Any]) -> bool:
    return any(tensor is other for other in given)
