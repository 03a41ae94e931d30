"""Rules of ISO 19005-2 (PDF/A-2), level B, looked at one by one.

There is no validator among Debian's packages, so this is ours.  `RULES` names
each clause that is looked at, and test_print.py breaks a file against each of
them.  What is not looked at, because no file of ours can hold it: CCITT, JBIG2
and JPEG 2000 streams, Type 0 fonts with other than Identity CMaps, Type 1 and
Type 3 fonts (they are refused instead), ICC-based and special colour spaces,
halftones, optional content, annotations, forms and embedded files (refused as
well).  The glyphs' outlines are not compared with what is drawn.
"""
import re
import struct
import xml.etree.ElementTree

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

RULES = {}


def rule(clause):
    """Notes the function as what looks at that clause."""
    def note(function):
        RULES[clause] = function
        return function
    return note


class File:
    """A file's bytes and its objects."""

    def __init__(self, raw):
        self.raw = raw
        import io
        self.pdf = pikepdf.open(io.BytesIO(raw))
        self.root = self.pdf.Root
        self.kept = {}

    def once(self, name, make):
        if name not in self.kept:
            self.kept[name] = list(make())
        return self.kept[name]

    def objects(self):
        return self.once("objects", lambda: self.pdf.objects)

    def dictionaries(self):
        """Every dictionary, those inside of others too, streams' included."""
        return self.once("dictionaries", self.walk_all)

    def walk_all(self):
        seen = set()

        def walk(thing, depth=0):
            if depth > 40:
                return
            if isinstance(thing, (Dictionary, Stream)):
                if thing.is_indirect:
                    if thing.objgen in seen:
                        return
                    seen.add(thing.objgen)
                yield thing
                for key in thing.keys():
                    yield from walk(thing[key], depth + 1)
            elif isinstance(thing, Array):
                for one in thing:
                    yield from walk(one, depth + 1)
        for thing in self.objects():
            yield from walk(thing)

    def fonts(self):
        return [d for d in self.dictionaries()
                if d.get("/Type") == Name("/Font")]

    def contents(self):
        """(page, operators) of each page and form."""
        return self.once("contents", self.read_contents)

    def read_contents(self):
        for page in self.pdf.pages:
            yield page.obj, pikepdf.parse_content_stream(page)
        for thing in self.objects():
            if isinstance(thing, Stream) and \
                    thing.get("/Subtype") == Name("/Form"):
                yield thing, pikepdf.parse_content_stream(thing)


class Broken(AssertionError):
    pass


def need(truth, what):
    if not truth:
        raise Broken(what)


# ---- 6.1: the file -----------------------------------------------------------

@rule("6.1.2 header")
def header(f):
    match = re.match(rb"%PDF-1\.[0-7](\r\n|\r|\n)%(....)", f.raw)
    need(match, "no header at the first byte, or no comment below it")
    need(all(byte > 127 for byte in match.group(2)), "the comment is plain")


@rule("6.1.3 trailer")
def trailer(f):
    found = f.pdf.trailer
    need("/ID" in found and len(found.ID) == 2, "no identifier")
    need(all(len(bytes(one)) >= 16 for one in found.ID), "a short identifier")
    need("/Encrypt" not in found, "encrypted")
    need(re.search(rb"%%EOF[\r\n]{0,2}\Z", f.raw), "something behind the end")


@rule("6.1.7.1 streams: keywords and lengths")
def stream_ends(f):
    for match in re.finditer(rb"\bobj\b[^\0]{0,400}?>>\s*stream", f.raw):
        after = f.raw[match.end():match.end() + 2]
        need(after.startswith(b"\n") or after == b"\r\n",
             "no line end behind stream")
    for match in re.finditer(rb"endstream\s+endobj", f.raw):
        need(f.raw[match.start() - 1:match.start()] in (b"\n", b"\r"),
             "no line end before endstream")


@rule("6.1.7.1 streams: no external data")
def external(f):
    for thing in f.objects():
        if isinstance(thing, Stream):
            need(not {"/F", "/FFilter", "/FDecodeParms"} & set(thing.keys()),
                 "a stream in another file")


@rule("6.1.7.2 filters")
def filters(f):
    for thing in f.objects():
        if isinstance(thing, Stream) and "/Filter" in thing:
            names = thing.Filter if isinstance(thing.Filter, Array) \
                else [thing.Filter]
            need(all(str(name) in ("/FlateDecode", "/DCTDecode",
                                   "/ASCII85Decode", "/ASCIIHexDecode",
                                   "/RunLengthDecode") for name in names),
                 "a filter that may not be")


