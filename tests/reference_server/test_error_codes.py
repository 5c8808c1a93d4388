"""Every code in the sources is in the table, with its right owner; the page is printed from it."""

import ast
import re
from pathlib import Path

from reference_server import error_codes
from reference_server.error_codes import CODES, Origin

ROOT = Path(__file__).parents[2]
# ITI TF-3 table 4.2.4.1-2, and the codes of ITI-57, as other programs spell them.
OF_IHE = {
    *("XDSMissingDocument", "XDSMissingDocumentMetadata", "XDSRegistryNotAvailable", "XDSRegistryError"),
    *("XDSRepositoryError", "XDSRegistryDuplicateUniqueIdInMessage", "XDSRepositoryDuplicateUniqueIdInMessage"),
    *("XDSDuplicateUniqueIdInRegistry", "XDSNonIdenticalHash", "XDSNonIdenticalSize", "XDSRegistryBusy"),
    *("XDSRepositoryBusy", "XDSRegistryOutOfResources", "XDSRepositoryOutOfResources", "XDSRegistryMetadataError"),
    *("XDSRepositoryMetadataError", "XDSTooManyResults", "XDSExtraMetadataNotSaved", "XDSUnknownPatientId"),
    *("XDSPatientIdDoesNotMatch", "XDSUnknownStoredQuery", "XDSStoredQueryMissingParam", "XDSStoredQueryParamNumber"),
    *("XDSRegistryDeprecatedDocumentError", "XDSUnknownRepositoryId", "XDSDocumentUniqueIdError"),
    *("XDSResultNotSinglePatient", "XDSMissingHomeCommunityId", "XDSUnknownCommunity", "XDSMetadataUpdateError"),
    *("XDSMetadataUpdateOperationError", "XDSMetadataVersionError", "XDSPatientIDReconciliationError"),
}
OF_THE_DMP = {"DMPOk", "DMPFound", "DMPClosed", "DMPInvalidCertificate"}


def used():
    """Codes in the sources: by their look, or as the first argument of a refusal."""
    found = set()
    for path in (ROOT / "reference_server").rglob("*.py"):
        if path.name == "error_codes.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and re.fullmatch(r"(XDS|DMP)[A-Z]\w+", str(node.value)):
                found.add(node.value)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("BadRequest", "Fault") and node.args:
                found.add(ast.literal_eval(node.args[0]) if isinstance(node.args[0], ast.Constant) else None)
    return found - {None}


def test_table_is_what_the_sources_use():
    assert used() | {"UnknownQuery"} == set(CODES)


def test_whose_each_code_is():
    for code, one in CODES.items():
        assert (one.origin is Origin.IHE) is (code in OF_IHE), code
        assert code.startswith("XDS") <= (one.origin is Origin.IHE), code
        assert (one.origin is Origin.DMP) is (code in OF_THE_DMP), code
        assert one.meaning


def test_page_is_printed_from_the_table():
    assert (ROOT / "docs" / "error-codes.md").read_text("utf-8") == error_codes.page()
