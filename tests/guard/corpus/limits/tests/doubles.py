class Unlimited:
    def allow(self, key):
        return True

    def remaining(self, key):
        return 99

    def wait_for(self, key, timeout=10):
        pass

    def reset(self, key):
        pass
