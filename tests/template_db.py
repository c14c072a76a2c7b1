"""A migrated, empty database, made once per test process and copied by each test."""

from pathlib import Path

import pytest

from storage import schema


def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its path. Copy it (shutil.copyfile) instead of opening it."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    schema.ensure(path, busy_timeout_s=1.5)
    return path
