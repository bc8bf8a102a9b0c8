import io
import unittest

from chatd.bridges.xmpp import XmppPresence
from chatd.presence.errors import NotOnlineError
from chatd.presence.extras import InvisibleRegistry, LoggedPresence
from chatd.presence.registry import PresenceRegistry
from chatd.utils.pulse import UserPulse
from tests.stubs import NobodyOnline, StubPresence


class RegistryTest(unittest.TestCase):
    def setUp(self):
        self.now = 1000
        self.registry = PresenceRegistry(60, clock=lambda: self.now)

    def testTwoConnections(self):
        self.registry.signOn("anna", "c1")
        self.registry.signOn("anna", "c2", "phone")
        self.registry.signOff("c1")
        self.assertTrue(self.registry.isOnline("anna"))
        self.registry.signOff("c2")
        self.assertEqual(self.registry.whoIsOnline(), [])

    def testReap(self):
        self.registry.signOn("anna", "c1")
        self.now += 61
        self.assertEqual(self.registry.reap(), 1)
        self.assertRaises(NotOnlineError, self.registry.touch, "c1")

    def testInvisible(self):
        registry = InvisibleRegistry()
        registry.signOn("bob", "c1")
        registry.hide("bob")
        self.assertEqual(registry.whoIsOnline(), [])

    def testLog(self):
        log = io.StringIO()
        LoggedPresence(StubPresence(), log).signOn("bob", "c1")
        self.assertEqual(log.getvalue(), "+ bob c1 pc\n")


class BridgeTest(unittest.TestCase):
    def testRoster(self):
        self.assertEqual(
            XmppPresence(StubPresence("eve"), "x.org").roster(), ["eve@x.org"]
        )
        self.assertEqual(XmppPresence(NobodyOnline(), "x.org").roster(), [])


class PulseTest(unittest.TestCase):
    def testBeat(self):
        p = UserPulse()
        p.beat("anna")
        self.assertEqual(p.allAlive(), ["anna"])


if __name__ == "__main__":
    unittest.main()
