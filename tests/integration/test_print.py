"""Files for paper: PDF/A-2b, clause by clause, each shown to be looked at by a
file that breaks it; and that programs of others read them.

The sample is made by lib/print alone (tests/bench/bench_print.c); letters of the
real server are looked at in test_letters_out.py.
"""

import hashlib
import io
import os
import re
import subprocess
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

import harness
import pdfa

PROGRAM = os.path.join(
    os.environ.get("OUV_BUILD", os.path.join(harness.ROOT, "build/plain")),
    "tests/bench/bench_print")


def made(folder, name="letter.pdf"):
    path = str(folder / name)
    subprocess.run([PROGRAM, path], check=True, timeout=60)
    with open(path, "rb") as file:
        return file.read()


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    return made(tmp_path_factory.mktemp("print"))


def test_the_letter_keeps_every_rule(raw):
    assert pdfa.faults(raw) == {}


def test_the_same_input_gives_the_same_bytes(raw, tmp_path):
    """In another process, at another time, with other addresses in memory."""
    for number in range(3):
        assert made(tmp_path, f"{number}.pdf") == raw


def test_the_sample_in_the_documents_is_this_one(raw):
    with open(os.path.join(harness.ROOT, "docs/samples/letter.pdf"), "rb") as f:
        assert f.read() == raw, "make samples"


def run(command, raw, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(raw)
    return subprocess.run([*command, str(path)], capture_output=True, text=True,
                          timeout=60)


def test_other_programs_read_it(raw, tmp_path):
    assert run(["qpdf", "--check"], raw, tmp_path).returncode == 0
    fonts = run(["pdffonts"], raw, tmp_path).stdout.splitlines()[2:]
    assert fonts
    for line in fonts:
        assert "LiberationSans" in line
        assert re.search(r"\s(yes)\s+(yes)\s+(yes)\s", line), line
    info = run(["pdfinfo"], raw, tmp_path).stdout
    assert re.search(r"Tagged:\s+yes", info)
    assert re.search(r"Page size:.*A4", info)
    assert re.search(r"Pages:\s+2\b", info)
    path = tmp_path / "a.pdf"
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True,
                          text=True, check=True).stdout
    for words in ("Áurea Gonçalves Conceição", "O número do seu caso é",
                  "2026-000123-4 - 2/2", "Beatriz Nogueira"):
        assert words in text
    shape = subprocess.run(["pdfinfo", "-struct", str(path)], capture_output=True,
                           text=True, check=True).stdout
    for element in ("Document", "H3", "P (block)", "L ", "LI", "LBody"):
        assert element in shape, element


# ---- each rule is looked at ------------------------------------------------------


def changed(raw, change):
    pdf = pikepdf.open(io.BytesIO(raw))
    change(pdf)
    out = io.BytesIO()
    pdf.save(out, static_id=True, fix_metadata_version=False,
             compress_streams=False,
             stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def fonts(pdf, kind):
    return [o for o in pdf.objects if isinstance(o, Dictionary)
            and o.get("/Type") == Name("/Font") and o.get("/Subtype") == Name(kind)]


def set_key(where, key, value):
    def change(pdf):
        where(pdf)[key] = value
    return change


def drop_key(where, key):
    def change(pdf):
        del where(pdf)[key]
    return change


def root(pdf):
    return pdf.Root


def page(pdf):
    return pdf.pages[0].obj


def simple(pdf):
    return fonts(pdf, "/TrueType")[0]


def below(pdf):
    return fonts(pdf, "/CIDFontType2")[0]


def with_wide(change):
    """The sample has a composite font only if a letter needs it: one is made of
    a simple one's parts, and drawn with."""
    def both(pdf):
        base = simple(pdf)
        program = base.FontDescriptor
        data = pdfa.TrueType(bytes(program.FontFile2.read_bytes()))
        down = pdf.make_indirect(Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=base.BaseFont,
            CIDSystemInfo=Dictionary(Registry=String("Adobe"),
                                     Ordering=String("Identity"), Supplement=0),
            FontDescriptor=program, CIDToGIDMap=Name.Identity,
            W=Array([1, Array([data.width(1)])])))
        up = pdf.make_indirect(Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=base.BaseFont,
            Encoding=Name("/Identity-H"), DescendantFonts=Array([down])))
        first = pdf.pages[0].obj
        first.Resources.Font["/Wide"] = up
        drawn(pdf, b"BT /Wide 9 Tf <0001> Tj ET")
        change(pdf, up, down)
    return both


def drawn(pdf, operators):
    first = pdf.pages[0]
    first.contents_coalesce()
    first.obj.Contents = pdf.make_stream(
        first.obj.Contents.read_bytes() + b"\n" + operators)


def draws(operators):
    return lambda pdf: drawn(pdf, operators)


