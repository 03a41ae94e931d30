"""An office with something on every page, made by the real programs: cases on
their way, held mail, companies, figures, absences, texts that wait, documents
that were released.  For whoever looks at pages.
"""

import datetime
import re
import urllib.parse

import harness
import layout_mails
import scene as stage
from harness import wait_until
from scene import answer_to, letter, with_file
from year_model import holidays

COMPANY, CONTACT = "Lojas Oriente S.A.", "casos@oriente.example"
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
    ("Teresa Lima", "teresa.lima@consumidoras.example",
     "Valor errado na conta de luz",
     "Bom dia. A minha conta de luz veio com o dobro do valor e a leitura "
     "está errada. Já reclamei no atendimento da empresa e também no Procon. "
     "Quero a correção.\n\nTeresa Lima"),
    ("Renata Moura", "renata.moura@consumidoras.example",
     "Meus dados pessoais",
     "Bom dia. Quero saber quais dados meus vocês guardam e receber uma "
     "cópia de tudo.\n\nRenata Moura"),
    ("Otávio Pires", "otavio@consumidores.example",
     "Troca de sapatos", "Bom dia. Troquei os sapatos e a loja resolveu. "
     "Obrigado.\n\nOtávio Pires"),
    ("Lúcia Campos", "lucia@consumidoras.example",
     "Entrega atrasada", "Bom dia. O sofá chegou com três semanas de "
     "atraso e a loja não pediu desculpas.\n\nLúcia Campos"),
]
REPLY = ("Recebemos a sua reclamação e pedimos à "
         "empresa que explique as duas cobranças. Ela tem dez dias para "
         "responder; até lá, guarde os comprovantes de pagamento.")
ANSWER = ("Obrigada pela atenção. Encontrei também o protocolo do "
          "cancelamento: 20261003-4711.")
SUMMARY = ("O cliente comprou uma geladeira que não funciona desde setembro. "
           "Diz que a assistência marcou quatro visitas e não veio a nenhuma. "
           "Pede a troca do produto.")
OFFER = "Troca por uma geladeira nova do mesmo modelo."


def invoice():
    """A small PDF, as a consumer would send it."""
    text = b"BT /F1 18 Tf 72 760 Td (Fatura de outubro) Tj ET"
    return (b"%%PDF-1.4\n1 0 obj<</Length %d>>stream\n%s\nendstream endobj\n"
            b"%%%%EOF\n" % (len(text), text)) * 40


def act(browser, path, verb, **fields):
    """Fills in the form of a move and sends it."""
    form = browser.get(f"{path}/do/{verb}").form(f"{path}/{verb}")
    done = browser.ask("POST", f"{path}/{verb}", {**form, **fields})
    assert done.status == 303, (verb, done.words)


def take(browser, path):
    form = browser.get(path).form(f"{path}/open")
    assert browser.ask("POST", f"{path}/open", form).status == 303


