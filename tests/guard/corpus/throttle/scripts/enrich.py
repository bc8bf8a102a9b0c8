#!/usr/bin/env python
# -*- coding: utf-8 -*-
# enrich.py FILE   -- adds what GND and Wikidata know about the authors in FILE
import functools
import json
import sys
import time
import urllib.parse
import urllib.request

from net.throttlekinds import ThrottleFactory
from old.compat import ThrottleAsSlowDown


class callsPerMinute:
    """@callsPerMinute(30) in front of a function that calls something outside."""

    def __init__(self, n):
        self.pause = 60.0 / n
        self.last = None

    def __call__(self, function):
        @functools.wraps(function)
        def slowly(*args, **kwargs):
            if self.last is not None:
                left = self.pause - (time.time() - self.last)
                if left > 0:
                    time.sleep(left)
            self.last = time.time()
            return function(*args, **kwargs)

        return slowly


@callsPerMinute(30)
def wikidata(name):
    url = "https://www.wikidata.org/w/api.php?action=wbsearchentities&language=de&format=json&search="
    return json.loads(urllib.request.urlopen(url + urllib.parse.quote(name)).read())[
        "search"
    ]


def gnd(name, slowDown):
    slowDown.wait()
    return json.loads(
        urllib.request.urlopen(
            "https://lobid.org/gnd/search?q=" + urllib.parse.quote(name)
        ).read()
    )


def main(path):
    slowDown = ThrottleAsSlowDown(ThrottleFactory().make("enrich"), "lobid")
    for line in open(path):
        author = line.strip()
        print(
            json.dumps(
                {
                    "author": author,
                    "gnd": gnd(author, slowDown),
                    "wikidata": wikidata(author),
                }
            )
        )


if __name__ == "__main__":
    main(sys.argv[1])
