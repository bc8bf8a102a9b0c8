# -*- coding: utf-8 -*-
"""Deutsche Nationalbibliothek: the way it should be done."""

import xml.etree.ElementTree as ElementTree

from net.fetch import Fetcher
from net.throttlekinds import ThrottleFactory

SRU = "https://services.dnb.de/sru/dnb"


class DnbSource:
    def __init__(self, throttle=None):
        self.fetcher = Fetcher(throttle or ThrottleFactory().make("dnb"))

    def byIsbn(self, isbn):
        xml = self.fetcher.get(
            "dnb",
            SRU,
            {
                "version": "1.1",
                "operation": "searchRetrieve",
                "query": "isbn=" + isbn,
                "recordSchema": "oai_dc",
            },
        )
        return [
            e.text
            for e in ElementTree.fromstring(xml).iter(
                "{http://purl.org/dc/elements/1.1/}title"
            )
        ]
