"""An event loop that runs one schedule of many, drawn from a seed, in virtual time.

On a real machine the order in which tasks go on depends on the network, the disk and
the other processes. Here it depends on a seed, so that a thousand orders are a
thousand seeds, and the one that goes wrong can be run again.

Rule 1: tasks go on in any order, and so do timers that are due. asyncio's own loop
        would take them first come, first served; nobody may build on that.
Rule 2: what asyncio promises stays: the steps of one task never overlap, and the
        callbacks of ``call_soon`` come in their order.
Rule 3: nothing waits. A step takes a moment of virtual time; when nothing is ready,
        time jumps to the next timer.
Rule 4: nothing comes from outside: there are no sockets, and what is given to a
        thread is a step like any other.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import dataclasses
import gc
import heapq
import itertools
import operator
import random
import secrets
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Generic, NoReturn, TypeVar, TypeVarTuple
from unittest import mock

Result = TypeVar("Result")
_Arguments = TypeVarTuple("_Arguments")

# After a step a task keeps its place in the order or draws another one. A seed says
# how often it does: always is a random walk; seldom lets one task overtake all
# others for a long time, which a random walk hardly ever does.
_RESTLESSNESS = (1.0, 0.5, 0.2, 0.05)
# Looking at a real clock costs as much as a step.
_LOOK_EVERY = 256
_SHOWN_STEPS = 40
# What tasks may take, virtual and of the processor, to end once a schedule failed.
_CLEAN_UP_WITHIN, _CLEAN_UP_BUSY_WITHIN = 600.0, 5.0
# So that nobody takes virtual time for real time, or finds times of zero true.
_BEGAN_AT = 1_000.0
_UNIX_BEGAN_AT = 1_800_000_000.0

# What turns in circles uses it up; a busy machine only takes longer.
_processor_time = time.thread_time

_process: contextvars.ContextVar[str] = contextvars.ContextVar("process", default="")


_place_of = operator.attrgetter("place")


class ScheduleError(AssertionError):
    """A schedule came to no good end."""


class _Strand:
    """Steps that keep their order: a task's, a timer's one, or plain callbacks."""

    __slots__ = ("_of", "place", "steps")

    def __init__(self, place: float, of: Any) -> None:
        self._of = of
        self.place = place
        self.steps: deque[tuple[asyncio.Handle, str]] = deque()

    @property
    def name(self) -> str:
        """Whose steps they are, once there is one to take.

        A task is told its name only when it has been made, and most timers are
        never heard of.
        """
        if isinstance(self._of, asyncio.Task):
            self._of = self._of.get_name()
        elif not isinstance(self._of, str):
            self._of = f"timer {_name_of(self._of)}"
        return self._of


class PermutingLoop(asyncio.BaseEventLoop):
    """An event loop whose order is drawn from a seed; see the module's rules.

    Args:
        seed: The same seed and the same program give the same schedule.
        step_within: Most seconds of virtual time that a step takes.
        within: Virtual seconds after which a schedule counts as stuck.
        busy_within: Seconds of processor time after which it does.

    Attributes:
        steps: How many steps were taken.
        trace: Each step's time and whose it was.
        unhandled: What went wrong and was nobody's to handle.
    """

    def __init__(
        self,
        seed: int | str,
        *,
        step_within: float = 0.000_2,
        within: float = 3600.0,
        busy_within: float = 20.0,
    ) -> None:
        super().__init__()
        self.steps = 0
        self.trace: list[tuple[float, str]] = []
        self.unhandled: list[str] = []
        self._random = random.Random(seed)  # noqa: S311 - it shall be predictable
        self._restlessness = self._random.choice(_RESTLESSNESS)
        self._step_within = step_within
        self._now = _BEGAN_AT
        self.limit(within=within, busy_within=busy_within)
        self._plain = _Strand(self._random.random(), "callback")
        # All that there ever were: what a task failed with must not depend on when
        # it is collected.
        self._of_task: dict[asyncio.Task[Any], _Strand] = {}
        self._ready_strands: list[_Strand] = []
        self._timers: list[tuple[float, int, _Strand]] = []
        self._count = itertools.count(1)
        self._frozen: dict[str, list[tuple[_Strand, asyncio.Handle]]] = {}
        self._cancels: dict[_Strand, tuple[asyncio.Task[Any], int]] = {}
        self._at_step: dict[int, list[Callable[[], object]]] = {}
        self.set_exception_handler(_note_unhandled)

    # What a test does to a schedule.

    def limit(self, *, within: float, busy_within: float) -> None:
        """Give what runs so many seconds from now on, virtual and of the processor."""
        self._within, self._stuck_at = within, self._now + within
        self._busy_within = busy_within
        self._busy_until = _processor_time() + busy_within

    @contextlib.contextmanager
    def process(self, name: str) -> Iterator[None]:
        """Have tasks and timers that are made within belong to a process."""
        token = _process.set(name)
        try:
            yield
        finally:
            _process.reset(token)

    def freeze(self, process: str) -> None:
        """Stop a process where it stands, as SIGSTOP would."""
        self._frozen.setdefault(process, [])

    def thaw(self, process: str) -> None:
        """Let a process go on; its timers are due all at once."""
        for strand, handle in self._frozen.pop(process, ()):
            self._push(strand, handle, process)

    def thaw_all(self) -> None:
        """Let all processes go on."""
        for process in tuple(self._frozen):
            self.thaw(process)

    def cancel_at_await(self, task: asyncio.Task[Any], number: int) -> None:
        """Cancel a task while it waits for the ``number``-th time from now on."""
        self._cancels[self._strand_of(task)] = task, number

    def at_step(self, number: int, do: Callable[[], object]) -> None:
        """Do something between two steps: before the one with this number."""
        self._at_step.setdefault(number, []).append(do)

    def note_unseen_errors(self) -> None:
        """Add to ``unhandled`` what tasks failed with and nobody asked for.

        asyncio says so when a task is collected, which may be long after.
        """
        for task in self._of_task:
            if task.done() and task._log_traceback:  # noqa: SLF001
                self.unhandled.append(f"{task.get_name()} failed: {task.exception()!r}")

    # The clock, and what asyncio asks of a loop.

    def time(self) -> float:
        """Return virtual seconds."""
        return self._now

    def call_soon(
        self,
        callback: Callable[[*_Arguments], object],
        *args: *_Arguments,
        context: contextvars.Context | None = None,
    ) -> asyncio.Handle:
        """See asyncio."""
        self._require_open()
        handle = asyncio.Handle(callback, args, self, context)
        owner = getattr(callback, "__self__", None)
        strand = self._plain
        if isinstance(owner, asyncio.Task):
            strand = self._of_task.get(owner) or self._strand_of(owner)
        self._push(strand, handle, _process_of(context))
        return handle

    def call_soon_threadsafe(
        self,
        callback: Callable[[*_Arguments], object],
        *args: *_Arguments,
        context: contextvars.Context | None = None,
    ) -> asyncio.Handle:
        """See asyncio; nobody else has a thread here."""
        return self.call_soon(callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[*_Arguments], object],
        *args: *_Arguments,
        context: contextvars.Context | None = None,
    ) -> asyncio.TimerHandle:
        """See asyncio."""
        self._require_open()
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        strand = _Strand(self._random.random(), callback)
        strand.steps.append((handle, _process_of(context)))
        heapq.heappush(self._timers, (when, next(self._count), strand))
        return handle

    def create_task(self, coro: Any, **fields: Any) -> asyncio.Task[Any]:
        """See asyncio; a task without a name gets one that is the same each time."""
        if fields.get("name") is None:
            fields["name"] = f"{_name_of(coro)}-{next(self._count)}"
        task: asyncio.Task[Any] = super().create_task(coro, **fields)
        return task

    def run_in_executor(
        self,
        executor: object,  # noqa: ARG002 - whichever it is
        func: Callable[[*_Arguments], Result],
        *args: *_Arguments,
    ) -> asyncio.Future[Result]:
        """Call a function in a step of its own, and hand its result over in another."""
        answer: asyncio.Future[Result] = self.create_future()

        def work() -> None:
            outcome: Callable[[], None]
            try:
                result = func(*args)
            # Whoever waits gets it, whatever it is, as from a thread.
            except BaseException as error:  # noqa: BLE001
                outcome = _settling(answer.set_exception, error, answer)
            else:
                outcome = _settling(answer.set_result, result, answer)
            self.call_later(0.0, outcome)

        self.call_later(0.0, work)
        return answer

    async def getaddrinfo(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: nothing comes from outside."""
        raise NotImplementedError("a permuting loop has no sockets")

    create_connection = getaddrinfo
    create_server = getaddrinfo
    create_datagram_endpoint = getaddrinfo

    def close(self) -> None:
        """See asyncio."""
        super().close()
        self._ready_strands.clear()
        self._plain.steps.clear()
        self._timers.clear()
        self._frozen.clear()

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Leave it in the queue: it is skipped when its time comes."""

    # A step.

    def _run_once(self) -> None:
        """Take one step; asyncio's own loop takes all that are ready."""
        if self.steps in self._at_step:
            for do in self._at_step.pop(self.steps):
                do()
        strand = self._next()
        handle, process = strand.steps.popleft()
        if not strand.steps:
            self._ready_strands.remove(strand)
        if handle.cancelled():
            return
        if process in self._frozen:
            self._frozen[process].append((strand, handle))
            return
        self.steps += 1
        self.trace.append((self._now, strand.name))
        # That is how a loop runs what it was given; there is no public way.
        handle._run()  # noqa: SLF001
        draw = self._random.random
        self._now += draw() * self._step_within
        if draw() < self._restlessness:
            strand.place = draw()
        if strand in self._cancels:
            self._cancel_if_due(strand)
        if self.steps % _LOOK_EVERY == 0 and _processor_time() > self._busy_until:
            self._give_up(f"is busy for more than {self._busy_within:g} seconds")

    def _next(self) -> _Strand:
        """Return whose step comes next; let time pass if nobody has one."""
        timers, ready = self._timers, self._ready_strands
        while True:
            while timers and timers[0][0] <= self._now:
                self._take_timer()
            if ready:
                break
            if not timers:
                self._give_up("waits for what will never come")
            # One that was cancelled lets no time pass.
            if timers[0][2].steps[0][0].cancelled():
                self._take_timer()
            else:
                self._now = timers[0][0]
        if self._now > self._stuck_at:
            self._give_up(f"did not end in {self._within:g} virtual seconds")
        return ready[0] if len(ready) == 1 else max(ready, key=_place_of)

    def _take_timer(self) -> None:
        """Take the next timer out of the queue; it is ready unless it is cancelled."""
        _, _, strand = heapq.heappop(self._timers)
        if not strand.steps[0][0].cancelled():
            self._ready_strands.append(strand)

    def _push(self, strand: _Strand, handle: asyncio.Handle, process: str) -> None:
        if not strand.steps:
            self._ready_strands.append(strand)
        strand.steps.append((handle, process))

    def _strand_of(self, task: asyncio.Task[Any]) -> _Strand:
        if task not in self._of_task:
            self._of_task[task] = _Strand(self._random.random(), task)
        return self._of_task[task]

    def _require_open(self) -> None:
        if self.is_closed():
            raise RuntimeError("the loop is closed")

    def _cancel_if_due(self, strand: _Strand) -> None:
        task, number = self._cancels.pop(strand)
        if number > 1:
            self._cancels[strand] = task, number - 1
        else:
            task.cancel()

    def _give_up(self, what: str) -> NoReturn:
        pending = "\n".join(sorted(map(_described, asyncio.all_tasks(self))))
        raise ScheduleError(f"the schedule {what}; these tasks wait:\n{pending}")


