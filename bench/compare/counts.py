"""Exact counts of Alula alone, held against bench/thresholds.json: instructions a query, and calls of the runtime,
the allocator and locks, of which there are to be none. `python3 -m compare.counts` shows them."""

import json

from . import instructions, place
from .experiment import Bench
from .mixes import MIXES
from .place import Place

QUERIES = 5_000
FORBIDDEN = r"_?swift_|malloc|calloc|realloc|free$|posix_memalign|pthread_(mutex|rwlock|cond|once)"


def thresholds():
    return json.loads((place.REPOSITORY / "bench/thresholds.json").read_text())


def counted(bench, mix):
    """(instructions a query, {function: calls}) of the whole running server. While pools are checked, the prober's
    thread makes calls of its own, which are not counted."""
    text, = instructions.dumps(bench, "alula", mix, QUERIES)
    found = {} if mix.pool else instructions.calls(text, FORBIDDEN)
    return round(instructions.total(text) / QUERIES), found


def complaints(bench):
    """What is over its threshold, in words; and what was counted."""
    limits, words, found = thresholds(), [], {}
    for mix in (mix for mix in MIXES if not mix.large):
        found[mix.name], made = counted(bench, mix)
        if found[mix.name] > limits[mix.name]:
            words.append(f"{mix.name}: {found[mix.name]} instructions a query, at most {limits[mix.name]} are allowed")
        # Standing still wakes the other threads, of which the brain looks around then, some twenty calls a window;
        # a call for each query is thousands.
        words += [f"{mix.name}: {name} was called {count} times for {QUERIES} queries"
                  for name, count in made.items() if count > QUERIES // 4]
    return words, found


def main():
    where = Place()
    try:
        words, found = complaints(Bench(where, 0))
    finally:
        where.remove()
    for name, count in found.items():
        print(f"{name}: {count} instructions a query")
    if words:
        raise SystemExit("\n".join(words))


if __name__ == "__main__":
    main()
