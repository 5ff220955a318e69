"""The matcher's folding of text to search keys, which the searches of the site use as it is."""

from matching.folding import fold, latin_digits

__all__ = ["fold", "latin_digits"]