@dataclasses.dataclass(frozen=True, slots=True)
class Schedule(Generic[Result]):
    """A schedule that came to its end.

    Attributes:
        result: What the program returned.
        trace: Each step's virtual time and whose it was.
        seconds: How much virtual time passed.
    """

    result: Result
    trace: list[tuple[float, str]]
    seconds: float


def run_schedule(
    main: Callable[[], Coroutine[Any, Any, Result]],
    *,
    seed: int | str,
    step_within: float = 0.000_2,
    within: float = 3600.0,
    busy_within: float = 20.0,
) -> Schedule[Result]:
    """Run a program on a :class:`PermutingLoop`, from its first step to its last.

    Meanwhile ``time.time`` and ``time.monotonic`` tell virtual time, ``random`` and
    ``secrets`` draw from the seed, and the garbage collector rests, so that the same
    seed gives the same schedule.

    Raises:
        ScheduleError: It was stuck, left tasks behind, or an error was nobody's to
            handle. Whatever the program raises passes through.
    """
    loop = PermutingLoop(
        seed, step_within=step_within, within=within, busy_within=busy_within
    )
    with contextlib.closing(loop), _seeded(seed, loop):
        try:
            result = _run(loop, main)
        except BaseException as error:
            error.add_note(f"seed {seed}, {loop.steps} steps; {_last_steps(loop)}")
            raise
        finally:
            _clean_up(loop)
    return result


