"""What makes bash complete the names of processes and the options of ``prodserver``."""

from collections.abc import Iterable

__all__ = ["bash_script"]

# The names are asked for at each completion: they stand in the settings of the current directory.
SCRIPT = r"""
_prodserver() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} words="{flags}"
    case $word in
        -*) ;;
        *) words=$("${{COMP_WORDS[0]}}" --list 2>/dev/null | sed -n 's/^  \([^ ]*\)  .*/\1/p') ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o default -F _prodserver prodserver
"""


def bash_script(flags: Iterable[str]) -> str:
    """Returns a script for bash that completes these options, and the names of processes."""
    return SCRIPT.lstrip().format(flags=" ".join(sorted(flags)))
