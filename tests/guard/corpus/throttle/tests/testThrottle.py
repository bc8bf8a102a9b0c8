# -*- coding: utf-8 -*-
import unittest

from net.fetch import Fetcher, FetchFailed, Retrier
from net.limits import Limit, TooManyCalls
from net.throttle import Throttle
from net.throttlekinds import LoggingThrottle
from old.compat import ThrottleAsSlowDown
from tests.helpers import FakeClock, NoThrottle


class ThrottleTest(unittest.TestCase):
    def setUp(self):
        self.clock = FakeClock()
        self.throttle = Throttle({"x": Limit(2, 10)}, self.clock)

    def testTry(self):
        self.assertTrue(self.throttle.tryTurn("x"))
        self.assertTrue(self.throttle.tryTurn("x"))
        self.assertFalse(self.throttle.tryTurn("x"))
        self.clock.time += 10
        self.assertTrue(self.throttle.tryTurn("x"))

    def testWait(self):
        for _ in range(3):
            self.throttle.waitTurn("x")
        self.assertEqual(self.clock.slept, [10])

    def testPatience(self):
        self.throttle.waitTurn("x")
        self.throttle.waitTurn("x")
        self.assertRaises(TooManyCalls, self.throttle.waitTurn, "x", 3)

    def testReset(self):
        self.throttle.waitTurn("x")
        self.throttle.reset("x")
        self.assertEqual(self.throttle.callsLeft("x"), 2)

    def testAround(self):
        logging = LoggingThrottle(self.throttle, "test")
        for _ in range(3):
            ThrottleAsSlowDown(logging, "x").wait()
        self.assertEqual(logging.seconds, 10)


class FetchTest(unittest.TestCase):
    def testGivesUp(self):
        throttle = NoThrottle()
        fetcher = Fetcher(throttle, Retrier(attempts=2, first=0))
        self.assertRaises(FetchFailed, fetcher.get, "x", "http://localhost:1/")
        self.assertEqual(throttle.asked, ["x", "x"])


if __name__ == "__main__":
    unittest.main()