def _run(
    loop: PermutingLoop, main: Callable[[], Coroutine[Any, Any, Result]]
) -> Schedule[Result]:
    result = loop.run_until_complete(main())
    schedule = Schedule(result, loop.trace.copy(), loop.time() - _BEGAN_AT)
    left = sorted(map(_described, asyncio.all_tasks(loop)))
    if left:
        raise ScheduleError("these tasks were left behind:\n" + "\n".join(left))
    loop.note_unseen_errors()
    if loop.unhandled:
        raise ScheduleError("nobody handled:\n" + "\n".join(loop.unhandled))
    return schedule


def _last_steps(loop: PermutingLoop) -> str:
    steps = [f"{at - _BEGAN_AT:10.4f} {label}" for at, label in loop.trace]
    return "\n".join(["the last ones:", *steps[-_SHOWN_STEPS:]])


def _clean_up(loop: PermutingLoop) -> None:
    """End what is left, so that it does not speak up in the middle of another test."""
    loop.thaw_all()
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()

    async def end() -> None:
        if left:
            await asyncio.wait(left)
        await loop.shutdown_asyncgens()

    loop.limit(within=_CLEAN_UP_WITHIN, busy_within=_CLEAN_UP_BUSY_WITHIN)
    with contextlib.suppress(ScheduleError):
        loop.run_until_complete(end())


