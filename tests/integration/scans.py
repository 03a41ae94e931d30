"""Files as somebody scans, photographs or invents them, and forms that bring
them: what tests of uploads have in common."""

import http.client
import io
import struct
import uuid
import zlib

import pikepdf

from scene import Page


def png(width=40, height=30, dots=None, grey=b"\x7f"):
    """Grey, 8 bits; `dots` bytes of it, however many there should be."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data))
    plain = (b"\0" + grey * width) * height if dots is None else b"\0" * dots
    return b"\x89PNG\r\n\x1a\n" + chunk(
        b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) \
        + chunk(b"IDAT", zlib.compress(plain)) + chunk(b"IEND", b"")


def jpeg(mark=b"abc"):
    """Baseline; what it would draw is no matter."""
    return (b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
            + b"\xff\xfe" + struct.pack(">H", len(mark) + 2) + mark
            + b"\xff\xc0\0\x0b\x08\0\x10\0\x10\1\1\x11\0"
            + b"\xff\xda\0\x08\1\1\0\0\x3f\0" + b"abc\xff\xd9")


def pdf(pages=1, password=None, title=None):
    made = pikepdf.Pdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(200, 200))
    if title is not None:
        made.docinfo["/Title"] = title
    out = io.BytesIO()
    made.save(out, encryption=False if password is None else
              pikepdf.Encryption(owner=password, user=password))
    return out.getvalue()


def noise(size, seed=1):
    """A PDF that nothing packs smaller, of about so many bytes."""
    import random
    made = pikepdf.Pdf.new()
    made.add_blank_page(page_size=(200, 200))
    made.pages[0].Contents = made.make_stream(
        random.Random(seed).randbytes(size))
    out = io.BytesIO()
    made.save(out, compress_streams=False)
    return out.getvalue()


def body_of(fields, files, boundary):
    """fields: (name, value); files: (name, filename, type, bytes)."""
    out = []
    for name, value in fields:
        out.append(f'--{boundary}\r\nContent-Disposition: form-data; name='
                   f'"{name}"\r\n\r\n{value}\r\n'.encode())
    for name, filename, kind, data in files:
        out += [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
                f'; filename="{filename}"\r\nContent-Type: {kind}\r\n\r\n'
                .encode(), data, b"\r\n"]
    out.append(f"--{boundary}--\r\n".encode())
    return b"".join(out)


def bring(browser, path, fields, files, *, headers=None, timeout=60,
          body=None, boundary=None):
    """Posts a form with files; follows nothing.  files as of body_of, or
    (filename, type, bytes) for the input of that name."""
    boundary = boundary or uuid.uuid4().hex
    files = [f if len(f) == 4 else ("files", *f) for f in files]
    if body is None:
        body = body_of(list(fields.items()), files, boundary)
    line = http.client.HTTPConnection(browser.host, browser.port,
                                      timeout=timeout)
    try:
        line.request("POST", path, body, {
            "Cookie": "; ".join(f"{k}={v}" for k, v in
                                browser.cookies.items()),
            "Origin": browser.origin, "Sec-Fetch-Site": "same-origin",
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            **(headers or {})})
        answer = line.getresponse()
        return Page(answer.status, answer.headers, answer.read())
    finally:
        line.close()
