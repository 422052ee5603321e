"""The computation graph, recorded while torch runs, and the chain rule written from it.

>>> from gdbook.graph import record
>>> graph = record(lambda a, b: (a * b).sin(), a=2.0, b=3.0)
>>> float(graph.derivation(to="a").evaluate()["a"].round(4))
2.8805

A rule says, in index notation, what an operation's result is (``gdbook.graph.rules``).
Differentiating that formula gives local derivatives with their δ; summing over δ gives
the adjoints. The very expressions that are written as LaTeX are what NumPy evaluates.
"""

from __future__ import annotations

from gdbook.graph.derivation import Derivation
from gdbook.graph.graph import Graph
from gdbook.graph.model import Constant, ModuleCall, Node
from gdbook.graph.recording import record
from gdbook.graph.rules import RefusedError, supported
from gdbook.graph.table import NodeTable
from gdbook.graph.walk import Stop, Walk

__all__ = [
    "Constant",
    "Derivation",
    "Graph",
    "ModuleCall",
    "Node",
    "NodeTable",
    "RefusedError",
    "Stop",
    "Walk",
    "record",
    "supported",
]
