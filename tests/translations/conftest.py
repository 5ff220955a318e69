"""An application that has languages and nothing else, and catalogues to break."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.i18n import init_app
from app.i18n.catalogues import FOLDER, po_file


@pytest.fixture
def app() -> Iterator[Flask]:
    """An application with the shipped catalogues and the pseudo-language, with its context."""
    application = Flask(__name__)
    init_app(application, pseudo=True)
    with application.app_context():
        yield application


@pytest.fixture
def catalogues(tmp_path: Path) -> Path:
    """A copy of the translations."""
    folder = tmp_path / "translations"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.mo"))
    return folder


@pytest.fixture
def forget(catalogues: Path) -> Callable[[str, str], None]:
    """Takes the translation of a message out of the copy: forget("ar", "Fill this in.")."""

    def take_out(tag: str, message: str) -> None:
        path = po_file(catalogues, tag)
        blocks = path.read_text(encoding="utf-8").split("\n\n")
        kept = [block for block in blocks if f'msgid "{message}"' not in block]
        assert len(kept) < len(blocks)
        path.write_text("\n\n".join(kept), encoding="utf-8")

    return take_out
