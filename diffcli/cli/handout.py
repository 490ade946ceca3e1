"""The handout that `grad --report` leaves in a file: checked before the work, written when it is done."""

from typing import TYPE_CHECKING, NamedTuple

from diffcli.messages import speaking, speech
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
    """The handout for this path. Raises DiffcliError unless its file can be written."""
    from diffcli.api.files import destination, extension
    from diffcli.render.handout.file_kinds import FORMATS

    file = destination(path, "--report", tuple(FORMATS))
    return Report(file, extension(file), language)
