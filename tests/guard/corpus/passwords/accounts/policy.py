from accounts.errors import WeakPassword


class PasswordPolicy(object):
    """minLength, and not your own name, and not on the list."""

    def __init__(self, minLength=10, listFile=None):
        self.minLength = minLength
        self.common = set()
        if listFile:
            with open(listFile) as f:
                self.common = set(line.strip().lower() for line in f)

    def verify(self, userName, password):
        if len(password) < self.minLength:
            raise WeakPassword("too short")
        if userName.lower() in password.lower():
            raise WeakPassword("contains the user name")
        if password.lower() in self.common:
            raise WeakPassword("too common")
