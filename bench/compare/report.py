"""results.json, one row a line, and the tables of results.md."""

import json

from .statistics import median, ratios, summary
from .mixes import MIXES
from .servers import PEERS, TITLES

SERVERS = ["alula", *PEERS]
MEGABYTE = 1e6


def compact(results):
    """JSON whose lists have one element a line."""
    def part(value, depth):
        inner, outer = "\n" + " " * (depth + 1), "\n" + " " * depth
        if isinstance(value, dict) and any(isinstance(each, (dict, list)) for each in value.values()) and depth < 3:
            lines = [f"{json.dumps(key)}: {part(each, depth + 1)}" for key, each in value.items()]
            return "{" + inner + ("," + inner).join(lines) + outer + "}"
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return "[" + inner + ("," + inner).join(json.dumps(each) for each in value) + outer + "]"
        return json.dumps(value)

    return part(results, 0) + "\n"


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines) + "\n"


def values(rows, key, **fixed):
    return [row[key] for row in rows if key in row and all(row.get(name) == value for name, value in fixed.items())]


def middle(rows, key, form="{:.2f}", scale=1.0, **fixed):
    found = values(rows, key, **fixed)
    return form.format(median(found) * scale) if found else "–"


def with_interval(found):
    return "{median:.2f} ({low:.2f}–{high:.2f})".format(**found) if found else "–"


def ratio(rows, of, to, key="cpu_us"):
    present = {row["server"] for row in rows}
    return with_interval(summary(ratios(rows, of, to, key))) if {of, to} <= present else "–"


def udp(found):
    rows, kinds = found["rounds"], ["reflector", *SERVERS]
    by_mix = {mix.name: [row for row in rows if row["mix"] == mix.name] for mix in MIXES}
    by_mix = {name: these for name, these in by_mix.items() if these}
    pairs = len({row["round"] for row in rows})
    text = f"CPU a query, µs, of which outside the kernel in brackets; medians of {pairs} interleaved rounds.\n\n"
    head = ["mix", *[TITLES[kind] for kind in kinds]]

    def cost(these, kind):
        if not values(these, "cpu_us", server=kind):
            return "–"
        return f"{middle(these, 'cpu_us', server=kind)} ({middle(these, 'user_us', server=kind)})"

    text += table(head, [[name, *[cost(these, kind) for kind in kinds]] for name, these in by_mix.items()])
    text += "Its ratio to the reflector's in the same round: median and 95 % confidence interval.\n\n"
    text += table(["mix", *[TITLES[kind] for kind in SERVERS]],
                  [[name, *[ratio(these, kind, "reflector") for kind in SERVERS]] for name, these in by_mix.items()])
    text += "Alula's ratio to each peer's in the same round; below 1 is less CPU than the peer.\n\n"
    text += table(["mix", *[TITLES[kind] for kind in PEERS]],
                  [[name, *[ratio(these, "alula", kind) for kind in PEERS]] for name, these in by_mix.items()])
    text += "The same for the part outside the kernel.\n\n"
    text += table(["mix", *[TITLES[kind] for kind in PEERS]],
                  [[name, *[ratio(these, "alula", kind, "user_us") for kind in PEERS]]
                   for name, these in by_mix.items()])
    text += limits(rows) + witnessed(found, by_mix)
    text += counts("System calls a query at saturation", found.get("calls"), kinds)
    return text + counts("Instructions a query outside the kernel at saturation", found.get("instructions"), kinds)


SATURATED = 0.85  # of a core: the rest is the generator starting and ending


def limits(rows):
    """Which figures are not those of a saturated server, which makes smaller batches; and how quiet it was."""
    def share(key, these):
        return median([row[key] for row in these])

    pairs = dict.fromkeys((row["mix"], row["server"]) for row in rows)
    idle = [f"{TITLES[server]} ({mix})" for mix, server in pairs if share("server_share", [
        row for row in rows if (row["mix"], row["server"]) == (mix, server)]) < SATURATED]
    return (f"At the median the generator used {share('generator_share', rows):.0%} of its core, and other programs "
            f"had the server's core for {share('waited_share', rows):.0%} of the time; "
            + (f"not saturated were: {', '.join(idle)}.\n\n" if idle else "every server was saturated.\n\n"))


def witnessed(found, by_mix):
    rows = found.get("witness", [])
    if not rows:
        return ""
    text = "The witness: CPU a query, µs, under dnsperf, one round.\n\n"
    kinds = ["reflector", *SERVERS]
    return text + table(["mix", *[TITLES[kind] for kind in kinds]], [
        [name, *[middle(rows, "cpu_us", mix=name, server=kind) for kind in kinds]] for name in by_mix])


def counts(title, found, kinds):
    if not found:
        return ""
    form = "{:,.0f}" if "nstructions" in title else "{:.3f}"
    cells = [[name, *[form.format(each[kind]) if kind in each else "–" for kind in kinds]]
             for name, each in found.items()]
    return f"{title}.\n\n" + table(["mix", *[TITLES[kind] for kind in kinds]], cells)


