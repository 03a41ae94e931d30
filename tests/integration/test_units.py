"""The service units carry what the documentation promises of them."""

import pathlib
import shutil
import subprocess

import pytest

from harness import ROOT

ETC = pathlib.Path(ROOT, "etc")
UNITS = sorted(path.name for path in ETC.glob("*.service"))
# Nothing swapped, nothing dumped, freed memory overwritten, no way to rights.
PROMISED = {
    "MemorySwapMax": "0", "LimitCORE": "0", "UMask": "0077",
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes",
    "PrivateTmp": "yes", "PrivateDevices": "yes", "CapabilityBoundingSet": "",
    "RestrictNamespaces": "yes", "LockPersonality": "yes",
    "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6",
    "Environment": "GLIBC_TUNABLES=glibc.malloc.perturb=90:"
                   "glibc.malloc.tcache_count=0",
}
EXPOSED_MOST = 20  # of 100, as systemd-analyze counts


def settings(name):
    """{key: [values]} of a unit file."""
    found = {}
    for line in (ETC / name).read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def test_there_is_a_unit_for_each_thing_that_runs():
    assert UNITS == [f"ouvidoria-{name}.service" for name in (
        "backup", "mailgw", "migrate", "server")]


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_keeps_its_promises(name):
    unit = settings(name)
    assert {key: unit.get(key) for key in PROMISED} == {
        key: [value] for key, value in PROMISED.items()}
    assert "@system-service" in unit["SystemCallFilter"]
    assert unit["User"] == [{"server": "ouv-server", "mailgw": "ouv-mailgw"}
                            .get(name[10:-8], "ouv-owner")]
    # No secret where every user of the machine can read it.
    text = (ETC / name).read_text().lower()
    assert "password" not in text and "secret=" not in text


@pytest.mark.parametrize("name, own, changing", [
    ("mailgw", ["svc", "gw_sig", "k_id", "k_tok"],
     ["svc", "k_id", "k_tok"]),
    ("server", ["pepper", "srv_sig", "k_id", "k_tok"],
     ["pepper", "k_id", "k_tok"])])
def test_a_program_is_handed_its_own_secrets_and_no_other(
        name, own, changing):
    unit = settings(f"ouvidoria-{name}.service")
    former = [f"{one}.key.old" for one in changing]
    # One that is not there is "none"; without this the unit would not start.
    assert unit["SetCredential"] == [f"{one}:none" for one in former]
    assert unit["LoadCredential"] == [
        f"{one}:/etc/ouvidoria/keys/{one}"
        for one in [f"{one}.key" for one in own] + former]


def test_what_needs_no_secret_is_handed_none():
    for name in ("backup", "migrate"):
        unit = settings(f"ouvidoria-{name}.service")
        assert not {"LoadCredential", "SetCredential"} & set(unit)


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_little_to_expose(name):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager",
         f"--threshold={EXPOSED_MOST}", str(ETC / name)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout[-400:]


def test_a_backup_is_made_every_night_and_kept_as_long_as_promised():
    timer = settings("ouvidoria-backup.timer")
    assert timer["OnCalendar"] == ["*-*-* 02:30"]
    assert timer["Persistent"] == ["yes"]
    command, = settings("ouvidoria-backup.service")["ExecStart"]
    assert command.endswith(
        " backup --out /var/lib/ouvidoria-backup --keep-days 35")
    assert settings("ouvidoria-backup.service")["StateDirectoryMode"] == [
        "0700"]
