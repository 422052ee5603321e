"""The random programs, and what torch makes of them: shared, since making them takes a while."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import torch
from interpreter import run
from programs import batch

COUNT = 1000


@pytest.fixture(scope="session")
def programs() -> list[dict[str, Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return batch(COUNT, seed=1)


@pytest.fixture(scope="session")
def expected(programs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [run(torch, made) for made in programs]
