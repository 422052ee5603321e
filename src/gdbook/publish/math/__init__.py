"""Mathematics, set at build time: LaTeX in, MathML and a math font of the used glyphs out."""