def instructions(found):
    return counts("Instructions a query outside the kernel, of the whole running server, under valgrind",
                  found["instructions"], SERVERS)


def inprocess(found):
    text = f"Nanoseconds a query without sockets, and the ratio within the rounds; medians of {found['rounds']}.\n\n"
    text += table(["names", "Alula", "C", "ratio"], [
        [title, f"{these['alula_ns']:.0f}", f"{these['c_ns']:.0f}",
         f"{these['ratio']:.2f} ({these['ratio_lowest']:.2f}–{these['ratio_highest']:.2f})"]
        for title, these in (("1,000", found["names_1000"]), ("1,000,000, random order", found["names_1000000"]))])
    return text + f"Two threads over one generation answer {found['two_threads']:.2f} times as much as one.\n\n"


def tcp(found):
    rows = found["rounds"]
    kinds = list(dict.fromkeys(row["mix"] for row in rows))
    text = "CPU a query, µs, of which outside the kernel in brackets.\n\n"
    text += table(["connections", *[TITLES[kind] for kind in SERVERS]], [
        [name, *[f"{middle(rows, 'cpu_us', mix=name, server=kind)} ({middle(rows, 'user_us', mix=name, server=kind)})"
                 for kind in SERVERS]] for name in kinds])
    text += "Alula's ratio to each peer's in the same round.\n\n"
    text += table(["connections", *[TITLES[kind] for kind in PEERS]], [
        [name, *[ratio([row for row in rows if row["mix"] == name], "alula", kind) for kind in PEERS]]
        for name in kinds])
    return text + limits(rows)


STATES = {"quiet": "undisturbed, 1 k names", "flipping": "while pools flip ten times a second",
          "large": "undisturbed, 1 M names", "reloading": "while the zone of 1 M names reloads"}


def latency(found):
    rows, text = found["rounds"], ""
    for state, title in STATES.items():
        for rate in sorted({row["rate_asked"] for row in rows if row["state"] == state}):
            text += f"{rate:,} queries a second, {title}: µs, medians of the rounds.\n\n"
            here = [row for row in rows if row["state"] == state and row["rate_asked"] == rate]
            text += table(["server", "p50", "p99", "p99.9", "longest", "lost", "of it dropped by the kernel",
                           "rounds"], [latencies(here, kind) for kind in SERVERS if values(here, "lost", server=kind)])
    return text


def latencies(rows, kind):
    mine = [row for row in rows if row["server"] == kind]

    def percentile(name):
        found = [row["latency_us"][name] for row in mine if name in row.get("latency_us", {})]
        return f"{median(found):,.0f}" if found else "–"

    return [TITLES[kind], *[percentile(name) for name in ("p50", "p99", "p99.9", "max")],
            str(sum(row["lost"] for row in mine)), str(sum(row["dropped"] for row in mine)), str(len(mine))]


def workers(found):
    text, rows = "", found["rounds"]
    for rate in sorted({row["rate_asked"] for row in rows}, reverse=True):
        here = [row for row in rows if row["rate_asked"] == rate]
        text += (f"{rate:,} queries a second offered: CPU a query, µs.\n\n" if rate else
                 "Saturated, the generator on the same two cores (a comparison only): answers a second.\n\n")
        key, form = ("cpu_us", "{:.2f}") if rate else ("rate", "{:,.0f}")
        text += table(["server", "one worker", "two workers", "two to one", "busier of the two's share of them",
                       "generator's share of a core"],
                      [two_to_one(here, kind, key, form) for kind in ["reflector", *SERVERS]])
    return text


def two_to_one(rows, kind, key, form):
    each = [{**row, "server": row["workers"]} for row in rows if row["server"] == kind]
    return [TITLES[kind], middle(each, key, form, server=1), middle(each, key, form, server=2),
            ratio(each, 2, 1, key), spread(each), middle(each, "generator_share", "{:.0%}", server=2)]


def spread(rows):
    """How evenly queries reach the workers, by the time their threads take."""
    pairs = [row["busiest_threads"] for row in rows if row["workers"] == 2]
    return "{:.0%}".format(median([pair[0] / (sum(pair) or 1) for pair in pairs])) if pairs else "–"


