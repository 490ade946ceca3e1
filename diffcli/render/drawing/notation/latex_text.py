"""Any text as text in LaTeX, for every engine and without packages: what comes out is ASCII.

Characters that LaTeX gives a meaning are written so that they lose it. Greek letters and mathematical signs become
commands, letters with accents a letter and an accent. What pdfLaTeX's own fonts cannot set is named by its code point,
such as U+4E2D, so that nothing goes missing unseen.
"""

import re
import unicodedata

#: Characters with a meaning to TeX, or that its fonts have elsewhere. Braces around the others keep ligatures from
#: forming.
_SPECIAL = {
    "\\": r"\ensuremath{\backslash}",
    "{": r"\ensuremath{\{}",
    "}": r"\ensuremath{\}}",
    "<": r"\ensuremath{<}",
    ">": r"\ensuremath{>}",
    "|": r"\ensuremath{|}",
    "~": r"\ensuremath{\sim}",
    "^": r"\^{}",
    '"': r"{\char34}",
    "'": r"{\char39}",
    "`": r"{\char96}",
    "$": r"\ensuremath{\$}",
    **{character: f"\\{character}" for character in "&#_%"},
}


def _commands(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


#: Commands of mathematics, and of text.
_MATHEMATICS = _commands("""
    α alpha  β beta  γ gamma  δ delta  ε varepsilon  ζ zeta  η eta  θ theta  ι iota  κ kappa  λ lambda  μ mu  ν nu
    ξ xi π pi  ρ rho  ς varsigma  σ sigma  τ tau  υ upsilon  φ varphi  χ chi  ψ psi  ω omega  ϵ epsilon  ϑ vartheta
    ϕ phi ϖ varpi  ϱ varrho  Γ Gamma  Δ Delta  Θ Theta  Λ Lambda  Ξ Xi  Π Pi  Σ Sigma  Υ Upsilon  Φ Phi  Ψ Psi
    Ω Omega × times  ⋅ cdot  · cdot  ÷ div  ± pm  ∓ mp  √ surd  ∂ partial  ∇ nabla  ∑ sum  ∏ prod  ∫ int  ∞ infty  ≤ leq
    ≥ geq ≠ neq  ≈ approx  ≡ equiv  ∼ sim  ≪ ll  ≫ gg  ∈ in  ∉ notin  ∋ ni  ⊂ subset  ⊆ subseteq  ⊃ supset  ⊇ supseteq
    ∪ cup  ∩ cap ∧ wedge  ∨ vee  ¬ neg  ∀ forall  ∃ exists  ∅ emptyset  ∘ circ  ∗ ast  ⊙ odot  ⊕ oplus  ⊗ otimes
    ⊘ oslash ⊖ ominus  ⊤ top  ⊥ bot  ∥ parallel  ‖ Vert  ∝ propto  … ldots  ⋯ cdots  ← leftarrow  → rightarrow
    ↑ uparrow ↓ downarrow  ↔ leftrightarrow  ⇐ Leftarrow  ⇒ Rightarrow  ⇔ Leftrightarrow  ↦ mapsto  ⟨ langle  ⟩ rangle
    ⌊ lfloor ⌋ rfloor  ⌈ lceil  ⌉ rceil  ′ prime  µ mu  ℓ ell  § mathsection  ¶ mathparagraph
""")
#: The characters by their commands in mathematics; of two with one command the first.
CHARACTERS = {command: character for character, command in reversed(_MATHEMATICS.items())}
_LETTERS = _commands("ß ss  æ ae  œ oe  ø o  ı i  Æ AE  Œ OE  Ø O")
#: Greek letters that look like Latin ones have no command.
_TWINS = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABEZHIKMNOPTXo", strict=True))
#: Accents by their marks: those that TeX's typewriter font has too, where others give a brace or an underscore.
_ACCENTS = dict(zip("\u0300\u0301\u0302\u0303\u0304\u0306\u0308\u030a\u030c\u0327", "`'^~=u\"rvc", strict=True))


def latex_text(text: str, unicode: bool = False) -> str:
    """LaTeX that sets the text as it is, in any font and in one paragraph; in ASCII unless `unicode`.

    Rows of spaces, and spaces at the ends, keep their width. `unicode` leaves characters without a command as they are,
    for documents that are set by LuaLaTeX or XeLaTeX in a font that has them; control characters and lone surrogates
    are named all the same.
    """
    pieces = [_character(piece, unicode) for piece in _clusters(text)]
    return re.sub(r"(?<= ) |^ | $", "~", re.sub("-(?=-)", "-{}", "".join(pieces)))


def latex_shown(text: str) -> str:
    """The text as the compiled document shows it, with code points for what `latex_text` cannot set."""
    return "".join(piece if _command(piece) is not None else _named(piece) for piece in _clusters(text))


def _clusters(text: str) -> list[str]:
    """The characters, a Latin letter together with a mark on it."""
    return re.findall(r"[A-Za-z][\u0300-\u0327]|.", text, re.DOTALL)


def _character(piece: str, unicode: bool) -> str:
    command = _command(piece)
    if command is not None:
        return command
    if unicode and piece.isprintable() and not piece.isascii():
        return piece
    return _named(piece)


def _named(piece: str) -> str:
    return "".join(f"U+{ord(character):04X}" if _command(character) is None else character for character in piece)


def _command(piece: str) -> str | None:
    """LaTeX for a character or a letter with its mark, None if there is none."""
    if len(piece) == 1 and piece.isascii():
        return _SPECIAL.get(piece, piece) if piece.isprintable() else None
    if piece in _MATHEMATICS:
        return rf"\ensuremath{{\{_MATHEMATICS[piece]}}}"
    if piece in "−–—":
        return {"−": r"\ensuremath{-}", "–": "--", "—": "---"}[piece]
    if piece in _LETTERS:
        return rf"\{_LETTERS[piece]}{{}}"
    if piece in _TWINS:
        return _TWINS[piece]
    if piece == "\u00a0":
        return "~"
    return _composed(piece)


def _composed(piece: str) -> str | None:
    """A letter with an accent, or a raised or lowered character."""
    kind, _, code = unicodedata.decomposition(piece).partition("> ") if len(piece) == 1 else ("", "", "")
    if kind in ("<super", "<sub") and len(code) == 4 and chr(int(code, 16)).isascii():
        return rf"\ensuremath{{{{}}{'^' if kind == '<super' else '_'}{{\mathrm{{{chr(int(code, 16))}}}}}}}"
    base, *marks = list(unicodedata.normalize("NFD", piece))
    if len(marks) == 1 and marks[0] in _ACCENTS and base.isascii() and base.isalpha():
        letter = rf"\{base}" if base in "ij" and marks[0] != "\u0327" else base
        return rf"\{_ACCENTS[marks[0]]}{{{letter}}}"
    return None
