"""Help desk: route a customer's chat to an agent who is there."""

import random


class AgentBoard:
    """Which agents are signed in. Agents' browsers call beat() every 20 s."""

    def __init__(self, connection):
        self.connection = connection

    def _run(self, sql, *args):
        cursor = self.connection.cursor()
        cursor.execute(sql, args)
        self.connection.commit()
        return cursor

    def signIn(self, agent):
        self._run(
            "REPLACE INTO agent_online (agent, state, beat) VALUES (%s, 'free', NOW())",
            agent,
        )

    def beat(self, agent):
        self._run("UPDATE agent_online SET beat = NOW() WHERE agent = %s", agent)

    def setBusy(self, agent, busy=True):
        self._run(
            "UPDATE agent_online SET state = %s WHERE agent = %s",
            "busy" if busy else "free",
            agent,
        )

    def signOut(self, agent):
        self._run("DELETE FROM agent_online WHERE agent = %s", agent)

    def isSignedIn(self, agent):
        return (
            self._run(
                "SELECT 1 FROM agent_online WHERE agent = %s AND beat > NOW() - INTERVAL 60 SECOND",
                agent,
            ).fetchone()
            is not None
        )

    def signedIn(self, state=None):
        rows = self._run(
            "SELECT agent, state FROM agent_online "
            "WHERE beat > NOW() - INTERVAL 60 SECOND"
        ).fetchall()
        return [a for a, s in rows if state is None or s == state]


def routeChat(board, chat):
    free = board.signedIn("free")
    if not free:
        return None
    agent = random.choice(free)
    board.setBusy(agent)
    chat.assign(agent)
    return agent
