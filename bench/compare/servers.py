"""Starting, reloading and stopping each server, with its configuration from bench/peers/."""

import os
import signal
import socket
import struct
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from string import Template

from . import message, place, process, zones

PEERS = ["gdnsd", "nsd", "knot", "pdns", "bind"]
TITLES = {"reflector": "reflector", "alula": "Alula", "gdnsd": "gdnsd", "nsd": "NSD", "knot": "Knot",
          "pdns": "PowerDNS", "bind": "BIND"}
ANSWER_POOLS = {"reflector", "alula", "gdnsd", "pdns"}
FLIP_POOLS = {"alula", "gdnsd"}

CONFIGURATIONS = {"alula": "alula.yaml", "nsd": "nsd.conf", "knot": "knot.conf", "bind": "named.conf",
                  "pdns": "pdns.conf", "gdnsd": "gdnsd.config"}
ZONE_LINES = {
    "alula": '  {name}: {{ file: "{file}" }}\n', "nsd": 'zone:\n  name: "{name}"\n  zonefile: "{file}"\n',
    "knot": '  - domain: "{name}"\n    file: "{file}"\n', "bind": 'zone "{name}" {{ type primary; file "{file}"; }};\n',
    "pdns": 'zone "{name}" {{ type master; file "{file}"; }};\n', "gdnsd": "",
}


@dataclass
class Setup:
    """What a server is to be for one experiment."""
    zones: dict
    """Zone name -> file, or a function of the kind of server that writes the file and returns its path."""
    workers: int = 1
    cores: tuple = (place.SERVER_CORE,)
    pools: bool = False
    flips: bool = False
    site: int = 1
    """Port at which the pools' endpoints are checked."""
    state: bool = False
    """Whether Alula has a folder for its compiled zones; the others keep no such thing in these configurations."""
    size: int = 0
    """Octets of the reflector's answers."""


class Server:
    """One server in the foreground on 127.0.0.1, in a folder of its own, gone with `stop`."""

    def __init__(self, kind, setup, where, prefix=()):
        self.kind, self.setup, self.where = kind, setup, where
        self.port = free_port()
        self.folder = where.folder / f"{kind}-{self.port}"
        self.folder.mkdir()
        (self.folder / "zones").mkdir()
        self.prefix = list(prefix)
        self.process = self.controller = None
        if kind != "reflector":
            self.configure()

    def configure(self):
        files = {name: self.zone_file(name, file) for name, file in self.setup.zones.items()}
        lines = "".join(ZONE_LINES[self.kind].format(name=name, file=file) for name, file in files.items())
        values = dict(port=self.port, workers=self.setup.workers, folder=self.folder, zones=lines,
                      modules=self.where.modules, site=self.setup.site, state="", flips="")
        if self.kind == "alula" and self.setup.state:
            values["state"] = f"state: {self.folder}/state"
        if self.kind == "gdnsd" and self.setup.flips:
            values["flips"] = "".join(
                f"    flip{i} => {{ service_types => flip, primary => 127.0.2.{i}, secondary => 127.0.0.3 }}\n"
                for i in range(zones.FLIPPING))
        name = CONFIGURATIONS[self.kind]
        text = (place.TEMPLATES / name).read_text()
        if self.kind == "alula" and self.setup.pools:
            text += (place.TEMPLATES / "alula.pools").read_text()
            text += (place.TEMPLATES / "alula.flips").read_text() if self.setup.flips else ""
        self.file("config" if self.kind == "gdnsd" else name).write_text(Template(text).substitute(values))
        if self.kind == "pdns":
            self.file("zones.conf").write_text(lines)

    def file(self, name):
        return self.folder / name

    def zone_file(self, name, file):
        """gdnsd serves what lies in its folder `zones`; the others are told the path."""
        place_of_own = self.folder / "zones" / name
        if callable(file):
            place_of_own.write_text(file(self.kind))
        elif self.kind == "gdnsd":
            os.link(file, place_of_own)
        else:
            return file
        return place_of_own

    def command(self):
        program = self.where.programs.get
        folder, workers = str(self.folder), str(self.setup.workers)
        return {
            "alula": lambda: [program("alula"), "serve", "--config", self.file("alula.yaml")],
            "nsd": lambda: [program("nsd"), "-d", "-c", self.file("nsd.conf")],
            "knot": lambda: [program("knotd"), "-c", self.file("knot.conf")],
            "bind": lambda: [program("named"), "-f", "-n", workers, "-c", self.file("named.conf")],
            "pdns": lambda: [program("pdns_server"), f"--config-dir={folder}"],
            "gdnsd": lambda: [program("gdnsd"), "-c", folder, "start"],
            "reflector": lambda: [program("reflector"), str(self.port), str(self.setup.size), workers],
        }[self.kind]()

    def start(self):
        environment = dict(os.environ) if self.kind in ("alula", "reflector") else self.where.environment
        cores = set(self.setup.cores) & place.CORES or place.CORES
        told, tell = os.pipe()

        def prepare():
            process.prepare(cores)
            os.write(tell, struct.pack("d", time.monotonic()))

        with open(self.file("log"), "ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, *map(str, self.command())], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, env=environment, start_new_session=True, preexec_fn=prepare)
        self.executed = struct.unpack("d", os.read(told, 8))[0]
        os.close(told)
        os.close(tell)
        return self

    def wait_until_it_answers(self, name, right, within=120.0):
        """Seconds from its exec until the first right answer to `name` A."""
        begin = time.monotonic()
        while time.monotonic() - begin < within:
            if self.process.poll() is not None:
                break
            reply = message.ask(self.port, name, timeout=0.02)
            if reply is not None and right(name, reply):
                return time.monotonic() - self.executed
            time.sleep(0.0005)
        raise RuntimeError(f"{self.kind} does not answer {name}:\n{self.log()[-2000:]}")

    def log(self):
        return self.file("log").read_text(errors="replace")

    @property
    def pids(self):
        return process.tree(self.process.pid)

    def reload(self, zone):
        """Tells the server that the file of `zone` is another now; does not wait until it has taken it over."""
        program = self.where.programs.get
        if self.kind == "gdnsd":
            self.tell([program("gdnsdctl"), "-c", self.folder, "-t", "300", "reload-zones"])
        elif self.kind == "pdns":
            self.tell([program("pdns_control"), f"--config-dir={self.folder}", "bind-reload-now", zone])
        else:
            self.process.send_signal(signal.SIGHUP)

    def tell(self, words):
        with open(self.file("log"), "ab") as log:
            self.controller = subprocess.Popen(list(map(str, words)), stdin=subprocess.DEVNULL, stdout=log,
                                               stderr=log, env=self.where.environment)

    def stop(self):
        if self.process is None:
            return
        pids = self.pids
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            pass
        for pid in pids:
            if Path(f"/proc/{pid}").exists():
                end(pid)
        self.process.wait()
        if self.controller:
            self.controller.wait(30)


def end(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def free_port():
    """A port that is free over UDP and TCP on 127.0.0.1, below the ports that the kernel gives to clients."""
    for port in range(free_port.next, 32000):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
            try:
                udp.bind(("127.0.0.1", port))
                tcp.bind(("127.0.0.1", port))
            except OSError:
                continue
        free_port.next = port + 1
        return port
    raise RuntimeError("no free port")


free_port.next = 20000 + os.getpid() % 10000
