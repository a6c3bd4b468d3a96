"""Work handed to the processes of an executor, where there is one; few tasks wait at a time, so that memory does not grow with them."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

from extract.garbage import collector_held

_MOST_WAITING = 6


@contextmanager
def collected_once() -> Iterator[None]:
    """Look for garbage after a task of bounded size and not during it: pages leave few cycles, and looking takes a tenth of the time."""
    try:
        with collector_held():
            yield
    finally:
        if gc.isenabled():
            gc.collect(1)


class Crew:
    """Does tasks, at once or in other processes. `done` hears what each returns, in their order."""

    def __init__(self, executor: Executor | None, done: Callable[[Any], object] = lambda result: None) -> None:
        self._executor = executor
        self._done = done
        self._waiting: deque[Future[Any]] = deque()

    def do(self, task: Callable[..., Any], *given: object) -> None:
        """Do a task now or soon. The task and what it is given must be picklable."""
        if self._executor is None:
            self._done(task(*given))
            return
        self._waiting.append(self._executor.submit(task, *given))
        if len(self._waiting) > _MOST_WAITING:
            self._done(self._waiting.popleft().result())

    def each(self, task: Callable[..., Any], given: Iterable[tuple[object, ...]]) -> Iterator[Any]:
        """Yield what a task returns for each of these arguments, in their order."""
        for arguments in given:
            if self._executor is None:
                yield task(*arguments)
            else:
                self._waiting.append(self._executor.submit(task, *arguments))
                if len(self._waiting) > _MOST_WAITING:
                    yield self._waiting.popleft().result()
        while self._waiting:
            yield self._waiting.popleft().result()

    def finish(self) -> None:
        """Wait until all is done."""
        while self._waiting:
            self._done(self._waiting.popleft().result())


def soon(executor: Executor | None, task: Callable[..., Any], *given: object) -> Future[Any]:
    """Let a process do a task, or do it at once where there is none."""
    if executor:
        return executor.submit(task, *given)
    future: Future[Any] = Future()
    future.set_result(task(*given))
    return future


@contextmanager
def beside(executor: Executor | None) -> Iterator[Callable[..., Future[Any]]]:
    """Yield what does a task while this thread does others, where processes work for both; else at once."""
    if executor is None:
        yield partial(soon, None)
        return
    # Its processes are started before there is a second thread.
    executor.submit(int).result()
    with ThreadPoolExecutor(1) as thread:
        yield thread.submit
