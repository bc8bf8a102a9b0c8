import json
from urllib.parse import urlencode
from urllib.request import urlopen


class SearchEngine(object):
    """Full text search over the catalogue, by Solr."""

    def __init__(self, url, rows=40):
        self.url = url
        self.rows = rows

    def find(self, text, maxPrice=None):
        q = {"q": text, "rows": self.rows, "wt": "json"}
        if maxPrice is not None:
            q["fq"] = "price:[0 TO %s]" % maxPrice
        return json.load(urlopen(self.url + "/select?" + urlencode(q)))["response"][
            "docs"
        ]

    def explain(self, text):
        q = {"q": text, "debugQuery": "on", "wt": "json"}
        return json.load(urlopen(self.url + "/select?" + urlencode(q)))["debug"][
            "explain"
        ]
