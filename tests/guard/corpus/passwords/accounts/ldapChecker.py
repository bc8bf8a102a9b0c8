import ldap
import ldap.dn

from accounts.base import CredentialChecker


class LdapChecker(CredentialChecker):
    """Customers with a directory of their own: we bind as the user there."""

    def __init__(self, url, baseDn):
        self.url = url
        self.baseDn = baseDn

    def _dn(self, userName):
        return "uid=%s,%s" % (ldap.dn.escape_dn_chars(userName), self.baseDn)

    def checkPassword(self, userName, password):
        if not password:
            return False  # would be an anonymous bind
        con = ldap.initialize(self.url)
        try:
            con.simple_bind_s(self._dn(userName), password)
            return True
        except ldap.INVALID_CREDENTIALS:
            return False
        finally:
            con.unbind_s()

    def changePassword(self, userName, oldPassword, newPassword):
        con = ldap.initialize(self.url)
        con.simple_bind_s(self._dn(userName), oldPassword)
        con.passwd_s(self._dn(userName), oldPassword, newPassword)
        con.unbind_s()
