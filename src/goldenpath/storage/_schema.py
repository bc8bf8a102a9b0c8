"""The database's shape, as the steps that led to it.

Rule 1: a step that was released is never edited; a change is a new step.
Rule 2: ``PRAGMA user_version`` is the number of steps that a file has taken.
"""

from __future__ import annotations

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE meta (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID;

    -- Who may log in.
    CREATE TABLE users (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,          -- as typed at login, case-folded
        password_hash TEXT NOT NULL,        -- Argon2id, encoded
        is_disabled INTEGER NOT NULL DEFAULT 0,
        created_at REAL NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE sessions (
        token_hash BLOB PRIMARY KEY,        -- SHA-256; the token is never stored
        handle TEXT NOT NULL UNIQUE,        -- names the session in logs and events
        user TEXT NOT NULL REFERENCES users(id),
        created_at REAL NOT NULL,
        expires_at REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX sessions_by_user ON sessions(user);

    CREATE TABLE tickets (
        token_hash BLOB PRIMARY KEY,
        session TEXT NOT NULL,              -- the handle of the session it stands for
        origin TEXT NOT NULL,               -- of the page that asked, '' for none
        expires_at REAL NOT NULL
    ) WITHOUT ROWID;

    -- A conversation. Its events are in `entries` under the log 'thread:<id>'.
    CREATE TABLE threads (
        id TEXT PRIMARY KEY,
        owner TEXT NOT NULL,
        title TEXT NOT NULL,
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL,
        is_deleted INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    CREATE INDEX threads_by_owner ON threads(owner, is_deleted, updated_at);

    CREATE TABLE logs (
        log TEXT PRIMARY KEY,
        head INTEGER NOT NULL
    ) WITHOUT ROWID;

    -- One row for what one commit brought to one log, 64 KiB at most.
    CREATE TABLE entries (
        log TEXT NOT NULL,
        last INTEGER NOT NULL,
        first INTEGER NOT NULL,             -- the previous row's last + 1
        incarnation TEXT NOT NULL,
        packed BLOB NOT NULL,
        PRIMARY KEY (log, last)
    ) WITHOUT ROWID;

    -- Kept for ever, also when the thread is deleted.
    CREATE TABLE idempotency (
        user TEXT NOT NULL,
        client_message_id TEXT NOT NULL,
        thread TEXT NOT NULL,
        number INTEGER NOT NULL,
        run TEXT NOT NULL,
        PRIMARY KEY (user, client_message_id)
    ) WITHOUT ROWID;

    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        thread TEXT NOT NULL,
        user TEXT NOT NULL,
        client_message_id TEXT NOT NULL,
        message INTEGER NOT NULL,           -- number of the message it answers
        place INTEGER NOT NULL UNIQUE,      -- the order in which runs were queued
        state TEXT NOT NULL,                -- queued, running, or one of four ends
        owner TEXT NOT NULL DEFAULT '',     -- the process that executes it
        token INTEGER NOT NULL DEFAULT 0,   -- the fencing token
        cancel_requested INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    CREATE INDEX runs_by_thread ON runs(thread, place);
    -- Small whatever the table has grown to; queries name the ones they need,
    -- since SQLite would rather walk the whole table in the order asked for.
    CREATE INDEX runs_queued ON runs(place) WHERE state = 'queued';
    CREATE INDEX runs_open ON runs(thread, place)
        WHERE state IN ('queued', 'running');
    -- One run at a time in a thread.
    CREATE UNIQUE INDEX runs_one_at_a_time ON runs(thread) WHERE state = 'running';

    CREATE TABLE questions (
        run TEXT NOT NULL,
        call TEXT NOT NULL,
        is_answered INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (run, call)
    ) WITHOUT ROWID;

    -- Processes that execute runs. `beats` grows while one is alive.
    CREATE TABLE owners (
        id TEXT PRIMARY KEY,
        boot TEXT NOT NULL,                 -- the machine's boot id
        pid INTEGER NOT NULL,
        started TEXT NOT NULL,              -- the process's start time
        beats INTEGER NOT NULL
    ) WITHOUT ROWID;
    """,
    """
    -- Users take turns, and none may queue without end.
    CREATE INDEX runs_open_by_user ON runs(user, state)
        WHERE state IN ('queued', 'running');
    """,
)
