"""Smaller PNG files without another program: few colours, well packed."""

import collections
import itertools
import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SEVEN = b"\x7f"


def shrink(png, most=256):
    """An 8-bit RGB picture as one of its `most` commonest colours; of text on
    plain paper nothing visible is lost.  Of 16 colours or fewer two pixels
    share a byte."""
    width, height, data = parts(png)
    rows = unfilter(data, width * 3, height)
    pixels = {row: list(zip(row[::3], row[1::3], row[2::3]))
              for row in set(rows)}
    seen = collections.Counter()
    for row, times in collections.Counter(rows).items():
        for colour, number in collections.Counter(pixels[row]).items():
            seen[colour] += number * times
    colours = [colour for colour, _ in seen.most_common(most)]
    index = {colour: n for n, colour in enumerate(colours)}
    for colour in seen:
        if colour not in index:
            index[colour] = index[nearest(colour, colours)]
    depth = 4 if most <= 16 else 8
    packed = {}
    for row, points in pixels.items():
        flat = bytes(map(index.__getitem__, points))
        if depth == 4:
            flat += b"\0" * (width % 2)
            flat = bytes(map(lambda a, b: a << 4 | b, flat[::2], flat[1::2]))
        packed[row] = b"\0" + flat
    body = b"".join(packed[row] for row in rows)
    return SIGNATURE + b"".join((
        chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 3, 0, 0,
                                   0)),
        chunk(b"PLTE", b"".join(map(bytes, colours))),
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
        kind, row = data[at], data[at + 1:at + 1 + length]
        if kind == 1:
            row = from_the_left(row)
        elif kind == 2:
            row = added(row, before)
        elif kind:
            row = guessed(kind, row, before)
        before = row
        rows.append(row)
    return rows


def from_the_left(row):
    out = bytearray(len(row))
    for channel in range(3):
        out[channel::3] = bytes(
            value & 255 for value in itertools.accumulate(row[channel::3]))
    return bytes(out)


def added(row, before):
    """Byte by byte, all at once: sums of seven bits never reach the next
    byte, and the eighth is an exclusive or."""
    length = len(row)
    a, b = int.from_bytes(row, "big"), int.from_bytes(before, "big")
    low = int.from_bytes(SEVEN * length, "big")
    return (((a & low) + (b & low)) ^ ((a ^ b) & ~low)).to_bytes(length, "big")


def guessed(kind, row, before):
    row = bytearray(row)
    for x in range(len(row)):
        left = row[x - 3] if x > 2 else 0
        corner = before[x - 3] if x > 2 else 0
        row[x] = (row[x] + guess(kind, left, before[x], corner)) & 255
    return bytes(row)


def guess(kind, left, up, corner):
    if kind == 3:
        return (left + up) // 2
    aim = left + up - corner
    if abs(aim - left) <= min(abs(aim - up), abs(aim - corner)):
        return left
    return up if abs(aim - up) <= abs(aim - corner) else corner
