"""Two machines and a cable between them, made of network namespaces.

A namespace has interfaces and connections of its own. A thread that enters one makes
its sockets and its processes there; the rest of this process stays where it was.

Needs root, and ``ip`` of iproute2.
"""

import concurrent.futures
import contextlib
import ctypes
import itertools
import os
import shutil
import subprocess
from pathlib import Path
from typing import Self

_CLONE_NEWNET = 0x40000000  # linux/sched.h
_numbers = itertools.count(1)


def why_not() -> str | None:
    """Return what keeps this machine from it, or None."""
    if shutil.which("ip") is None:
        return "there is no `ip`: install iproute2"
    name = f"gp{os.getpid()}try"
    try:
        _ip("netns", "add", name)
    except OSError as error:
        return f"no network namespace can be made: {error}"
    _ip("netns", "del", name)
    return None


def _ip(*arguments: str) -> None:
    done = subprocess.run(
        ["ip", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise OSError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")


class Machine:
    """A network namespace with a loopback and one end of the cable.

    Args:
        name: Of the namespace.
        address: Of its end of the cable.
    """

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.address = address
        self._thread = concurrent.futures.ThreadPoolExecutor(
            max_workers=1, initializer=self._enter
        )

    def run(self, function, *arguments):
        """Call a function there, and wait for what it returns."""
        return self._thread.submit(function, *arguments).result()

    def unplug(self) -> None:
        """Take the cable out; nobody is told."""
        self._ip("link", "set", "cable", "down")

    def plug(self) -> None:
        """Put it back."""
        self._ip("link", "set", "cable", "up")

    def move(self, address: str) -> None:
        """Have another address from now on."""
        self._ip("addr", "del", f"{self.address}/24", "dev", "cable")
        self.address = address
        self._ip("addr", "add", f"{address}/24", "dev", "cable")

    def up(self) -> None:
        """Bring it up; the cable is there."""
        self._ip("link", "set", "lo", "up")
        self._ip("addr", "add", f"{self.address}/24", "dev", "cable")
        self.plug()

    def delete(self) -> None:
        """Take it away, with the cable."""
        self._thread.shutdown()
        with contextlib.suppress(OSError):
            _ip("netns", "del", self.name)

    def _ip(self, *arguments: str) -> None:
        _ip("-n", self.name, *arguments)

    def _enter(self) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        descriptor = os.open(Path("/run/netns", self.name), os.O_RDONLY)
        try:
            if libc.setns(descriptor, _CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), f"cannot enter {self.name}")
        finally:
            os.close(descriptor)


class TwoMachines:
    """A server's machine and a device's, with a cable between them."""

    def __init__(self) -> None:
        prefix = f"gp{os.getpid()}n{next(_numbers)}"
        self.server = Machine(f"{prefix}s", "10.77.0.1")
        self.device = Machine(f"{prefix}d", "10.77.0.2")

    def __enter__(self) -> Self:
        both = (self.server, self.device)
        try:
            for machine in both:
                _ip("netns", "add", machine.name)
            _ip(
                "link", "add", "cable", "netns", self.server.name, "type", "veth",
                "peer", "name", "cable", "netns", self.device.name,
            )  # fmt: skip
            for machine in both:
                machine.up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for machine in (self.server, self.device):
            machine.delete()
