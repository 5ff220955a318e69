"""The five Flemish provinces and Brussels, in the order of the tables published by the government."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PROVINCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "antwerpen": "Antwerpen",
        "brussel": "Brussels Hoofdstedelijk Gewest",
        "limburg": "Limburg",
        "oost-vlaanderen": "Oost-Vlaanderen",
        "vlaams-brabant": "Vlaams-Brabant",
        "west-vlaanderen": "West-Vlaanderen",
    }
)
"""Slug to Dutch name exactly as in the table of the 546 candidate buddies (a region counts as the sixth)."""
