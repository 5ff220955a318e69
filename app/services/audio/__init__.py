"""Sound judged by its bytes: what it is, whether all of it is there, and how long it lasts.

Neither the name of a file nor the type that its sender declares is looked at (SECURITY T14). Every byte of a file has
to belong to the structure of its kind, so that nothing can be hung before or behind the sound.
"""

from app.services.audio.judging import Sound, judge

__all__ = ["Sound", "judge"]
