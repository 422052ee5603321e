"""Kernels forked from a process that has imported torch, one for each chapter."""
