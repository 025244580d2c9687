"""The probe as a module: it is also a program, which runs on weakened kernels."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def probe():
    spec = importlib.util.spec_from_file_location("probe", Path(__file__).parent / "probe.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
