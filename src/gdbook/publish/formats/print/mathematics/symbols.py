r"""What Typst calls LaTeX's commands, where the sign itself does not do."""

from __future__ import annotations

#: An empty formula, or the base of a script without one, in Typst.
NOTHING = '""'

#: Signs that Typst classes otherwise than LaTeX, or that mean something to it; spaces.
SYMBOLS: dict[str, str] = {
    "mid": "∣", "colon": "colonmark", "&": r"\&", "_": r"\_", "backslash": r"\\",
    "surd": r"\√",
    "quad": "quad", "qquad": "wide", ",": "thin", "thinspace": "thin", ":": "med", ">": "med",
    "medspace": "med", ";": "thick", "thickspace": "thick", " ": "space", "nobreakspace": "space",
    "space": "space", "enspace": "#h(0.5em)", "!": "#h(-0.1667em)",
    "negthinspace": "#h(-0.1667em)",
}  # fmt: skip

#: Brackets by what follows ``\left``, ``\big`` or nothing at all.
DELIMITERS: dict[str, str] = {
    "(": r"\(", ")": r"\)", "[": r"\[", "]": r"\]", "lbrack": r"\[", "rbrack": r"\]",
    "{": r"\{", "}": r"\}", "lbrace": r"\{", "rbrace": r"\}", "langle": r"\⟨", "rangle": r"\⟩",
    "<": r"\⟨", ">": r"\⟩", "lfloor": r"\⌊", "rfloor": r"\⌋", "lceil": r"\⌈", "rceil": r"\⌉",
    "|": r"\|", "vert": r"\|", "lvert": r"\|", "rvert": r"\|", "Vert": r"\‖", "lVert": r"\‖",
    "rVert": r"\‖", "/": r"\/", "backslash": r"\\", "uparrow": "↑", "downarrow": "↓",
    "lgroup": r"\⟮", "rgroup": r"\⟯", ".": "",
}  # fmt: skip

#: Bars that open or close, where they stand without ``\left``.
BARS: dict[str, str] = {
    "|": "doublebar", "Vert": "doublebar", "vert": "singlebar",
    "lvert": "openbar", "rvert": "closebar", "lVert": "openbars", "rVert": "closebars",
}  # fmt: skip

#: Names set upright; in `OPERATORS` the value says whether limits stand below.
_PLAIN = """arccos arcctg arcsin arctan arctg arg cos cosec cosh cot cotg coth csc ctg cth deg dim
erf exp hom ker lg ln log rank sec sgn sh sin sinh tan tanh tg th tr Tr"""
_WITH_LIMITS = "argmax argmin det gcd inf injlim lim liminf limsup max min plim Pr projlim sup"
OPERATORS: dict[str, bool] = {
    **dict.fromkeys(_PLAIN.split(), False),
    **dict.fromkeys(_WITH_LIMITS.split(), True),
}
SPELLED = {
    "argmax": "arg max", "argmin": "arg min", "liminf": "lim inf", "limsup": "lim sup",
    "injlim": "inj lim", "projlim": "proj lim",
}  # fmt: skip

#: Accents, by their function in Typst.
ACCENTS: dict[str, str] = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "macron",
    "overline": "overline", "underline": "underline", "dot": "dot", "ddot": "dot.double",
    "dddot": "dot.triple", "vec": "arrow", "overrightarrow": "arrow", "check": "caron",
    "breve": "breve", "acute": "acute", "grave": "grave", "mathring": "circle",
    "overleftarrow": "arrow.l", "overleftrightarrow": "arrow.l.r", "underbar": "underline",
    "widecheck": "caron", "ddddot": "dot.quad", "overrightharpoon": "harpoon",
    "overleftharpoon": "harpoon.lt",
}  # fmt: skip

#: Alphabets.
ALPHABETS: dict[str, str] = {
    "mathbb": "bb(%s)", "Bbb": "bb(%s)",  "mathcal": "cal(%s)",
    "mathscr": "scr(%s)", "mathfrak": "frak(%s)", "mathbf": "upright(bold(%s))",
    "bm": "bold(%s)", "boldsymbol": "bold(%s)", "mathsf": "upright(sans(%s))",
    "mathtt": "mono(%s)", "mathit": "italic(%s)", "mathrm": "upright(%s)",
    "mathnormal": "italic(%s)",
}  # fmt: skip

#: ``\big`` and its kin: the size, and the class of each ending.
SIZES: dict[str, str] = {"big": "1.2em", "Big": "1.8em", "bigg": "2.4em", "Bigg": "3em"}
ENDINGS: dict[str, str] = {"": "normal", "l": "opening", "r": "closing", "m": "relation"}

#: Plain characters that mean something to Typst, or something else than to LaTeX.
CHARACTERS: dict[str, str] = {
    "-": "−", "*": "∗", "/": "slashsign", ":": "colonrel", ",": r"\,", ";": r"\;", "(": r"\(",
    ")": r"\)", "[": r"\[", "]": r"\]", "|": "singlebar", "#": r"\#", '"': r"\"", "@": r"\@",
    "~": "space", "<": r"\<", ">": r"\>", "`": "‘", "\u2212": "−", "\u00b7": "⋅", ".": r"\.",
    "!": r"\!", "$": r"\$", "?": r"\?", "=": r"\=",
}  # fmt: skip

#: What to write for commands that the page may set and print doesn't.
INSTEAD: dict[str, str] = {
    "rm": r"\mathrm{…}", "bf": r"\mathbf{…}", "it": r"\mathit{…}", "sf": r"\mathsf{…}",
    "tt": r"\mathtt{…}", "cal": r"\mathcal{…}", "frak": r"\mathfrak{…}", "bold": r"\mathbf{…}",
    "over": r"\frac{…}{…}", "choose": r"\binom{…}{…}", "atop": r"\substack{… \\ …}",
    "brack": r"\left[ … \right]", "brace": r"\left\{ … \right\}", "norm": r"\lVert … \rVert",
    "abs": r"\lvert … \rvert", "kern": r"\hspace{1em}", "mkern": r"\hspace{1em}",
    "hskip": r"\hspace{1em}", "mskip": r"\hspace{1em}", "color": r"\boxed{…}, or say it in words",
    "textcolor": r"\boxed{…}, or say it in words", "fbox": r"\boxed{…}",
    "colorbox": r"\boxed{…}, or say it in words", "ref": "{eq}`…` outside of the formula",
    "eqref": "{eq}`…` outside of the formula", "def": "a macro into gdbook_macros, in _config.yml",
    "newcommand": "a macro into gdbook_macros, in _config.yml",
    "tag": "$$ … $$ (eq-…): the book numbers its equations itself",
}  # fmt: skip
