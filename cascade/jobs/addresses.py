"""Addresses that may be called: only those of the wide net, never of this machine or its office."""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from cascade.errors import CascadeError

Resolve = Callable[[str, int], list[str]]


class InnerAddressError(CascadeError):
    """A name leads to an address inside, which nothing told to others may reach."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them now."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def outer_address(host: str, port: int, resolve: Resolve = resolve) -> str:
    """The one address to connect to; InnerAddressError where any of the name's lies inside.

    Whoever connects must use this very address: asked again, the name may lead elsewhere.
    """
    found = resolve(host, port)
    for address in found:
        if is_inner(address):
            raise InnerAddressError(f"{host} leads to {address}, which is no address outside")
    if not found:
        raise InnerAddressError(f"{host} leads nowhere")
    return found[0]


def is_inner(address: str) -> bool:
    """Whether an address is this machine's, the office's, or nobody's in particular."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return True
    if isinstance(found, IPv6Address):
        inside = _within(found)
        if inside is not None:
            found = inside
    return not found.is_global or found.is_multicast or any(found in net for net in _ALSO)


def _within(address: IPv6Address) -> IPv4Address | None:
    """The older address that an IPv6 one only wraps: a way around a list of older addresses."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _TRANSLATED or address in _COMPATIBLE:
        return IPv4Address(address.packed[-4:])
    return None


_TRANSLATED = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
# What some versions of Python call global and is none of our business to reach.
_ALSO: tuple[IPv4Network | IPv6Network, ...] = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv4Network("100.64.0.0/10"),
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("fec0::/10"),
    IPv6Network("2001::/23"),
)
