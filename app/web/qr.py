"""Square codes for phones: an address as a picture in the page."""

import segno
from markupsafe import Markup


def qr_picture(address: str) -> Markup:
    """The QR code of an address, as SVG that takes its size from the page.

    The address holds no personal data; that of a newcomer's card holds the code which stands on it in letters.
    """
    drawing = segno.make(address, error="m").svg_inline(
        omitsize=True, border=2, svgclass=None, lineclass=None
    )
    return Markup(drawing.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704 - drawn by segno, nothing of it is typed
