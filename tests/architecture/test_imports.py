"""The contracts of pyproject.toml see every package, and the packages are this folder's own."""

import importlib
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]
PACKAGES = sorted(
    path.parent.name for path in REPOSITORY.glob("*/__init__.py") if path.parent.name != "tests"
)


def test_every_top_level_package_is_under_the_import_contracts():
    linted = PYPROJECT["importlinter"]["root_packages"]

    assert set(PACKAGES) <= set(linted)


def test_every_top_level_package_has_a_layer():
    layers = PYPROJECT["importlinter"]["contracts"][0]["layers"]
    layered = {name.strip() for layer in layers for name in layer.split("|")}

    assert layered == set(PYPROJECT["importlinter"]["root_packages"])


def test_every_top_level_package_is_type_checked():
    assert set(PACKAGES) <= set(PYPROJECT["mypy"]["packages"])


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_is_this_folders_own(name):
    package = importlib.import_module(name)

    assert package.__file__ is not None
    assert Path(package.__file__).is_relative_to(REPOSITORY)
    assert ".venv" not in Path(package.__file__).relative_to(REPOSITORY).parts
