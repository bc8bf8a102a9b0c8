"""Selling a ticket."""

import configparser

from tote.bets.betPool import BetPoolStore
from tote.db.morePools import PoolMaker
from tote.db.oldFace import DbAccess
from tote.work.workerPool import LockTable

config = configparser.ConfigParser()
config.read("/etc/tote.ini")
maker = PoolMaker(config)
locks = LockTable()


def sellTicket(raceId, kind, runner, stake, windowNo):
    pool = maker.getPool()
    locks.acquire(raceId, 5)
    try:
        BetPoolStore(pool).addStake(raceId, kind, runner, stake)
        conn = pool.getConn(5)
        try:
            cur = conn.cursor()
            cur.execute(
                "INSERT INTO tickets (race, kind, runner, stake, place) VALUES (%s, %s, %s, %s, %s)"
                " RETURNING id",
                (raceId, kind, runner, stake, windowNo),
            )
            ticketId = cur.fetchone()[0]
            conn.commit()
            return ticketId
        finally:
            pool.putConn(conn)
    finally:
        locks.release(raceId)


def runTerminalScript(script):
    access = DbAccess(maker.getPool("terminals"))
    conn = access.connect()
    try:
        script(conn)
    finally:
        access.disconnect(conn)
