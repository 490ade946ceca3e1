"""Reasons why there is no formula."""

from diffcli.messages import Argument, Message


class Refusal(Exception):  # an answer, not an error
    """The expression has no formula here; the message is one plain sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def without_values(message: str) -> Refusal:
    """The refusal of an operand that may fit, were it known what it is."""
    at = Argument("at")
    return Refusal(Message("{message} (give values with {at} to say what it is)", message=message, at=at))


class TooLarge(Refusal):
    """The expression is larger than SymPy can take."""
