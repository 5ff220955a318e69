"""Which interests people mean by what they write, in any language of the lexicon.

`understand(text, language)` answers in less than a millisecond from a model that `build()` has learned from the
lexicon; until then it looks phrases up exactly.
"""

from matching.understanding import meaning, storage
from matching.understanding.meaning import UNKNOWN, Meant
from matching.understanding.storage import build

__all__ = ["UNKNOWN", "Meant", "build", "understand"]


def understand(text: str, language: str = UNKNOWN) -> tuple[Meant, ...]:
    """The interests that a text means, the surest first, with the model that is there; see `meaning.understand`."""
    return meaning.understand(storage.current(), text, language)
