import unittest

from accounts.hashing import SaltedHasher


class HashingTest(unittest.TestCase):
    def testRoundTrip(self):
        hasher = SaltedHasher(rounds=10)
        self.assertTrue(hasher.matches("geheim", hasher.hash("geheim")))

    def testOutdated(self):
        self.assertTrue(SaltedHasher(20).isOutdated(SaltedHasher(10).hash("x")))
