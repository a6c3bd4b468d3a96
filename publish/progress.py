"""What a person at a terminal sees of a build: which stage, how far, how fast, how long still. Elsewhere it only keeps the time."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

__all__ = ["Progress", "Step", "quiet"]

Step = Callable[[int, int], None]  # how many are done, of how many
_BETWEEN = 0.1  # seconds between two looks of the line
_SOON = 1.0  # seconds into a stage before its rate says anything
_CLEAR = "\r\x1b[K"


def quiet(done: int, total: int) -> None:
    """Take a step without a word."""


def clock_time(seconds: float) -> str:
    """Return a span of time as minutes and seconds, with hours where it has them."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def told(name: str, unit: str, done: int, total: int, elapsed: float) -> str:
    """Return the line of a stage under way."""
    line = f"{name}  {done:,}/{total:,} {unit}"
    if done and elapsed >= _SOON:
        line += f"  {done / elapsed:,.0f}/s" if done >= elapsed else f"  {elapsed / done:,.1f} s each"
        line += f"  {clock_time((total - done) * elapsed / done)} left" if done < total else ""
    return line


class Progress:
    """The stages of a build, timed; shown on `stream` where that is a terminal. `seconds` holds what each finished stage took."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds: dict[str, float] = {}
        self._stream = sys.stderr if stream is None else stream
        self._shown = self._stream.isatty()
        self._clock = clock

    @contextmanager
    def stage(self, name: str, unit: str = "") -> Iterator[Step]:
        """Time a stage; it calls the step that this yields as often as it likes."""
        start = self._clock()
        last, steps = start, 0

        def step(done: int, total: int) -> None:
            nonlocal last, steps
            steps = total
            now = self._clock()
            if now - last >= _BETWEEN:
                last = now
                self._show(_CLEAR + told(name, unit, done, total, now - start))

        if self._shown:
            self._show(f"{_CLEAR}{name} …")
        yield step if self._shown else quiet
        self.seconds[name] = self._clock() - start
        if self._shown:
            counted = f"{steps:,} {unit} in " if steps else ""
            self._show(f"{_CLEAR}{name}: {counted}{self.seconds[name]:.1f} s\n")

    def _show(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()

    def summary(self) -> str:
        """Return one line: the seconds in all and by stage."""
        parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in self.seconds.items())
        return f"{sum(self.seconds.values()):.1f} s: {parts}"
