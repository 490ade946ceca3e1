"""The handout that `grad --report` leaves in a file: checked before the work, written when it is done."""

from typing import TYPE_CHECKING, NamedTuple

from diffcli.messages import Message, speaking, speech
from diffcli.render.writing import remark
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.gradient import GradReport
    from diffcli.messages import Language


class Report(NamedTuple):
    """A file, and the language of what is written into it."""

    file: Source
    kind: str
    language: "Language"

    def write(self, answer: "GradReport", precision: int, full: bool) -> None:
        """Write the handout. Raises DiffcliError where the file cannot be written."""
        from diffcli.api.files import write_whole
        from diffcli.render.handout.file_kinds import handout

        with speaking(speech().face, self.language):
            content = handout(answer, self.kind, precision, full, self.language)
        write_whole(self.file, content)


def asked_for(path: str, language: "Language") -> Report:
    """The handout for this path. Raises DiffcliError unless its file can be written.

    Where its format cannot be set in the language it is in English, which is noted on standard error.
    """
    from diffcli.api.files import destination, extension
    from diffcli.render.handout.file_kinds import FORMATS

    file = destination(path, "--report", tuple(FORMATS))
    kind = extension(file)
    if language in FORMATS[kind].languages:
        return Report(file, kind, language)
    remark(
        Message(
            "note: pdfLaTeX has no characters for --lang {language}; {path} is in English", language=language, path=path
        )
    )
    return Report(file, kind, "en")
