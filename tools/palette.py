"""Smaller PNG files without another program: few colours, well packed."""

import collections
import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def shrink(png):
    """An 8-bit RGB picture as one of its 256 commonest colours; of text on
    plain paper nothing visible is lost."""
    width, height, data = parts(png)
    rows = unfilter(data, width * 3, height)
    pixels = [row[at:at + 3] for row in rows for at in range(0, len(row), 3)]
    seen = collections.Counter(pixels)
    colours = [colour for colour, _ in seen.most_common(256)]
    index = {colour: n for n, colour in enumerate(colours)}
    for colour in seen:
        if colour not in index:
            index[colour] = index[nearest(colour, colours)]
    flat = bytes(map(index.__getitem__, pixels))
    body = b"".join(b"\0" + flat[at:at + width]
                    for at in range(0, len(flat), width))
    return SIGNATURE + b"".join((
        chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        chunk(b"PLTE", b"".join(colours)),
        chunk(b"IDAT", zlib.compress(body, 9)), chunk(b"IEND", b"")))


def nearest(colour, colours):
    return min(colours, key=lambda other: sum(
        (a - b) ** 2 for a, b in zip(colour, other)))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data \
        + struct.pack(">I", zlib.crc32(kind + data))


def parts(png):
    at, data, size = len(SIGNATURE), b"", None
    while at < len(png):
        length, = struct.unpack(">I", png[at:at + 4])
        kind, body = png[at + 4:at + 8], png[at + 8:at + 8 + length]
        if kind == b"IHDR":
            *size, depth, colour, _, _, interlaced = struct.unpack(
                ">IIBBBBB", body)
            if (depth, colour, interlaced) != (8, 2, 0):
                raise ValueError("not a plain 8-bit RGB picture")
        elif kind == b"IDAT":
            data += body
        at += 12 + length
    return *size, zlib.decompress(data)


def unfilter(data, length, height):
    """The five filters of the PNG specification, undone."""
    rows, before = [], bytes(length)
    for number in range(height):
        at = number * (length + 1)
        kind, row = data[at], bytearray(data[at + 1:at + 1 + length])
        if kind == 2:
            row = bytearray((a + b) & 255 for a, b in zip(row, before))
        elif kind:
            for x in range(length):
                left = row[x - 3] if x > 2 else 0
                corner = before[x - 3] if x > 2 else 0
                row[x] = (row[x] + guess(kind, left, before[x], corner)) & 255
        before = bytes(row)
        rows.append(before)
    return rows


def guess(kind, left, up, corner):
    if kind == 1:
        return left
    if kind == 3:
        return (left + up) // 2
    aim = left + up - corner
    if abs(aim - left) <= min(abs(aim - up), abs(aim - corner)):
        return left
    return up if abs(aim - up) <= abs(aim - corner) else corner
