"""What somebody can open of a whole database with the secrets they have.

It asks no program of ours and no context: every value of every table that is
as long as a sealed key, or longer, is tried with every secret that is known,
and what opens is the next secret.  So it finds what a row says and what it
does not say.
"""

import dataclasses

import nacl.bindings as na
from nacl.exceptions import CryptoError

import accountant
from accountant import blake

BOX = 112
PERSON_KEY, PASSWORD = 8, 1
# Keys that are not of the kind that opens a box.
LEAVES = {"dek_box", "dek_box_svc", "box_case", "box_svc", "details"}


def keys_of(scene, login):
    """The X25519 secret and the Ed25519 seed of a colleague, from their
    password and the server's pepper, as somebody with both has them."""
    values = accountant.read_config(scene.office.config)
    tenant = bytes.fromhex(values["office", "tenant"])
    with open(scene.office.home + "/" + values["keys", "pepper_file"],
              encoding="ascii") as source:
        pepper = bytes.fromhex(source.read().strip())
    person, salt, ops, mem, version, wrapped = scene.query(
        "SELECT person, k.salt, k.ops, k.mem, k.version, k.wrapped"
        " FROM person_key k JOIN person p ON p.id = k.person"
        " WHERE p.login = %s AND k.how = 1", login)[0]
    password = scene.office.person(login)["password"].encode()
    stretched = na.crypto_pwhash_alg(
        32, password, bytes(salt), ops, mem,
        na.crypto_pwhash_ALG_ARGON2ID13)
    return na.crypto_aead_xchacha20poly1305_ietf_decrypt(
        bytes(wrapped[24:]), accountant.context(
            tenant, PERSON_KEY, PASSWORD, row=accountant.key_of(person),
            version=version),
        bytes(wrapped[:24]), blake(b"ouv-pass" + stretched, pepper))


def secret_of(scene, login):
    return keys_of(scene, login)[:32]


@dataclasses.dataclass(frozen=True)
class Opened:
    table: str
    row: dict = dataclasses.field(hash=False, compare=False)
    column: str
    key: bytes  # what was sealed in it


def boxes_of(query):
    """(table, row, column, box) of everything that may be a sealed key."""
    tables = query(
        "SELECT table_name, array_agg(column_name::text) FROM"
        " information_schema.columns WHERE table_schema = 'public'"
        " AND data_type = 'bytea' GROUP BY 1 ORDER BY 1")
    for table, columns in tables:
        names = [name for name, in query(
            "SELECT column_name::text FROM information_schema.columns WHERE"
            " table_schema = 'public' AND table_name = %s"
            " AND (data_type <> 'bytea' OR column_name = ANY (%s))"
            " ORDER BY ordinal_position", table, columns)]
        select = ", ".join(f"substr({name}, 1, {BOX + 1})" if name in columns
                           else name for name in names)
        for values in query(f"SELECT {select} FROM {table}"):
            row = dict(zip(names, values))
            for column in columns:
                value = row[column]
                if value is not None and len(value) >= BOX:
                    yield table, row, column, bytes(value[:BOX])


def unseal(boxes, *secrets):
    """Everything these secrets open, and what that opens in turn."""
    left, found = list(boxes), []
    fresh, known = list(secrets), set(secrets)
    while fresh:
        secret = fresh.pop()
        public = na.crypto_scalarmult_base(secret)
        rest = []
        for box in left:
            try:
                plain = na.crypto_box_seal_open(box[3], public, secret)
            except CryptoError:
                rest.append(box)
                continue
            table, row, column, _ = box
            key = plain[32:] if len(plain) == 64 else plain
            found.append(Opened(table, row, column, key))
            if column not in LEAVES and len(key) == 32 and key not in known:
                known.add(key)
                fresh.append(key)
        left = rest
    return found


def of_case(found, case_id):
    """{(table, column): how many} of what was opened of one case."""
    count = {}
    for one in found:
        if case_id in (one.row.get("case_id"), one.row.get("chain"),
                       one.row.get("id")):
            name = one.table, one.column
            count[name] = count.get(name, 0) + 1
    return count
