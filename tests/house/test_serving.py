"""The tests' own server: what a browser does that is closed in the midst of things is no fault of the test."""

import gc
import socket
import struct

import pytest
from flask import Flask

from tests.serving import serving_here

ASKED = b"GET /static/js/interview.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
AT_ONCE = struct.pack("ii", 1, 0)
"""Hang up without a farewell, as the system does for a process that is killed."""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_browser_that_hangs_up_leaves_no_file_open(application: Flask) -> None:
    """A file left open is a warning, and the error of whichever test the collector comes by in."""
    with serving_here(application) as address:
        port = int(address.rpartition(":")[2])
        for _ in range(40):
            with socket.create_connection(("127.0.0.1", port)) as browser:
                browser.sendall(ASKED)
                browser.recv(1)
                browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    gc.collect()
