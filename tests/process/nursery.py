"""Forks ``goldenpath serve`` from a process that has imported all of it.

It is the program that a shell would start, two hundred times as fast after another as
a test could wait for. Each line that is read is JSON: ``{"start": arguments, "log":
path}`` is answered with the process's number, ``{"wait": number}`` with its status.
"""

import json
import os
import sys

import goldenpath.cli._serve  # noqa: F401 - so that it is there already
from goldenpath.cli import main


def _start(arguments, log):
    number = os.fork()
    if number:
        return number
    nothing = os.open(os.devnull, os.O_RDWR)
    written = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for target, source in enumerate((nothing, nothing, written)):
        os.dup2(source, target)
    sys.argv = ["goldenpath", *arguments]
    try:
        main()
    finally:
        os._exit(70)


if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        if "start" in asked:
            answer = _start(asked["start"], asked["log"])
        else:
            answer = os.waitpid(asked["wait"], 0)[1]
        print(answer, flush=True)
