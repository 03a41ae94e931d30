"""Which account runs which server.

PostgreSQL and Dovecot's mail processes refuse root.  When root starts an
office, each server gets the account that its Debian package made for it; an
ordinary user runs everything as that user.
"""

import os
import pwd
import stat


class Account:
    """A user to whom a server is given; `None` stands for "stay who we are"."""

    def __init__(self, entry):
        self.name = entry.pw_name
        self.uid = entry.pw_uid
        self.gid = entry.pw_gid

    def popen(self):
        """The arguments that make subprocess.Popen become this account."""
        groups = os.getgrouplist(self.name, self.gid)
        return {"user": self.uid, "group": self.gid, "extra_groups": groups}

    def can_reach(self, folder):
        """Whether this account may walk from / down into the folder."""
        groups = set(os.getgrouplist(self.name, self.gid))
        path = os.path.realpath(folder)
        while True:
            if not self._may_enter(os.stat(path), groups):
                return False
            parent = os.path.dirname(path)
            if parent == path:
                return True
            path = parent

    def _may_enter(self, info, groups):
        if info.st_uid == self.uid:
            return bool(info.st_mode & stat.S_IXUSR)
        if info.st_gid in groups:
            return bool(info.st_mode & stat.S_IXGRP)
        return bool(info.st_mode & stat.S_IXOTH)


def service(name):
    """The account for a server when we are root, or None when we are not."""
    if os.geteuid() != 0:
        return None
    for candidate in (name, "nobody"):
        try:
            return Account(pwd.getpwnam(candidate))
        except KeyError:
            continue
    raise LookupError(f"neither {name} nor nobody is an account here")


def user_name(account):
    """The name under which a server of this account runs."""
    return account.name if account else pwd.getpwuid(os.geteuid()).pw_name


def group_name(account):
    import grp

    gid = account.gid if account else os.getegid()
    return grp.getgrgid(gid).gr_name


def make_folder(path, mode=0o700, account=None):
    """Makes sure of a folder with exactly this mode and owner."""
    os.makedirs(path, exist_ok=True)
    if account:
        os.chown(path, account.uid, account.gid)
    os.chmod(path, mode)
    return path


def write_file(path, text, mode=0o600, account=None):
    """Replaces a file in one step, so that nobody ever reads half of it."""
    data = text.encode() if isinstance(text, str) else text
    draft = f"{path}.new"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fchmod(out.fileno(), mode)
        if account:
            os.fchown(out.fileno(), account.uid, account.gid)
        os.fsync(out.fileno())
    os.replace(draft, path)
