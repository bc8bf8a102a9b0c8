# -*- coding: latin-1 -*-
#
# processRunner.py -- runs a process step by step. A process is a module in
# /polis/procs with functions step1, step2, ... State is in /polis/state/NAME.ID
#
# Replaced by core.flow, but motor claims before 2009 are still in here.
# hw 12.03.2004

import imp
import os
import pickle


class ProcessRunner:
    procDir = "/polis/procs"
    stateDir = "/polis/state"

    def __init__(self, name, id):
        self.name = name
        self.id = id
        self.file = os.path.join(self.stateDir, "%s.%s" % (name, id))
        if os.path.exists(self.file):
            f = open(self.file, "rb")
            self.step, self.vars = pickle.load(f)
            f.close()
        else:
            self.step = 0
            self.vars = {}

    def save(self):
        f = open(self.file + ".new", "wb")
        pickle.dump((self.step, self.vars), f)
        f.close()
        os.rename(self.file + ".new", self.file)

    def run(self):
        module = imp.load_source(
            self.name, os.path.join(self.procDir, self.name + ".py")
        )
        while 1:
            func = getattr(module, "step%d" % (self.step + 1), None)
            if func is None:
                os.remove(self.file)
                return 1
            ok = func(self.vars)
            if not ok:
                self.save()
                return 0
            self.step = self.step + 1
            self.save()