def state(**values):
    def change(pdf):
        pdf.pages[0].obj.Resources["/ExtGState"] = Dictionary(
            X=Dictionary(**values))
    return change


def picture(**values):
    def change(pdf):
        stream = pdf.make_stream(zlib.compress(b"\0" * 3))
        for key, value in {"Type": Name.XObject, "Subtype": Name.Image,
                           "Width": 1, "Height": 1, "BitsPerComponent": 8,
                           "ColorSpace": Name.DeviceRGB, "Filter":
                           Name.FlateDecode, **values}.items():
            stream["/" + key] = value
        pdf.pages[0].obj.Resources["/XObject"] = Dictionary(I=stream)
    return change


def other_metadata(old, new):
    def change(pdf):
        text = pdf.Root.Metadata.read_bytes()
        assert old in text
        stream = pdf.make_stream(text.replace(old, new))
        stream.Type, stream.Subtype = Name.Metadata, Name.XML
        pdf.Root.Metadata = stream
    return change


def other_profile(at, value):
    def change(pdf):
        data = bytearray(pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes())
        data[at:at + len(value)] = value
        stream = pdf.make_stream(bytes(data))
        stream.N = 3
        pdf.Root.OutputIntents[0].DestOutputProfile = stream
    return change


def other_widths(pdf):
    font = simple(pdf)
    font.Widths = Array([int(one) + 40 for one in font.Widths])


def no_cmap(pdf):
    font = simple(pdf)
    data = bytearray(font.FontDescriptor.FontFile2.read_bytes())
    at = data.index(b"cmap")
    data[at:at + 4] = b"xmap"
    stream = pdf.make_stream(bytes(data))
    font.FontDescriptor.FontFile2 = stream


def wide_width(pdf, up, down):
    down.W = Array([1, Array([1])])


def wide_zero(pdf, up, down):
    drawn(pdf, b"BT /Wide 9 Tf <0000> Tj ET")


# clang-format has no say here: clause, how a file breaks it.
BREAKS = [
    ("6.1.2 header", lambda raw: b" " + raw),
    ("6.1.2 header", lambda raw: raw.replace(raw.split(b"\n")[1], b"%abcd", 1)),
    ("6.1.3 trailer", lambda raw: raw + b"more"),
    ("6.1.3 trailer", lambda raw: re.sub(rb"/ID \[.*?\]", lambda m: b" " * len(m[0]), raw, flags=re.S)),
    ("6.1.7.1 streams: keywords and lengths", lambda raw: raw.replace(b"\nendstream", b" endstream", 1)),
    ("6.1.7.1 streams: no external data", set_key(lambda pdf: page(pdf).Contents, "/FFilter", Name.FlateDecode)),
    ("6.1.7.2 filters", set_key(root, "/X", None)),
    ("6.1.12 permissions", set_key(root, "/Perms", Dictionary())),
    ("6.1.13 limits", set_key(root, "/X", String("x" * 40000))),
    ("6.1.13 limits", set_key(root, "/X", Name("/" + "x" * 200))),
    ("6.1.13 limits", set_key(root, "/X", 2 ** 40)),
    ("6.1.13 limits", set_key(page, "/MediaBox", Array([0, 0, 20000, 800]))),
    ("6.1.13 limits", draws(b"q " * 40 + b"Q " * 40)),
    ("6.2.2 content streams", draws(b"zz")),
    ("6.2.2 content streams", lambda pdf: None),
    ("6.2.3 output intent", drop_key(root, "/OutputIntents")),
    ("6.2.3 output intent", other_profile(8, b"\x05")),
    ("6.2.3 output intent", other_profile(12, b"scnr")),
    ("6.2.3 output intent", other_profile(16, b"CMYK")),
    ("6.2.3 output intent", other_profile(0, b"\0\0\0\x09")),
    ("6.2.4.3 device colours", draws(b"0 0 0 1 k")),
    ("6.2.4.3 device colours", picture(ColorSpace=Name.DeviceCMYK)),
    ("6.2.5 graphics states", state(TR=Name.Identity)),
    ("6.2.5 graphics states", state(TR2=Name.Identity)),
    ("6.2.6 rendering intents", draws(b"/Bright ri")),
    ("6.2.8 images", picture(Interpolate=True)),
    ("6.2.8 images", picture(BitsPerComponent=3)),
    ("6.2.9 form XObjects", picture(Subtype=Name.PS)),
    ("6.2.10 transparency", state(BM=Name("/Mine"))),
    ("6.2.11.2 font types", set_key(simple, "/Subtype", Name.Type1)),
    ("6.2.11.2 font types", set_key(simple, "/Widths", Array([1]))),
    ("6.2.11.3.1 CIDSystemInfo", with_wide(lambda pdf, up, down: down.CIDSystemInfo.__setitem__("/Ordering", String("Japan1")))),
    ("6.2.11.3.2 CIDToGIDMap", with_wide(lambda pdf, up, down: down.__delitem__("/CIDToGIDMap"))),
    ("6.2.11.3.3 CMaps", with_wide(lambda pdf, up, down: up.__setitem__("/Encoding", Name("/90ms-RKSJ-H")))),
    ("6.2.11.4.1 embedded fonts", lambda pdf: simple(pdf).FontDescriptor.__delitem__("/FontFile2")),
    ("6.2.11.4.2 subsets", lambda pdf: simple(pdf).FontDescriptor.__setitem__("/CIDSet", pdf.make_stream(b"x"))),
    ("6.2.11.5 widths", other_widths),
    ("6.2.11.5 widths", with_wide(wide_width)),
    ("6.2.11.6 TrueType encodings", drop_key(simple, "/Encoding")),
    ("6.2.11.6 TrueType encodings", lambda pdf: simple(pdf).FontDescriptor.__setitem__("/Flags", 4)),
    ("6.2.11.6 TrueType encodings", no_cmap),
    ("6.2.11.8 .notdef", no_cmap),
    ("6.2.11.8 .notdef", with_wide(wide_zero)),
    ("6.3 annotations", set_key(page, "/Annots", Array([Dictionary(Subtype=Name.Text)]))),
    ("6.4 forms", set_key(root, "/AcroForm", Dictionary())),
    ("6.5 actions", set_key(root, "/AA", Dictionary())),
    ("6.5 actions", set_key(root, "/OpenAction", Dictionary(S=Name.JavaScript))),
    ("6.6.2.1 metadata", drop_key(root, "/Metadata")),
    ("6.6.2.1 metadata", other_metadata(b"</rdf:RDF>", b"")),
    ("6.6.2.1 metadata", other_metadata(b"begin=", b'encoding="a" begin=')),
    ("6.6.2.3 known properties", other_metadata(b"<pdfaid:part>", b'<m:x xmlns:m="urn:m"/><pdfaid:part>')),
    ("6.6.3 document information", lambda pdf: pdf.trailer.Info.__setitem__("/Title", "x")),
    ("6.6.3 document information", lambda pdf: pdf.trailer.Info.__setitem__("/CreationDate", String("D:20010101000000Z"))),
    ("6.6.4 version and level", other_metadata(b"<pdfaid:part>2", b"<pdfaid:part>1")),
    ("6.6.4 version and level", other_metadata(b"conformance>B", b"conformance>U")),
    ("6.8 embedded files", set_key(root, "/AF", Array([]))),
    ("6.9 optional content", set_key(root, "/OCProperties", Dictionary())),
    ("6.10 alternate presentations", set_key(page, "/PresSteps", Dictionary())),
    ("6.11 requirements", set_key(root, "/Requirements", Array([]))),
    ("ours: language, title shown, tagged", drop_key(root, "/Lang")),
    ("ours: language, title shown, tagged", drop_key(root, "/MarkInfo")),
]


