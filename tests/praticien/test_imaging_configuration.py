"""The sections [imaging] and [dicom]: read, or refused by the name of the entry."""

import re
import tomllib

import pytest

from praticien.imaging_configuration import EXAMPLE, ImagingConfiguration, InvalidImaging, read
from praticien.listening import ListenAddress


def test_nothing_said_is_nothing_received(tmp_path):
    assert read({}, tmp_path) == ImagingConfiguration()


def test_the_example_can_be_used_as_it_is(tmp_path):
    (tmp_path / "actes.json").write_text("{}")
    text = re.sub(r"(?m)^# (\[|\w+ = )", r"\1", EXAMPLE)
    found = read(tomllib.loads(text), tmp_path)
    assert found.acts_file == (tmp_path / "actes.json").resolve()
    assert found.retrieve_url == "https://drimbox.exemple.fr/wado-rs"
    assert found.listen == ListenAddress("127.0.0.1", 11112, ("192.168.1.30/32",))
    assert (found.ae_title, found.callers) == ("PRATICIEN", ("PACS",))


@pytest.mark.parametrize(
    "raw, field",
    [
        ({"imaging": "x"}, "imaging"),
        ({"imaging": {"acts_file": "absent.json"}}, "imaging.acts_file"),
        ({"imaging": {"acts_file": 3}}, "imaging.acts_file"),
        ({"imaging": {"retrieve_url": "ftp://x"}}, "imaging.retrieve_url"),
        ({"dicom": {"listen": "localhost"}}, "dicom.listen"),
        ({"dicom": {"listen": "0.0.0.0:104"}}, "dicom.allow"),
        ({"dicom": {"listen": "127.0.0.1:104", "allow": "all"}}, "dicom.allow"),
        ({"dicom": {"ae_title": "BEAUCOUP TROP LONG"}}, "dicom.ae_title"),
        ({"dicom": {"ae_title": "A\\B"}}, "dicom.ae_title"),
        ({"dicom": {"callers": [3]}}, "dicom.callers"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path, raw, field):
    with pytest.raises(InvalidImaging) as caught:
        read(raw, tmp_path)
    assert caught.value.field == field
