"""The language of a command line, known before anything is said."""

from collections.abc import Mapping, Sequence

from diffcli.errors import fault
from diffcli.messages import LANGUAGES, Language, Message, listed
from diffcli.source import Source

#: The variables by which a system states its language, in the order of POSIX: the first that is set counts.
_OF_THE_SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")


def asked_for(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language that `--lang` names, or else DIFFCLI_LANG, or else the system; English where none does.

    It may be named as a system names it, `zh_CN.UTF-8`. Raises DiffcliError for an option or a DIFFCLI_LANG that names
    a language in which there are no texts; one of the system that has none is English.
    """
    option = _option(arguments)
    if option is not None:
        return _known(option, "--lang")
    if named := environment.get("DIFFCLI_LANG"):
        return _known(named, "DIFFCLI_LANG")
    system = next((environment[name] for name in _OF_THE_SYSTEM if environment.get(name)), "")
    return _of(system) or "en"


def _option(arguments: Sequence[str]) -> str | None:
    """The value of `--lang`, wherever it is among the words before a `--`."""
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        name, equals, value = argument.partition("=")
        if name == "--lang" and (equals or place + 1 < len(arguments)):
            return value if equals else arguments[place + 1]
    return None


def _of(name: str) -> Language | None:
    """The language of a name: `zh`, `zh-Hans`, `zh_CN.UTF-8`."""
    word = name.replace("-", "_").partition("_")[0].partition(".")[0].casefold()
    return next((language for language in LANGUAGES if language == word), None)


def _known(name: str, whose: str) -> Language:
    language = _of(name)
    if language is None:
        hint = Message("{option} is {choices}", option=whose, choices=listed(LANGUAGES, "or"))
        raise fault("E402", Message("there are no texts in '{name}'", name=name), Source(name, whose), hint=hint)
    return language
