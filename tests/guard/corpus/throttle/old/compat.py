# For the scripts that still say slowDown.wait(). New code: net.throttle.


class ThrottleAsSlowDown:
    def __init__(self, throttle, host):
        self.throttle = throttle
        self.host = host

    def wait(self):
        self.throttle.waitTurn(self.host)
