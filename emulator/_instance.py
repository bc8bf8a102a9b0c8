"""One instance: a real process in a process group of its own."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import random
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

State = Literal["starting", "ready", "leaving", "gone"]
_PROBE_EVERY = 0.02
_DUTY_PERIOD = 0.1
_PORTS = (20_000, 32_000)
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
# Looked up here: between fork and exec nothing may be loaded.
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


class Instance:
    """A process that is started, probed, frozen and ended.

    Attributes:
        number: 1 for the first of the host, and so on.
        revision: Of the code that it runs.
        port: Where it listens.
        state: Where it is in its life.
        open_requests: Those that the front end has given it.
        takes_requests: Whether the host still sends it any.
        idle_since: When the last request ended, on the loop's clock.
        is_stopped: Whether its processor was taken away.
        status: Its exit status, once it is gone.

    Args:
        number: See above.
        revision: See above.
        command: What to run; ``{port}`` becomes its port.
        folder: Where it runs.
        environment: All of it.
        log: Where its output goes.
        noted: Called with every change, for the record.
    """

    def __init__(
        self,
        number: int,
        *,
        revision: int,
        command: tuple[str, ...],
        folder: Path,
        environment: Mapping[str, str],
        log: Path,
        noted: Callable[[str], None],
    ) -> None:
        self.number = number
        self.revision = revision
        self.port = free_port()
        self.state: State = "starting"
        self.open_requests = 0
        self.takes_requests = True
        self.idle_since = 0.0
        self.status: int | None = None
        self.is_stopped = False
        self.log_path = log
        self._command = tuple(
            word.replace("{port}", str(self.port)) for word in command
        )
        self._folder = folder
        self._environment = dict(environment) | {"PORT": str(self.port)}
        self._noted = noted
        self._process: asyncio.subprocess.Process | None = None
        self._duty: asyncio.Task[None] | None = None

    def __repr__(self) -> str:
        """Show which one it is and how it is."""
        return f"<Instance {self.number} of revision {self.revision}, {self.state}>"

    @property
    def has_process(self) -> bool:
        """Whether its process was started."""
        return self._process is not None

    def log(self) -> str:
        """Return what the process has written so far."""
        if not self.log_path.exists():
            return ""
        return self.log_path.read_text("utf-8", "replace")

    async def start(self) -> None:
        """Start the process; it is not ready yet."""
        self._noted("starting")
        with self.log_path.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=self._folder,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    async def wait_ready(self, probe: str) -> None:
        """Wait until the probe finds it ready; cancelled by whoever loses patience."""
        kind, _, path = probe.partition(":")
        while True:
            if kind == "tcp":
                is_ready = await _is_open(self.port)
            else:
                is_ready = await _answers_200(self.port, path)
            if is_ready:
                return
            await asyncio.sleep(_PROBE_EVERY)

    async def wait_exit(self) -> int:
        """Wait until the process is gone; return its exit status."""
        assert self._process is not None
        self.status = await self._process.wait()
        if self._duty is not None:
            self._duty.cancel()
        # What it has started goes with it.
        self._signal_group(signal.SIGKILL)
        self._noted("exited")
        return self.status

    def freeze(self) -> None:
        """Take the processor from it and from what it has started."""
        self._stop_duty()
        if not self.is_stopped:
            self.is_stopped = True
            self._signal_group(signal.SIGSTOP)
            self._noted("frozen")

    def thaw(self) -> None:
        """Give the processor back."""
        self._stop_duty()
        if self.is_stopped:
            self.is_stopped = False
            self._signal_group(signal.SIGCONT)
            self._noted("thawed")

    def throttle(self, share: float) -> None:
        """Give it this part of the processor, from 0 to 1.

        The process is stopped and continued ten times a second, which needs no rights.
        """
        if share >= 1.0:
            self.thaw()
        elif share <= 0.0:
            self.freeze()
        else:
            self.thaw()
            self._noted("throttled")
            self._duty = asyncio.create_task(self._keep_duty(share))

    def terminate(self) -> None:
        """Ask it to leave; one that was frozen must be able to hear that."""
        assert self._process is not None
        self.thaw()
        self._noted("terminated")
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it, and what it has started, without a warning."""
        self._noted("killed")
        self._signal_group(signal.SIGKILL)

    def _signal_group(self, number: signal.Signals) -> None:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def _stop_duty(self) -> None:
        if self._duty is not None:
            self._duty.cancel()
            self._duty = None
            self._signal_group(signal.SIGCONT)

    async def _keep_duty(self, share: float) -> None:
        while True:
            self._signal_group(signal.SIGSTOP)
            await asyncio.sleep(_DUTY_PERIOD * (1.0 - share))
            self._signal_group(signal.SIGCONT)
            await asyncio.sleep(_DUTY_PERIOD * share)


def _die_with_parent() -> None:
    """Ask the kernel for SIGKILL when the emulator is gone, where there is a way."""
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port() -> int:
    """Return a port of this machine that nothing listens on now.

    Not one that the kernel gives to outgoing connections: a probe that is early could
    be given the very port that it probes, and meet itself.
    """
    while True:
        port = random.SystemRandom().randrange(*_PORTS)
        with contextlib.suppress(OSError), socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", port))
            return port


async def _is_open(port: int) -> bool:
    with socket.socket() as probing:
        probing.settimeout(0)
        try:
            await asyncio.get_running_loop().sock_connect(probing, ("127.0.0.1", port))
        except OSError:
            return False
        return True


async def _answers_200(port: int, path: str) -> bool:
    loop = asyncio.get_running_loop()
    request = f"GET {path} HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n"
    with socket.socket() as probing:
        probing.settimeout(0)
        try:
            async with asyncio.timeout(5.0):
                await loop.sock_connect(probing, ("127.0.0.1", port))
                await loop.sock_sendall(probing, request.encode())
                answer = await loop.sock_recv(probing, 1024)
        except (OSError, TimeoutError):
            return False
        return answer.startswith(b"HTTP/1.1 200")
