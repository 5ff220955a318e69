"""What is sent of a recording: the bytes of one file, from the microphone or chosen."""

from typing import Any

from wtforms import FileField

from app.forms.base import Form
from app.i18n import lazy_gettext as _
from app.vocabulary.spoken import LARGEST_SOUND


class SoundForm(Form):
    """The file of a recording; neither its name nor its declared type is looked at."""

    sound = FileField(_("Sound file"))

    content = b""
    """The bytes of the file, once validated; of one that is too large, one byte more than may be kept."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Something has to be sent; a browser in which nothing was chosen sends a file without name and content."""
        fine = super().validate(extra_validators)
        if hasattr(self.sound.data, "read"):
            self.content = self._read()
        if not self.content and not getattr(self.sound.data, "filename", ""):
            self.refuse("sound", _("Record the text, or choose a file."))
            return False
        return bool(fine)

    def _read(self) -> bytes:
        content = bytes(self.sound.data.read(LARGEST_SOUND + 1))
        self.sound.data.close()  # larger ones lie in a file that nobody else closes
        return content
