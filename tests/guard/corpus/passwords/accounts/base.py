class CredentialChecker(object):
    """Whoever can say that a user is who he says he is. The login page asks
    the checkers of config.LOGIN_CHECKERS one after the other."""

    def checkPassword(self, userName, password):
        raise NotImplementedError

    def changePassword(self, userName, oldPassword, newPassword):
        raise NotImplementedError