@rule("6.1.12 permissions")
def permissions(f):
    need("/Perms" not in f.root, "permissions")


@rule("6.1.13 limits")
def limits(f):
    def look(thing):
        if isinstance(thing, Name):
            need(len(str(thing)) <= 128, "a long name")
        elif isinstance(thing, String):
            need(len(bytes(thing)) <= 32767, "a long string")
        elif isinstance(thing, int) and not isinstance(thing, bool):
            need(-2 ** 31 <= thing < 2 ** 31, "a large number")
    for d in f.dictionaries():
        for key in d.keys():
            look(d[key])
    for page in f.pdf.pages:
        box = [float(n) for n in page.mediabox]
        for side in (box[2] - box[0], box[3] - box[1]):
            need(3 <= side <= 14400, "a page of no size")
    for _, operators in f.contents():
        depth = 0
        for _, operator in operators:
            depth += {"q": 1, "Q": -1}.get(str(operator), 0)
            need(depth <= 28, "too many states inside each other")
    need(len(f.objects()) <= 8388607, "too many objects")


# ---- 6.2: graphics -------------------------------------------------------------

OPERATORS = set("b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET "
                "EX f F f* G g gs h i ID j J K k l m M MP n q Q re RG rg ri s S "
                "sc SC SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* "
                "y ' \" INLINE\x20IMAGE".split()) | {"INLINE IMAGE"}


@rule("6.2.2 content streams")
def operators_known(f):
    for holder, operators in f.contents():
        need("/Resources" in holder or holder.get("/Type") == Name("/Page"),
             "no resources of its own")
        for _, operator in operators:
            need(str(operator) in OPERATORS, f"operator {operator}")


@rule("6.2.3 output intent")
def intent(f):
    found = [one for one in f.root.get("/OutputIntents", [])
             if one.get("/S") == Name("/GTS_PDFA1")]
    need(len(found) == 1, "not one output intent")
    need("/DestOutputProfileRef" not in found[0], "a profile elsewhere")
    need("/OutputConditionIdentifier" in found[0], "an intent without a name")
    profile = bytes(found[0].DestOutputProfile.read_bytes())
    need(len(profile) > 128 and
         struct.unpack(">I", profile[:4])[0] == len(profile), "a cut profile")
    need(profile[36:40] == b"acsp", "no ICC profile")
    need(profile[8] < 5, "a profile of another version")
    need(profile[12:16] in (b"mntr", b"prtr"), "a profile of another class")
    need(profile[16:20] == b"RGB " and found[0].DestOutputProfile.N == 3,
         "a profile of other colours")


@rule("6.2.4.3 device colours")
def colours(f):
    """Red, green, blue and grey mean what the intent says; nothing else."""
    for d in f.dictionaries():
        for key in ("/ColorSpace", "/CS"):
            if isinstance(d.get(key), Name):
                need(str(d[key]) in ("/DeviceRGB", "/DeviceGray"),
                     f"colours of {d[key]}")
            elif isinstance(d.get(key), Array):
                need(False, "colours of a space of their own")
    for _, operators in f.contents():
        for _, operator in operators:
            need(str(operator) not in ("k", "K"), "four colours")


@rule("6.2.5 graphics states")
def states(f):
    for d in f.dictionaries():
        for key in d.get("/ExtGState", {}).keys():
            state = d.ExtGState[key]
            need("/TR" not in state and "/HTP" not in state, "transfer functions")
            need(state.get("/TR2", Name("/Default")) == Name("/Default"),
                 "transfer functions")


INTENTS = ("/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual",
           "/Saturation")


@rule("6.2.6 rendering intents")
def rendering(f):
    for d in f.dictionaries():
        for key in ("/RI", "/Intent"):
            if isinstance(d.get(key), Name):
                need(str(d[key]) in INTENTS, "a rendering intent")
    for _, operators in f.contents():
        for operands, operator in operators:
            need(str(operator) != "ri" or str(operands[0]) in INTENTS,
                 "a rendering intent")


def pictures(f):
    return [thing for thing in f.objects() if isinstance(thing, Stream)
            and thing.get("/Subtype") == Name("/Image")]


@rule("6.2.8 images")
def images(f):
    for image in pictures(f):
        need(not {"/Alternates", "/OPI"} & set(image.keys()), "another image")
        need(not bool(image.get("/Interpolate", False)), "interpolated")
        need(int(image.get("/BitsPerComponent", 8)) in (1, 2, 4, 8, 16),
             "bits of a component")


