"""The options of the command line."""

from __future__ import annotations

import pytest

import main
from praticien.listening import ListenAddress


def test_version(capsys):
    with pytest.raises(SystemExit) as ended:
        main.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip() == f"{main.NAME} {main.version()}"


@pytest.mark.parametrize("command", [[], ["demo"]])
def test_an_address_of_laboratories(command):
    assert main.parser().parse_args([*command, "--mllp", "127.0.0.1:2575"]).mllp == ListenAddress("127.0.0.1", 2575)
    assert main.parser().parse_args(["--mllp", "127.0.0.1:1", *command]).mllp == ListenAddress("127.0.0.1", 1)
    assert main.parser().parse_args(command).mllp is None


@pytest.mark.parametrize("wrong", ["2575", "0.0.0.0:2575", "127.0.0.1:99999", "localhost:1"])
def test_an_address_that_cannot_be_listened_on(wrong, capsys):
    with pytest.raises(SystemExit):
        main.parser().parse_args(["--mllp", wrong])
    assert "--mllp" in capsys.readouterr().err
