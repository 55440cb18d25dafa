"""comparison.svg: the ratios to the reflector above, single figures below; readable in light and in dark."""

import math

from .mixes import MIXES
from .report import SERVERS, values
from .servers import TITLES
from .statistics import median, ratios, summary

WIDTH, MARGIN, LABEL = 960, 24, 92
ROW, BAR, PANEL_WIDTH, PANEL_HEIGHT = 44, 14, 292, 168

STYLE = """
  svg { font: 13px system-ui, sans-serif }
  .back { fill: #ffffff } text { fill: #1f2328 } .soft { fill: #59636e } .line { stroke: #d1d9e0 }
  .alula { fill: #d1242f; stroke: #d1242f } .gdnsd { fill: #0969da; stroke: #0969da }
  .nsd { fill: #1a7f37; stroke: #1a7f37 } .knot { fill: #9a6700; stroke: #9a6700 }
  .pdns { fill: #8250df; stroke: #8250df } .bind { fill: #59636e; stroke: #59636e }
  .title { font-weight: 600 } .end { text-anchor: end } .middle { text-anchor: middle }
  @media (prefers-color-scheme: dark) {
    .back { fill: #0d1117 } text { fill: #e6edf3 } .soft { fill: #9198a1 } .line { stroke: #3d444d }
    .alula { fill: #ff7b72; stroke: #ff7b72 } .gdnsd { fill: #58a6ff; stroke: #58a6ff }
    .nsd { fill: #3fb950; stroke: #3fb950 } .knot { fill: #d29922; stroke: #d29922 }
    .pdns { fill: #bc8cff; stroke: #bc8cff } .bind { fill: #9198a1; stroke: #9198a1 }
  }
"""


def text(x, y, words, kind=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{words}</text>'


def line(x1, y1, x2, y2, kind, width=1):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}" '
            f'stroke-width="{width}"/>')


def svg(results):
    parts, height = [], MARGIN
    if "udp" in results:
        above, height = dots(results["udp"]["rounds"], height)
        parts += above
    panels = [panel for panel in figures(results) if any(value is not None for value in panel[1].values())]
    for index, panel in enumerate(panels):
        x = MARGIN + index % 3 * (PANEL_WIDTH + 18)
        parts += bars(*panel, x, height + index // 3 * PANEL_HEIGHT)
    height += -(-len(panels) // 3) * PANEL_HEIGHT + MARGIN
    body = "\n".join(parts)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
            f'height="{height}">\n<style>{STYLE}</style>\n<rect class="back" width="100%" height="100%"/>\n'
            f"{body}\n</svg>\n")


def dots(rows, top):
    """One line a mix; each server a dot with its confidence interval, on a logarithmic scale."""
    parts = [text(MARGIN, top + 12, "CPU a query over UDP, as a multiple of what a bare C reflector spends", "title")]
    parts += legend(top + 34)
    found = {mix.name: {kind: summary(ratios([row for row in rows if row["mix"] == mix.name], kind, "reflector"))
                        for kind in SERVERS} for mix in MIXES}
    shown = [each for of_mix in found.values() for each in of_mix.values() if each]
    low, high = min(each["low"] for each in shown), max(each["high"] for each in shown)
    low, high = math.log(min(low, 0.8)), math.log(high * 1.1)

    def x(value):
        return MARGIN + LABEL + (math.log(value) - low) / (high - low) * (WIDTH - 2 * MARGIN - LABEL)

    begin = top + 52
    bottom = begin + ROW * len(found)
    for tick in (0.8, 1, 1.5, 2, 3, 5, 10, 20, 50, 100, 200):
        if low <= math.log(tick) <= high:
            parts += [line(x(tick), begin, x(tick), bottom, "line", 2 if tick == 1 else 1),
                      text(x(tick), bottom + 16, f"{tick}×", "soft middle")]
    for index, (name, of_mix) in enumerate(found.items()):
        parts += mix_row(begin + ROW * index, name, of_mix, x)
    return parts, bottom + 44


def mix_row(top, name, of_mix, x):
    parts = [text(MARGIN, top + ROW / 2 + 4, name), line(MARGIN, top, WIDTH - MARGIN, top, "line")]
    for index, (kind, found) in enumerate(of_mix.items()):
        if found:
            y = top + 7 + index * (ROW - 14) / (len(SERVERS) - 1)
            parts += [line(x(found["low"]), y, x(found["high"]), y, kind, 2),
                      f'<circle cx="{x(found["median"]):.1f}" cy="{y:.1f}" r="{4.5 if kind == "alula" else 3.5}" '
                      f'class="{kind}"/>']
    return parts


def legend(y):
    parts = []
    for index, kind in enumerate(SERVERS):
        x = MARGIN + LABEL + index * 110
        parts += [f'<circle cx="{x}" cy="{y - 4}" r="4.5" class="{kind}"/>', text(x + 10, y, TITLES[kind])]
    return parts


def figures(results):
    """(title, value of each server, how it is written)."""
    def of(section, key, scale=1.0, **fixed):
        rows = results.get(section, {}).get("rounds", [])
        found = {kind: values(rows, key, server=kind, **fixed) for kind in SERVERS}
        return {kind: median(each) * scale if each else None for kind, each in found.items()}

    return [
        ("TCP, pipelined: CPU µs a query", of("tcp", "cpu_us", mix="pipelined"), "{:.1f}"),
        ("p99 at 20,000 queries a second, µs", percentile(results), "{:,.0f}"),
        ("Example zone: exec to first answer, ms", of("start", "start_ms"), "{:.0f}"),
        ("Large zone: octets of memory a record", of("large", "octets_per_record"), "{:.0f}"),
        ("Large zone: exec to first answer, s", of("large", "two_cores_s"), "{:.1f}"),
        ("Large zone: reload visible after, s", of("large", "visible_s"), "{:.1f}"),
    ]


def percentile(results):
    rows = [row for row in results.get("latency", {}).get("rounds", [])
            if row["state"] == "quiet" and row["rate_asked"] == 20_000 and "p99" in row.get("latency_us", {})]
    found = {kind: [row["latency_us"]["p99"] for row in rows if row["server"] == kind] for kind in SERVERS}
    return {kind: median(each) if each else None for kind, each in found.items()}


def bars(title, found, form, left, top):
    parts, room = [text(left, top + 12, title, "title")], PANEL_WIDTH - LABEL - 48
    most = max(value for value in found.values() if value is not None)
    for index, (kind, value) in enumerate(found.items()):
        y = top + 24 + index * 21
        parts.append(text(left, y + 11, TITLES[kind], "title" if kind == "alula" else ""))
        if value is not None:
            length = max(1, value / most * room)
            parts += [f'<rect x="{left + LABEL}" y="{y}" width="{length:.1f}" height="{BAR}" class="{kind}"/>',
                      text(left + LABEL + length + 6, y + 11, form.format(value), "soft")]
    return parts
