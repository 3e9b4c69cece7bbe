"""Everything that a trial has to say, gathered for the output formats."""

from __future__ import annotations

from dataclasses import dataclass

from amllint.trial.differences import Difference
from amllint.trial.linked import Deployment
from amllint.trial.trial import Trial


@dataclass(frozen=True, slots=True)
class Outcome:
    """A trial, what its interpreter differs in, and what is linked to the script.

    `script` is the path to show.
    """

    script: str
    trial: Trial
    differences: tuple[Difference, ...]
    deployment: Deployment

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the caller should know although it is no failure."""
        return tuple(w for w in self._said() if w)

    def _said(self) -> tuple[str | None, ...]:
        return self._slow_start(), self._no_call(), self._memory(), self._passed_over()

    @property
    def untried(self) -> bool:
        """Whether calls were asked for and there was nothing to call with."""
        return self.trial.failure is None and self.trial.sample is None

    def _slow_start(self) -> str | None:
        start, allowed = self.trial.start, self.deployment.start_seconds
        if start.seconds <= allowed:
            return None
        return (
            f"the start took {start.seconds:.1f} s, and {self.deployment.probe} restarts a"
            f" container that does not answer within {allowed:g} s"
        )

    def _no_call(self) -> str | None:
        if not self.untried:
            return None
        return "no call was made: nothing says what a request looks like; give one with --sample"

    def _memory(self) -> str | None:
        if self.trial.peak_bytes is not None:
            return None
        return "memory was neither measured nor limited: that takes /proc, which is Linux'"

    def _passed_over(self) -> str | None:
        if not self.deployment.declared:
            return None
        return (
            "`amllint check` passes this file over: nothing in it or around it says that Azure ML"
            " serves it; declare it with [[tool.amllint.deployment]] and its key `script`"
        )
