"""The one entry: reads the environment, sees that the database runs, and hands over to the command."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

WITHOUT_DJANGO = {"up", "dev", "test"}
WITHOUT_DATABASE = {
    *("help", "--help", "-h", "version", "--version", "check", "list_urls", "collectstatic", "findstatic"),
    *("makemigrations", "makemessages", "compilemessages", "bench"),
}


def main(arguments: list[str]) -> int:
    from kidspetite.config.env import EnvFaults, read_env

    name, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if name == "env":
        from kidspetite.config.env_words import tell

        return tell(rest)
    try:
        env, notes = read_env()
    except EnvFaults as faults:
        print(faults, file=sys.stderr)
        return 1
    if not env.kp_quiet:
        for note in notes:
            print(f"Warning: {note}", file=sys.stderr)

    if name in WITHOUT_DJANGO or (name == "check" and not rest):
        from kidspetite.faces.console.entry import run
        from kidspetite.faces.console.surroundings import Surroundings

        return run(
            name,
            rest,
            Surroundings(
                root=ROOT,
                data_dir=env.data_dir,
                database_url=env.reveal("database_url"),
                port=env.port,
                base_url=env.base_url,
                hosts=tuple(env.allowed_hosts),
                is_production=env.is_production,
            ),
        )
    return _django([name, *rest], data_dir=None if env.database_url else env.data_dir)


def _django(arguments: list[str], *, data_dir: Path | None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kidspetite.config.settings")
    os.environ["KP_QUIET"] = "1"
    if data_dir and arguments[0] not in WITHOUT_DATABASE and not {"--help", "-h"} & set(arguments):
        from kidspetite.foundation.plumbing.postgres import ServerFailed, ensure_server

        try:
            ensure_server(data_dir)
        except ServerFailed as error:
            print(error, file=sys.stderr)
            return 1
    if arguments[0] == "help" and len(arguments) == 1:
        print(OVERVIEW)
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(["shop", *arguments])
    finally:
        _close_pools()
    return 0


def _close_pools() -> None:
    """An open pool would keep the interpreter from ending for 20 seconds."""
    from django.apps import apps
    from django.db import connections

    if not apps.ready:
        return
    for connection in connections.all(initialized_only=True):
        connection.close()
        if close := getattr(connection, "close_pool", None):
            close()


OVERVIEW = """\
Kids Petite

  ./shop up       set everything up, start the shop, print its address and the demo logins
  ./shop dev      the same with error pages and reloading
  ./shop test     all tests; --full with the large counts, --part NAME for one folder
  ./shop check    format, lint, types, imports, migrations, fast tests
  ./shop env      check | print | example
  ./shop NAME     any command below; ./shop NAME --help tells more
"""

if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