def large(found):
    rows = found["rounds"]
    kinds = [kind for kind in [*SERVERS, "alula, restarted"] if values(rows, "two_cores_s", server=kind)]
    columns = [("exec to answer, two cores, s", "two_cores_s", "{:.2f}", 1), ("one core, s", "one_core_s", "{:.2f}", 1),
               ("octets a record", "octets_per_record", "{:.0f}", 1),
               ("of them anonymous", "anonymous_per_record", "{:.0f}", 1),
               ("anonymous, MB", "anonymous", "{:.0f}", 1 / MEGABYTE),
               ("file-backed, MB", "file_backed", "{:.0f}", 1 / MEGABYTE),
               ("reload visible after, s", "visible_s", "{:.2f}", 1), ("highest, MB", "peak", "{:.0f}", 1 / MEGABYTE),
               ("3 s later, MB", "after", "{:.0f}", 1 / MEGABYTE)]
    text = (f"{found['records']:,} records. A reload changes one record and happens at 20,000 queries a second on the "
            "server's one core.\n\n")
    return text + table(["server", *[title for title, *_ in columns]], [
        [TITLES.get(kind, "Alula, restarted"),
         *[middle(rows, key, form, scale, server=kind) for _, key, form, scale in columns]] for kind in kinds])


def start(found):
    rows = found["rounds"]
    text = "From exec to the first answer with the example zone. The reflector shows what the bench itself takes.\n\n"
    return text + table(["server", "start, ms", "anonymous, MB", "file-backed, MB"], [
        [TITLES[kind], middle(rows, "start_ms", "{:.1f}", server=kind),
         middle(rows, "anonymous", "{:.1f}", 1 / MEGABYTE, server=kind),
         middle(rows, "file_backed", "{:.1f}", 1 / MEGABYTE, server=kind)] for kind in ["reflector", *SERVERS]])


PACES = {"shortest": "At the shortest interval that each permits (Alula 100 ms, PowerDNS 1 s, gdnsd 2 s), one failure",
         "equal": "All at 2 s, one failure, timeout 1 s"}


def failover(found):
    text = ("The primary site of every server is killed (SIGKILL), or hangs (SIGSTOP), at the same moment. Seconds from "
            "there, and from the first failed probe, to the first answer without it; and back again. Medians, "
            "and the least and the most.\n\n")
    for pace, title in PACES.items():
        here = [row for row in found["rounds"] if row["pace"] == pace]
        pairs = dict.fromkeys((row["fault"], row["server"]) for row in here)
        text += f"{title}.\n\n" + table(
            ["fault", "server", "switched after, s", "from the failed probe, s", "back after, s",
             "wrong answers after the switch", "trials"], [trials(here, *pair) for pair in pairs])
    return text


def trials(rows, fault, kind):
    mine = [row for row in rows if (row["fault"], row["server"]) == (fault, kind)]

    def spread(key):
        seen = [row[key] for row in mine]
        return f"{median(seen):.3f} ({min(seen):.3f}–{max(seen):.3f})"

    return [fault, TITLES[kind], spread("switch_s"), spread("from_probe_s"), spread("back_s"),
            str(sum(row["wrong_after"] for row in mine)), str(len(mine))]


def pools(found):
    apart, together = found["apart"], found["together"]
    flips = [row[key] * 1e3 for row in together["flips"] for key in ("there_s", "back_s")]
    text = "Alula with 10,000 pools.\n\n" + table(
        ["", "exec to right answer, s", "anonymous, MB", "file-backed, MB"], [
            [title, f"{these['start_s']:.2f}", f"{these['anonymous'] / MEGABYTE:.0f}",
             f"{these['file_backed'] / MEGABYTE:.0f}"]
            for title, these in (("30,000 endpoints of their own", apart), ("2 shared endpoints", together))])
    published = apart["published"]
    text += (f"Meanwhile {published['+Inf'] / 10:.0f} answers a second change one by one: "
             f"{published['0.001'] / max(1, published['+Inf']):.1%} of them are published within 1 ms of the verdict, "
             f"{published['0.0001'] / max(1, published['+Inf']):.1%} within 0.1 ms.\n\n")
    text += (f"{apart['probes_per_s']:,.0f} TCP checks a second take {apart['core_share']:.0%} of a core. When all pools "
             f"flip with one verdict, the last of the sampled ones follows the first after {median(flips):.1f} ms "
             f"(median of {len(flips)}; at most {max(flips):.1f}).\n\n")
    return text


SECTIONS = {"udp": ("UDP at saturation, one worker", udp), "instructions": ("Instructions", instructions),
            "inprocess": ("In process", inprocess),
            "tcp": ("TCP at saturation, one worker", tcp), "latency": ("Latency at a fixed rate", latency),
            "workers": ("Two workers", workers), "large": ("A large zone", large), "start": ("Start and memory", start),
            "failover": ("Failover", failover), "pools": ("Ten thousand pools", pools)}


def markdown(results):
    text = "# Results\n\nWritten by `make bench`; what each figure means is in docs/benchmarks.md.\n\n"
    for name, (title, section) in SECTIONS.items():
        if name in results:
            found = results[name]
            where = "{processor}, {cores} cores, Linux {kernel}".format(**found["machine"])
            text += f"## {title}\n\n{found['when']}, {where}, driven by {found['generator']}.\n\n{section(found)}"
    return text.rstrip() + "\n"
