"""What every browser test may ask for by name: the servers are those of the
integration tests."""

import importlib.util
import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
INTEGRATION = os.path.join(os.path.dirname(HERE), "integration")
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, INTEGRATION]

_spec = importlib.util.spec_from_file_location(
    "integration_fixtures", os.path.join(INTEGRATION, "conftest.py"))
_fixtures = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_fixtures)
cluster, template = _fixtures.cluster, _fixtures.template
pytest_configure = _fixtures.pytest_configure
pytest_unconfigure = _fixtures.pytest_unconfigure
pytest_collection_modifyitems = _fixtures.pytest_collection_modifyitems

import scene as stage  # noqa: E402
from chrome import Chrome, Engine  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def engines():
    """Browsers are kept from test to test, and end with the last."""
    yield
    Engine.end_all()


@pytest.fixture(scope="module")
def office(template):
    """One office with all its servers for a file of tests."""
    made = stage.Scene(template)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture
def chrome(office):
    """A browser that was never here before."""
    browser = Chrome(office.office.base_url)
    try:
        yield browser
    finally:
        browser.stop()


@pytest.fixture
def plain(office):
    """The same with scripts switched off by its user."""
    browser = Chrome(office.office.base_url, scripts=False)
    try:
        yield browser
    finally:
        browser.stop()