def lzw(pdf):
    stream = pdf.make_stream(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01")
    stream.Filter = Name.LZWDecode
    pdf.Root["/X"] = stream


def no_resources(pdf):
    form = pdf.make_stream(b"q Q")
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox = Array([0, 0, 9, 9])
    pdf.pages[0].obj.Resources["/XObject"] = Dictionary(F=form)


BREAKS[[clause for clause, _ in BREAKS].index("6.1.7.2 filters")] = (
    "6.1.7.2 filters", lzw)
BREAKS[[n for n, (clause, _) in enumerate(BREAKS)
        if clause == "6.2.2 content streams"][1]] = (
    "6.2.2 content streams", no_resources)


def takes_bytes(change):
    return change.__code__.co_varnames[:1] == ("raw",)


@pytest.mark.parametrize("n", range(len(BREAKS)), ids=[
    f"{n} {clause}" for n, (clause, _) in enumerate(BREAKS)])
def test_a_file_that_breaks_the_rule_is_told(raw, n):
    clause, change = BREAKS[n]
    broken = change(raw) if takes_bytes(change) else changed(raw, change)
    assert broken != raw
    assert clause in pdfa.faults(broken), "nobody looks at it"


def test_no_rule_is_left_out():
    assert {clause for clause, _ in BREAKS} == set(pdfa.RULES)


def test_a_file_of_cairo_alone_is_none(raw):
    """What lib/print adds is what makes it one: without, it is told."""
    pdf = pikepdf.open(io.BytesIO(raw))
    for key in ("/Metadata", "/OutputIntents", "/Lang", "/ViewerPreferences"):
        del pdf.Root[key]
    out = io.BytesIO()
    pdf.save(out)
    assert {"6.2.3 output intent", "6.6.2.1 metadata",
            "6.6.4 version and level"} <= set(pdfa.faults(out.getvalue()))
    assert hashlib.sha256(raw).hexdigest() != hashlib.sha256(
        out.getvalue()).hexdigest()