class Filled:
    """What was made, by its path: case, deep, waiting, returned, request,
    closed, erased, held, company, unit, contact, page (with page_number and
    page_code), document, member (with member_link and member_code)."""

    def __init__(self, office, *, extra=()):
        self.office = office
        self.people = {}
        self.companies()
        known = {row[0] for row in office.query("SELECT id FROM inbound")}
        (name, sender, subject, text), *others = LETTERS
        for other in others:
            office.post_mail(letter(other[1], name=other[0], subject=other[2],
                                    text=other[3]), other[1])
        office.post_mail(with_file(
            sender, invoice(), "fatura-outubro.pdf", name=name,
            subject=subject, text=text), sender)
        for raw, address in extra:
            office.post_mail(raw, address)
        office.new_rows(known, len(LETTERS) + len(extra))
        self.acks = {one[1]: office.arrived(one[1], 1, stage.PATIENT)[0]
                     for one in LETTERS}
        paths = [self.path_of(one[1]) for one in LETTERS]
        self.case, _, self.returned, self.deep, self.waiting, self.request, \
            self.closed, self.erased = paths
        self.correspondence()
        self.mediation()
        self.refusal()
        self.held_mail()
        self.old_cases()
        self.absences()
        self.texts()
        self.figures()

    def person(self, login):
        if login not in self.people:
            self.people[login] = self.office.logged_in(login)
        return self.people[login]

    def path_of(self, sender):
        return "/cases/" + self.office.case_of(self.acks[sender])["protocol"]

    def id_of(self, path):
        return self.office.case(path.rpartition("/")[2])["id"]

    # -- the register -----------------------------------------------------------

    def companies(self):
        do = self.office.office.admin.do
        do("code", "import", "--shipped")
        do("company", "add", "--name", COMPANY, "--lang", "pt-BR", "--sector",
           "retail")
        do("company", "unit", "--company", COMPANY, "--name",
           "SAC Nacional", "--kind", "sac")
        do("company", "contact", "--company", COMPANY, "--unit",
           "SAC Nacional", "--address", CONTACT, "--name", "Jorge Dantas")
        ident, unit, contact = (str(one).replace("-", "") for one in
                                self.office.query(
            "SELECT c.id, u.id, k.id FROM company c JOIN company_unit u ON"
            " u.company = c.id JOIN company_contact k ON k.unit = u.id")[0])
        self.company, self.unit = f"/companies/{ident}", unit
        self.unit_path = f"{self.company}/{unit}"
        self.contact = f"{self.unit_path}/contacts/{contact}"

    def code(self, book, begins=""):
        return self.office.database.value(
            "SELECT min(code) FROM code_entry WHERE book = %s AND code LIKE"
            " %s", book, begins + "%")

    # -- cases --------------------------------------------------------------------

    def correspondence(self):
        """Opened, answered; the consumer writes back, with a page; one
        document is released."""
        office, browser = self.office, self.person("mediator")
        name, sender, _, _ = LETTERS[0]
        take(browser, self.case)
        browser.reply(self.case, "Sobre as cobranças repetidas", REPLY)
        reply = office.arrived(sender, 2, stage.PATIENT)[1]
        to = stage.address_of(reply.parsed["Reply-To"])
        office.filed(answer_to(reply, sender, name=name, text=ANSWER), sender,
                     to)
        office.filed(layout_mails.with_page(
            sender, "<h1>Fatura de novembro</h1><p>Bom dia. Veio <b>mais "
            "uma</b> cobrança:</p><table border=1><tr><td>Internet 300 MB<td>"
            "R$ 99,90<tr><td>Multa<td>R$ 50,00</table><p>Obrigada, Marina",
            name=name, subject="Mais uma fatura", to=to), sender, to)
        seen = len(office.now_arrived(sender))
        act(browser, self.case, "disclose", to="consumer", mode="link",
            piece="1", **{"piece-2": "1.1"})
        mail = office.arrived(sender, seen + 1, stage.PATIENT)[-1]
        self.document = link_in(mail, r"/d/[lc][\w-]{43}")

    def mediation(self):
        """Classified, served, answered, declined; two options lie with both
        sides, and one has said yes."""
        office, browser = self.office, self.person("mediator2")
        name, sender, _, _ = LETTERS[3]
        case = self.deep
        take(browser, case)
        act(browser, case, "classify", kind="complaint", severity="moderate",
            difficulty="simple", urgent="1", identity="open",
            remedy="refund", contact_channel="phone", direction="inbound",
            service=self.code("service", "support"), unit=self.unit,
            allegation="defective", article=self.code("article"),
            law=self.code("law", "cdc"))
        act(browser, case, "serve", summary=SUMMARY)
        notice = office.arrived(CONTACT, 1, stage.PATIENT)[0]
        self.member_code = re.search(r"(?:[0-9a-z]{4}-){6}[0-9a-z]{2}",
                                     stage.plain_text(notice)).group()
        self.member_link = link_in(notice, r"/p/[\w.]+")
        self.member = "/p/" + case.rpartition("/")[2]
        self.answers(CONTACT, 1, "Lamentamos o transtorno. O técnico confirmou "
                     "o defeito. Oferecemos a troca da peça, sem custo.",
                     "Jorge Dantas")
        item, = office.query("SELECT max(seq) FROM item WHERE case_id = %s AND"
                             " lane = 'company' AND kind = 'mail_in'",
                             self.id_of(case))[0]
        seen = len(office.now_arrived(sender))
        act(browser, case, "answer", item=str(item), points="1",
            text="A empresa confirma o defeito e oferece a troca da peça, sem "
            "custo.")
        self.answers(sender, seen + 1, "RECUSO\n\nJá trocaram a peça uma vez. "
                     "Quero uma geladeira nova.", name)
        wait_until("the consumer has declined", lambda: office.case(
            case.rpartition("/")[2])["state"] == "mediation", 30)
        act(browser, case, "note", text="O consumidor telefonou: prefere a "
            "troca, mas quer saber quem paga a entrega.")
        day = stage.today() + datetime.timedelta(days=28)
        day += datetime.timedelta(days=(7 - day.weekday()) % 7)
        while day in holidays(day.year):
            day += datetime.timedelta(days=7)
        seen, company = (len(office.now_arrived(one))
                         for one in (sender, CONTACT))
        act(browser, case, "propose", option=OFFER, promiser="company",
            day=str(day), **{
                "option-2": "Reembolso do valor da compra na conta indicada.",
                "promiser-2": "company", "day-2": str(day)})
        mail = office.arrived(sender, seen + 1, stage.PATIENT)[-1]
        self.page = link_in(mail, r"/t/[\w.-]+")
        ack = stage.plain_text(office.now_arrived(sender)[0])
        self.page_code = re.search(r"(?:[0-9a-z]{4}-){6}[0-9a-z]{2}",
                                   ack).group()
        self.page_number = case.rpartition("/")[2]
        self.answers(CONTACT, company + 1, "OPÇÃO 1", "Jorge Dantas")

    def answers(self, address, count, text, name):
        mail = self.office.arrived(address, count, stage.PATIENT)[-1]
        to = stage.address_of(mail.parsed["Reply-To"])
        self.office.filed(answer_to(mail, address, name=name, text=text),
                          address, to)

    def refusal(self):
        """One waits for a second person; of another the letter came back;
        one asks for their own data."""
        office, browser = self.office, self.person("mediator2")
        case = self.waiting
        take(browser, case)
        act(browser, case, "classify", kind="complaint", severity="high",
            difficulty="complex", urgent="1", identity="open")
        page = browser.get(f"{case}/do/refuse").text
        ground = re.search(r'<option value="([^"]+)"',
                           page[page.index('id="move-ground"'):])[1]
        act(browser, case, "refuse", ground=ground, reasons="O mesmo pedido "
            "já está no Procon, que marcou a audiência para o dia 3.")
        take(browser, self.request)
        act(browser, self.request, "classify", kind="data-request",
            right="access")
        sender = LETTERS[2][1]
        office.filed(stage.bounce(
            sender, harness.OFFICE_ADDRESS,
            self.acks[sender].parsed["Message-ID"].strip()), "")

    def held_mail(self):
        """Mail that waits for a person, for several reasons."""
        office, ack = self.office, self.acks[LETTERS[0][1]]
        to = stage.address_of(ack.parsed["Reply-To"])
        other = "marina.alves@trabalho.example"
        brother = "paulo@alves.example"
        office.gateway.ingest(bytes(range(1, 9)) * 64)
        # A reply address that belongs to no case.
        office.filed(
            letter("carla@consumidora.example", name="Carla Nunes",
                   subject="Sobre o meu caso", text="Bom dia. Segue o "
                   "comprovante de endereço que vocês pediram."),
            "carla@consumidora.example",
            f"caso+{'0' * 26}@{harness.OFFICE_DOMAIN}")
        office.filed(
            letter(other, name="Marina Alves", to=to,
                   subject="Mais um comprovante", text="Bom dia. Escrevo do "
                   "trabalho; segue o segundo comprovante.\n\nMarina Alves"),
            other, to)
        office.filed(
            letter(LETTERS[3][1], to=to, name=LETTERS[3][0],
                   subject="Fwd: promoção", text="Vejam que oferta!"),
            LETTERS[3][1], to)
        row = office.filed(
            letter(brother, name="marina.alves@consumidora.example", to=to,
                   subject="Pela minha irmã", text="Bom dia.\n\nEscrevo pela "
                   "minha irmã Marina, que está sem acesso à internet. A "
                   "empresa ligou ontem e prometeu estornar a segunda fatura "
                   "até o dia 30.\n\nPaulo Alves"),
            brother, to)
        ident = str(row["case_id"]).replace("-", "")
        self.held, self.look = f"/cases/{ident}", f"/held?at={ident}"

    # -- what only time would bring; who brings it is tested elsewhere ------------

    def old_cases(self):
        """One that may be erased, one that was."""
        office, browser = self.office, self.person("mediator")
        for path in (self.closed, self.erased):
            case = self.id_of(path)
            office.query(
                "INSERT INTO clock (case_id, kind, state, profile, profile_n,"
                " calendar, unit, amount, started, since, due) VALUES (%s,"
                " 'retention', 'running', 'default', 0, 'br', 'days', 731,"
                " now(), now(), now() - interval '1 day')", case)
            browser.get(path)
            office.query("UPDATE case_file SET state = 'closed', closed_by ="
                         " 'withdraw', closed = now() - interval '732 days'"
                         " WHERE id = %s", case)
            office.query("SELECT grant_ask(%s, '{custodian}', 'custody')",
                         case)
            browser.get(path)
        gone = self.id_of(self.erased)
        office.database.query("SELECT case_erase(%s)", gone, user="ouv_srv")
        office.query("UPDATE case_file SET state = 'erased' WHERE id = %s",
                     gone)

    def figures(self):
        """Ninety cases of 2024 of three companies."""
        office = self.office
        office.query(
            "INSERT INTO company (id, name, lang) SELECT gen_random_uuid(),"
            " name, 'pt-BR' FROM unnest(ARRAY['Companhia Telefônica de Longas"
            " Distâncias e Serviços Associados do Litoral S.A.', 'Banco"
            " Sereno', 'Um Caso']) AS c(name)")
        office.query(
            "INSERT INTO case_file (id, protocol, state, lang, channel,"
            " opened, last, key_version, summary, kind, company, owner,"
            " closed, closed_by, merit, resolution, rating, due) SELECT"
            " gen_random_uuid(), '2024-' || lpad(n::text, 6, '0') || '-0',"
            " 'closed', 'pt-BR', CASE WHEN n %% 5 = 0 THEN 'phone' ELSE"
            " 'email' END, t, t, 1, '', (CASE WHEN n %% 4 = 0 THEN 'question'"
            " ELSE 'complaint' END)::case_kind, CASE WHEN n %% 4 > 0 THEN c.id"
            " END, p.id, t + (n %% 40) * interval '1 day', 'decide',"
            " 'founded', (CASE WHEN n %% 2 = 0 THEN 'kept' ELSE 'refused' END)"
            "::resolution, 'resolved', now() FROM generate_series(1, 90) n"
            " CROSS JOIN LATERAL (SELECT timestamptz '2024-01-10' + n *"
            " interval '3 days' AS t) t JOIN LATERAL (SELECT id FROM company"
            " WHERE n > 0 ORDER BY name LIMIT 1 OFFSET CASE WHEN n = 1 THEN 3"
            " ELSE n %% 3 END) c ON true JOIN LATERAL (SELECT id FROM person"
            " WHERE role = 'mediator' ORDER BY login LIMIT 1 OFFSET n %% 2) p"
            " ON true")
        office.query(
            "INSERT INTO clock (case_id, kind, state, profile, profile_n,"
            " calendar, unit, amount, started, since, due, stopped) SELECT id,"
            " k.kind::clock_kind, 'stopped', 'default', 0, 'br', 'hours', 48,"
            " opened, opened, opened + interval '2 days', opened + (items + 1"
            " + extract(day FROM opened)) * interval '3 hours' FROM case_file,"
            " (VALUES ('response'), ('total'), ('company')) AS k(kind) WHERE"
            " protocol LIKE '2024-%%'")
        office.office.admin.do("report", "figures", "--period", "2024")

    # -- the office itself ----------------------------------------------------------

    def absences(self):
        """A mediator is on vacation, and the office closes over New Year."""
        path, today = "/calendar/absences/new", stage.today()
        year = today.year + (today.month == 12)
        for login, fields in (
                ("mediator2", {"reason": "vacation", "first": today,
                               "last": today + datetime.timedelta(days=8),
                               "substitute": "mediator"}),
                ("ombudsman", {"who": "office", "reason": "holiday",
                               "first": f"{year}-12-28",
                               "last": f"{year}-12-31",
                               "substitute": ""})):
            browser = self.person(login)
            done = browser.ask("POST", path, {
                **browser.get(path).form(path), "urgent_name": "Rita Fontes",
                "urgent_email": "rita.fontes@ouvidoria.example",
                "urgent_phone": "+55 11 3000-0000", **fields})
            assert done.status == 303, done.words

    def texts(self):
        """A sentence of the acknowledgement waits for a second person."""
        mediator, path = self.person("mediator"), "/templates/mail/ack/edit"
        page = mediator.get(path)
        fields = {
            f"body-{lang}": page.field(f"edit-body-{lang}").replace(old, new)
            for lang, old, new in (
                ("pt-BR", "não tem nenhum custo", "é gratuito"),
                ("en", "costs you nothing", "is free of charge"),
                ("it", "non le costa nulla", "è gratuito"))}
        done = mediator.post(path, **page.form(path), **fields, do="save",
                             reason="Assim se diz no balcão")
        assert done.status == 303, done.words


def link_in(mail, pattern):
    """The path of a link of ours in a letter."""
    text = stage.plain_text(mail).replace(" \r\n", " ").replace(" \n", " ")
    url = re.search(rf"https?://[^\s/]+{pattern}", text)
    assert url, text
    return urllib.parse.urlsplit(url.group()).path
