# From the Perl days, ported line by line.  The stores feed still calls it.
import re
import sys

ABBREV = [
    (r"\bst\b\.?", "street"),
    (r"\brd\b\.?", "road"),
    (r"\bave?\b\.?", "avenue"),
    (r"\bln\b\.?", "lane"),
]


class AddrClean:
    def __init__(self, rejects="/data/rejects/addr.txt"):
        self.rejects = open(rejects, "a")
        self.n_ok = 0
        self.n_bad = 0

    def clean(self, line):
        """'1 High St.;Leeds;LS1 4AP' -> tuple, or None."""
        parts = [p.strip().lower() for p in line.split(";")]
        if len(parts) != 3:
            return self._bad(line)
        street, town, code = parts
        for pattern, full in ABBREV:
            street = re.sub(pattern, full, street)
        m = re.match(r"^([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})$", code)
        if not m:
            return self._bad(line)
        self.n_ok += 1
        return street.title(), town.title(), " ".join(m.groups()).upper()

    def _bad(self, line):
        self.n_bad += 1
        self.rejects.write(line + "\n")
        return None

    def close(self):
        self.rejects.close()
        sys.stderr.write("%d ok, %d bad\n" % (self.n_ok, self.n_bad))


def clean_stores(path):
    ac = AddrClean()
    rows = [ac.clean(line.rstrip("\n")) for line in open(path)]
    ac.close()
    return [r for r in rows if r]
