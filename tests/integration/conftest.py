"""What every integration test may ask for by name."""

import os

import pytest

import harness
import scene
import stock


def pytest_configure(config):
    """Every process of a run copies one stock; it is theirs for the run."""
    if stock.FOLDER not in os.environ:
        config.stock = harness.Folder()
        os.environ[stock.FOLDER] = config.stock.path


def pytest_unconfigure(config):
    if hasattr(config, "stock"):
        del os.environ[stock.FOLDER]
        config.stock.remove()
        del config.stock


# What takes long begins first, lest one process be left with it at the end.
LONG = ["test_look", "test_look_languages", "test_day_intake",
        "test_day_mediator", "test_hostile", "test_held", "test_guards",
        "test_runs", "test_clock", "test_kill", "test_year", "test_office",
        "test_fence", "test_absence", "test_console_held", "test_intake",
        "test_party", "test_main_job", "test_write", "test_net",
        "test_mediate", "test_accountant"]


def pytest_collection_modifyitems(items):
    place = {name: n for n, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.stem, len(LONG)))


@pytest.fixture(scope="session")
def cluster():
    """One PostgreSQL for the whole run."""
    folder = harness.Folder()
    postgres = harness.Postgres(folder)
    try:
        postgres.begin()
        yield postgres
    finally:
        postgres.stop()
        folder.remove()


@pytest.fixture(scope="session")
def template(cluster):
    """A migrated, keyed and staffed database to copy, with its secrets."""
    folder = harness.Folder()
    try:
        made = harness.Template(folder, cluster)
        made.begin()
        yield made
    finally:
        folder.remove()


@pytest.fixture
def folder():
    """A folder that every server can reach, for one test."""
    made = harness.Folder()
    yield made
    made.remove()


@pytest.fixture
def database(cluster):
    """An empty database."""
    made = cluster.fresh()
    yield made
    made.drop()


@pytest.fixture
def dovecot(folder):
    server = harness.Dovecot(folder)
    try:
        server.begin()
        yield server
    finally:
        server.stop()


@pytest.fixture
def smtp(folder, dovecot):
    """The SMTP listener of `make run` in front of the test's Dovecot."""
    server = harness.SmtpListener(folder, dovecot)
    try:
        server.begin()
        yield server
    finally:
        server.stop()


@pytest.fixture
def sink():
    server = harness.SmtpSink()
    yield server
    server.stop()


@pytest.fixture
def office(folder, template):
    """A test's own office; its servers are begun by the test."""
    made = harness.Office(folder, template)
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def words():
    """What the pages say in Portuguese, by key."""
    return scene.words_of("pt-BR")
