class PasswordError(Exception):
    pass


class UnknownUser(PasswordError):
    pass


class WrongPassword(PasswordError):
    pass


class WeakPassword(PasswordError):
    def __init__(self, why):
        PasswordError.__init__(self, why)
        self.why = why
