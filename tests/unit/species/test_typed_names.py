"""Search for the most frequent species of a post by the names that officers and exporters type."""

from __future__ import annotations

import pytest

from chalicelib.species.services import list_in_use

TYPED = {
    "Panthera uncia": ("илбирс", "ак илбирс", "кар барсы", "ak ilbirs", "снежный барс", "irbis", "snow lepard"),
    "Falco cherrug": ("ителги", "сокол-балобан", "балабан", "sokol balaban", "saker", "сакер", "cherug"),
    "Falco peregrinus": ("лачын", "сапсан", "сокол-сапсан", "peregrin"),
    "Ovis ammon": ("аркар", "кулжа", "архар", "argalli", "arkhar"),
    "Capra sibirica": ("тоо теке", "теке", "козерог", "ibex"),
    "Saiga tatarica": ("сайгак", "бөкөн", "saiga antelope"),
    "Testudo horsfieldii": ("таш бака", "tashbaka", "черепаха", "horsfield tortoise"),
    "Canis lupus": ("карышкыр", "бөрү", "волк", "gray wolf"),
    "Lynx lynx": ("сүлөөсүн", "рысь", "lynx"),
    "Ursus arctos": ("аюу", "медведь", "brown bear"),
    "Huso huso": ("белуга", "beluga"),
}  # fmt: skip


@pytest.mark.parametrize(("taxon", "typed"), [(taxon, each) for taxon, typed in TYPED.items() for each in typed])
def test_typed_name_finds_its_species_first(taxon: str, typed: str) -> None:
    found = list_in_use.listing().search(typed)
    assert [each.taxon.scientific_name for each in found[:1]] == [taxon]
