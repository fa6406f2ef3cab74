"""No run reaches for the network: neither the program nor its workers, nor Prefect and its server."""

import os
import subprocess
import sys

import pytest

from support.sockets import NetworkGuard
from support.workspaces import evitable, record_of, specimen_review

REACHING = {
    "a number": "import socket; socket.create_connection(('192.0.2.1', 443), timeout=1)",
    "a name": "import socket; socket.create_connection(('example.org', 443), timeout=1)",
    "a message": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    "a library": "import httpx; httpx.get('http://192.0.2.1/', timeout=1)",
    "asyncio": "import asyncio; asyncio.run(asyncio.open_connection('192.0.2.1', 443))",
}


@pytest.mark.parametrize("way", REACHING)
def test_the_guard_sees_and_refuses_what_reaches_for_the_network(tmp_path, way):
    guard = NetworkGuard(tmp_path / "guard")
    tried = python(REACHING[way], guard)
    assert tried.returncode != 0
    assert "there is no network" in tried.stderr
    assert guard.attempts
    assert "192.0.2.1" in guard.attempts[0] or "example.org" in guard.attempts[0]


def test_the_guard_lets_a_server_on_this_machine_be_reached(tmp_path):
    guard = NetworkGuard(tmp_path / "guard")
    reached = python(
        "import socket; s = socket.create_server(('127.0.0.1', 0)); "
        "socket.create_connection(('localhost', s.getsockname()[1])).close()",
        guard,
    )
    assert reached.returncode == 0, reached.stderr
    assert guard.attempts == []


@pytest.mark.slow
def test_a_whole_run_and_all_that_it_starts_reach_for_no_network(tmp_path):
    guard = NetworkGuard(tmp_path / "guard")
    review = tmp_path / "review"
    specimen_review(review, 2)
    ran = evitable("run", review, environment=guard.environment)
    assert ran.returncode == 0, ran.stderr
    assert record_of(review).counts["studies"] == 2
    assert guard.attempts == []
    started = "\n".join(guard.guarded)
    for part in ("-m evitable run", "-m evitable.flows.worker", "-m evitable.flows.publisher"):
        assert part in started


def python(code, guard):
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **guard.environment},
        check=False,
    )
