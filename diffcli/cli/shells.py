"""The scripts by which shells ask for completions, and where a shell looks for them."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from diffcli.errors import fault
from diffcli.messages import Message, listed
from diffcli.source import Source

_BASH = r"""
_diffcli_completion() {
    local IFS=$'\n'
    local found=($(_DIFFCLI_COMPLETE=bash DIFFCLI_LINE="${COMP_LINE:0:COMP_POINT}" "$1" 2>/dev/null))
    case ${found[0]} in
        files) compopt -o default -o bashdefault ;;
        open) compopt -o nospace ;;
    esac
    COMPREPLY=("${found[@]:1}")
}
complete -F _diffcli_completion diffcli
"""
_ZSH = r"""
#compdef diffcli
_diffcli_completion() {
    local -a found words_ shown_
    local line="${(j: :)words[1,CURRENT-1]} ${QIPREFIX}${IPREFIX}${PREFIX}"
    found=("${(@f)$(_DIFFCLI_COMPLETE=zsh DIFFCLI_LINE="$line" ${(Q)words[1]} 2>/dev/null)}")
    if [[ ${found[1]} == files ]]; then
        _files
        return
    fi
    words_=("${(@)found[2,-1]%%$'\t'*}")
    shown_=("${(@)found[2,-1]/$'\t'/  }")
    (( ${#words_} )) || return 1
    if [[ ${found[1]} == open ]]; then
        compadd -S '' -l -d shown_ -a words_
    else
        compadd -l -d shown_ -a words_
    fi
}
compdef _diffcli_completion diffcli
"""
_FISH = r"""
function __diffcli_completion
    set -l found (_DIFFCLI_COMPLETE=fish DIFFCLI_LINE=(commandline -cp) diffcli 2>/dev/null)
    if test "$found[1]" = files
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $found[2..-1]
    end
end
complete -c diffcli -f -a '(__diffcli_completion)'
"""


class Shell(NamedTuple):
    """A shell's script, the file that it reads it from, and the line that says so in the shell's own settings."""

    script: str
    file: str
    settings: str = ""
    line: str = ""


SHELLS: Mapping[str, Shell] = {
    "bash": Shell(_BASH, ".bash_completions/diffcli.sh", ".bashrc", ". ~/.bash_completions/diffcli.sh"),
    "zsh": Shell(_ZSH, ".zfunc/_diffcli", ".zshrc", "fpath+=~/.zfunc; autoload -Uz compinit; compinit"),
    "fish": Shell(_FISH, ".config/fish/completions/diffcli.fish"),
}


def script(shell: str) -> str:
    """The script of a shell."""
    return SHELLS[shell].script.lstrip("\n")


def of_this_shell() -> str:
    """The shell that the program was started from. Raises DiffcliError for one that has no script."""
    from shellingham import ShellDetectionFailure, detect_shell  # Typer brings it along

    try:
        name: str = detect_shell()[0]
    except ShellDetectionFailure:
        name = os.path.basename(os.environ.get("SHELL", ""))
    if name not in SHELLS:
        message = Message("there is no completion for the shell '{name}'", name=name)
        hint = Message("there is one for {shells}", shells=listed(SHELLS, "and"))
        raise fault("E402", message, Source(name, Message("shell")), hint=hint)
    return name


def installed(shell: str) -> Path:
    """The file that the script was written into, with the shell told to read it.

    Raises DiffcliError where that cannot be written.
    """
    known, home = SHELLS[shell], Path.home()
    path = home / known.file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script(shell), encoding="utf-8")
        if known.settings:
            settings = home / known.settings
            present = settings.read_text(encoding="utf-8") if settings.exists() else ""
            if known.line not in present.splitlines():
                with settings.open("a", encoding="utf-8") as file:
                    file.write(f"{'' if not present or present.endswith(chr(10)) else chr(10)}{known.line}\n")
    except OSError as error:
        message = Message("cannot write '{file}': {reason}", file=path, reason=(error.strerror or str(error)).lower())
        hint = Message("'diffcli --show-completion' prints what is to be installed")
        raise fault("E407", message, Source(str(path), Message("file")), hint=hint) from None
    return path