@rule("6.2.9 form XObjects")
def forms(f):
    for thing in f.objects():
        if isinstance(thing, Stream) and thing.get("/Type") == Name("/XObject"):
            need(thing.get("/Subtype") in (Name("/Image"), Name("/Form")),
                 "PostScript")
            need(not {"/OPI", "/PS", "/Ref", "/Subtype2"} & set(thing.keys()),
                 "PostScript, or a part of another file")


BLENDS = ("/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken",
          "/Lighten", "/ColorDodge", "/ColorBurn", "/HardLight", "/SoftLight",
          "/Difference", "/Exclusion", "/Hue", "/Saturation", "/Color",
          "/Luminosity")


@rule("6.2.10 transparency")
def transparency(f):
    for d in f.dictionaries():
        for key in d.get("/ExtGState", {}).keys():
            mode = d.ExtGState[key].get("/BM", Name("/Normal"))
            for one in mode if isinstance(mode, Array) else [mode]:
                need(str(one) in BLENDS, "a blend mode")


# ---- 6.2.11: fonts ---------------------------------------------------------------

class TrueType:
    """What of an embedded font program its rules ask for."""

    def __init__(self, data):
        self.data = data
        self.tables = {}
        for i in range(struct.unpack(">H", data[4:6])[0]):
            tag, _, at, size = struct.unpack(
                ">4sIII", data[12 + 16 * i:28 + 16 * i])
            self.tables[tag] = data[at:at + size]
        self.units = struct.unpack(">H", self.tables[b"head"][18:20])[0]
        self.count = struct.unpack(">H", self.tables[b"maxp"][4:6])[0]
        self.long = struct.unpack(">H", self.tables[b"hhea"][34:36])[0]

    def width(self, glyph):
        """In thousandths of the size."""
        at = 4 * min(glyph, self.long - 1)
        return struct.unpack(">H", self.tables[b"hmtx"][at:at + 2])[0] \
            * 1000 / self.units

    def maps(self):
        """{(platform, encoding): {code: glyph}} of its cmaps of format 4, 0."""
        table = self.tables.get(b"cmap", b"\0\0\0\0")
        found = {}
        for i in range(struct.unpack(">H", table[2:4])[0]):
            platform, encoding, at = struct.unpack(
                ">HHI", table[4 + 8 * i:12 + 8 * i])
            found[platform, encoding] = self.map_at(table[at:])
        return found

    @staticmethod
    def map_at(table):
        kind = struct.unpack(">H", table[:2])[0]
        if kind == 0:
            return dict(enumerate(table[6:262]))
        if kind != 4:
            return {}
        size = struct.unpack(">H", table[6:8])[0]
        n = size // 2
        word = lambda at: struct.unpack(">H", table[at:at + 2])[0]  # noqa: E731
        found = {}
        for i in range(n):
            end, start = word(14 + 2 * i), word(16 + size + 2 * i)
            delta, offset = word(16 + 2 * size + 2 * i), word(16 + 3 * size + 2 * i)
            for code in range(start, end + 1):
                if code == 0xFFFF:
                    continue
                if offset == 0:
                    glyph = (code + delta) & 0xFFFF
                else:
                    glyph = word(16 + 3 * size + 2 * i + offset
                                 + 2 * (code - start))
                    glyph = (glyph + delta) & 0xFFFF if glyph else 0
                if glyph:
                    found[code] = glyph
        return found


def drawn(f, font):
    """The codes that text of this font holds, anywhere."""
    return set(f.once(("drawn", font.objgen), lambda: find_drawn(f, font)))


def find_drawn(f, font):
    codes = set()
    wide = font.get("/Subtype") == Name("/Type0")
    for holder, operators in f.contents():
        fonts = holder.get("/Resources", {}).get("/Font", {})
        own = {key for key in fonts.keys()
               if fonts[key].objgen == font.objgen}
        here = False
        for operands, operator in operators:
            if str(operator) == "Tf":
                here = str(operands[0]) in own
            elif here and str(operator) in ("Tj", "TJ", "'", '"'):
                for piece in (operands[0] if str(operator) == "TJ"
                              else operands[-1:]):
                    if isinstance(piece, String):
                        text = bytes(piece)
                        codes |= set(
                            struct.unpack(f">{len(text) // 2}H", text)
                            if wide else text)
    return codes


def simple(f):
    return [font for font in f.fonts()
            if font.get("/Subtype") == Name("/TrueType")]


def composite(f):
    return [font for font in f.fonts() if font.get("/Subtype") == Name("/Type0")]


def program(font):
    return TrueType(bytes(font.FontDescriptor.FontFile2.read_bytes()))


