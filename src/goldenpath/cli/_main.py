"""The command line: one file per command, each imported only when it runs."""

from __future__ import annotations

import importlib.metadata
import os
import sys

import cyclopts

from goldenpath.errors import GoldenpathError


def _version() -> str:
    return importlib.metadata.version("goldenpath")


app = cyclopts.App(
    name="goldenpath",
    help="One WebSocket manager that makes an AI chat product's golden path hold.",
    version=_version,
    version_flags=["--version"],
    help_format="markdown",
    console=None,
)
users = cyclopts.App(name="users", help="Add, list and change those who may log in.")
guard = cyclopts.App(
    name="guard",
    help="Find where one concept has several implementations, paths or aliases.",
)

app.command(
    "goldenpath.cli._serve:serve",
    name="serve",
    help="Serve the chat: pages, WebSocket and agent in one process.\n\n"
    "The first start makes a user with a random password and prints both. Ctrl+C or "
    "SIGTERM lets connections move first; a second one stops at once.",
)
app.command(
    "goldenpath.cli._chat:chat",
    name="chat",
    help="Talk to an agent in a terminal, and watch it work.\n\n"
    "An empty line leaves; Ctrl+C stops the answer under way and leaves. If the agent "
    "asks something, the next line is the answer.",
)
app.command(
    "goldenpath.cli._probe:probe",
    name="probe",
    help="Walk the golden path of a deployment; exit 0 if all of it holds.\n\n"
    "Logs in, connects, sends a message, cuts the connection while the answer is on "
    "its way, resumes, and compares what it holds with the server's history. Exits "
    "with 1 and names the step if one fails, with 2 if it could not run.",
)
app.command(
    "goldenpath.cli._backup:backup",
    name="backup",
    help="Copy the database to a new file, while it is in use or not.\n\n"
    "To restore, stop the server, put the copy in the place of `goldenpath.db`, remove "
    "`goldenpath.db-wal` and `goldenpath.db-shm`, and start it again. Clients are then "
    "sent fresh snapshots by themselves.",
)
app.command(users)
users.command("goldenpath.cli._users:add", name="add", help="Let somebody log in.")
users.command(
    "goldenpath.cli._users:list_users",
    name="list",
    help="List everybody who may log in, or could once.",
)
users.command(
    "goldenpath.cli._users:password",
    name="password",
    help="Set somebody's password and end their sessions.",
)
users.command(
    "goldenpath.cli._users:disable",
    name="disable",
    help="Keep somebody out and end their sessions.",
)
users.command(
    "goldenpath.cli._users:enable", name="enable", help="Let somebody in again."
)
app.command(guard)
guard.command(
    "goldenpath.cli._guard:scan",
    name="scan",
    help="Find what departs from a concept's one home.\n\n"
    "Exits with 0 if nothing does, with 1 if something does, with 2 if it could not "
    "look. Nothing of the tree is imported or run.",
)
guard.command(
    "goldenpath.cli._guard:discover",
    name="discover",
    help="Propose concepts for a tree that has none written down.",
)
guard.command(
    "goldenpath.cli._guard_tests:plan_for_tests",
    name="tests",
    help="Show the tests round a concept, and a plan; write those that are missing.",
)
guard.command(
    "goldenpath.cli._guard:explain",
    name="explain",
    help="Say what a rule finds, why it matters, and what to do.",
)
guard.command(
    "goldenpath.cli._guard:baseline",
    name="baseline",
    help="Accept what is found now, so that only new findings count.",
)
guard.command(
    "goldenpath.cli._repair:plan",
    name="plan",
    help="Plan the repair in phases, and say what needs a person.",
)
guard.command(
    "goldenpath.cli._repair:fix",
    name="fix",
    help="Carry the repair out; without --write, show it.\n\n"
    "Exits with 0 if all is done, with 1 if something is left to a person, with 2 if "
    "it could not write: the tree is then as it was at the end of the last phase.",
)
guard.command(
    "goldenpath.cli._close:close",
    name="close",
    help="Write down how far a remediation is, or check what was written.\n\n"
    "Exits with 0 if every box holds, or with --check if all that is claimed is so; "
    "with 1 if not.",
)
guard.command(
    "goldenpath.cli._guard_tests:prove_tests",
    name="prove",
    help="Bring each violation back into a copy, and see its test turn red.\n\n"
    "Exits with 0 if every written test passes now and fails then, with 1 if not.",
)
guard.command(
    "goldenpath.cli._repair:verify",
    name="verify",
    help="Compare a tree with what it was: findings, imports, tests and a gate.\n\n"
    "Exits with 0 if nothing is worse, with 1 if something is.",
)
guard.command(
    "goldenpath.cli._remediate:remediate",
    name="remediate",
    help="Walk all steps: tests, repair, proof, tracker; again, until all holds.\n\n"
    "Exits with 0 if all seven boxes hold, with 1 if something is left to a person, "
    "with 2 if it could not go on: the tree is then as it was at the end of a step.",
)
guard.command(
    "goldenpath.cli._story:story",
    name="story",
    help="Play a whole remediation on a miniature repository, in a minute.\n\n"
    "Writes the repository, runs the real commands, decides what a person would, and "
    "brings an alias back at the end. Exits with 0 if each step ended as it should, "
    "with 1 if one did not, with 2 without git or pytest.",
)


def main() -> None:
    """Run the command that the arguments name.

    Exits with 0 if it did what it is for, 1 if it found that something does not
    hold, and 2 if it could not run.
    """
    try:
        status = app(result_action="return_value", exit_on_error=False)
        sys.stdout.flush()
    except cyclopts.CycloptsError:
        sys.exit(2)  # what is wrong was printed already
    except GoldenpathError as error:
        print(f"goldenpath: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        # Whoever read the output has seen enough; Python's own exit must not
        # try to write the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        # The guard's errors stand apart, and are not loaded for other commands.
        if "goldenpath.guard" not in type(error).__module__:
            raise
        print(f"goldenpath: {error}", file=sys.stderr)
        sys.exit(2)
    sys.exit(status if isinstance(status, int) else 0)
