# -*- coding: utf-8 -*-
import json
import threading
import time
import urllib.request


class Pacer:
    """
    CrossRef tells us in its headers how often we may call. The pacer reads them
    and spaces the calls evenly.
    """

    def __init__(self, perSecond=10.0):
        self.interval = 1.0 / perSecond
        self.next = 0.0
        self.mutex = threading.Lock()

    def pace(self):
        self.mutex.acquire()
        try:
            now = time.time()
            start = max(now, self.next)
            self.next = start + self.interval
        finally:
            self.mutex.release()
        if start > now:
            time.sleep(start - now)

    def learn(self, headers):
        limit = headers.get("X-Rate-Limit-Limit")
        interval = headers.get("X-Rate-Limit-Interval")
        if limit and interval:
            self.interval = float(interval.rstrip("s")) / float(limit)


class CrossrefSource:
    def __init__(self, mail):
        self.mail = mail
        self.pacer = Pacer()

    def work(self, doi):
        self.pacer.pace()
        url = "https://api.crossref.org/works/%s?mailto=%s" % (doi, self.mail)
        answer = urllib.request.urlopen(url)
        self.pacer.learn(answer.headers)
        return json.loads(answer.read())["message"]
