"""The formats of a quiz: what writes it and its solutions, and the ending of its files."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, get_args

from diffcli.analysis.quiz.exercise import QuizReport
from diffcli.messages import Language

FormatName = Literal["toml", "md", "tex", "html", "json", "stack", "pg", "ipynb"]


class Format(NamedTuple):
    """A format. `solutions` is None where the questions have all that there is."""

    ending: str
    write: Callable[[QuizReport, Language], str]
    solutions: Callable[[QuizReport, Language], str] | None = None


def _toml(report: QuizReport, language: Language) -> str:
    from diffcli.render.quiz.toml_sheet import toml_sheet

    return toml_sheet(report)


def _toml_answers(report: QuizReport, language: Language) -> str:
    from diffcli.render.quiz.toml_sheet import toml_answers

    return toml_answers(report)


def _on_paper(kind: str, solved: bool) -> Callable[[QuizReport, Language], str]:
    """A handout in one of its formats."""

    def written(report: QuizReport, language: Language) -> str:
        from diffcli.render.handout.file_kinds import FORMATS as HANDOUTS
        from diffcli.render.quiz.handouts import questions, solutions

        form = HANDOUTS[kind]
        return form.write(solutions(report, language, form.fits) if solved else questions(report, language))

    return written


def _json(report: QuizReport, language: Language) -> str:
    from diffcli.render.documents.json_values import dumps
    from diffcli.render.documents.quiz import quiz_document

    return dumps(quiz_document(report)) + "\n"


def _stack(report: QuizReport, language: Language) -> str:
    from diffcli.render.quiz.stack import stack

    return stack(report)


def _pg(report: QuizReport, language: Language) -> str:
    from diffcli.render.quiz.webwork import webwork

    return webwork(report)


def _ipynb(report: QuizReport, language: Language) -> str:
    from diffcli.render.quiz.notebook import notebook

    return notebook(report)


FORMATS: Mapping[FormatName, Format] = {
    "toml": Format("toml", _toml, _toml_answers),
    "md": Format("md", _on_paper("md", solved=False), _on_paper("md", solved=True)),
    "tex": Format("tex", _on_paper("tex", solved=False), _on_paper("tex", solved=True)),
    "html": Format("html", _on_paper("html", solved=False), _on_paper("html", solved=True)),
    "json": Format("json", _json),
    "stack": Format("xml", _stack),
    "pg": Format("pg", _pg),
    "ipynb": Format("ipynb", _ipynb),
}
ENDINGS: Mapping[str, FormatName] = {FORMATS[name].ending: name for name in get_args(FormatName)}
