"""What lies in the memory of the programs when nobody works: after two
hundred readings no text of a case, no password and no key of a colleague or a
case; the host's own secrets alone, as they must.

An image of a process is every page that it can read or write, also those that
a core would leave out, taken through /proc as root may.  The programs run
with the tunables of their units.
"""

import ctypes
import os
import re

import pytest

import accountant
import unseal
from canary import Marks
from harness import wait_until
from scene import Scene, descendants, with_file

VIEWS = 200
PIECE = 1 << 16
NOTHING = bytes(PIECE)


def image(pid):
    """All that is mapped, as octets; what is a file's own is left out."""
    pieces = []
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, \
            open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            first, last, rights, name = re.match(
                r"(\w+)-(\w+) (\S+) \S+ \S+ \S+\s*(.*)", line).groups()
            if name in ("[vvar]", "[vsyscall]", "[vdso]"):
                continue
            if "w" not in rights and name and not name.startswith("["):
                continue
            start, end = int(first, 16), int(last, 16)
            pieces.append(touched(memory, start, end))
    return b"\0".join(pieces)


def touched(memory, start, end):
    """The octets of a region but for what was never written."""
    pieces = []
    for at in range(start, end, PIECE):
        size = min(PIECE, end - at)
        try:
            memory.seek(at)
            octets = memory.read(size)
        except OSError:
            break  # reserved, and nothing behind it
        pieces.append(b"\0" if octets == NOTHING[:size] else octets)
    return b"".join(pieces)


def may_look():
    """Is this machine one where root may look into a process that hides?"""
    child = os.fork()
    if child == 0:
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE
        os.read(os.pipe()[0], 1)
    try:
        return len(image(child)) > 0
    except PermissionError:
        return False
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)


class Story:
    """Cases that are read two hundred times by two people, then nothing."""

    def __init__(self, template):
        self.marks = Marks()
        self.scene = Scene(template, to_sink=True)
        self.scene.begin()
        self.people = [self.scene.logged_in(login)
                       for login in ("mediator", "mediator2")]

    def tell(self):
        scene, new = self.scene, self.marks.new
        senders = [f"{new()}@consumidora.example" for _ in range(4)]
        for sender in senders:
            scene.post_mail(with_file(
                sender, f"Nota {new()}\n".encode() * 40, f"{new()}.pdf",
                subject=f"Reclamação {new()}", name=f"Ana {new()}",
                text=f"Bom dia, {new()}.\nObrigada."), sender)
        scene.inbound(len(senders))
        wait_until("they were acknowledged",
                   lambda: len(scene.sink.mails) == len(senders))
        pages = self.people[0].get("/").cases()
        assert len(pages) == len(senders)
        for view in range(VIEWS):
            page = self.people[view % 2].get(pages[view // 2 % len(pages)])
            assert page.status == 200 and self.marks.start in page.text
        for path in pages:
            for link in self.people[0].get(path).links(rf"{path}/items/[^\"]+"):
                assert self.people[0].get(link).status == 200
        page, _ = self.people[0].reply(
            pages[0], f"Resposta {new()}", f"Prezada Ana {new()},\nfalamos.")
        assert page.status == 303
        wait_until("the letter has gone",
                   lambda: len(scene.sink.mails) == len(senders) + 1)
        return self

    def staff_secrets(self):
        """{what: octets} that no idle program may hold."""
        scene = self.scene
        found = {}
        boxes = None
        for login, browser in zip(("mediator", "mediator2"), self.people):
            found[f"password of {login}"] = scene.office.person(
                login)["password"].encode()
            secret = unseal.secret_of(scene, login)
            found[f"secret of {login}"] = secret
            for name, value in browser.cookies.items():
                found[f"cookie {name} of {login}"] = value.encode()
            boxes = boxes or list(unseal.boxes_of(scene.query))
            for n, one in enumerate(unseal.unseal(boxes, secret)):
                found[f"{one.table}.{one.column} {n} of {login}"] = one.key
        return found

    def host_secret(self, name):
        values = accountant.read_config(self.scene.office.config)
        with open(os.path.join(self.scene.office.home,
                               values["keys", name]), encoding="ascii") as f:
            return bytes.fromhex(f.read().strip())


@pytest.fixture(scope="module")
def story(template):
    if not may_look():
        pytest.skip("root may not look into other processes here")
    made = Story(template)
    try:
        yield made.tell()
    finally:
        made.scene.stop()


@pytest.fixture(scope="module")
def images(story):
    scene = story.scene
    return {"server": image(scene.server.process.pid),
            "mailgw": image(scene.gateway.process.pid),
            **{f"{name}'s child {n}": image(pid)
               for name, program in (("server", scene.server),
                                     ("mailgw", scene.gateway))
               for n, pid in enumerate(descendants(program.process.pid))}}


def test_the_image_is_all_of_it(story, images):
    """What must be there is found: the host's own secrets."""
    assert story.host_secret("pepper_file") in images["server"]
    assert story.host_secret("pepper_file") not in images["mailgw"]


def test_no_text_of_a_case_is_left(story, images):
    found = {name: shapes for name, octets in images.items()
             if (shapes := story.marks.in_octets(octets))}
    assert found == {}


def test_no_secret_of_a_colleague_or_a_case_is_left(story, images):
    secrets = story.staff_secrets()
    assert {what.partition(" of ")[0].split(".")[0] for what in secrets} >= {
        "password", "secret", "case_grant", "item"}
    found = {(name, what) for name, octets in images.items()
             for what, secret in secrets.items() if secret in octets}
    assert found == set()
