"""Letters as a scanner hands them over: pictures of pages, and PDFs of them.

The words are set by a small PDF of our own and drawn by pdftoppm, so no test
needs a font that the programs bring.
"""

import os
import struct
import subprocess
import tempfile
import zlib

WIDE, HIGH = 595, 842  # points of A4


def text_pdf(text, size=14):
    """One page with these lines."""
    shown = ["BT", f"/F {size} Tf", f"{size * 1.5} TL", "60 760 Td"]
    for line in text.splitlines():
        for sign in "\\()":
            line = line.replace(sign, "\\" + sign)
        shown.append(f"({line}) Tj T*")
    stream = "\n".join(shown + ["ET"]).encode("cp1252")
    head = (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 1/Kids[4 0 R]>>endobj\n"
        b"3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
        b"/Encoding/WinAnsiEncoding>>endobj\n"
        b"4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]"
        b"/Resources<</Font<</F 3 0 R>>>>/Contents 5 0 R>>endobj\n"
        b"5 0 obj<</Length %d>>stream\n" % (WIDE, HIGH, len(stream)))
    return head + stream + (b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n"
                            b"%%EOF\n")


def picture(text, *, dots=150, kind="jpeg", size=14):
    """The page as a grey picture."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "page")
        with open(path + ".pdf", "wb") as file:
            file.write(text_pdf(text, size))
        subprocess.run(["pdftoppm", "-r", str(dots), "-gray", "-" + kind,
                        "-singlefile", path + ".pdf", path], check=True,
                       capture_output=True, timeout=60)
        ending = {"jpeg": "jpg", "tiff": "tif"}.get(kind, kind)
        with open(f"{path}.{ending}", "rb") as file:
            return file.read()


def jpeg_size(data):
    return jpeg_head(data)[:2]


def jpeg_head(data):
    """Width, height, colours."""
    at = 2
    while data[at] == 0xff:
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2:at + 4])[0]
        if 0xc0 <= marker <= 0xc2:
            high, wide = struct.unpack(">HH", data[at + 5:at + 9])
            return wide, high, data[at + 9]
        at += 2 + length
    raise ValueError("no JPEG of ours")


def scanned_pdf(texts, *, dots=150, size=14):
    """A PDF whose pages are pictures of these texts."""
    return pdf_of([picture(text, dots=dots, size=size) for text in texts])


def pdf_of(jpegs):
    kids = " ".join(f"{10 + 3 * n} 0 R" for n in range(len(jpegs)))
    out = [b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
           b"2 0 obj<</Type/Pages/Count %d/Kids[%s]>>endobj\n"
           % (len(jpegs), kids.encode())]
    for n, jpeg in enumerate(jpegs):
        wide, high, colours = jpeg_head(jpeg)
        space = b"DeviceGray" if colours == 1 else b"DeviceRGB"
        draw = f"q {WIDE} 0 0 {HIGH} 0 0 cm /I Do Q".encode()
        page, stream, image = 10 + 3 * n, 11 + 3 * n, 12 + 3 * n
        out.append(
            b"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources"
            b"<</XObject<</I %d 0 R>>>>/Contents %d 0 R>>endobj\n"
            b"%d 0 obj<</Length %d>>stream\n%s\nendstream endobj\n"
            b"%d 0 obj<</Type/XObject/Subtype/Image/Width %d/Height %d"
            b"/ColorSpace/%s/BitsPerComponent 8/Filter/DCTDecode"
            b"/Length %d>>stream\n%s\nendstream endobj\n"
            % (page, WIDE, HIGH, image, stream, stream, len(draw), draw, image,
               wide, high, space, len(jpeg), jpeg))
    out.append(b"trailer<</Root 1 0 R>>\n%%EOF\n")
    return b"".join(out)


def huge_png(wide, high):
    """A few kilobytes that say they are so large."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(bytes(1 << 20)))
            + chunk(b"IEND", b""))
