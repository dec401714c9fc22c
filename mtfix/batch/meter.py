"""How far something is: a bar on a terminal, elsewhere a plain line about every minute."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType

from tqdm import tqdm

_SECONDS = 60.0  # between lines
tqdm.set_lock(threading.RLock())  # its own is for several processes, and its semaphore is left over at the end


class Meter:
    """Shows how much is done, and the time left by the speed since it was made."""

    def __init__(self, what: str, unit: str, total: int, is_terminal: bool, done: int = 0) -> None:
        """Show `what` in `unit`; total: 0 if that isn't known. done: how much was so before."""
        self._what = what
        self._total = total
        self._first = self._done = done
        self._began = self._told = time.monotonic()
        self._bar = tqdm(
            desc=what or None,
            initial=done,
            total=total or None,
            unit=unit,
            unit_scale=True,
            disable=not is_terminal,
            dynamic_ncols=True,
            smoothing=0,
            leave=not what,
        )

    def __enter__(self) -> Meter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, more: int) -> None:
        """Show that so much more is done."""
        self.show(self._done + more)

    def show(self, done: int, more: str = "") -> None:
        """Show that so much is done, and `more`."""
        self._done = done
        if not self._bar.disable:
            self._bar.update(done - self._bar.n)
            if more:
                self._bar.set_postfix_str(more, refresh=False)
            return
        now = time.monotonic()
        if now - self._told < _SECONDS:
            return
        self._told = now
        parts = [part for part in (self._what, more) if part]
        if self._total and done > self._first:
            left = (self._total - done) * (now - self._began) / (done - self._first)
            parts.append(f"{done / self._total:.1%} read, {tqdm.format_interval(left)} left")
        print(f"mtfix: {', '.join(parts)}", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave the bar as it is, or remove that of a passing phase."""
        self._bar.close()
