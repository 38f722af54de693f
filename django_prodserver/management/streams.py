"""What a command writes to: standard streams, which may be closed, and may fail."""

import contextlib
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

__all__ = ["Answers", "Remarks"]


class Answers(OutputWrapper):
    """What a command was asked for; where the stream is closed, nobody wants it."""

    def write(self, *text: Any, **style: Any) -> None:  # type: ignore[override]
        """Writes a text at once.

        Raises:
            CommandError: it cannot be written.
        """
        if self._out is None:
            return
        try:
            super().write(*text, **style)
            self.flush()
        except UnicodeError as error:
            raise CommandError(f"Cannot write to standard output: {error}.") from error
        except OSError as error:
            # What waits to be written would fail once more when the interpreter ends.
            with contextlib.suppress(OSError):
                self.close()
            raise CommandError(
                f"Cannot write to standard output: {error.strerror or error}."
            ) from error


class Remarks(OutputWrapper):
    """What else there is to say; where it cannot be said, the command goes on without."""

    def write(self, *text: Any, **style: Any) -> None:  # type: ignore[override]
        """Writes a text if that can be done."""
        if self._out is not None:
            with contextlib.suppress(OSError):
                super().write(*text, **style)
