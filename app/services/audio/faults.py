"""What can be wrong with a file of sound."""


class Damaged(Exception):
    """The structure breaks off, contradicts itself, or holds no sound at all."""


class HasPicture(Exception):
    """There is a track beside the sound: video, or pictures."""


class UnknownSound(Exception):
    """A kind of file, or a way of packing sound, that is not kept here."""
