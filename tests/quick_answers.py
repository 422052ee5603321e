"""Texts that may be numbers, for Python and for the browser."""

from __future__ import annotations

import random
from fractions import Fraction

ALIKE = [".5", "0.5", "0,5", "1/2", "5e-1", "2^-1", "50 %", "+.50", " 1 / 2 ", "2**-1", "0.5e0"]
ALIKE += [",5", "5E−1", "0.25*2", "1÷2", "2⁄4", "√.25", "sqrt(1/4)", "Sqrt( 0,25 )", "50%"]

#: What no one reads as one number, and a part of the sentence that says so.
REFUSED = {
    "": "write a number, as 0.5",
    " \u00a0 ": "write a number, as 0.5",
    "half": "can't be read as one number",
    "1 000": "can't be read as one number",
    "1,000": "may mean one or a thousand",
    "12,345/2": "may mean one or a thousand",
    "1.2.3": "can't be read as one number",
    "0,5,1": "can't be read as one number",
    "1_000": "can't be read as one number",
    "0x10": "can't be read as one number",
    "nan": "can't be read as one number",
    "inf": "can't be read as one number",
    "1e": "can't be read as one number",
    "--1": "can't be read as one number",
    "1/-2": "can't be read as one number",
    "2^3^2": "can't be read as one number",
    "2^0.5": "can't be read as one number",
    "(1/2)": "can't be read as one number",
    "sqrt(-1)": "can't be read as one number",
    "sqrt 2": "can't be read as one number",
    "5 % %": "can't be read as one number",
    "1/2 = 0.5": "can't be read as one number",
    "٣": "can't be read as one number",
    "½": "can't be read as one number",
    "1" * 61: "can't be read as one number",
    "\U0001d7d9" * 31: "can't be read as one number",
    "1/0": "can't be divided by 0",
    "1/0.0e7": "can't be divided by 0",
    "0^-1": "can't be divided by 0",
    "1e-200^-2": "can't be divided by 0",
    "1e999": "too large",
    "9^999": "too large",
    "1^1000": "too large",
    "1e300*1e300": "too large",
    "1/1e-320": "too large",
}

_PIECES = [*"0123456789.,eE+-*/^%()√ −·×÷", "sqrt", "**", "1/2", "e-1", "\u00a0", "x", "½", "1,000"]
_PIECES += ["\n", "\u2009", "\x85", "\ufeff", "٣", "𝟙", "<b>", "__proto__", "0.1"]


def hostile(count: int) -> list[str]:
    """Return random rows of pieces: most say nothing."""
    chance = random.Random(3)
    return ["".join(chance.choices(_PIECES, k=chance.randint(1, 9))) for _ in range(count)]


def written(count: int) -> list[tuple[str, Fraction]]:
    """Return random numbers as readers may write them, with what they are exactly."""
    chance = random.Random(4)
    made = []
    for _ in range(count):
        text, value = _factor(chance)
        for _ in range(chance.randint(0, 2)):
            more, factor = _factor(chance)
            times = chance.random() < 0.5 or factor == 0
            text += chance.choice(["*", " · ", "×"] if times else ["/", " / ", "÷"]) + more
            value = value * factor if times else value / factor
        if chance.random() < 0.2:
            text, value = text + chance.choice(["%", " %"]), value / 100
        if chance.random() < 0.3:
            text, value = chance.choice(["-", "−"]) + text, -value
        made.append((text, value))
    return made


def _factor(chance: random.Random) -> tuple[str, Fraction]:
    digits = str(chance.randint(0, 999))
    text = digits
    if chance.random() < 0.6:
        text += chance.choice(".,") + str(chance.randint(0, 99))
    value = Fraction(text.replace(",", "."))
    if chance.random() < 0.3:
        power = chance.randint(-9, 9)
        text, value = f"{text}e{power}", value * Fraction(10) ** power
    if chance.random() < 0.3 and value:
        power = chance.randint(-5, 5)
        text, value = f"{text}^{power}", value**power
    return text, value
