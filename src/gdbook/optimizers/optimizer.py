"""What every optimizer does around its rule: parameters, groups, steps, saved states."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    Parameters = Iterable[Any]


class Optimizer:
    """Parameters, and the rule that moves them along their gradients.

    Parameters
    ----------
    params : iterable of tensors, or of dict
        The leaves to be trained, of torch or of `gdbook.autodiff`.
        Dictionaries are groups: each has its ``params`` and may have
        hyper-parameters of its own.
    maximize : bool
        Whether to climb: the gradients change their sign before anything else.
    defaults
        The hyper-parameters of all groups that do not say otherwise.

    Attributes
    ----------
    param_groups : list of dict
        The groups. A hyper-parameter that is changed there counts from the
        next step on.
    state : dict
        What the rule remembers of a parameter, by the parameter's ``id``.
    steps_taken : int
        How often `step` was called.

    Raises
    ------
    TypeError
        If `params` is a single tensor.
    ValueError
        If there are no parameters, one is not a leaf, or one comes twice.
    """

    rule: "Callable[..., tuple[Any, dict[str, Any]]]"

    #: The parts of the rule's state, and what torch's `state_dict` calls them.
    torch_names: "tuple[tuple[str, str], ...]" = ()

    def __init__(
        self,
        params: "Parameters",
        *,
        maximize: bool = False,
        **defaults: "Any",
    ) -> None:
        if hasattr(params, "backward"):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or "
                "dicts, but got a single tensor: put it in a list"
            )
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        self.defaults = dict(defaults, maximize=maximize)
        self.state: dict[int, dict[str, Any]] = {}
        self.param_groups: list[dict[str, Any]] = []
        self.steps_taken = 0
        for group in groups:
            self.add_param_group(group)

    def add_param_group(self, group: "dict[str, Any]") -> None:
        """Take in more parameters, with the hyper-parameters that `group` names."""
        complete = dict(self.defaults)
        complete.update(group)
        members = complete["params"]
        complete["params"] = (
            [members] if hasattr(members, "backward") else list(members)
        )
        if any(not parameter.is_leaf for parameter in complete["params"]):
            raise ValueError("can't optimize a non-leaf Tensor")
        known = [id(p) for g in self.param_groups for p in g["params"]]
        known += [id(p) for p in complete["params"]]
        if len(set(known)) < len(known):
            raise ValueError(
                "some parameters appear in more than one parameter group, "
                "or twice in one"
            )
        self.param_groups.append(complete)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or set them to zeros."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if set_to_none:
                    parameter.grad = None
                elif parameter.grad is not None:
                    parameter.grad.detach().zero_()

    def step(self) -> None:
        """Move each parameter that has a gradient, once."""
        self.steps_taken += 1
        for group in self.param_groups:
            # A group may hold more than the rule takes: schedulers keep their notes there.
            options = {
                name: group[name]
                for name in self.defaults
                if name != "maximize"
            }
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                # What is detached shares its numbers and is not recorded.
                x, g = parameter.detach(), parameter.grad.detach()
                if group["maximize"]:
                    g = -g
                before = self.state.get(id(parameter), {})
                moved, self.state[id(parameter)] = self.rule(
                    x, g, before, **options
                )
                x.copy_(moved)

    def state_dict(self) -> "dict[str, Any]":
        """Return what `load_state_dict` needs, here and in ``torch.optim``.

        Returns
        -------
        dict
            ``param_groups``, in which parameters are numbers, from 0 through
            all groups; and ``state``, by these numbers, in torch's names. The
            tensors are the optimizer's own, not copies.
        """
        numbers: dict[int, int] = {}
        for group in self.param_groups:
            for parameter in group["params"]:
                numbers[id(parameter)] = len(numbers)
        groups, state = [], {}
        for group in self.param_groups:
            saved = dict(group)
            saved["params"] = [numbers[id(p)] for p in group["params"]]
            groups.append(saved)
            for parameter in group["params"]:
                kept = self._saved(self.state.get(id(parameter), {}), group)
                if kept:
                    state[numbers[id(parameter)]] = kept
        return {"state": state, "param_groups": groups}

    def _saved(
        self, state: "dict[str, Any]", group: "dict[str, Any]"
    ) -> "dict[str, Any]":
        """Return one parameter's state as `state_dict` has it, in torch's names."""
        return {
            theirs: float(state[ours]) if ours == "t" else state[ours]
            for ours, theirs in self.torch_names
            if ours in state
        }

    def load_state_dict(self, state_dict: "dict[str, Any]") -> None:
        """Go on from a saved state, of an optimizer of this kind or of torch's.

        Parameters
        ----------
        state_dict : dict
            From `state_dict`; nothing in it is changed, its tensors are copied.

        Raises
        ------
        ValueError
            If its groups do not fit the optimizer's.
        """
        saved = state_dict["param_groups"]
        if len(saved) != len(self.param_groups):
            raise ValueError(
                "loaded state dict has a different number of parameter groups: "
                f"{len(saved)}, not {len(self.param_groups)}"
            )
        for theirs, group in zip(saved, self.param_groups):  # noqa: B905 - MicroPython's has no strict
            if len(theirs["params"]) != len(group["params"]):
                raise ValueError(
                    "loaded state dict contains a parameter group that doesn't "
                    f"match the size of optimizer's group: {len(theirs['params'])} "
                    f"parameters, not {len(group['params'])}"
                )
        for theirs, group in zip(saved, self.param_groups):  # noqa: B905
            own = group["params"]
            group.update(theirs)
            group["params"] = own
            for number, parameter in zip(theirs["params"], own):  # noqa: B905
                kept = state_dict["state"].get(number, {})
                self.state[id(parameter)] = self._restored(kept, parameter)

    def _restored(
        self, saved: "dict[str, Any]", parameter: "Any"
    ) -> "dict[str, Any]":
        """Return one parameter's state from what `_saved` returned."""
        state = {}
        for ours, theirs in self.torch_names:
            if saved.get(theirs) is None:
                continue
            if ours == "t":
                state[ours] = int(saved[theirs])
            else:
                # A copy of the parameter's own kind and dtype.
                state[ours] = parameter.detach() * 0 + saved[theirs]
        return state
