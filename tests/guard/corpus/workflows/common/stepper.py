# -*- coding: utf-8 -*-
import shelve
import sys
import time
import traceback


class Stepper(object):
    """
    For maintenance scripts which must not begin at the beginning after a crash.

        s = Stepper("yearEnd2013")
        s.add("lock", lockBooks)
        s.add("sum", sumUp)
        s.add("mail", mailAll)
        s.go()

    Steps that went well are remembered (and what they gave back, for the
    next ones), the next go() leaves them out.
    """

    def __init__(self, job, path="/polis/stepper.db"):
        self.job = job
        self.path = path
        self.steps = []

    def add(self, name, func):
        self.steps.append((name, func))
        return self

    def go(self):
        memory = shelve.open(self.path)
        try:
            state = memory.get(self.job, {"done": {}, "started": time.time()})
            for name, func in self.steps:
                if name in state["done"]:
                    continue
                print("%s: %s" % (self.job, name))
                try:
                    state["done"][name] = func(state["done"])
                except Exception:
                    traceback.print_exc(file=sys.stdout)
                    state["failedAt"] = name
                    memory[self.job] = state
                    return False
                memory[self.job] = state
            return True
        finally:
            memory.close()

    def reset(self):
        memory = shelve.open(self.path)
        memory.pop(self.job, None)
        memory.close()


class StepTimer(object):
    """Prints how long each step of something takes."""

    def __init__(self, out=sys.stdout):
        self.out = out
        self.last = time.time()

    def step(self, name):
        now = time.time()
        self.out.write("%-30s %8.3f s\n" % (name, now - self.last))
        self.last = now
