#!/usr/bin/python3
"""Pictures of the console in docs/screens, of an office with invented cases.

usage: screens.py [FOLDER]

Needs what the browser tests need.  The cases come in by mail through the real
programs, so that the pictures show what the programs do and nothing else.
"""

import datetime
import os
import re
import sys

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(ROOT, folder) for folder in (
    "tools", "tests/browser", "tests/integration")]

import harness  # noqa: E402
import scene as stage  # noqa: E402
from chrome import NARROW, WIDE, Chrome  # noqa: E402
from palette import shrink  # noqa: E402
from scene import answer_to, letter, with_file  # noqa: E402

# name, address, subject, text
LETTERS = [
    ("Marina Alves", "marina.alves@consumidora.example",
     "Cobrança repetida depois do cancelamento",
     "Bom dia.\n\nCancelei o meu contrato de internet no dia 3 de outubro e a "
     "empresa continuou a cobrar: já são duas faturas que eu não devo. Liguei "
     "três vezes para o atendimento e ninguém resolveu. Quero o cancelamento "
     "das cobranças e a devolução do que foi pago.\n\nEnvio a fatura de "
     "outubro.\n\nObrigada,\nMarina Alves"),
    ("Giulia Rinaldi", "giulia@consumatori.example",
     "Rimborso non ricevuto",
     "Buongiorno,\n\nho restituito un paio di scarpe quattro settimane fa e il "
     "negozio mi ha promesso il rimborso entro dieci giorni. Non ho ancora "
     "ricevuto nulla e nessuno risponde alle mie mail. Vorrei sapere quando "
     "arriva il mio denaro.\n\nGrazie,\nGiulia Rinaldi"),
    ("Peter Novak", "peter.novak@travellers.example",
     "Damaged luggage: the airline does not answer",
     "Good morning,\n\nmy suitcase arrived broken on 2 November. I reported it "
     "at the airport and sent the form to the airline the same day. They have "
     "not answered since. I would like to be paid for a new suitcase.\n\n"
     "Kind regards,\nPeter Novak"),
    ("João Batista Ferreira", "jb.ferreira@consumidores.example",
     "Geladeira com defeito há dois meses, assistência técnica não aparece",
     "Bom dia. Comprei uma geladeira e ela não funciona desde setembro. A "
     "assistência marcou quatro visitas e não veio a nenhuma. Quero a troca "
     "do produto.\n\nJoão Batista"),
]
REPLY = ("Recebemos a sua reclamação e pedimos à "
         "empresa que explique as duas cobranças. Ela tem dez dias para "
         "responder; até lá, guarde os comprovantes de pagamento.")
# What the rules have something to say about.
DRAFT = ("Recebemos o protocolo do cancelamento e a empresa também já o tem."
         "\n\nEnviaremos a resposta dela assim que chegar. Se ligarem de novo, "
         "procure (nome) pelo endereço balcao@loja-azul.example.\n\nAté lá, "
         "guarde os comprovantes.")
ASKED = ("Em que dia a assistência marcou cada visita? O senhor tem o "
         "protocolo do pedido de troca?")
ANSWER = ("Obrigada pela atenção. Encontrei também o protocolo do "
          "cancelamento: 20261003-4711.")


def invoice():
    """A small PDF, as a consumer would send it."""
    text = b"BT /F1 18 Tf 72 760 Td (Fatura de outubro) Tj ET"
    return (b"%%PDF-1.4\n1 0 obj<</Length %d>>stream\n%s\nendstream endobj\n"
            b"%%%%EOF\n" % (len(text), text)) * 40


def mail_comes_in(office):
    """Sends every letter; the acknowledgement of the first."""
    (name, sender, subject, text), *others = LETTERS
    for other in reversed(others):
        office.acknowledged(letter(other[1], name=other[0], subject=other[2],
                                   text=other[3]), other[1])
    # A reply address that belongs to no case is for a person to look at.
    office.filed(
        letter("carla@consumidora.example", name="Carla Nunes",
               subject="Sobre o meu caso", text="Bom dia. Segue o "
               "comprovante de endereço que vocês pediram."),
        "carla@consumidora.example", f"caso+{'0' * 26}@{harness.OFFICE_DOMAIN}")
    return office.acknowledged(
        with_file(sender, invoice(), "fatura-outubro.pdf", name=name,
                  subject=subject, text=text), sender)


