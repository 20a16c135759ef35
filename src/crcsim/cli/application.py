"""The group of verbs: what every verb shares, and how an error becomes a message and an exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

import click

__all__ = ["INTERRUPTED", "Application", "Session", "json_option", "session"]

OK, INPUT, NUMERIC, STORAGE, INTERRUPTED = 0, 2, 3, 4, 130
_INTERNAL = 1
Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass
class Session:
    """What one call of the command knows: how it should speak, and what to tell if it ends early."""

    json: bool = False
    debug: bool = False
    place: str = ""  # which of several runs is under way
    kept: list[str] = field(default_factory=list)  # results that are finished and stay


def session() -> Session:
    """The session of the verb that runs now."""
    return click.get_current_context().ensure_object(Session)


def json_option(command: Command) -> Command:
    """Add `--json` to a verb; its errors are then JSON too."""
    return click.option(
        "--json",
        "as_json",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_remember("json"),
        help="Print JSON and nothing else.",
    )(command)


def _remember(name: str) -> Callable[[click.Context, click.Parameter, bool], None]:
    def store(context: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            setattr(context.ensure_object(Session), name, True)

    return store


def _debug_option() -> click.Option:
    return click.Option(
        ["--debug"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_remember("debug"),
        help="Show the traceback of an error.",
    )


class Application(click.Group):
    """A group whose verbs all know `--debug`, and whose errors end in a message, never in a traceback."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.params.append(_debug_option())

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a verb and give it `--debug`, which a group of verbs has already."""
        if not isinstance(cmd, Application):
            cmd.params.append(_debug_option())
        super().add_command(cmd, name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order in which they are used."""
        return list(self.commands)

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str = "crcsim", **extra: Any
    ) -> NoReturn:
        """Run a verb and leave the process with its exit code."""
        speaking = Session()
        extra |= {"standalone_mode": False}
        try:
            code: Any = click.Group.main(self, args, prog_name, obj=speaking, **extra)
            sys.stdout.flush()
        except BaseException as error:
            if speaking.debug and not isinstance(error, SystemExit | click.ClickException):
                raise
            code = _told(error, speaking)
        sys.exit(code if isinstance(code, int) else OK)


def _told(error: BaseException, speaking: Session) -> int:
    """Say what went wrong and return the exit code."""
    from crcsim.errors import CrcsimError, ScenarioError

    match error:
        case SystemExit():
            return error.code if isinstance(error.code, int) else _INTERNAL
        case BrokenPipeError():
            return _reader_left()
        case KeyboardInterrupt() | click.Abort():
            return _failed(INTERRUPTED, "Interrupted; no file was left half written.", speaking)
        case click.ClickException():
            return _usage(error, speaking)
        case ScenarioError():
            return _problems(error, speaking)
        case CrcsimError():
            return _failed(error.exit_code, str(error), speaking)
        case MemoryError():
            return _failed(NUMERIC, "Not enough memory: use fewer --paths.", speaking)
        case OSError():
            return _failed(
                STORAGE, f"{error.filename or 'input/output'}: {error.strerror or error}", speaking
            )
    text = (
        f"Internal error ({type(error).__name__}: {error}). Run again with --debug and report what it shows."
    )
    return _failed(_INTERNAL, text, speaking)


def _failed(code: int, text: str, speaking: Session) -> int:
    if speaking.place:
        text = f"{text.removesuffix('.')}. {speaking.place} is not finished."
    if speaking.kept:
        text = f"{text.removesuffix('.')}. Finished and kept: {', '.join(speaking.kept)}."
    if speaking.json:
        told: dict[str, Any] = {"ok": False, "exit_code": code, "error": text}
        told |= {"kept": speaking.kept} if speaking.kept else {}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        from crcsim.cli.paint import paint

        click.echo(f"{paint('error:', fg='red', bold=True)} {text}", err=True)
    return code


def _usage(error: click.ClickException, speaking: Session) -> int:
    if speaking.json:
        return _failed(error.exit_code, error.format_message(), speaking)
    error.show()
    return error.exit_code


def _problems(error: Any, speaking: Session) -> int:
    from crcsim.cli.problems import problem_text

    if speaking.json:
        shown = {"ok": False, "exit_code": error.exit_code} | error.to_dict()
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        click.echo(problem_text(error.problems), err=True)
    return int(error.exit_code)


def _reader_left() -> int:
    """The reader of our output (`| head`) has gone: nobody is left to tell."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return OK
