"""`make run`: from a bare checkout to a working office, and its orderly end."""

import fcntl
import json
import os
import shutil
import socket
import urllib.request

from . import accounts, conf, demo, words
from .dovecot import Dovecot
from .nginx import Nginx
from .place import Place
from .postgres import Postgres, GATEWAY, OWNER, SERVER, SUPERUSER
from .process import Trouble, end_job, end_leftovers, tail, wait_until
from .programs import Admin, Gateway, Server, begin_build
from .smtp import SmtpListener
from .supervisor import Interrupted, Signals, Supervisor, say

PORTS = {"http": ("OUV_HTTP_PORT", 8080), "smtp": ("OUV_SMTP_PORT", 2525),
         "imap": ("OUV_IMAP_PORT", 1143), "pg": ("OUV_PG_PORT", 5439)}
KEY_FILES = ("svc.key", "k_id.key", "k_tok.key", "gw_sig.key", "srv_sig.key",
             "pepper.key")


def port_from_environment(name):
    variable, usual = PORTS[name]
    text = os.environ.get(variable) or str(usual)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Trouble(f"{variable}={text} is not a port")
    return int(text)


def require_free(ports):
    for name, port in ports.items():
        with socket.socket() as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                line.bind(("127.0.0.1", port))
            except OSError as why:
                raise Trouble(
                    f"port {port} on 127.0.0.1 cannot be had "
                    f"({why.strerror}); set {PORTS[name][0]} to another"
                ) from why


