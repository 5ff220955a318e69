"""Data shipped with the code: places, networks, interests and languages."""