@contextlib.contextmanager
def _seeded(seed: int | str, loop: PermutingLoop) -> Iterator[None]:
    """Take from the program what would make two runs differ."""
    dice = random.Random(f"secrets {seed}")  # noqa: S311 - it shall be predictable
    state = random.getstate()
    was_collecting = gc.isenabled()

    def now() -> float:
        return _UNIX_BEGAN_AT + loop.time()

    def draw(nbytes: int | None = None) -> bytes:
        return dice.randbytes(32 if nbytes is None else nbytes)

    random.seed(f"random {seed}")
    gc.disable()
    try:
        with (
            mock.patch.object(time, "time", now),
            mock.patch.object(time, "monotonic", loop.time),
            mock.patch.object(secrets, "token_bytes", draw),
        ):
            yield
    finally:
        random.setstate(state)
        if was_collecting:
            gc.enable()


def _note_unhandled(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    assert isinstance(loop, PermutingLoop)
    error = context.get("exception")
    loop.unhandled.append(f"{context['message']}: {error!r}")


def _settling(
    settle: Callable[[Any], None], outcome: Any, answer: asyncio.Future[Any]
) -> Callable[[], None]:
    def do() -> None:
        if not answer.done():
            settle(outcome)

    return do


def _process_of(context: contextvars.Context | None) -> str:
    return _process.get() if context is None else context.get(_process, "")


def _name_of(what: Any) -> str:
    name: str = getattr(what, "__qualname__", type(what).__name__)
    return name.replace("<locals>.", "")


def _described(task: asyncio.Task[Any]) -> str:
    """Say which task it is and where it waits, as deep inside as can be seen."""
    coroutine: Any = task.get_coro()
    place = "?"
    while (frame := getattr(coroutine, "cr_frame", None)) is not None:
        place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
        coroutine = coroutine.cr_await
    return f"  {task.get_name()} at {place}"
