"""Run inside MicroPython: all programs on the engine, their results as JSON."""

import json

from interpreter import run

import gdbook.autodiff as torch

with open("/programs.json") as file:
    programs = json.load(file)
for program in programs:
    print(json.dumps(run(torch, program)))
