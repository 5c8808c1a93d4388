"""Addresses to listen on: this machine alone, unless it is said who may send."""

import pytest

from praticien.listening import InvalidAddress, ListenAddress


@pytest.mark.parametrize("text, host, port", [("127.0.0.1:2575", "127.0.0.1", 2575), ("[::1]:0", "::1", 0)])
def test_loopback_needs_nobody_named(text, host, port):
    assert ListenAddress.parse(text) == ListenAddress(host, port)


@pytest.mark.parametrize("text", ["0.0.0.0:2575", "192.168.1.2:2575", "[::]:2575"])
def test_beyond_this_machine_somebody_must_be_named(text):
    with pytest.raises(InvalidAddress) as caught:
        ListenAddress.parse(text)
    assert caught.value.field == "allow"
    assert ListenAddress.parse(text, ("192.168.1.0/24",)).allowed == ("192.168.1.0/24",)


@pytest.mark.parametrize("text", ["", "127.0.0.1", ":2575", "localhost:2575", "127.0.0.1:70000", "1.2.3:1", "a:b:c"])
def test_what_is_no_address(text):
    with pytest.raises(InvalidAddress):
        ListenAddress.parse(text)


def test_what_is_no_network():
    with pytest.raises(InvalidAddress):
        ListenAddress.parse("127.0.0.1:1", ("everybody",))
