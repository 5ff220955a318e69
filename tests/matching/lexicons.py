"""Small lexicons for tests, in folders of their own."""

import shutil
from pathlib import Path

from matching.understanding import lexicon


def copy_of(folder: Path, *tags: str) -> Path:
    """A data folder with the real lexicon of these languages only."""
    for tag in tags:
        for part in (f"{tag}.csv", f"none/{tag}.csv", f"negation/{tag}.csv"):
            (folder / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(lexicon.FOLDER / part, folder / part)
    return folder


def append(file: Path, *lines: str) -> None:
    """Write lines behind those of a file, which need not exist."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as end:
        end.write("".join(f"{line}\n" for line in lines))
