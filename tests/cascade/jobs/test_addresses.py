"""Which addresses webhooks may reach: none inside, however it is written."""

from __future__ import annotations

import pytest

from cascade.jobs.addresses import InnerAddressError, is_inner, outer_address

INNER = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "255.255.255.255"),
    *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.255.255"),
    *("169.254.169.254", "169.254.0.1", "192.0.0.1", "192.0.2.7", "198.18.0.1", "198.51.100.1"),
    *("203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "192.88.99.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "fec0::1"),
    # The older address inside one of the newer kind.
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "::10.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1"),
    *("2001:0:4136:e378:8000:63bf:f5ff:fffe", "2001:db8::1"),
    # No address at all.
    *("localhost", "", "127.1", "0x7f000001", "2130706433"),
]
OUTER = [
    *("8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "192.167.255.255", "100.128.0.1"),
    *("169.253.1.1", "2606:4700:4700::1111", "2a00:1450:4001::1", "64:ff9b::808:808"),
    *("::ffff:8.8.8.8", "2002:808:808::1"),
]


@pytest.mark.parametrize("address", INNER)
def test_an_address_inside_is_refused(address: str) -> None:
    assert is_inner(address)


@pytest.mark.parametrize("address", OUTER)
def test_an_address_outside_is_not(address: str) -> None:
    assert not is_inner(address)


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["2606:4700:4700::1111", "::1"], []]
)
def test_a_name_of_which_one_address_lies_inside_is_refused(found: list[str]) -> None:
    with pytest.raises(InnerAddressError):
        outer_address("hooks.example", 443, lambda *_: found)


def test_the_address_that_was_looked_at_is_the_one_to_call() -> None:
    answers = iter([["8.8.8.8", "1.1.1.1"], ["127.0.0.1"]])
    assert outer_address("hooks.example", 443, lambda *_: next(answers)) == "8.8.8.8"


def test_a_name_of_this_machine_is_known_for_one() -> None:
    with pytest.raises(InnerAddressError, match="localhost leads to"):
        outer_address("localhost", 443)
