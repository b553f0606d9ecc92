"""`codeassist completion bash|zsh|fish`: the script that completes commands and options."""

from __future__ import annotations

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print the completion script of a shell.

    \b
    bash   codeassist completion bash > ~/.local/share/bash-completion/completions/codeassist
    zsh    codeassist completion zsh > "${fpath[1]}/_codeassist"
    fish   codeassist completion fish > ~/.config/fish/completions/codeassist.fish
    """
    from click.shell_completion import get_completion_class

    from codeassist.cli.main import cli

    found = get_completion_class(shell)
    assert found is not None  # the choice names only shells that click knows
    print(found(cli, {}, "codeassist", "_CODEASSIST_COMPLETE").source())
    return 0
