"""What every optimizer does around its rule: parameters, groups, steps."""

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
    defaults
        The hyper-parameters of all groups that do not say otherwise.

    Attributes
    ----------
    param_groups : list of dict
        The groups; who changes a hyper-parameter there changes it from the
        next step on.
    state : dict
        What the rule remembers of a parameter, by the parameter's ``id``.

    Raises
    ------
    TypeError
        If `params` is a single tensor.
    ValueError
        If there are no parameters, or one is not a leaf.
    """

    rule: "Callable[..., tuple[Any, dict[str, Any]]]"

    def __init__(self, params: "Parameters", **defaults: "Any") -> None:
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
        self.defaults = defaults
        self.state: dict[int, dict[str, Any]] = {}
        self.param_groups: list[dict[str, Any]] = []
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
        for group in self.param_groups:
            options = {
                name: value
                for name, value in group.items()
                if name != "params"
            }
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                # What is detached shares its numbers and is not recorded.
                x, g = parameter.detach(), parameter.grad.detach()
                before = self.state.get(id(parameter), {})
                moved, self.state[id(parameter)] = self.rule(
                    x, g, before, **options
                )
                x.copy_(moved)
