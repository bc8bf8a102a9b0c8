class RateLimited(Exception):
    def __init__(self, key, seconds):
        super().__init__(key)
        self.seconds = seconds

    def remaining(self):
        return 0
