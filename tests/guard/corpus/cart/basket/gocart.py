class CartTrack:
    def __init__(self, length):
        self.length = length
        self.laps = {}

    def finish_lap(self, cart, seconds):
        self.laps.setdefault(cart, []).append(seconds)

    def total(self, cart):
        return sum(self.laps[cart])

    def checkout(self, cart):
        return self.laps.pop(cart)
