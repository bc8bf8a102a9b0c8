# Z39.50 targets of the library network. Nobody dares to touch this.
import subprocess

from old.slowdown import SlowDown

TARGETS = {
    "gbv": "z3950.gbv.example:210/gvk",
    "swb": "z3950.bsz.example:210/swb",
}


def searchAll(query):
    found = {}
    for name, target in TARGETS.items():
        SlowDown(name, 5).wait()
        p = subprocess.Popen(
            ["yaz-client", target], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        out, _ = p.communicate(("find %s\nshow 1+10\nquit\n" % query).encode("utf-8"))
        found[name] = out.decode("utf-8", "replace").split("\n")
    return found
