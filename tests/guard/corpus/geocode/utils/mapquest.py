# OLD! from the first version of the planner. Still used by the price calculator.
import os
import pickle
import urllib.parse
import urllib.request
from xml.dom import minidom

from lib import config


class MapQuest:
    def __init__(self, fileName=None):
        self.fileName = fileName or os.path.join(config.DATA_DIR, "mapquest.pickle")
        self.known = {}
        if os.path.exists(self.fileName):
            self.known = pickle.load(open(self.fileName, "rb"))

    def getLatLng(self, text):
        if text in self.known:
            return self.known[text]
        url = (
            "http://open.mapquestapi.com/geocoding/v1/address?"
            + urllib.parse.urlencode(
                {"key": config.MAPQUEST_KEY, "outFormat": "xml", "location": text}
            )
        )
        doc = minidom.parseString(urllib.request.urlopen(url).read())
        lats = doc.getElementsByTagName("lat")
        lngs = doc.getElementsByTagName("lng")
        if not lats:
            return None
        self.known[text] = (
            float(lats[0].firstChild.data),
            float(lngs[0].firstChild.data),
        )
        self.save()
        return self.known[text]

    def save(self):
        pickle.dump(self.known, open(self.fileName, "wb"))
