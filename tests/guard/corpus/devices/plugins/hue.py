import requests


class HueDriver(object):
    """Talks to one Hue bridge."""

    def __init__(self, host, user):
        self.url = "http://%s/api/%s" % (host, user)

    def getState(self, lampNo):
        state = requests.get("%s/lights/%s" % (self.url, lampNo), timeout=5).json()[
            "state"
        ]
        return "on" if state["on"] else "off"

    def setState(self, lampNo, value):
        requests.put(
            "%s/lights/%s/state" % (self.url, lampNo),
            json={"on": value == "on"},
            timeout=5,
        )


class Plugin(object):
    def __init__(self, registry, options):
        self.registry = registry
        self.driver = HueDriver(options["host"], options["user"])
        registry.addListener(self.onChange)

    def onChange(self, deviceId, value):
        if deviceId.startswith("hue:"):
            self.driver.setState(deviceId.split(":", 1)[1], value)
