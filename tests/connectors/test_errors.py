"""The tree of errors: one code each, and what may have arrived."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors import errors
from connectors.errors import Fault, HttpRefused, ServerFailure, from_fault
from praticien.errors import EnvironmentProblem, PraticienError, Refused


def tree(root: type) -> Iterator[type]:
    for child in root.__subclasses__():
        if child.__module__ == errors.__name__:
            yield child
        yield from tree(child)


ALL = sorted(set(tree(PraticienError)), key=lambda e: e.__name__)


def test_each_error_has_its_own_code() -> None:
    codes = [error.__dict__["code"] for error in ALL]
    assert len(set(codes)) == len(codes) > 40
    assert all(issubclass(error, Refused | EnvironmentProblem) for error in ALL)


@pytest.mark.parametrize(
    "fault, uncertain",
    [
        (Fault("Receiver", "Interne"), True),
        (Fault("RegistryError", "XDSRepositoryBusy"), False),
        (Fault("RegistryError", "XDSRegistryError"), False),
    ],
)
def test_what_a_failing_server_may_have_kept(fault: Fault, uncertain: bool) -> None:
    failure = from_fault(fault)
    assert isinstance(failure, ServerFailure)
    assert failure.uncertain is uncertain


def test_a_receiver_fault_with_a_known_reason_is_a_refusal() -> None:
    assert isinstance(from_fault(Fault("Receiver", "DMPClosed")), errors.DossierClosed)


@pytest.mark.parametrize("status, uncertain", [(302, False), (404, False), (500, True), (503, True)])
def test_what_an_http_error_may_have_kept(status: int, uncertain: bool) -> None:
    assert HttpRefused(status).uncertain is uncertain


def test_nothing_sent_is_certain() -> None:
    for error in (errors.ServerUnreachable, errors.ConnectTimeout, errors.TlsFailed, errors.OurCertificateExpired):
        assert not error().uncertain
    for error in (errors.Timeout, errors.AnswerCut, errors.Cancelled, errors.MalformedAnswer, errors.UnrelatedAnswer):
        assert error().uncertain


def test_the_text_of_the_server_is_in_no_text_of_ours() -> None:
    for fault in (Fault("Sender", "DMPInconnu", "secret"), Fault("Receiver", "", "secret")):
        error = from_fault(fault)
        assert "secret" not in f"{error!s} {error!r} {error.args} {fault!r}"
        assert error.fault.text == "secret"
