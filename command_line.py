"""What all doors share: options from a dataclass, and what goes wrong as one sentence and an exit code.

An option is stated once, as a field: its name, its type and its default are those of the option, and what the docstring
says of it under "Attributes" is its help. Of a field that is a dataclass itself, the fields are the options.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, fields
from typing import Annotated, Any, ClassVar, Protocol, TypeVar

from cyclopts import App, CycloptsError, Parameter

from latent.atlas import AtlasError
from latent.velocity import PriorError
from models.checkpoint_files import CheckpointError
from models.config import ConfigError
from models.data.celeba import DataError

DONE, BAD_INPUT, STOPPED = 0, 2, 130


class Request(Protocol):
    """What a command line asks for: a dataclass whose fields are the options."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def left_behind(self) -> str:
        """A sentence on what is there after the work was stopped half-way."""


Asked = TypeVar("Asked", bound=Request)


def run_door(
    door: str, about: str | None, request: type[Asked], work: Callable[[Asked], int], arguments: Sequence[str] | None
) -> int:
    """Read a command line and do what it asks.

    Args:
        door: the script's name, which stands before each complaint.
        about: what `--help` says above the options.
        request: the options.
        work: does it; returns the exit code.
        arguments: of the command line; None for those of this process.

    Returns:
        The exit code: that of `work`, 2 for bad input or a disk that does not take what is written, 130 after Ctrl-C.
    """
    asked: Asked | None = None
    try:
        asked = read(door, about, request, sys.argv[1:] if arguments is None else arguments)
        return DONE if asked is None else work(asked)
    except (AtlasError, CheckpointError, ConfigError, CycloptsError, DataError, PriorError) as error:
        print(f"{door}: {error}", file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"{door}: {where}{error.strerror or error}. {asked.left_behind if asked else ''}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print(f"\nStopped. {asked.left_behind if asked else ''}", file=sys.stderr)
        return STOPPED


def read(door: str, about: str | None, request: type[Asked], arguments: Sequence[str]) -> Asked | None:
    """The request in some arguments; None where they only asked for help, which is printed then.

    Raises:
        CycloptsError, ConfigError: an option that there is not, or a value that it cannot have.
    """
    app = App(
        name=door,
        help=about,
        help_format="plaintext",
        version_flags=[],
        default_parameter=Parameter(negative=()),  # a switch is given or left out
    )

    def take(asked: Asked) -> Asked:
        return asked

    take.__annotations__["asked"] = Annotated[request, Parameter(name="*")]
    if all(one.default is not MISSING or one.default_factory is not MISSING for one in fields(request)):
        take.__defaults__ = (request(),)  # of a command line that may be empty, the default is asked for
    app.default(take)
    found: Asked | None = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    return found


def folder_named(variable: str) -> str | None:
    """The folder that an environment variable names, if it does; as on the command line, "" is none."""
    return os.environ.get(variable) or None