def held_mail_comes_in(office, acknowledgement):
    """Mail that waits for a person, for several reasons; the path of the
    brother's, who answers in a case that is not his."""
    to = stage.address_of(acknowledgement.parsed["Reply-To"])
    office.gateway.ingest(bytes(range(1, 9)) * 64)
    other = "marina.alves@trabalho.example"
    office.filed(
        letter(other, name="Marina Alves", to=to,
               subject="Mais um comprovante", text="Bom dia. Escrevo do "
               "trabalho; segue o segundo comprovante.\n\nMarina Alves"),
        other, to)
    office.filed(
        letter("jb.ferreira@consumidores.example", to=to, name="João Batista "
               "Ferreira", subject="Fwd: promoção", text="Vejam que oferta!"),
        "jb.ferreira@consumidores.example", to)
    brother = "paulo@alves.example"
    row = office.filed(
        letter(brother, name="marina.alves@consumidora.example", to=to,
               subject="Pela minha irmã", text="Bom dia.\n\nEscrevo pela "
               "minha irmã Marina, que está sem acesso à internet. A empresa "
               "ligou ontem e prometeu estornar a segunda fatura até o dia "
               "30.\n\nPaulo Alves"),
        brother, to)
    return "/cases/" + str(row["case_id"]).replace("-", "")


def a_letter_comes_back(office):
    """The acknowledgement of another case could not be delivered."""
    _, sender, subject, _ = LETTERS[2]
    mail = office.now_arrived(sender)[0]
    office.filed(stage.bounce(sender, harness.OFFICE_ADDRESS,
                              mail.parsed["Message-ID"].strip()), "")
    return "/cases/" + office.case_of(mail)["protocol"]


def mediator_answers(office, case):
    """Opens the case, writes, and the consumer writes back."""
    name, sender, _, _ = LETTERS[0]
    mediator = office.logged_in("mediator")
    page = mediator.get(case)
    mediator.post(f"{case}/open", **page.form(f"{case}/open"))
    mediator.reply(case, "Sobre as cobranças repetidas", REPLY)
    reply = office.arrived(sender, 2, stage.PATIENT)[1]
    office.filed(answer_to(reply, sender, name=name, text=ANSWER), sender,
                 stage.address_of(reply.parsed["Reply-To"]))


def absences_are_entered(office):
    """A mediator is on vacation, and the office closes over New Year."""
    path, today = "/calendar/absences/new", datetime.date.today()
    year = today.year
    for login, fields in (
            ("mediator2", {"reason": "vacation", "first": today,
                           "last": today + datetime.timedelta(days=8),
                           "substitute": "mediator"}),
            ("ombudsman", {"who": "office", "reason": "holiday",
                           "first": f"{year}-12-28", "last": f"{year}-12-31",
                           "substitute": ""})):
        browser = office.logged_in(login)
        done = browser.ask("POST", path, {
            **browser.get(path).form(path), "urgent_name": "Rita Fontes",
            "urgent_email": "rita.fontes@ouvidoria.example",
            "urgent_phone": "+55 11 3000-0000", **fields})
        assert done.status == 303, done.words


def texts_are_changed(office):
    """A sentence of the acknowledgement waits for a second person."""
    mediator, path = office.logged_in("mediator"), "/templates/mail/ack/edit"
    page = mediator.get(path)
    fields = {f"body-{lang}": page.field(f"edit-body-{lang}").replace(old, new)
              for lang, old, new in (
                  ("pt-BR", "não tem nenhum custo", "é gratuito"),
                  ("en", "costs you nothing", "is free of charge"),
                  ("it", "non le costa nulla", "è gratuito"))}
    done = mediator.post(path, **page.form(path), **fields, do="save",
                         reason="Assim se diz no balcão")
    assert done.status == 303, done.words


def a_case_is_on_its_way(office):
    """One classified, with a refusal that waits for a second person."""
    _, sender, _, _ = LETTERS[3]
    case = "/cases/" + office.case_of(office.now_arrived(sender)[0])["protocol"]
    browser = office.logged_in("mediator2")
    browser.post(f"{case}/open", **browser.get(case).form(f"{case}/open"))

    def act(verb, **fields):
        form = browser.get(f"{case}/do/{verb}").form(f"{case}/{verb}")
        done = browser.ask("POST", f"{case}/{verb}", {**form, **fields})
        assert done.status == 303, done.words

    act("classify", kind="complaint", severity="high", difficulty="complex",
        urgent="1", identity="open")
    page = browser.get(f"{case}/do/refuse").text
    ground = re.search(r'<option value="([^"]+)"',
                       page[page.index('id="move-ground"'):])[1]
    act("refuse", ground=ground, reasons="O mesmo pedido já está no Procon, "
        "que marcou a audiência para o dia 3.")
    return case, act


