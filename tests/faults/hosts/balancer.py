"""A load balancer as plain as can be: every connection goes to the next host in turn."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from itertools import cycle


class Balancer:
    """Listens on 127.0.0.1 and hands connections on; `served` counts them by host."""

    def __init__(self, hosts: Sequence[tuple[str, int]]) -> None:
        self.served = dict.fromkeys(hosts, 0)
        self._next = cycle(hosts)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._socket.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                visitor, _address = self._socket.accept()
                host = next(self._next)
                self.served[host] += 1
                threading.Thread(target=_serve, args=(visitor, host), daemon=True).start()


def _serve(visitor: socket.socket, host: tuple[str, int]) -> None:
    with visitor, suppress(OSError), socket.create_connection(host) as server:
        back = threading.Thread(target=_pump, args=(server, visitor), daemon=True)
        back.start()
        _pump(visitor, server)
        back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
