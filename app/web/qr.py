"""Square codes for phones: an address as a picture in the page."""

import segno
from markupsafe import Markup


def qr_picture(address: str) -> Markup:
    """The QR code of an address as SVG that takes its size from the page; an address never holds personal data."""
    return Markup(
        segno.make(address, error="m").svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None)
    )  # noqa: S704 - drawn here