@rule("6.2.11.2 font types")
def font_types(f):
    for font in f.fonts():
        need(str(font.get("/Subtype")) in ("/TrueType", "/Type0",
                                           "/CIDFontType2"), "a font of a type")
        need("/BaseFont" in font, "a font without a name")
    for font in simple(f):
        need({"/FirstChar", "/LastChar", "/Widths"} <= set(font.keys()),
             "a font without widths")
        need(len(font.Widths) == font.LastChar - font.FirstChar + 1,
             "widths that do not fit")


@rule("6.2.11.3.1 CIDSystemInfo")
def system_info(f):
    for font in composite(f):
        info = font.DescendantFonts[0].get("/CIDSystemInfo", {})
        need(bytes(info.get("/Registry", b"")) == b"Adobe" and
             bytes(info.get("/Ordering", b"")) == b"Identity",
             "a character collection that is not that of its CMap")


@rule("6.2.11.3.2 CIDToGIDMap")
def glyph_map(f):
    for font in composite(f):
        found = font.DescendantFonts[0].get("/CIDToGIDMap")
        need(found == Name("/Identity") or isinstance(found, Stream),
             "no map from characters to glyphs")


@rule("6.2.11.3.3 CMaps")
def cmaps(f):
    for font in composite(f):
        need(font.get("/Encoding") in (Name("/Identity-H"), Name("/Identity-V")),
             "a CMap that is not embedded")


@rule("6.2.11.4.1 embedded fonts")
def embedded(f):
    for font in simple(f) + [one.DescendantFonts[0] for one in composite(f)]:
        need("/FontFile2" in font.get("/FontDescriptor", {}), "not embedded")
        program(font)
    for font in f.fonts():
        need(font.get("/Subtype") != Name("/Type0") or
             len(font.DescendantFonts) == 1, "not one descendant")


@rule("6.2.11.4.2 subsets")
def subsets(f):
    for font in simple(f) + [one.DescendantFonts[0] for one in composite(f)]:
        descriptor = font.get("/FontDescriptor", {})
        need("/CIDSet" not in descriptor, "a CIDSet that nobody compared")


@rule("6.2.11.5 widths")
def widths(f):
    for font in simple(f):
        data, codes = program(font), drawn(f, font)
        glyphs = glyphs_of(font, data)
        for code in codes:
            said = float(font.Widths[code - int(font.FirstChar)])
            need(abs(said - data.width(glyphs[code])) <= 1, "another width")
    for font in composite(f):
        below = font.DescendantFonts[0]
        data, said, at = program(below), {}, 0
        w = below.get("/W", [])
        while at < len(w):
            for i, width in enumerate(w[at + 1]):
                said[int(w[at]) + i] = float(width)
            at += 2
        for code in drawn(f, font):
            need(abs(said.get(code, float(below.get("/DW", 1000)))
                     - data.width(code)) <= 1, "another width")


def glyphs_of(font, data):
    """Code to glyph of a font with WinAnsi, by (3, 1), else by (1, 0)."""
    found = data.maps()
    if (3, 1) in found:
        return {code: found[3, 1].get(ord(bytes([code]).decode("cp1252")
                                          if code not in (0x81, 0x8d, 0x8f, 0x90,
                                                          0x9d) else "\0"), 0)
                for code in range(256)}
    return {code: found.get((1, 0), {}).get(code, 0) for code in range(256)}


@rule("6.2.11.6 TrueType encodings")
def encodings(f):
    for font in simple(f):
        flags, found = int(font.FontDescriptor.Flags), program(font).maps()
        need(bool(flags & 4) != bool(flags & 32), "symbolic or not?")
        if flags & 32:
            need(font.get("/Encoding") in (Name("/WinAnsiEncoding"),
                                           Name("/MacRomanEncoding")),
                 "letters without an encoding")
            need({(3, 1), (1, 0)} & set(found), "no map of letters")
        else:
            need("/Encoding" not in font and len(found) == 1,
                 "symbols with an encoding")


@rule("6.2.11.8 .notdef")
def notdef(f):
    for font in simple(f):
        glyphs = glyphs_of(font, program(font))
        need(all(glyphs[code] for code in drawn(f, font)),
             "a character without a glyph")
    for font in composite(f):
        need(0 not in drawn(f, font), "a character without a glyph")


# ---- 6.3 to 6.11: what a page may do besides being read ---------------------------

@rule("6.3 annotations")
def annotations(f):
    for page in f.pdf.pages:
        need(len(page.obj.get("/Annots", [])) == 0, "annotations")


@rule("6.4 forms")
def fields(f):
    need("/AcroForm" not in f.root, "a form")


