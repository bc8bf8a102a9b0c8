# -*- coding: utf-8 -*-
"""The one database connection of a process."""

import MySQLdb

_connection = None


def getConnection():
    global _connection
    if _connection is None:
        _connection = MySQLdb.connect(
            host="db1", user="polis", passwd="polis", db="polis", charset="utf8"
        )
    return _connection


def fetchAll(sql, *args):
    cursor = getConnection().cursor()
    cursor.execute(sql, args)
    return cursor.fetchall()


def fetchOne(sql, *args):
    rows = fetchAll(sql, *args)
    return rows[0] if rows else None


def execute(sql, *args):
    connection = getConnection()
    cursor = connection.cursor()
    cursor.execute(sql, args)
    connection.commit()
    return cursor.lastrowid
