"""A form that comes from elsewhere, twice, in another encoding or too large changes nothing and is told so."""

import pytest
import requests

from demonstration import people
from tests.reference_server.conftest import start

INS = people.OPPOSED_TO_REGULATION.ins
OPEN = b"act=patient.allow_regulation"
PLAIN = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def served(keys, tmp_path_factory):
    made = start(keys, tmp_path_factory.mktemp("forms"), faults=True)
    yield made
    made.close()


def post(served, body, kind=PLAIN, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()} | {"Content-Type": kind}
    url = f"{served.server.patient_url}{INS.matricule}/choix"
    return requests.post(url, data=body, headers=named, timeout=10).status_code


def is_opposed(served):
    return served.page(INS)["opposed_to_regulation"]


@pytest.mark.parametrize(
    "status,body,kind,headers",
    [
        (403, OPEN, PLAIN, {"Origin": "https://autre.test.invalid"}),
        (403, OPEN, PLAIN, {"Origin": "null"}),
        (403, OPEN, PLAIN, {"Sec_Fetch_Site": "cross-site"}),
        (403, OPEN, PLAIN, {"Sec_Fetch_Site": "same-site"}),
        (400, OPEN + b"&act=patient.allow_regulation", PLAIN, {}),
        (400, OPEN + b"&target=%00", PLAIN, {}),
        (400, OPEN + b"&target=%ff", PLAIN, {}),
        (400, OPEN + b"&target=\xe9", PLAIN, {}),
        (415, OPEN.decode().encode("utf-16"), f"{PLAIN}; charset=utf-16", {}),
        (415, OPEN, f"{PLAIN}; charset=zlib", {}),
        (415, b"--b\r\n\r\n--b--", "multipart/form-data; boundary=b", {}),
        (413, OPEN + b"&target=" + b"1" * 2000, PLAIN, {}),
        (409, b"", PLAIN, {}),
        (409, b"act=patient.close%0Ax".replace(b"%0A", b"."), PLAIN, {}),
    ],
)
def test_nothing_is_changed(served, status, body, kind, headers):
    assert post(served, body, kind, **headers) == status
    assert is_opposed(served)


def test_the_operators_forms_are_read_by_the_same_rules(served):
    url = served.server.operator_url
    elsewhere = {"Origin": "https://autre.test.invalid"}
    assert requests.post(f"{url}faults", data={"latency": "9"}, headers=elsewhere, timeout=10).status_code == 403
    too_long = {"serial." + "9" * 5000: "1"}
    assert requests.post(f"{url}revoked", data=too_long, timeout=10).status_code in (400, 404)
    assert requests.get(f"{url}state.json", timeout=10).json()["faults"]["latency"] == 0


def test_a_form_of_the_page_itself_is_taken(served):
    base = served.server.patient_url
    origin = "/".join(base.split("/")[:3])
    assert post(served, OPEN, Origin=origin) == 200  # after the redirection
    assert not is_opposed(served)
    assert post(served, b"act=patient.refuse_regulation", Sec_Fetch_Site="same-origin") == 200
    assert is_opposed(served)
