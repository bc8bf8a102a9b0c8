#!/usr/bin/env python
"""Send a sample/press parcel by UPS from the command line.

python -m utils.ship send "Jane Doe" "High St 1" 12345 Town 900
python -m utils.ship where 1Z999
"""

import json
import os
import sys
import urllib.request


class Ups:
    file = os.path.expanduser("~/.press_parcels.json")

    def __init__(self):
        self.key = os.environ["UPS_KEY"]
        self.sent = json.load(open(self.file)) if os.path.exists(self.file) else {}

    def _req(self, path, data=None):
        req = urllib.request.Request(
            "https://onlinetools.ups.example/api" + path,
            data=json.dumps(data).encode() if data else None,
            headers={"Authorization": "Bearer " + self.key},
        )
        return json.load(urllib.request.urlopen(req))

    def send(self, name, street, zip, city, grams):
        a = self._req(
            "/shipments",
            {
                "receiver": {"name": name, "street": street, "zip": zip, "city": city},
                "weight": int(grams),
            },
        )
        self.sent[a["trackingNumber"]] = name
        json.dump(self.sent, open(self.file, "w"))
        return a["trackingNumber"]

    def where(self, number):
        return self._req("/tracking/" + number)["events"][-1]["text"]


if __name__ == "__main__":
    print(getattr(Ups(), sys.argv[1])(*sys.argv[2:]))
