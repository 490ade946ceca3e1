"""Reasons why there is no formula."""


class Refusal(Exception):  # an answer, not an error
    """The expression has no formula here; the message is one plain sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TooLarge(Refusal):
    """The expression is larger than SymPy can take."""
