"""The stock of a run of tests: one cluster with a staffed office in it, made
once and copied by every process of the run.

Its people's passwords are quick to check: the same keys under the same
passwords, with the least that the vault accepts in place of 256 MiB three
times over, which would be most of what logging in costs.  Whoever is added by
a test has the full cost.
"""

import fcntl
import json
import os
import subprocess
import tempfile

import nacl.bindings as na

import accountant
from accountant import blake

FOLDER = "OUV_STOCK"  # the variable that names it; without it there is none
PERSON_KEY, PASSWORD, RECOVERY = 8, 1, 2
OPS, MEM = 1, 8 << 20


def found(make):
    """What the stock's index says, or None if this run has no stock; whoever
    asks first calls make(path), which returns the index."""
    path = os.environ.get(FOLDER)
    if path is None:
        return None
    index = os.path.join(path, "index.json")
    with open(os.path.join(path, "lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(index):
            made = make(tempfile.mkdtemp(dir=path))
            with open(index, "w") as out:
                json.dump(made, out)
        with open(index) as source:
            return json.load(source)


def copy(source, target):
    """With owners and modes."""
    subprocess.run(["cp", "-a", "--reflink=auto", source, target], check=True)


# ---- quick passwords --------------------------------------------------------


def lighten(database, config, people):
    """Wraps the keys of these people anew, opened by their recovery codes."""
    values = accountant.read_config(config)
    tenant = bytes.fromhex(values["office", "tenant"])
    with open(os.path.join(os.path.dirname(config),
                           values["keys", "pepper_file"])) as source:
        pepper = bytes.fromhex(source.read().strip())
    for made in people:
        row, salt, commit, wrapped = database.query(
            "SELECT person, k.salt, k.commit, k.wrapped FROM person_key k"
            " JOIN person p ON p.id = k.person"
            " WHERE p.login = %s AND how = %s", made["login"], RECOVERY)[0]
        person = accountant.key_of(row)
        code = accountant.unbase32(
            made["recovery_code"].replace("-", "").lower(), 35)[:32]
        key = blake(b"ouv-recv" + bytes(salt) + code, pepper)
        assert blake(b"commit", key, 16) == bytes(commit)
        secrets = na.crypto_aead_xchacha20poly1305_ietf_decrypt(
            bytes(wrapped[24:]), key_context(tenant, RECOVERY, person),
            bytes(wrapped[:24]), key)
        salt, nonce = os.urandom(16), os.urandom(24)
        stretched = na.crypto_pwhash_alg(
            32, made["password"].encode(), salt, OPS, MEM,
            na.crypto_pwhash_ALG_ARGON2ID13)
        key = blake(b"ouv-pass" + stretched, pepper)
        database.query(
            "UPDATE person_key SET salt = %s, ops = %s, mem = %s, commit = %s,"
            " wrapped = %s WHERE person = %s AND how = %s", salt, OPS, MEM,
            blake(b"commit", key, 16),
            nonce + na.crypto_aead_xchacha20poly1305_ietf_encrypt(
                secrets, key_context(tenant, PASSWORD, person), nonce, key),
            row, PASSWORD)


def key_context(tenant, how, person):
    return accountant.context(tenant, PERSON_KEY, how, row=person)
