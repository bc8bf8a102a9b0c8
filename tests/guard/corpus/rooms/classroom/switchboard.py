"""Easel for schools. Flask and threads; forked in 2021 and since then by itself."""

import json
import threading
from typing import Optional

from flask import Flask, g
from flask_sock import Sock
from simple_websocket import ConnectionClosed

app = Flask(__name__)
sock = Sock(app)


class Switchboard:
    """Connects a teacher with the pupils of a lesson.

    Every handler thread calls plug_in() with its socket and unplug() when it
    ends. Pupils who lose their connection stay listed for the lesson but are
    skipped when something is sent.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._lessons: dict[str, dict[str, Optional[object]]] = {}

    def plug_in(self, lesson: str, pupil: str, ws) -> None:
        with self._lock:
            self._lessons.setdefault(lesson, {})[pupil] = ws
        self.to_teacher(lesson, {"here": self.present(lesson)})

    def unplug(self, lesson: str, pupil: str) -> None:
        with self._lock:
            if pupil in self._lessons.get(lesson, {}):
                self._lessons[lesson][pupil] = None

    def present(self, lesson: str) -> list[str]:
        with self._lock:
            return [
                p for p, ws in self._lessons.get(lesson, {}).items() if ws is not None
            ]

    def to_class(self, lesson: str, msg: dict) -> None:
        for pupil in self.present(lesson):
            self.to_pupil(lesson, pupil, msg)

    def to_pupil(self, lesson: str, pupil: str, msg: dict) -> None:
        with self._lock:
            ws = self._lessons[lesson].get(pupil)
        if ws is None:
            return
        try:
            ws.send(json.dumps(msg))
        except ConnectionClosed:
            self.unplug(lesson, pupil)

    def to_teacher(self, lesson: str, msg: dict) -> None:
        if "teacher" in self.present(lesson):
            self.to_pupil(lesson, "teacher", msg)


board = Switchboard()


@sock.route("/lesson/<lesson>")
def lesson_socket(ws, lesson):
    board.plug_in(lesson, g.user, ws)
    try:
        while True:
            board.to_class(lesson, {"from": g.user, "do": json.loads(ws.receive())})
    except ConnectionClosed:
        board.unplug(lesson, g.user)
