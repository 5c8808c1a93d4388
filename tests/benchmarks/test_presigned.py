"""What signs in place of a card keeps to what a card does."""

import pytest

from benchmarks.presigned import SoftwareSigner
from praticien.errors import InvalidInput


def test_no_pss_is_said_as_a_card_says_it():
    signer = SoftwareSigner(None, None)
    assert not signer.supports_pss
    with pytest.raises(InvalidInput):
        signer.authenticate_pss(b"")
