"""A TOML file that somebody has written for a test, and every mistake that is found in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from client.tables import FileInvalid


@dataclass(frozen=True)
class Tables:
    name: str
    read: Callable[[Path], Any]
    refused: type[FileInvalid]

    def written(self, folder: Path, text: str) -> Path:
        path = folder / self.name
        path.write_text(text)
        return path

    def mistakes(self, folder: Path, text: str) -> tuple[str, ...]:
        """Sentences, which are also the error's text."""
        with pytest.raises(self.refused) as refused:
            self.read(self.written(folder, text))
        assert str(refused.value) == "\n".join(refused.value.mistakes)
        return refused.value.mistakes
