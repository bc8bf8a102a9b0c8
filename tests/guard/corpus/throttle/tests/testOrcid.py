# -*- coding: utf-8 -*-
import unittest

from sources.orcid import TokenBucket
from webapp.teaser import AbstractLimiter


class TokenBucketTest(unittest.TestCase):
    def testBurst(self):
        bucket = TokenBucket(rate=1000.0, burst=3)
        for _ in range(10):
            bucket.take()
        self.assertTrue(bucket.available() <= 3)


class AbstractLimiterTest(unittest.TestCase):
    def testCut(self):
        self.assertEqual(AbstractLimiter(3).cut("One two. Three four five"), "One two.")


if __name__ == "__main__":
    unittest.main()
