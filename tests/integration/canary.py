"""Looks for marks in files, in every shape in which text hides.

A mark begins with the same few random characters as all others of its run, so
that whole folders can be searched for that beginning alone; a beginning that
is found anywhere is a finding, whatever follows it.
"""

import base64
import mmap
import os
import quopri
import secrets

START = 12  # characters that all marks of a run begin with
LENGTH = 32


class Marks:
    """Marks of one run, and where they were found."""

    def __init__(self):
        # Letters alone: no shape of them is broken by a digit's meaning.
        self.start = "".join(secrets.choice("bcdfghjkmnpqrstvwxz")
                             for _ in range(START))
        self.patterns = {name: pattern for name, pattern in self.shapes()}

    def new(self):
        more = "".join(secrets.choice("bcdfghjkmnpqrstvwxz")
                       for _ in range(LENGTH - START))
        return self.start + more

    def shapes(self):
        """(name, octets) of each shape the beginning may have."""
        for case, text in (("", self.start), ("upper ", self.start.upper()),
                           ("title ", self.start.title())):
            raw = text.encode()
            yield f"{case}raw", raw
            yield f"{case}UTF-16LE", text.encode("utf-16-le")
            yield f"{case}UTF-16BE", text.encode("utf-16-be")
            yield f"{case}hex", raw.hex().encode()
            yield f"{case}HEX", raw.hex().upper().encode()
            yield f"{case}quoted-printable", b"".join(
                b"=%02X" % octet for octet in raw)
            yield f"{case}percent", b"".join(b"%%%02X" % o for o in raw)
            for shift in range(3):
                yield f"{case}base64 at {shift}", self.base64(raw, shift)

    @staticmethod
    def base64(raw, shift):
        """The digits that do not depend on what stands before and after."""
        coded = base64.b64encode(bytes(shift) + raw + bytes(-(
            shift + len(raw)) % 3))
        first = (8 * shift + 5) // 6
        last = 8 * (shift + len(raw)) // 6
        return coded[first:last]

    def in_octets(self, octets):
        return [name for name, pattern in self.patterns.items()
                if octets.find(pattern) >= 0]

    def in_folders(self, *folders, without=()):
        """[(path, shape)] of everything found; links are not followed."""
        found = []
        for folder in folders:
            for path in files(folder, without):
                found += [(path, name) for name in self.in_file(path)]
        return found

    def in_file(self, path):
        try:
            with open(path, "rb") as source:
                size = os.fstat(source.fileno()).st_size
                if size == 0:
                    return self.in_octets(source.read())
                with mmap.mmap(source.fileno(), 0,
                               access=mmap.ACCESS_READ) as octets:
                    return self.in_octets(octets)
        except (FileNotFoundError, ValueError):
            return []  # gone, or cut, while we looked


def files(folder, without):
    if os.path.isfile(folder):
        yield folder
        return
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders
                      if os.path.join(place, name) not in without]
        for name in names:
            path = os.path.join(place, name)
            if os.path.isfile(path) and not os.path.islink(path):
                yield path


def planted(marks, folder):
    """One file for each shape, to see that it is found: {path: shape}."""
    text = marks.new()
    raw = text.encode()
    shapes = {
        "raw": raw, "UTF-16LE": text.encode("utf-16-le"),
        "UTF-16BE": text.encode("utf-16-be"), "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(), "upper raw": raw.upper(),
        "quoted-printable": b"".join(b"=%02X" % octet for octet in raw),
        "raw ": quopri.encodestring(b"\xc3\xa7" + raw),
        **{f"base64 at {n}": base64.b64encode(b"xyz"[:n] + raw + b"...")
           for n in range(3)}}
    paths = {}
    for number, (name, octets) in enumerate(shapes.items()):
        path = os.path.join(folder, f"planted-{number}")
        with open(path, "wb") as out:
            out.write(os.urandom(5000) + octets + os.urandom(5000))
        paths[path] = name.strip()
    return paths
