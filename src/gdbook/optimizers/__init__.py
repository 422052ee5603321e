"""Optimizers written by hand: one rule each, for torch's tensors and the engine's alike.

>>> import torch
>>> from gdbook.optimizers import SGD
>>> w = torch.tensor([4.0], dtype=torch.float64, requires_grad=True)
>>> optimizer = SGD([w], lr=0.2)
>>> (w**2).sum().backward()
>>> optimizer.step()
>>> w.item()
2.4
"""

from gdbook.optimizers import lr_scheduler, schedules
from gdbook.optimizers.clipping import clip_grad_norm_, clip_grad_value_
from gdbook.optimizers.methods import SGD, Adagrad, Adam, AdamW, RMSprop
from gdbook.optimizers.optimizer import Optimizer
from gdbook.optimizers.rules import adagrad, adam, adamw, rmsprop, sgd

__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Optimizer",
    "RMSprop",
    "adagrad",
    "adam",
    "adamw",
    "clip_grad_norm_",
    "clip_grad_value_",
    "lr_scheduler",
    "rmsprop",
    "schedules",
    "sgd",
]
