class StaticFlags:
    def __init__(self, *on):
        self.on = set(on)

    def is_enabled(self, name, user):
        return name in self.on

    def variant_for(self, name, user):
        return "control"

    def all_flags(self):
        return sorted(self.on)
