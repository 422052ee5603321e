r"""What LaTeX's commands for single signs are in Unicode, which Typst reads as it is."""

from __future__ import annotations

#: Letters and signs that Typst classes as LaTeX does.
SYMBOLS: dict[str, str] = {
    # Greek. LaTeX's plain epsilon and phi are the lunate and the straight one.
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ",
    "varkappa": "ϰ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "omicron": "ο", "pi": "π",
    "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ",
    "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    # Letters that are signs.
    "nabla": "∇", "partial": "∂", "infty": "∞", "ell": "ℓ", "hbar": "ℏ", "imath": "ı",
    "jmath": "ȷ", "Re": "ℜ", "Im": "ℑ", "wp": "℘", "aleph": "ℵ", "emptyset": "∅",
    "varnothing": "⌀", "forall": "∀", "exists": "∃", "nexists": "∄", "top": "⊤", "bot": "⊥",
    "angle": "∠", "triangle": "△", "square": "□", "Box": "□", "blacksquare": "■",
    "checkmark": "✓", "degree": "°", "S": "§", "P": "¶", "diamond": "⋄", "clubsuit": "♣",
    "prime": "′", "backprime": "‵", "complement": "∁", "eth": "ð",
    # Relations.
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "leqslant": "⩽", "geqslant": "⩾",
    "ne": "≠", "neq": "≠", "ll": "≪", "gg": "≫", "lll": "⋘", "ggg": "⋙", "lesssim": "≲",
    "gtrsim": "≳", "lt": r"\<", "gt": r"\>", "approx": "≈", "approxeq": "≊", "sim": "∼",
    "simeq": "≃", "cong": "≅", "equiv": "≡", "propto": "∝", "varpropto": "∝", "asymp": "≍",
    "succ": "≻", "succeq": "⪰", "prec": "≺", "preceq": "⪯", "succcurlyeq": "≽",
    "preccurlyeq": "≼", "perp": "⟂", "parallel": "∥", "nparallel": "∦", "mid": "∣",
    "nmid": "∤", "in": "∈", "notin": "∉", "ni": "∋", "subset": "⊂", "subseteq": "⊆",
    "subsetneq": "⊊", "supset": "⊃", "supseteq": "⊇", "supsetneq": "⊋", "nsubseteq": "⊈",
    "vdash": "⊢", "dashv": "⊣", "models": "⊨", "doteq": "≐", "coloneqq": "≔", "eqqcolon": "≕",
    "triangleq": "≜", "bowtie": "⋈", "smile": "⌣", "frown": "⌢", "nleq": "≰", "ngeq": "≱",
    "nless": "≮", "ngtr": "≯", "gtreqless": "⋛", "lessgtr": "≶",
    # Operators.
    "pm": "±", "mp": "∓", "times": "×", "div": "÷", "cdot": "⋅", "ast": "∗", "star": "⋆",
    "circ": "∘", "bullet": "∙", "odot": "⊙", "otimes": "⊗", "oplus": "⊕", "ominus": "⊖",
    "cup": "∪", "cap": "∩", "sqcup": "⊔", "sqcap": "⊓", "uplus": "⊎", "setminus": "∖",
    "smallsetminus": "∖", "wedge": "∧", "land": "∧", "vee": "∨", "lor": "∨", "neg": "¬",
    "lnot": "¬", "dagger": "†", "ddagger": "‡", "amalg": "⨿", "wr": "≀", "ltimes": "⋉",
    "rtimes": "⋊", "intercal": "⊺", "bigcirc": "◯", "triangleleft": "◃", "triangleright": "▹",
    # Arrows.
    "to": "→", "rightarrow": "→", "leftarrow": "←", "gets": "←", "leftrightarrow": "↔",
    "Rightarrow": "⇒", "Leftarrow": "⇐", "Leftrightarrow": "⇔", "implies": "⟹",
    "impliedby": "⟸", "iff": "⟺", "mapsto": "↦", "longmapsto": "⟼", "longrightarrow": "⟶",
    "longleftarrow": "⟵", "longleftrightarrow": "⟷", "Longrightarrow": "⟹",
    "Longleftarrow": "⟸", "Longleftrightarrow": "⟺", "uparrow": "↑", "downarrow": "↓",
    "updownarrow": "↕", "Uparrow": "⇑", "Downarrow": "⇓", "nearrow": "↗", "searrow": "↘",
    "swarrow": "↙", "nwarrow": "↖", "hookrightarrow": "↪", "hookleftarrow": "↩",
    "rightharpoonup": "⇀", "leftharpoonup": "↼", "rightleftharpoons": "⇌", "leadsto": "⇝",
    "rightsquigarrow": "⇝", "nrightarrow": "↛", "twoheadrightarrow": "↠",
    "upuparrows": "⇈", "circlearrowleft": "↺", "circlearrowright": "↻",
    # Dots.
    "dots": "…", "ldots": "…", "dotsc": "…", "dotso": "…", "cdots": "⋯", "dotsb": "⋯",
    "dotsm": "⋯", "dotsi": "⋯", "vdots": "⋮", "ddots": "⋱", "therefore": "∴", "because": "∵",
    # Large operators.
    "sum": "∑", "prod": "∏", "coprod": "∐", "int": "∫", "iint": "∬", "iiint": "∭",
    "oint": "∮", "bigcup": "⋃", "bigcap": "⋂", "bigsqcup": "⨆", "biguplus": "⨄",
    "bigoplus": "⨁", "bigotimes": "⨂", "bigodot": "⨀", "bigvee": "⋁", "bigwedge": "⋀",
    # Characters that LaTeX reserves.
    "%": "%", "$": r"\$", "#": r"\#", "&": r"\&", "_": r"\_", "backslash": r"\\",
    # Spaces.
    "quad": "quad", "qquad": "wide", ",": "thin", "thinspace": "thin", ":": "med", ">": "med",
    "medspace": "med", ";": "thick", "thickspace": "thick", " ": "space", "nobreakspace": "space",
    "enspace": "#h(0.5em)", "!": "#h(-0.1667em)", "negthinspace": "#h(-0.1667em)",
    "colon": "colonmark",
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
_PLAIN = """arccos arcsin arctan arg cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin
sinh tan tanh"""
_WITH_LIMITS = "det gcd inf lim liminf limsup max min Pr sup injlim projlim"
OPERATORS: dict[str, bool] = {
    **dict.fromkeys(_PLAIN.split(), False),
    **dict.fromkeys(_WITH_LIMITS.split(), True),
}
SPELLED = {
    "liminf": "lim inf", "limsup": "lim sup", "injlim": "inj lim", "projlim": "proj lim",
}  # fmt: skip

#: Accents, by their function in Typst.
ACCENTS: dict[str, str] = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "macron",
    "overline": "overline", "underline": "underline", "dot": "dot", "ddot": "dot.double",
    "dddot": "dot.triple", "vec": "arrow", "overrightarrow": "arrow", "check": "caron",
    "breve": "breve", "acute": "acute", "grave": "grave", "mathring": "circle",
    "overleftarrow": "arrow.l",
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
