"""An invented Flanders to try everything in: made by the use-cases that the screens use, the same for the same seed."""

from app.services.demo.links import DemoLinks
from app.services.demo.loading import load_demo

__all__ = ["DemoLinks", "load_demo"]