def take_pictures(office, case, held, returned, moving, folder):
    chrome = Chrome(office.office.base_url)

    def take(name, path, lang, *sights):
        chrome.go(path)
        if chrome.lang != lang:
            chrome.speak(lang)
        for width, dark in sights:
            chrome.view(width, dark=dark)
            chrome.go(path)
            file = f"{name}-{lang}-{width}{'-dark' if dark else ''}.png"
            picture = shrink(chrome.picture())
            with open(os.path.join(folder, file), "wb") as out:
                out.write(picture)
            print(f"{file} {len(picture) // 1000} kB")

    def compose(name, *sights):
        """A draft that was looked at; only the place where one writes."""
        chrome.go(case)
        chrome.speak("pt-BR")
        chrome.go(case)
        chrome.one("#reply-text").send_keys(DRAFT)
        chrome.leave(chrome.one("#reply-form .verdict button").click)
        for width, dark in sights:
            chrome.view(width, dark=dark)
            file = f"{name}-pt-BR-{width}{'-dark' if dark else ''}.png"
            picture = shrink(chrome.picture("#reply"))
            with open(os.path.join(folder, file), "wb") as out:
                out.write(picture)
            print(f"{file} {len(picture) // 1000} kB")

    def answered(name, path, button, meanwhile, *sights):
        """A form as it answers: its letters, or what changed meanwhile."""
        chrome.view(WIDE)
        chrome.go(path)
        chrome.one("#move-questions").send_keys(ASKED)
        meanwhile()
        chrome.leave(chrome.one(button).click)
        for width, dark in sights:
            chrome.view(width, dark=dark)
            file = f"{name}-pt-BR-{width}{'-dark' if dark else ''}.png"
            picture = shrink(chrome.picture())
            with open(os.path.join(folder, file), "wb") as out:
                out.write(picture)
            print(f"{file} {len(picture) // 1000} kB")

    both = [(WIDE, False), (NARROW, False)]
    wide = both[:1]
    try:
        take("login", "/login", "pt-BR", *both)
        person = office.office.person("mediator")
        chrome.log_in("mediator", person["password"], office.code(person))
        take("worklist", "/", "pt-BR", *both, (WIDE, True), (NARROW, True))
        take("case", case, "pt-BR", *both)
        take("held", "/held", "pt-BR", *both)
        take("held-case", held, "pt-BR", *both)
        take("task", returned, "pt-BR", *wide)
        take("calendar", "/calendar", "pt-BR", *both, (WIDE, True))
        take("absence", "/calendar/absences/new", "pt-BR", *wide)
        take("profile", "/profile", "pt-BR", *wide)
        compose("write", *both, (WIDE, True))
        take("texts", "/templates?find=prazo", "pt-BR", *wide)
        take("text-waiting", "/templates/waiting", "pt-BR", *both)
        take("text-edit", "/templates/mail/letter/edit", "pt-BR", *wide)
        take("text-preview", "/templates/mail/ack/preview?lang=en", "pt-BR",
             *wide)
        way, act = moving
        take("mediation", way, "pt-BR", *both, (WIDE, True))
        take("move", f"{way}/do/classify", "pt-BR", *both)
        answered("letters", f"{way}/do/ask", ".verdict button",
                 lambda: None, *both)
        answered("conflict", f"{way}/do/ask", ".moveform button.main",
                 lambda: act("note", text="O consumidor telefonou."), *wide)
        for lang in ("en", "it"):
            take("worklist", "/", lang, *wide)
            take("case", case, lang, *wide)
            take("held", "/held", lang, *wide)
    finally:
        chrome.stop()


def main():
    folder = os.path.join(ROOT, "docs", "screens")
    if len(sys.argv) > 1:
        folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    home = harness.Folder()
    cluster = harness.Postgres(home)
    office = None
    try:
        cluster.begin()
        template = harness.Template(home, cluster)
        template.begin()
        office = stage.Scene(template)
        office.begin()
        acknowledgement = mail_comes_in(office)
        case = "/cases/" + office.case_of(acknowledgement)["protocol"]
        mediator_answers(office, case)
        held = held_mail_comes_in(office, acknowledgement)
        returned = a_letter_comes_back(office)
        absences_are_entered(office)
        texts_are_changed(office)
        take_pictures(office, case, held, returned,
                      a_case_is_on_its_way(office), folder)
    finally:
        if office is not None:
            office.stop()
        cluster.stop()
        home.remove()


if __name__ == "__main__":
    main()