class Office:
    """One office under OUV_VAR, from start to stop."""

    def __init__(self, var, build=True):
        self.var_name = var
        self.build = build
        self.ports = {name: port_from_environment(name) for name in PORTS}
        self.place = Place(var)
        self.lock = self._lock()
        self.config = self.place.path("ouvidoria.conf")
        self.run_json = self.place.path("run.json")
        self.demo_json = self.place.path("demo.json")
        self.founding = self.place.path("founding")
        self.offline = self.place.path("offline")
        self.base_url = f"http://127.0.0.1:{self.ports['http']}"
        self.founded = False  # in this run
        self.jobs = []
        self.signals = Signals()
        self.supervisor = Supervisor(self.signals, self.write_run_json)

    # -- before anything starts ----------------------------------------------

    def _lock(self):
        """One supervisor for one folder; the kernel lets go when we die."""
        lock = open(self.place.path("office.lock"), "a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as why:
            raise Trouble(f"an office is already running in {self.place.var}"
                          ) from why
        return lock

    def clear_the_ground(self):
        self._remove(self.run_json)
        marks = [self.place.var + "/", self.place.hall + "/",
                 self.place.run + "/"]
        for name in end_leftovers(self.place.run, marks):
            say(f"ended {name}, left over from an earlier run")
        require_free(self.ports)

    @staticmethod
    def _remove(path):
        if os.path.exists(path):
            os.unlink(path)

    # -- the servers ---------------------------------------------------------

    def describe_servers(self):
        place, run = self.place, self.place.run
        passwords = {role: place.secret(f"{role}.pw")[1]
                     for role in (SUPERUSER, OWNER, GATEWAY, SERVER)}
        self.postgres = Postgres(
            os.path.join(place.hall, "pg"),
            accounts.make_folder(os.path.join(run, "pg"), 0o700,
                                 place.postgres),
            self.ports["pg"], passwords, place.log("postgres"),
            account=place.postgres, pid_file=place.pid_file("postgres"))
        self.mailboxes = demo.mailboxes(place)
        self.dovecot = Dovecot(
            os.path.join(place.hall, "dovecot"),
            os.path.join(place.hall, "mail"), os.path.join(run, "dovecot"),
            self.ports["imap"], self.mailboxes, place.log("dovecot"),
            account=place.dovecot, pid_file=place.pid_file("dovecot"))
        self.smtp = SmtpListener(
            self.dovecot.folder, self.ports["smtp"], self.dovecot.lmtp,
            demo.domains(), place.log("smtp"), account=place.dovecot,
            pid_file=place.pid_file("smtp"), catchall=demo.CATCHALL,
            name=f"mx.{demo.DOMAIN}")
        self.socket = os.path.join(run, "server.sock")
        self.server = Server(
            self.config, self.socket, f"127.0.0.1:{self.ports['http']}",
            place.log("server"), pid_file=place.pid_file("server"),
            socket_group=place.nginx.gid if place.nginx else None)
        self.gateway = Gateway(self.config, place.log("mailgw"),
                               pid_file=place.pid_file("mailgw"))
        self.nginx = Nginx(
            os.path.join(place.hall, "nginx"), self.ports["http"],
            f"unix:{self.socket}", place.log("nginx"), account=place.nginx,
            pid_file=place.pid_file("nginx"))
        self.admin = Admin(self.config, place.log("ouvidoria"))

    def start(self):
        self.clear_the_ground()
        build_log = self.place.log("build")
        say(f"preparing {self.place.var}"
            + (f" and building (log: {build_log})" if self.build else ""))
        if self.place.moved:
            say("the servers' own accounts cannot reach that folder: "
                f"database and mail lie in {self.place.hall}")
        build = self._job(begin_build(build_log) if self.build else None)
        self.describe_servers()
        first = not self.postgres.exists
        init = self._job(self.postgres.begin_init())
        self.supervisor.start(self.dovecot)
        self.postgres.finish_init(init)
        self.supervisor.start(self.postgres)
        self.dovecot.wait_ready()
        self.supervisor.start(self.smtp)
        self.postgres.wait_ready()
        if build is not None and build.wait() != 0:
            raise Trouble("the build failed; its log ends:\n"
                          + tail(build_log, 25))
        self.prepare_data(first)
        self.supervisor.start(self.server)
        self.supervisor.start(self.gateway)
        self.supervisor.start(self.nginx)
        self.smtp.wait_ready()
        self.server.wait_ready()
        self.nginx.wait_ready()
        wait_until("the console answers through nginx", self._answers, 60)
        self.gateway.wait_ready()
        if self.founded:
            self._write_words()

    def _write_words(self):
        """What the staff changed in the texts; an office without is one all
        the same."""
        try:
            words.write(self.base_url, demo.load(self.demo_json)["staff"])
        except (OSError, AttributeError) as why:
            say(f"the texts of the demonstration stay as they are: {why}")

    def _answers(self):
        try:
            with urllib.request.urlopen(f"{self.base_url}/healthz",
                                        timeout=5) as answer:
                return answer.read().strip() == b"ok"
        except OSError:
            return False

    def _job(self, job):
        """Something that ends by itself, or with us."""
        if job is not None:
            self.jobs.append(job)
        return job

    # -- the data ------------------------------------------------------------

    def prepare_data(self, first):
        """Everything that the programs need before they can start.  While the
        office is being founded a mark lies beside it: what was interrupted
        half-way is begun anew and never built upon."""
        if first or os.path.exists(self.founding):
            accounts.write_file(self.founding, "")
            self._forget_half_an_office()
            self._found()
            self.founded = True
            os.unlink(self.founding)
            return
        conf.adjust(self.config, self._moving_keys())
        self.admin.do("migrate")

    def _moving_keys(self):
        return conf.moving_keys(
            self.postgres.dsn(conf.DATABASE), self.base_url,
            f"unix:{self.socket}", self.ports["imap"], self.ports["smtp"])

    def _forget_half_an_office(self):
        self.postgres.drop_database(conf.DATABASE)
        for name in KEY_FILES:
            self._remove(os.path.join(self.place.secrets, name))
        self._remove(self.config)
        self._remove(self.demo_json)
        shutil.rmtree(self.offline, ignore_errors=True)

    def _found(self):
        say("founding the demonstration office: keys, staff, companies")
        self.postgres.ensure_roles()
        self.postgres.ensure_database(conf.DATABASE)
        conf.create(self.config, demo.OFFICE, self._moving_keys())
        self.admin.do("migrate")
        root = demo.new_keys(self.admin, self.place.secrets, self.offline)
        conf.adjust(self.config, {("keys", "root_public"): root})
        staff = demo.new_staff(self.admin, self.place.secrets, self.offline)
        companies = demo.new_companies(self.mailboxes,
                                       self._register_company)
        demo.save(self.demo_json, staff, companies)

    def _register_company(self, company):
        """Into the register: the company, its own unit, who answers there."""
        name, address, _, sector, person = company
        self.admin.do("company", "add", "--name", name, "--sector", sector)
        self.admin.do("company", "unit", "--company", name, "--name",
                      demo.UNIT, "--kind", "sac", "--from", "2020-01-01")
        self.admin.do("company", "contact", "--company", name, "--unit",
                      demo.UNIT, "--address", address, "--name", person)

    # -- telling -------------------------------------------------------------

    def write_run_json(self):
        made = demo.load(self.demo_json) if os.path.exists(self.demo_json) \
            else {"staff": [], "companies": []}
        servers = {watch.process.name: watch.process.pid
                   for watch in self.supervisor.watches}
        accounts.write_file(self.run_json, json.dumps({
            "http": self.base_url,
            "smtp": f"127.0.0.1:{self.ports['smtp']}",
            "imap": f"127.0.0.1:{self.ports['imap']}",
            "dsn": self.postgres.dsn(conf.DATABASE, OWNER),
            "office": demo.OFFICE,
            "config": os.path.join(self.var_name, "ouvidoria.conf"),
            "staff": made["staff"],
            "companies": made["companies"],
            "mail": {"host": "127.0.0.1", "imap_port": self.ports["imap"],
                     "catchall_user": demo.CATCHALL,
                     "catchall_password": self.mailboxes[demo.CATCHALL]},
            "pids": servers,
            "logs": self.place.logs,
        }, ensure_ascii=False, indent=1) + "\n")
        return made

    def tell(self, made):
        smtp = self.ports["smtp"]
        say("")
        say("DEMONSTRATION ONLY: the shares of the office's root and escrow "
            f"keys lie in\n{self.offline}; in a real office they are on paper "
            "in several hands,\nand never on this machine.")
        say("")
        say(f"console  {self.base_url}/")
        say(f"{'role':<11} {'login':<11} {'password':<34} TOTP secret")
        for person in made["staff"]:
            say(f"{person['role']:<11} {person['login']:<11} "
                f"{person['password']:<34} {person['totp_secret'] or '-'}")
        say("A one-time code: oathtool --totp -b SECRET, or any such app")
        say("")
        say(f"mailboxes by IMAP at 127.0.0.1:{self.ports['imap']} (no TLS)")
        say(f"  {demo.CATCHALL:<10} {self.mailboxes[demo.CATCHALL]}   "
            "what consumers and everybody else receive")
        for company in made["companies"]:
            say(f"  {company['imap_user']:<10} {company['imap_password']}   "
                f"{company['name']} <{company['address']}>")
        say("")
        say("send the office a mail:")
        say(f"  swaks --server 127.0.0.1:{smtp} --to {demo.OFFICE} "
            "--from maria@consumidora.example \\\n"
            "    --header 'Subject: Entrega atrasada' "
            "--body 'Comprei em 3 de maio e nada chegou.'")
        say("  python3 -c \"import smtplib; "
            f"smtplib.SMTP('127.0.0.1', {smtp}).sendmail("
            f"'maria@consumidora.example', ['{demo.OFFICE}'], "
            "'From: Maria <maria@consumidora.example>\\n"
            f"To: {demo.OFFICE}\\nSubject: Entrega atrasada\\n\\n"
            "Comprei em 3 de maio e nada chegou.\\n')\"")
        say("")
        say("Ctrl-C stops it; the next start finds everything as it was left")
        say(f"ready {self.base_url}/")

    # -- the whole -----------------------------------------------------------

    def run(self):
        """Returns the exit status."""
        status = 0
        try:
            self.start()
            self.tell(self.write_run_json())
            self.signals.raising = False
            self.supervisor.run()
        except Interrupted:
            pass
        except (Trouble, TimeoutError, OSError) as trouble:
            say(f"office: {trouble}")
            status = 1
        self.signals.raising = False
        if self.supervisor.watches:
            say("stopping")
        for job in self.jobs:
            end_job(job)
        self.supervisor.stop()
        self._remove(self.run_json)
        return status