ACTIONS = ("/GoTo", "/GoToR", "/GoToE", "/Thread", "/URI", "/Named", "/SubmitForm")


@rule("6.5 actions")
def actions(f):
    need("/AA" not in f.root, "acts by itself")
    for d in f.dictionaries():
        need(d.get("/Type") != Name("/Page") or "/AA" not in d, "acts by itself")
        for key in ("/A", "/OpenAction"):
            act = d.get(key)
            if isinstance(act, Dictionary) and "/S" in act:
                need(str(act.S) in ACTIONS, f"does {act.S}")
        need("/JavaScript" not in d, "a script")


def packet(f):
    need("/Metadata" in f.root, "no metadata")
    return f.root.Metadata.read_bytes().decode("utf-8")


@rule("6.6.2.1 metadata")
def metadata(f):
    text = packet(f)
    stream = f.root.Metadata
    need(stream.get("/Type") == Name("/Metadata") and
         stream.get("/Subtype") == Name("/XML"), "metadata of another type")
    head = re.search(r"<\?xpacket begin=[^?]*\?>", text)
    need(head, "no packet")
    need(not re.search(r"\b(bytes|encoding)=", head.group()), "an old packet")
    try:
        xml.etree.ElementTree.fromstring(re.sub(r"<\?xpacket[^?]*\?>", "", text))
    except xml.etree.ElementTree.ParseError as error:
        raise Broken("metadata that are no XML") from error


NAMES = {"dc": "http://purl.org/dc/elements/1.1/",
         "xmp": "http://ns.adobe.com/xap/1.0/",
         "pdf": "http://ns.adobe.com/pdf/1.3/",
         "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
         "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}


def property_of(f, name):
    tree = xml.etree.ElementTree.fromstring(
        re.sub(r"<\?xpacket[^?]*\?>", "", packet(f)))
    found = tree.find(f".//{name}", NAMES)
    if found is None:
        return None
    inner = found.find(".//rdf:li", NAMES)
    return (inner if inner is not None else found).text or ""


@rule("6.6.2.3 known properties")
def properties(f):
    tree = xml.etree.ElementTree.fromstring(
        re.sub(r"<\?xpacket[^?]*\?>", "", packet(f)))
    for one in tree.iter("{%s}Description" % NAMES["rdf"]):
        for child in one:
            space = child.tag[1:].split("}")[0]
            need(space in NAMES.values(), f"a property of {space}")


@rule("6.6.3 document information")
def information(f):
    info = f.pdf.trailer.get("/Info", {})
    pairs = {"/Title": "dc:title", "/Author": "dc:creator",
             "/Producer": "pdf:Producer"}
    for key, name in pairs.items():
        if key in info:
            need(str(info[key]) == property_of(f, name),
                 f"{key} says something else")
    if "/CreationDate" in info:
        said = re.sub(r"\D", "", str(info.CreationDate))[:14]
        need(said == re.sub(r"\D", "", property_of(f, "xmp:CreateDate") or ""),
             "another date")


@rule("6.6.4 version and level")
def level(f):
    need(property_of(f, "pdfaid:part") == "2", "not part 2")
    need(property_of(f, "pdfaid:conformance") == "B", "not level B")


@rule("6.8 embedded files")
def attached(f):
    need("/EmbeddedFiles" not in f.root.get("/Names", {}) and
         "/AF" not in f.root, "files in it")


@rule("6.9 optional content")
def optional(f):
    need("/OCProperties" not in f.root, "content that may be hidden")


@rule("6.10 alternate presentations")
def alternates(f):
    need("/AlternatePresentations" not in f.root.get("/Names", {}), "slides")
    for page in f.pdf.pages:
        need("/PresSteps" not in page.obj, "slides")


@rule("6.11 requirements")
def requirements(f):
    need("/Requirements" not in f.root, "requirements")


# Not of level B, but what we say our files have.

@rule("ours: language, title shown, tagged")
def ours(f):
    need(len(str(f.root.get("/Lang", ""))) >= 2, "no language")
    need(bool(f.root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)),
         "its file name is shown")
    need(bool(f.root.get("/MarkInfo", {}).get("/Marked", False)) and
         "/StructTreeRoot" in f.root, "not tagged")


def faults(raw):
    """{clause: what is wrong} of a file."""
    f, found = File(raw), {}
    for clause, look in RULES.items():
        try:
            look(f)
        except (Broken, KeyError, AttributeError, IndexError,
                xml.etree.ElementTree.ParseError) as error:
            found[clause] = str(error)
    return found


if __name__ == "__main__":
    import sys
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            for clause, what in faults(file.read()).items():
                print(f"{path}: {clause}: {what}")
