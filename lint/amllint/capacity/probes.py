"""How long a liveness probe lets a container start."""

from __future__ import annotations

from typing import Final, NamedTuple


class LivenessProbe(NamedTuple):
    """A liveness probe; the defaults are those of azureml-core 1.61.0 for AKS."""

    initial_delay_seconds: float = 310
    period_seconds: float = 10
    timeout_seconds: float = 2
    failure_threshold: float = 3

    @property
    def start_seconds(self) -> float:
        """Seconds after which a container that does not answer is started again.

        Source: Kubernetes, Configure Liveness, Readiness and Startup Probes: the first probe
        comes after the delay, and so many must fail in a row.
        """
        failures = max(self.failure_threshold - 1, 0)
        return self.initial_delay_seconds + failures * self.period_seconds + self.timeout_seconds


NAMES: Final = LivenessProbe._fields
