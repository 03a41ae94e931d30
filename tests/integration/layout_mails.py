"""Mails that mean harm, handed to an office: in their page, and in all that
stands around it."""

import os
import secrets

from scene import letter, mark, new_id

GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
PAGE = ("<h1>Promo\u00e7\u00e3o</h1><script>alert(1)</script>"
        "<p onclick=alert(1)>Ol\u00e1, <a href=\"https://evil.example/x\">"
        "clique</a></p><img src=\"cid:logo@x\"><img "
        "src=\"http://evil.example/t.gif\" alt=\"Foto\">"
        "<style>p{background:url(http://evil.example/b)}</style>")
BEGIN, END = "comeco-da-pagina", "fim-da-pagina"
TITLE = "Oferta da semana"
NEWSLETTER = f"""<table width=600><tr><td><h1>{TITLE}</h1>
<p>Ol\u00e1, <b>Ana</b>! Veja o que <i>separamos</i> para voc\u00ea.</p>
<img src="http://evil.example/loja.png" alt="Loja" width=400>
<img src="http://evil.example/pixel" width=1 height=1>
<p><img src="cid:logo@x" alt="logo"> <a href="https://evil.example/oferta?id=1">
Aproveite agora</a></p>
<ul><li>Geladeira<li>Fog\u00e3o</ul></td><td><h2>Tamb\u00e9m</h2>
<blockquote>O melhor pre\u00e7o.</blockquote></td></tr></table>"""


def with_page(sender, page=PAGE, **more):
    """A plain part, a page and its picture, as mail programs send them."""
    edge = secrets.token_hex(8)
    body = (f"--{edge}\nContent-Type: multipart/alternative; boundary=a{edge}"
            f"\n\n--a{edge}\nContent-Type: text/plain; charset=utf-8\n\n"
            f"Quero reclamar da promo\u00e7\u00e3o.\n--a{edge}\nContent-Type:"
            f" text/html; charset=utf-8\n\n{page}\n--a{edge}--\n"
            f"--{edge}\nContent-Type: image/gif\nContent-ID: <logo@x>\n"
            f"Content-Transfer-Encoding: base64\n\n{GIF}\n--{edge}--\n")
    return letter(sender, body=body.encode(), **more,
                  content_type=f'multipart/related; boundary="{edge}"')


def mail(sender, pieces, number, place, fields):
    """The page between two words of ours, which no piece may swallow: each
    piece is in a part of its own."""
    some = [pieces[(number * 3 + k * 67) % len(pieces)] for k in range(4)]
    edge = secrets.token_hex(8)
    bad = some[0].decode("utf-8", "replace")
    bad = " ".join(bad.split())[:120]
    parts = [f"<p>{BEGIN}</p>".encode(), *some, f"<p>{END}</p>".encode()]
    body = b"".join(
        b"--%s\nContent-Type: text/html; charset=utf-8\n"
        b"Content-Transfer-Encoding: 8bit\n\n%s\n" % (edge.encode(), part)
        for part in parts)
    name = bad.replace("\\", "\\\\").replace('"', '\\"')
    body += (f"--{edge}\nContent-Type: text/plain; name=\"{name}\"\n"
             f"Content-Disposition: attachment; filename=\"{name}\"\n\nx\n"
             f"--{edge}--\n").encode()
    return letter(
        sender, body=body, fields=fields, subject=f"{number} {bad}",
        name=f"Ana {bad}" if number % 2 else f'"><img src=//{place}/n>',
        content_type=f'multipart/mixed; boundary="{edge}"')


def hand_in(office, raws):
    folder, files = office.folder.make(secrets.token_hex(4)), []
    for number, raw in enumerate(raws[:-1]):
        files.append(os.path.join(folder, f"{number}.eml"))
        with open(files[-1], "wb") as out:
            out.write(raw)
    status, told = office.gateway.ingest(raws[-1], *files, timeout=300)
    assert status == 0 and len(told) == len(raws)
    return told


def make(office, pieces, place, count, cases):
    """[(path of its case, path of its layout)] of each mail."""
    people = [(f"{mark()}@consumidora.example", new_id())
              for _ in range(cases)]
    first = [mail(addr, pieces, n, place, []).replace(
        b"Message-ID: ", b"X-Former-ID: ", 1).replace(
            b"MIME-Version:", b"Message-ID: %s\r\nMIME-Version:" %
            own.encode(), 1) for n, (addr, own) in enumerate(people)]
    assert all(one["outcome"] == "created" for one in hand_in(office, first))
    rest = [mail(people[n % cases][0], pieces, n, place,
                 [("In-Reply-To", people[n % cases][1]),
                  ("References", people[n % cases][1])])
            for n in range(cases, count)]
    hand_in(office, rest)
    rows = office.query(
        "SELECT c.protocol, i.id FROM item i JOIN case_file c"
        " ON c.id = i.case_id WHERE i.kind = 'mail_in' ORDER BY i.id")
    rows = [row for row in rows if row[0] is not None]
    return [(f"/cases/{protocol}",
             f"/cases/{protocol}/items/{str(item).replace('-', '')}/layout")
            for protocol, item in rows]


def newsletter(office):
    """The path of a case with a harmless one."""
    told, = hand_in(office, [with_page(
        f"{mark()}@consumidora.example", NEWSLETTER)])
    return f"/cases/{told['protocol']}"
