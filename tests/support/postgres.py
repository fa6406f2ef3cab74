"""A PostgreSQL server of this machine's own package, for as long as the tests run."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL

USER = "reviewer"
PASSWORD = "kept-from-all-messages"
_SETTINGS = ("fsync=off", "max_connections=20", "shared_buffers=16MB", "listen_addresses=127.0.0.1", "ssl=off")


def missing() -> str:
    """Say why there can be no server here; empty if there can be one."""
    if _program("initdb") is None:
        return "PostgreSQL is not installed (Debian: apt install postgresql)"
    if os.geteuid() == 0 and (shutil.which("setpriv") is None or not _nobody()):
        return "PostgreSQL refuses to run as root, and there is no other user to run it as"
    return ""


def server_or_skip() -> Iterator[URL]:
    """Run a server, or skip what asks for it and say why; made into a fixture by the modules that use it."""
    if why := missing():
        pytest.skip(why)
    with running_server() as url:
        yield url


@contextmanager
def running_server() -> Iterator[URL]:
    """Run a server with an empty folder and a port of its own; give its address, with the password."""
    folder = Path(tempfile.mkdtemp(prefix="evitable-pg-"))
    port = _free_port()
    try:
        (folder / "password").write_text(PASSWORD)
        _give_away(folder)
        data = folder / "data"
        _run(
            "initdb",
            f"--pgdata={data}",
            f"--username={USER}",
            f"--pwfile={folder / 'password'}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-sync",
            "--locale=C.UTF-8",
        )
        options = " ".join(
            f"-c {setting}" for setting in (*_SETTINGS, f"port={port}", f"unix_socket_directories={folder}")
        )
        _run("pg_ctl", "start", "--wait", f"--pgdata={data}", f"--log={folder / 'log'}", f"--options={options}")
        try:
            yield URL.create("postgresql+psycopg", USER, PASSWORD, "127.0.0.1", port, "postgres")
        finally:
            _run("pg_ctl", "stop", "--mode=immediate", f"--pgdata={data}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def empty_database(server: URL) -> Iterator[URL]:
    """Make a database with nothing in it."""
    import psycopg  # noqa: PLC0415 - not everybody has it

    name = f"review_{secrets.token_hex(4)}"
    address = server.render_as_string(hide_password=False).replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield server.set(database=name)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _program(name: str) -> str | None:
    found = [Path(place) for place in [shutil.which(name)] if place]
    found += sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4].split(".")[0])
    )
    return str(found[-1]) if found else None


def _nobody() -> str:
    """Give a user without rights that the server can run as."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), "")


def _give_away(folder: Path) -> None:
    if os.geteuid() == 0:
        entry = pwd.getpwnam(_nobody())
        for path in (folder, *folder.iterdir()):
            os.chown(path, entry.pw_uid, entry.pw_gid)


def _run(name: str, *arguments: str) -> None:
    program = _program(name)
    assert program is not None
    command = [program, *arguments]
    if os.geteuid() == 0:
        entry = pwd.getpwnam(_nobody())
        command = ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups", *command]
    # The server keeps what it is given open: a pipe would never end.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False)
        said.seek(0)
        assert done.returncode == 0, f"{name}: {said.read().decode(errors='replace')}"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
