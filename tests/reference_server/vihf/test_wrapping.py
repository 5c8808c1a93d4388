"""A signed assertion hidden in a forged one."""

import pytest

from tests.reference_server.client import Words, envelope, signed_assertion, status_request
from tests.reference_server.vihf.support import INS, accepted, forged, put, refused, sent, split_signature


def wrappings(bearer):
    good = signed_assertion(bearer, Words(INS), "_good")
    signature, bare = split_signature(good)
    wrapped_in_object = signature.replace("</sig:Signature>", f"<sig:Object>{bare}</sig:Object></sig:Signature>")
    whole_in_object = signature.replace("</sig:Signature>", f"<sig:Object>{good}</sig:Object></sig:Signature>")
    evil, same = forged(bearer), forged(bearer, "_good")
    end = "</assertion:AttributeStatement></assertion:Assertion>"
    return {
        "XSW1 forged beside, signature kept on the original": evil + good,
        "XSW2 original first, forged after": good + evil,
        "XSW3 forged holds the signed original": put(evil, good),
        "XSW4 forged holds the original, signature moved up": put(evil, signature).replace(end, bare + end),
        "XSW5 forged carries the signature, original beside it": put(evil, signature) + bare,
        "XSW6 original inside the signature of the forged": put(evil, wrapped_in_object),
        "XSW7 whole original in an Object of the signature": put(evil, whole_in_object),
        "XSW8 same ID twice": put(same, signature) + bare,
        "same ID, original inside the forged": put(same, signature).replace(end, bare + end),
        "same ID, original in an Object": put(same, wrapped_in_object),
        "original in an extension of the attributes": put(evil, signature).replace(
            "</assertion:AttributeStatement>",
            f"<assertion:Attribute Name='e'>{bare}</assertion:Attribute></assertion:AttributeStatement>",
        ),
        "signature before Issuer": signature + bare,
        "two signatures": put(bare, signature + signature),
    }


@pytest.mark.parametrize("shape", range(13))
def test_wrapping(desk, gp, shape):
    shapes = wrappings(gp)
    assert len(shapes) == 13
    name, text = list(shapes.items())[shape]
    refused(sent(desk, gp, text))
    row = desk.history(INS)
    assert not row, f"{name}: a dossier was reached"


def test_no_wrapping_profits_from_an_assertion_that_was_proven(desk, gp, monkeypatch):
    """The same original, first sent as it should be: the server remembers that its signature holds."""
    good = signed_assertion(gp, Words(INS), "_good")
    monkeypatch.setitem(globals(), "signed_assertion", lambda *_: good)
    accepted(sent(desk, gp, good))
    for name, text in wrappings(gp).items():
        refused(sent(desk, gp, text))
        assert len(desk.history(INS)) == 1, f"{name}: a dossier was reached"


def test_wrapped_original_hidden_elsewhere_in_the_message(desk, gp):
    """The original in the body or in another header block, the forged one in wsse:Security."""
    signature, bare = split_signature(signed_assertion(gp, Words(INS), "_good"))
    action, body = status_request(INS)
    for headers, content in (
        (f"<e:x xmlns:e='urn:e'>{bare}</e:x>", body),
        ("", body.replace("<k:id ", bare + "<k:id ", 1)),
    ):
        message = envelope(action, content, put(forged(gp), signature), headers=headers)
        refused(desk.client(gp).post("patients", message))


def test_id_borrowed_by_another_element(desk, gp):
    """Another element with the same Id, where a lookup by identifier could land."""
    good = signed_assertion(gp, Words(INS), "_good")
    message = envelope(*status_request(INS), good, headers='<e:x xmlns:e="urn:e" Id="_good"/>')
    refused(desk.client(gp).post("patients", message))


@pytest.mark.parametrize("count", [0, 2])
def test_security_headers(desk, gp, count):
    message = envelope(*status_request(INS), signed_assertion(gp, Words(INS)))
    start, end = message.index(b"<sec:Security"), message.index(b"</sec:Security>") + len(b"</sec:Security>")
    block = message[start:end]
    refused(desk.client(gp).post("patients", message[:start] + block * count + message[end:]))
