"""A quiz in a terminal: one exercise after the other is asked, answered and graded; hints and solutions on request."""

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from diffcli.api.files import write_whole
from diffcli.cli.output import Output, legible
from diffcli.errors import ExitCode
from diffcli.messages import Message, speaking, speech, told
from diffcli.render.console import sentence
from diffcli.render.screen import Screen
from diffcli.render.view import View
from diffcli.source import Source

if TYPE_CHECKING:
    from rich.console import RenderableType

    from diffcli.analysis.quiz.exercise import Exercise, QuizReport
    from diffcli.analysis.quiz.progress import Progress

#: Words that ask for something else than a grade; the first of each may also be said in the reader's language.
_HINT, _SHOW = (Message("hint"), "?", "\uff1f"), (Message("show"), "solution")
_SKIP, _QUIT, _HELP = (Message("skip"), "next"), (Message("quit"), "exit"), (Message("help"),)


def ask(
    report: "QuizReport", progress: "Progress", output: Output, save: str | None, resumed: str | None,
    one_a_line: bool,
) -> int:  # fmt: skip
    """Ask what is open; returns the exit code: 0 where all answers were right at last, 1 where not, 130 at Ctrl-C.

    With `one_a_line` each line of standard input is an answer, and there is no second one. Whatever was answered is
    saved, however it ends.
    """
    from diffcli.analysis.quiz.progress import check_expendable

    language = legible(output, False)
    file = None if save is None else Source(save, "--save")
    if file is not None:
        check_expendable(file, resumed)
    with speaking(speech().face, language):
        dialogue = _Dialogue(report, progress, output, file, one_a_line)
        return dialogue.held()


class _Left(Exception):
    """The end of a dialogue before all is answered."""


class _Dialogue:
    """The dialogue so far."""

    def __init__(
        self, report: "QuizReport", progress: "Progress", output: Output, file: Source | None, one_a_line: bool
    ) -> None:
        self.report, self.progress, self.file, self.one_a_line = report, progress, file, one_a_line
        self.screen = Screen(sys.stdout, output.color)
        self.view = View(self.screen.symbols, output.precision, output.full, speech().language)
        self.read = _line if one_a_line else _typed()
        self.ungraded = False

    def held(self) -> int:
        """Hold it; returns the exit code."""
        from diffcli.render.text.quiz import score_text

        self._save()
        code = 0
        try:
            self._show([sentence(self.report.title, style="bold"), *self._instructions()])
            for place, exercise in enumerate(self.report.exercises):
                if self.progress.attempts[place].outcome == "open":
                    self._ask(place, exercise)
            self._derivations()
        except _Left:
            pass
        except KeyboardInterrupt:
            code = int(ExitCode.INTERRUPTED)
        self._save()
        self._show([sentence(""), score_text(self.progress)])
        if code or self.ungraded:
            return code or int(ExitCode.CANNOT_START)
        failed = ("shown", "skipped", "open") if self.one_a_line else ("shown", "skipped")
        wrong = any(each.wrong or each.outcome in failed for each in self.progress.attempts)
        return int(ExitCode.NEGATIVE if wrong else ExitCode.DONE)

    def _instructions(self) -> "Iterable[RenderableType]":
        if not self.one_a_line:
            yield sentence(
                "? for a hint, show for the solution, skip for the next exercise, quit to leave", style="dim"
            )

    def _ask(self, place: int, exercise: "Exercise") -> None:
        """Ask one exercise until it is done."""
        from diffcli.render.text.quiz import question_text, score_text

        self._show(question_text(exercise, len(self.report.exercises)))
        while self.progress.attempts[place].outcome == "open":
            text = self.read(f"{exercise.id}> ").strip()
            word = text.casefold()
            attempt = self.progress.attempts[place]
            if _says(word, _QUIT):
                raise _Left
            if _says(word, _HINT):
                self._hint(exercise, attempt.hints)
                self._attempted(place, hints=attempt.hints + 1)
            elif _says(word, _SHOW):
                self._show(self._solution(exercise))
                self._attempted(place, outcome="shown")
            elif _says(word, _SKIP) or (self.one_a_line and not text):
                self._attempted(place, outcome="skipped")
            elif _says(word, _HELP):
                self._show(self._instructions())
            elif text:
                self._grade(place, exercise, text)
        if not self.one_a_line:
            self._show([score_text(self.progress)])

    def _grade(self, place: int, exercise: "Exercise", text: str) -> None:
        from diffcli.analysis.exercise.grading import attempted
        from diffcli.render.text.check import verdicts

        wrong = self.progress.attempts[place].wrong
        found = attempted(exercise.key, Source(text, Message("answer")))
        self._show(verdicts(found, self.view))
        self.ungraded |= self.one_a_line and found.diagnostic is not None
        if found.verdict == "correct":
            self._attempted(place, outcome="right")
        elif self.one_a_line:
            self._attempted(place, outcome="skipped", wrong=wrong + 1)
        elif found.diagnostic is None:
            self._attempted(place, wrong=wrong + 1)

    def _hint(self, exercise: "Exercise", number: int) -> None:
        from diffcli.analysis.quiz.solution import hints

        told = hints(exercise)
        if number < len(told):
            self._show([sentence("hint: {hint}", hint=told[number], style="magenta")])
        else:
            self._show([sentence("there are no more hints; show has the solution", style="magenta")])

    def _derivations(self) -> None:
        """The solutions of what was not answered at once, and has not been shown."""
        for exercise, attempt in zip(self.report.exercises, self.progress.attempts, strict=True):
            if attempt.outcome != "shown" and attempt.share < 1:
                self._show([sentence(""), sentence("Exercise {number}:", number=exercise.id, style="bold")])
                self._show(self._solution(exercise))

    def _solution(self, exercise: "Exercise") -> "Iterable[RenderableType]":
        from diffcli.render.text.quiz import solution_text

        return solution_text(exercise, self.view)

    def _attempted(self, place: int, **changed: object) -> None:
        attempt = self.progress.attempts[place]._replace(**changed)  # type: ignore[arg-type]  # by name
        self.progress = self.progress.with_attempt(place, attempt)
        self._save()

    def _save(self) -> None:
        from diffcli.analysis.quiz.progress import progress_text

        if self.file is not None:
            write_whole(self.file, progress_text(self.progress).encode())

    def _show(self, parts: "Iterable[RenderableType]") -> None:
        self.screen.show(parts)


def _says(word: str, words: tuple[str, ...]) -> bool:
    """Whether a word is one of those, or what the reader's language has for the first."""
    return word in words or word == told(words[0])


def _typed() -> Callable[[str], str]:
    """What reads a line that is typed, with the keys that edit it where the system has them."""
    with suppress(ImportError):
        import readline  # noqa: F401  # to import it is to use it

    def read(prompt: str) -> str:
        try:
            return input(prompt)
        except EOFError:
            print()  # the line that was begun
            raise _Left from None
        except UnicodeDecodeError:
            return ""

    return read


def _line(prompt: str) -> str:
    """The next line of standard input; strange bytes as such, for the diagnostic."""
    line = sys.stdin.buffer.readline(2**20)
    if not line:
        raise _Left
    return line.decode("utf-8", "backslashreplace")
