"""How the emulated host behaves: every knob, once."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from emulator._faults import Cut, Rule

GOLDENPATH = (sys.executable, "-m", "goldenpath", "serve", "--port", "{port}")


def no_environment(_: int) -> Mapping[str, str]:
    """Add nothing to the environment of any instance."""
    return {}


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Platform:
    """A serverless host; the defaults are those of a common one.

    Durations are seconds of the platform; ``scale`` makes them seconds of the test.
    Only what waits for a real process is not scaled.

    Attributes:
        command: What an instance runs; ``{port}`` becomes its port. The port is in the
            environment too, as ``PORT``.
        folder: Where instances run.
        environment: Added to that of every instance.
        environment_of: Further additions, by the instance's number: to run one of
            them under another clock, for example.
        scale: A platform's second takes so many real ones.
        min_instances: So many are always there.
        max_instances: Never more than so many take requests. With one, the next is
            not started before the last is gone or frozen, as is right where the store
            is a file of one process.
        concurrency: Open requests of an instance; WebSockets count while they last.
        startup_delay: From the decision to start an instance to its process.
        probe: ``tcp``: an instance is ready when its port is open. ``http:PATH``: when
            that path answers 200.
        startup_within: An instance that is not ready by then is killed; not scaled.
        queue_within: A request that found no instance by then is refused: 429 if all
            are busy, 503 if there is none; not scaled.
        affinity: How often the affinity cookie is honoured, 0 to 1. None sets none.
        strip: Headers that the front end takes away, in lower case.
        h2c: The front end speaks HTTP/2 to instances: no upgrade gets through.
        request_timeout: A request ends so long after it began, however busy.
        request_cut: How it ends: ``fin`` says goodbye to both sides, ``rst`` resets
            both, ``torn`` ends the client's side within a frame (1006) and leaves the
            instance's open and silent. What a real host does is not documented.
        balancer_timeout: The same of a load balancer in front; None means none.
        idle_after: A request without bytes for so long is cut; None means never.
        idle_counts: ``each``: in one direction already. ``both``: in both.
        billing: ``request``: an instance without open requests gets no processor.
            ``instance``: it always has one.
        idle_share: The part of the processor that an instance without requests gets
            with ``request`` billing; 0 stops it.
        scale_in_after: An instance without requests is terminated after so long; None
            means never.
        evict_every: Mean time between two terminations for no reason at all, even with
            ``min_instances``; None means there are none.
        grace: From SIGTERM to SIGKILL; not scaled.
        drain_most: An old revision may finish its requests for so long; None means
            until they time out.
        hidden_for: An instance is not told that a client is gone for so long.
        ahead_bytes: So much is read from an instance ahead of a client that does not
            read.
        rule: What happens to the bytes of each connection; None leaves them alone.
        seed: Of everything that is drawn.
    """

    command: tuple[str, ...] = GOLDENPATH
    folder: Path = Path()
    environment: Mapping[str, str] = dataclasses.field(default_factory=dict)
    environment_of: Callable[[int], Mapping[str, str]] = no_environment
    scale: float = 1.0
    min_instances: int = 0
    max_instances: int = 1
    concurrency: int = 80
    startup_delay: float = 0.0
    probe: str = "tcp"
    startup_within: float = 240.0
    queue_within: float = 10.0
    affinity: float | None = None
    strip: tuple[str, ...] = ()
    h2c: bool = False
    request_timeout: float = 300.0
    request_cut: Cut = "fin"
    balancer_timeout: float | None = None
    idle_after: float | None = None
    idle_counts: Literal["each", "both"] = "each"
    billing: Literal["request", "instance"] = "instance"
    idle_share: float = 0.0
    scale_in_after: float | None = 900.0
    evict_every: float | None = None
    grace: float = 10.0
    drain_most: float | None = None
    hidden_for: float = 0.0
    ahead_bytes: int = 64 * 1024
    rule: Rule | None = None
    seed: int = 0
