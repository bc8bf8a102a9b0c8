import unittest

from accounts.throttle import ThrottledStore


class DictStore(object):
    """plain text, for the tests only"""

    def __init__(self, **passwords):
        self.passwords = passwords
        self.asked = 0

    def checkPassword(self, userName, password):
        self.asked += 1
        return self.passwords.get(userName) == password

    def setPassword(self, userName, password):
        self.passwords[userName] = password


class ThrottleTest(unittest.TestCase):
    def testLocksAfterMisses(self):
        inner = DictStore(bob="right")
        store = ThrottledStore(inner, maxMisses=2)
        self.assertFalse(store.checkPassword("bob", "a"))
        self.assertFalse(store.checkPassword("bob", "b"))
        self.assertFalse(store.checkPassword("bob", "right"))
        self.assertEqual(inner.asked, 2)

    def testSetPasswordForgives(self):
        store = ThrottledStore(DictStore(bob="x"), maxMisses=1)
        store.checkPassword("bob", "a")
        store.setPassword("bob", "new")
        self.assertTrue(store.checkPassword("bob", "new"))


if __name__ == "__main__":
    unittest.main()
