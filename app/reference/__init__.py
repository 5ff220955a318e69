"""Data shipped with the code: places, networks, interests, languages and the first lexicon."""
