"""Forms with which staff send a file."""

from wtforms import FileField

from app.forms.base import Form
from app.i18n import lazy_gettext as _


class FileForm(Form):
    """A file may be sent with it."""

    file = FileField(_("File"))

    def data_of_file(self) -> bytes | None:
        """The bytes of the file, read once; its name is not looked at. None when none was sent."""
        if not hasattr(self, "_bytes"):
            self._bytes = b""
            if hasattr(self.file.data, "read"):
                self._bytes = self.file.data.read()
                self.file.data.close()  # larger ones lie in a file that nobody else closes
        return self._bytes or None
