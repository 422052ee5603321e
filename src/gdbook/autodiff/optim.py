"""The optimizers: those of `gdbook.optimizers`, which serve this engine and torch alike."""

from gdbook.optimizers import SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop"]
