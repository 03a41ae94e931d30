"""The demonstration office: invented people and companies, made once."""

import concurrent.futures
import json
import os

from . import accounts

DOMAIN = "ouvidoria.example"
OFFICE = f"ouvidoria@{DOMAIN}"
MAILBOX = "ouvidoria"
CATCHALL = "catchall"

# login, name, role; the administrator comes first and certifies the others.
STAFF = [
    ("admin", "Álvaro Siqueira", "admin"),
    ("ombudsman", "Helena Prado", "ombudsman"),
    ("reader", "Ivo Tavares", "reader"),
    ("mediator", "Marta Queiroz", "mediator"),
    ("mediator2", "Danilo Peixoto", "mediator"),
    ("intake", "Rita Fontes", "intake"),
    ("custodian", "Caio Bandeira", "custodian"),
    ("registrar", "Lia Monteiro", "registrar"),
]

# name, address, mailbox, sector, who answers there
COMPANIES = [
    ("Lojas Aurora S.A.", "atendimento@aurora.example", "aurora", "retail",
     "Bianca Moura"),
    ("Banco Ipê S.A.", "ouvidoria@ipe.example", "ipe", "bank",
     "Otávio Brandão"),
    ("Telefonia Sabiá Ltda.", "casos@sabia.example", "sabia", "telecom",
     "Nair Pimentel"),
]
UNIT = "Central de atendimento"


def domains():
    """Which mailbox each domain's mail goes to."""
    boxes = {address.rpartition("@")[2]: box for _, address, box, *_ in COMPANIES}
    return {DOMAIN: MAILBOX, **boxes}


def mailboxes(place):
    """Every mailbox with its password."""
    names = [MAILBOX, CATCHALL] + [box for _, _, box, *_ in COMPANIES]
    return {name: place.secret("imap.pw" if name == MAILBOX
                               else f"imap-{name}.pw")[1] for name in names}


def new_keys(admin, secrets_folder, offline_folder):
    """Makes the office's keys; returns the public key of its root.  The
    shares, which belong on paper in several hands, go to the offline folder."""
    keys = admin.json("key", "init", "--out", secrets_folder)
    accounts.make_folder(offline_folder)
    for kind in ("root", "escrow"):
        for number, share in enumerate(keys[f"{kind}_shares"], 1):
            accounts.write_file(
                os.path.join(offline_folder, f"{kind}-share-{number}"),
                share + "\n")
    return keys["root_public"]


def new_staff(admin, secrets_folder, offline_folder, people=None):
    """Adds the staff, the administrator first; returns their credentials as
    they were printed, which happens once."""
    def add(person, *how):
        login, name, role = person
        made = admin.json("staff", "add", "--login", login, "--name", name,
                          "--role", role, "--ready", *how, tries=3)
        return {**made, "name": name,
                "totp_secret": made.get("totp_secret")}

    first, *others = people or STAFF
    shares = [os.path.join(offline_folder, f"root-share-{number}")
              for number in (1, 2)]
    chief = add(first, "--root-share", shares[0], "--root-share", shares[1])
    path = os.path.join(secrets_folder, "staff-admin.pw")
    accounts.write_file(path, chief["password"] + "\n")
    # Each takes about a second of one core, for its password's sake.
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        rest = list(pool.map(
            lambda person: add(person, "--as", chief["login"],
                               "--as-password-file", path), others))
    return [chief, *rest]


def new_companies(mailboxes_by_name, register):
    """The companies for run.json, after register(company) for each."""
    for company in COMPANIES:
        register(company)
    return [{"name": name, "address": address, "imap_user": box,
             "imap_password": mailboxes_by_name[box]}
            for name, address, box, *_ in COMPANIES]


def save(path, staff, companies):
    accounts.write_file(path, json.dumps(
        {"staff": staff, "companies": companies}, ensure_ascii=False,
        indent=1) + "\n")


def load(path):
    with open(path) as source:
        return json.load(source)
