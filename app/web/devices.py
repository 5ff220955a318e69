"""Which kind of device a request comes from. Only that is kept, not all that its browser tells about itself."""

import re

from app.vocabulary.devices import DeviceKind

# The first that fits: browsers name those that they descend from too.
BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"), ("Samsung Internet", r"SamsungBrowser/"), ("Opera", r"OPR/|Opera"),
    ("Firefox", r"Firefox/|FxiOS/"), ("Chrome", r"Chrome/|CriOS/"), ("Safari", r"Safari/"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", r"iPhone|iPod"), ("iPad", r"iPad"), ("Android", r"Android"), ("Windows", r"Windows"),
    ("ChromeOS", r"CrOS"), ("Mac", r"Macintosh"), ("Linux", r"Linux|X11"),
)  # fmt: skip
KINDS = {
    "iPhone": DeviceKind.PHONE, "iPad": DeviceKind.TABLET, "Windows": DeviceKind.COMPUTER,
    "ChromeOS": DeviceKind.COMPUTER, "Mac": DeviceKind.COMPUTER, "Linux": DeviceKind.COMPUTER,
}  # fmt: skip


def device_of(user_agent: str) -> str:
    """What is kept of a browser: "phone|Firefox|Android"; parts that it does not tell are empty."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    kind = KINDS.get(system, DeviceKind.OTHER)
    if system == "Android":
        kind = DeviceKind.PHONE if "Mobile" in user_agent else DeviceKind.TABLET
    return f"{kind.value}|{browser}|{system}"


def described(device: str) -> tuple[DeviceKind, list[str]]:
    """The kind of a kept device, and the names of its browser and system, which nobody translates."""
    kind, *names = device.split("|")
    known = kind in set(DeviceKind)
    return DeviceKind(kind) if known else DeviceKind.OTHER, [name for name in names if name]


def _first(among: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in among if re.search(pattern, text)), "")
