"""A handout as a LaTeX document: in English in ASCII, for pdfLaTeX with Debian's texlive-latex-base and
texlive-pictures.

What does not fit a line is set smaller or broken by TeX, which knows how wide it is: formulas that are much too wide
become text.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, assert_never

from diffcli.render.drawing.notation.latex_text import latex_shown, latex_text
from diffcli.render.drawing.notation.tikz import tikz_picture
from diffcli.render.handout.blocks import Block, Cell, Code, Formula, Handout, Listing, Paragraph, Picture, Table
from diffcli.source import lines_of, visible

#: The width of a line of text, that of a character in a table and in its bold head, the room between columns: in
#: points.
_LINE, _CHARACTER, _BOLD, _GAP = 483.0, 4.8, 6.2, 8.0
#: Where a cell would be folded into more lines than this, the columns of its table stand below each other.
_MOST_LINES = 4
#: Parts of a word that are not broken: numbers, words, with the signs behind them; and how long they may be.
_PART = re.compile(r"[-+]?\d[\d.]*(?:e[-+]\d+)?[^\w\s]{0,3}|\w+[^\w\s]?|.")
_UNBROKEN = 14
#: What TeX measures: 16383 pt, in signs of which hardly any is wider than 16 pt, and 255 groups in each other, two for
#: each of these levels at most.
_MOST_SIGNS, _DEEPEST = 1000, 100
_SIGN = re.compile(r"\\[A-Za-z]+|\\.|[^\s{}_^]")
_LEVELS = {"{": 1, "}": -1, r"\left": 1, r"\right": -1, r"\begin": 4, r"\end": -4}

_HEAD = r"""\documentclass[11pt]{article}
\usepackage[a4paper, hmargin=2cm, vmargin=2.2cm]{geometry}
\usepackage{amsmath, array, longtable, graphicx, tikz}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt plus 2pt}
\setlength{\LTleft}{0pt}
\setlength{\LTpre}{2pt}
\setlength{\LTpost}{4pt}
\setlength{\tabcolsep}{4pt}
\renewcommand{\arraystretch}{1.15}
\newcolumntype{C}[1]{>{\raggedright\arraybackslash}p{#1}}
\newsavebox{\measured}
% a heading, on the next page where there is no room for a few lines below it
\newcommand{\heading}[1]{\par\ifdim\dimexpr\pagegoal-\pagetotal<7\baselineskip
  \ifdim\pagetotal>0pt \newpage\fi\fi\section*{#1}}
% a formula, and the same as text for where it is too wide
\newcommand{\formula}[2]{\par\smallskip
  \sbox{\measured}{$\displaystyle #1$}%
  \ifdim\wd\measured>1.5\linewidth {\raggedright\footnotesize\ttfamily #2\par}%
  \else\ifdim\wd\measured>\linewidth \resizebox{\linewidth}{!}{\usebox{\measured}}\par
  \else {\centering\usebox{\measured}\par}\fi\fi\smallskip}
% a picture, made smaller where it is larger than the page
\newenvironment{fitted}{\begin{lrbox}{\measured}}{\end{lrbox}%
  \ifdim\wd\measured>\linewidth \sbox{\measured}{\resizebox{\linewidth}{!}{\usebox{\measured}}}\fi
  \ifdim\ht\measured>.92\textheight \sbox{\measured}{\resizebox{!}{.92\textheight}{\usebox{\measured}}}\fi
  \par{\centering\usebox{\measured}\par}}
\begin{document}
"""

#: What a document in Chinese has in place of the usual: its class, and room above tables, as its signs are higher.
_CHINESE = (
    (r"\documentclass[11pt]{article}", r"\documentclass[11pt, scheme=plain]{ctexart}"),
    (r"\setlength{\LTpre}{2pt}", r"\setlength{\LTpre}{7pt}"),
)


def latex(handout: Handout) -> str:
    """The document. Text that pdfLaTeX cannot set appears as its code points, such as U+4E2D.

    In Chinese it is one for XeLaTeX or LuaLaTeX, with the class ctexart.
    """
    chinese = handout.language == "zh"
    head = _HEAD
    for usual, other in _CHINESE if chinese else ():
        head = head.replace(usual, other)
    return head + "\n".join([*_Setter(chinese).document(handout), r"\end{document}", ""])


class _Setter(NamedTuple):
    """What sets the blocks of a handout; `unicode` leaves characters without a command as they are."""

    unicode: bool

    def document(self, handout: Handout) -> Iterator[str]:
        """The title, and the sections."""
        title = self.prose(handout.title) if handout.in_words else rf"\ttfamily {self.breakable(handout.title)}"
        yield rf"{{\raggedright\Large\bfseries {title}\par}}"
        for section in handout.sections:
            yield rf"\heading{{{self.prose(section.heading)}}}"
            for block in section.blocks:
                yield from self.block(block)

    def block(self, block: Block) -> Iterator[str]:
        """The lines of a block."""
        match block:
            case Paragraph(pieces):
                yield f"{{\\raggedright {''.join(map(self.inline, pieces))}\\par}}"
            case Listing(text):
                lines = (
                    f"{self.text(line[: len(line) - len(line.lstrip())])}{self.breakable(line.lstrip())}"
                    for line in map(visible, lines_of(text))
                )
                yield (
                    "{\\raggedright\\small\\ttfamily\\parskip=0pt\n"
                    + "\n".join(rf"{line or '~'}\par" for line in lines)
                    + "}"
                )
            case Table():
                yield from self.table(block)
            case Formula(left, formula, plain):
                settable = formula is not None and formula.isascii() and left.isascii() and _measurable(formula)
                yield (
                    f"\\formula{{{left} = {formula}}}{{{self.breakable(plain)}}}"
                    if settable
                    else f"{{\\raggedright {self.inline(Code(plain))}\\par}}"
                )
            case Picture(diagram):
                yield f"\\begin{{fitted}}%\n{tikz_picture(diagram, 'light', self.unicode)}\\end{{fitted}}"
            case _:
                assert_never(block)

    def table(self, table: Table) -> Iterator[str]:
        """Rows and columns, or the columns below each other where they are too narrow."""
        wanted = [
            max([self.width(header, _BOLD), *(self.width(_text(row[place]), _CHARACTER) for row in table.rows)])
            for place, header in enumerate(table.headers)
        ]
        widths = _widths(wanted)
        if any(wish > _MOST_LINES * width for wish, width in zip(wanted, widths, strict=True)):
            yield from self.stacked(table)
            return
        columns = "".join(f"C{{{width:.1f}pt}}" for width in widths)
        headers = " & ".join(map(self.bold, table.headers))
        yield rf"{{\footnotesize\begin{{longtable}}{{@{{}}{columns}@{{}}}}"
        yield rf"{headers} \\ \hline \endhead"
        yield from (rf"{' & '.join(map(self.inline, row))} \\" for row in table.rows)
        yield r"\end{longtable}}"

    def stacked(self, table: Table) -> Iterator[str]:
        """Below the name of each row its other cells, each after its column's header."""
        first = max(self.width(header, _BOLD) for header in table.headers[1:])
        columns = f"C{{{first:.1f}pt}}C{{{_LINE - first - _GAP:.1f}pt}}"
        yield rf"{{\footnotesize\begin{{longtable}}{{@{{}}{columns}@{{}}}}"
        for name, *cells in table.rows:
            yield rf"\hline\multicolumn{{2}}{{@{{}}l@{{}}}}{{{self.inline(name)}}} \\*"
            lines = [
                rf"{self.bold(header)} & {self.inline(cell)} \\"
                for header, cell in zip(table.headers[1:], cells, strict=True)
                if _text(cell)
            ]
            yield "*\n".join(lines)
        yield r"\end{longtable}}"

    def bold(self, header: str) -> str:
        """A header."""
        return rf"\textbf{{{self.prose(header)}}}"

    def width(self, text: str, character: float) -> float:
        """About the width of a text whose characters have this one."""
        wide = sum(not letter.isascii() for letter in text)  # arrows and other signs
        shown = len(text) if self.unicode else len(latex_shown(text))
        return character * (shown + 1.2 * wide) + 2

    def inline(self, cell: Cell) -> str:
        """Prose, or code."""
        return rf"\texttt{{{self.breakable(cell.text)}}}" if isinstance(cell, Code) else self.prose(cell)

    def prose(self, text: str) -> str:
        """Text on one line."""
        return self.text(visible(" ".join(lines_of(text))))

    def breakable(self, text: str) -> str:
        """Text as text, in which a line may end after a sign and in the midst of a long word."""
        words = visible(" ".join(lines_of(text))).split(" ")
        return " ".join(r"\allowbreak{}".join(map(self.text, _pieces(word))) for word in words)

    def text(self, text: str) -> str:
        """Text as text."""
        return latex_text(text, self.unicode)


def _measurable(formula: str) -> bool:
    """Whether TeX can find out how wide a formula is; one that is too wide or too deep for that is an error to it."""
    depth = deepest = 0
    for mark in re.findall(r"\\[A-Za-z]+|\\.|[{}]", formula):
        depth += _LEVELS.get(mark, 0)
        deepest = max(deepest, depth)
    return deepest <= _DEEPEST and len(_SIGN.findall(formula)) <= _MOST_SIGNS


def _widths(wanted: Sequence[float]) -> list[float]:
    """The widths of columns: narrow ones have what they need, the others share what is left."""
    room, given = _LINE - _GAP * (len(wanted) - 1), dict[int, float]()
    for place, width in sorted(enumerate(wanted), key=lambda each: each[1]):
        given[place] = min(width, room / (len(wanted) - len(given)))
        room -= given[place]
    return [given[place] for place in range(len(wanted))]


def _text(cell: Cell) -> str:
    return cell.text if isinstance(cell, Code) else cell


def _pieces(word: str) -> Iterator[str]:
    """A word in pieces that are short enough for any column."""
    for found in _PART.finditer(word):
        yield from (found[0][start : start + _UNBROKEN] for start in range(0, len(found[0]), _UNBROKEN))
