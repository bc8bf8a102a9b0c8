import cherrypy
import config

from accounts.errors import PasswordError
from accounts.setup import StoreFactory
from intranet.staff import StaffLogins
from partners.partnerAuth import PartnerCredentials
from photoclub.members import MemberBook
from util.secrets import PasswordGenerator
from web.resetMail import PasswordResetMailer
from web.sessions import SessionStore


class CherryPyRealm(object):
    """checkpassword callable for cherrypy.tools.auth_basic, by our store."""

    def __init__(self, store):
        self.store = store

    def __call__(self, realm, username, password):
        return self.store.checkPassword(username, password)


class LoginPage(object):
    def __init__(self):
        self.sessions = SessionStore()
        self.mailer = PasswordResetMailer(config.RESET_KEY)

    @cherrypy.expose
    def login(self, userName, password, kind="customer", customer=None):
        if kind == "staff":
            ok = StaffLogins().login(userName, password)
        elif kind == "partner":
            ok = PartnerCredentials().authenticate(userName, password)
        else:
            ok = any(
                c.checkPassword(userName, password)
                for c in StoreFactory().makeCheckers(customer)
            )
        if not ok:
            raise cherrypy.HTTPRedirect("/login?failed=1")
        cherrypy.response.cookie["sid"] = self.sessions.create(userName)
        raise cherrypy.HTTPRedirect("/")

    @cherrypy.expose
    def reset(self, t, password):
        try:
            StoreFactory().makeStore().setPassword(self.mailer.userOf(t), password)
        except PasswordError as e:
            return "Sorry: %s" % e
        raise cherrypy.HTTPRedirect("/login")

    @cherrypy.expose
    def invite(self, userName):
        password = PasswordGenerator().generate()
        StoreFactory().makeStore().setPassword(userName, password)
        return password

    @cherrypy.expose
    def club(self, nick, password):
        if not MemberBook().mayEnter(nick, password):
            raise cherrypy.HTTPError(403)
        cherrypy.response.cookie["club"] = self.sessions.create("club:" + nick)
        raise cherrypy.HTTPRedirect("/club/albums")


def mountAdmin(root):
    realm = CherryPyRealm(StoreFactory().makeStore())
    cherrypy.tree.mount(
        root,
        "/admin",
        {
            "/": {
                "tools.auth_basic.on": True,
                "tools.auth_basic.realm": "admin",
                "tools.auth_basic.checkpassword": realm,
            }
        },
    )
