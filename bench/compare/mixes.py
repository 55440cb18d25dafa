"""The mixes of queries, and what a right answer to each of their queries is."""

from dataclasses import dataclass

from . import message, zones
from .message import A, NOERROR, NXDOMAIN, NS, SOA


@dataclass(frozen=True)
class Mix:
    name: str
    right: object
    """(name, reply) -> whether the reply is right."""
    large: bool = False
    dnssec_ok: bool = False
    pool: bool = False
    files: tuple = ()
    """Query files, taken in turn by the rounds."""

    def file(self, folder, number=0):
        return folder / f"{self.files[number % len(self.files)]}.queries"

    def names(self, folder, count):
        """The first `count` names asked, from the beginning again when the file ends."""
        with open(self.file(folder)) as file:
            found = [line.split()[0] for line, _ in zip(file, range(count))]
        return [found[i % len(found)] for i in range(count)]

    def wrong_answer(self, port, folder, count=20):
        """None when each of `count` answers is right, else the first that is not."""
        for name in self.names(folder, count):
            reply = message.ask(port, name, A, self.dnssec_ok)
            if reply is None or not self.right(name, reply):
                return f"{self.name}: {name}: {reply}"
        return None


def positive(name, reply):
    index = int(name.split(".")[0][1:])
    return reply.rcode == NOERROR and reply.authoritative and reply.answer == [(name, A, zones.address(index))]


def absent(name, reply):
    return (reply.rcode == NXDOMAIN and reply.authoritative and not reply.answer
            and [kind for _, kind, _ in reply.authority] == [SOA])


def referral(name, reply):
    cut = name.split(".", 1)[1]
    glue = (f"ns.{cut}", A, zones.address(zones.NAMES + int(cut.split(".")[0][1:])))
    return (reply.rcode == NOERROR and not reply.authoritative and not reply.answer
            and reply.authority == [(cut, NS, f"ns.{cut}")] and glue in reply.additional)


def primary(name, reply):
    return reply.rcode == NOERROR and reply.answer == [(name, A, zones.PRIMARY)]


def either(name, reply):
    return reply.rcode == NOERROR and len(reply.answer) == 1


MIXES = [
    Mix("positive", positive, files=("positive",)),
    Mix("nxdomain", absent, files=("nxdomain",)),
    Mix("edns-do", positive, dnssec_ok=True, files=("positive",)),
    Mix("referral", referral, files=("referral",)),
    Mix("pool", primary, pool=True, files=("pool",)),
    Mix("million", positive, large=True, files=tuple(f"million{i}" for i in range(zones.ORDERS))),
]
BY_NAME = {mix.name: mix for mix in MIXES}
FLIP = Mix("flip", either, pool=True, files=("flip",))
