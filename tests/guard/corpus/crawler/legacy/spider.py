#!/usr/bin/env python
# The first crawler. Only the law library still runs it (cron, lawlib@web3).
import time
import requests

try:
    from urlparse import urlparse
    from robotparser import RobotFileParser
except ImportError:
    from urllib.parse import urlparse
    from urllib.robotparser import RobotFileParser


class Spider:
    def __init__(self, name="HarvestSpider/1.0", wait=2):
        self.name = name
        self.wait = wait
        self.robots = {}
        self.visited = {}

    def allowed(self, url):
        host = urlparse(url)[1]
        if host not in self.robots:
            rp = RobotFileParser()
            rp.set_url("http://" + host + "/robots.txt")
            rp.read()
            self.robots[host] = rp
        return self.robots[host].can_fetch(self.name, url)

    def getPage(self, url):
        if not self.allowed(url):
            return None
        host = urlparse(url)[1]
        since = time.time() - self.visited.get(host, 0)
        if since < self.wait:
            time.sleep(self.wait - since)
        self.visited[host] = time.time()
        try:
            r = requests.get(url, headers={"User-Agent": self.name})
        except requests.RequestException:
            return None
        return r.content


if __name__ == "__main__":
    import sys

    s = Spider()
    for line in sys.stdin:
        page = s.getPage(line.strip())
        if page:
            sys.stdout.buffer.write(page)
