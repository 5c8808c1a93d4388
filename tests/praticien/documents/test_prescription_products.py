"""The names that are proposed: the bundled list, the user's own, and files that cannot be used."""

import json

import pytest

from praticien.documents.prescription import CIP, COUNT, LPP, ProductCode
from praticien.documents.prescription_products import InvalidProducts, Product, load, unit_in


def test_the_bundled_list_is_usable():
    products = load()
    names = [product.name for product in products]
    assert len(names) == len(set(names)) > 40
    assert {product.is_device for product in products} == {False, True}
    assert all(product.code is None for product in products)  # no code that nobody checked


def test_the_user_s_own_file(tmp_path):
    file = tmp_path / "produits.json"
    drug = {"name": "Médicament fictif, gélule", "code": "3400900000000", "system": "CIP"}
    device = {"name": "Dispositif fictif", "code": "1215702", "system": "LPP"}
    file.write_text(json.dumps({"drugs": [drug], "devices": [device]}), "utf-8")
    assert load(file) == (
        Product("Médicament fictif, gélule", code=ProductCode("3400900000000", CIP)),
        Product("Dispositif fictif", True, ProductCode("1215702", LPP)),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"drugs": [3]}',
        '{"drugs": [{"code": "1"}]}',
        '{"drugs": [{"name": " "}]}',
        '{"drugs": [{"name": "A", "code": "1", "system": "?"}]}',
        '{"drugs": [{"name": "A", "code": "1 2", "system": "CIP"}]}',
        '{"drugs": [{"name": "a\\u0000"}]}',
        '{"drugs": 4}',
    ],
)
def test_a_file_that_cannot_be_used(tmp_path, text):
    file = tmp_path / "produits.json"
    file.write_text(text, "utf-8")
    with pytest.raises(InvalidProducts):
        load(file)


def test_no_file(tmp_path):
    with pytest.raises(InvalidProducts):
        load(tmp_path / "absent.json")


@pytest.mark.parametrize(
    "name, word",
    [
        ("Paracétamol 1 g, comprimé", "comprimé"),
        ("Oméprazole 20 mg, GÉLULE", "gélule"),
        ("Salbutamol, suspension en bouffées", "bouffée"),
    ],
)
def test_the_unit_is_read_in_the_name(name, word):
    assert unit_in(name).singular == word


def test_no_unit_is_guessed():
    assert unit_in("Paracétamol 1 g") is COUNT
