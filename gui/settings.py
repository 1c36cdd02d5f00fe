"""Keep what this person chose on this machine: language, theme, role, where the window was.

One small JSON file in the program's home, written whole and renamed into place. Nothing here is truth:
an unreadable file is put aside and the program starts with its defaults.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

NAME = "settings.json"


@dataclass(slots=True)
class Settings:
    """The choices; change a field, then `save`. Unknown ones of a newer program are kept as they are."""

    path: Path
    language: str = "system"
    theme: str = "system"
    role: str = "consumer"
    elder: bool = False
    welcomed: bool = False
    window: str = ""
    running: bool = False
    pages: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, object] = field(default_factory=dict)

    def save(self) -> None:
        """Write every choice, so that a crash leaves either the old file or the new one."""
        document = {name: value for name, value in asdict(self).items() if name not in ("path", "unknown")}
        document.update(self.unknown)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
        os.replace(fresh, self.path)


def load_settings(home: Path) -> Settings:
    """Read the choices kept in `home`; a file that is not ours is set aside as `settings.json.bad`."""
    path = home / NAME
    settings = Settings(path)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(document, dict):
            raise ValueError("settings are not an object")
    except FileNotFoundError:
        return settings
    except (ValueError, OSError):
        _set_aside(path)
        return settings
    known = {item.name: item for item in fields(Settings) if item.name not in ("path", "unknown")}
    for name, value in document.items():
        if name not in known:
            settings.unknown[name] = value
        elif isinstance(value, type(getattr(settings, name))):
            setattr(settings, name, value)
    return settings


def _set_aside(path: Path) -> None:
    """Keep the unreadable file for whoever wants to look; a folder we may not write changes nothing."""
    try:
        os.replace(path, path.with_suffix(".json.bad"))
    except OSError:
        return
