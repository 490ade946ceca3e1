"""The size that is asked for a picture: the form of a slide, `16:9`, or pixels, `1280x720`."""

import re
from typing import NamedTuple

from diffcli.errors import fault, given
from diffcli.messages import Argument, Message

#: Pixels of a picture at most; a larger one is drawn at a smaller scale, so that it opens everywhere.
MOST_PIXELS = 25_000_000
#: CSS has 96 pixels to an inch.
PIXELS_TO_A_POINT = 96 / 72
_STATED = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([:x\N{MULTIPLICATION SIGN}X])\s*(\d+(?:\.\d+)?)\s*")
#: Pixels of a side at least, and how many times as long as the other one it is at most.
_LEAST, _LONGEST = 16, 20


class Extent(NamedTuple):
    """A width and a height: in `pixels`, or in any unit, for the form alone."""

    width: float
    height: float
    pixels: bool = False

    def around(self, width: float, height: float) -> tuple[float, float]:
        """The smallest size of this form that holds such a one."""
        unit = max(width / self.width, height / self.height)
        return unit * self.width, unit * self.height


#: The form that a picture comes near to if none is asked for.
SCREEN = Extent(4, 3)


def read_extent(text: str) -> Extent:
    """The extent that a text states. Raises DiffcliError for any other text, and for one that no picture has."""
    stated, written = _STATED.fullmatch(text), given(Argument("size", text))
    hint = Message("a form such as {form}, or pixels: {pixels}", form="16:9", pixels="1280x720")
    if stated is None:
        raise fault("E402", Message("'{text}' is no size of a picture", text=text), written, hint=hint)
    width, height, pixels = float(stated[1]), float(stated[3]), stated[2] != ":"
    if not min(width, height) or max(width, height) > _LONGEST * min(width, height):
        message = Message("one side is more than {most} times as long as the other", most=_LONGEST)
        raise fault("E403", message, written, hint=hint)
    if pixels and (min(width, height) < _LEAST or width * height > MOST_PIXELS or (width % 1, height % 1) != (0, 0)):
        message = Message(
            "a picture has {least} whole pixels a side or more, and {most:,} at most", least=_LEAST, most=MOST_PIXELS
        )
        raise fault("E403", message, written, hint=hint)
    return Extent(width, height, pixels)
