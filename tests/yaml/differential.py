"""Compares the macro's YAML reader with PyYAML's safe_load on random documents.

    cargo build --release --example read-yaml
    python tests/yaml/differential.py --documents 200000

needs PyYAML 6.0.3. Fails when both readers accept a document and differ. What only one of them accepts is counted and
shown.
"""

import argparse
import collections
import json
import pathlib
import random
import subprocess
import sys
import time

import generate
import pyyaml

READER = pathlib.Path(__file__).parents[2] / "target/release/examples/read-yaml"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--documents", type=int, default=200_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--reader", default=READER, help="the built example read-yaml")
    arguments.add_argument("--show", type=int, default=3, help="documents to show of each sort")
    options = arguments.parse_args()

    source = random.Random(options.seed)
    counts = collections.Counter()
    samples = collections.defaultdict(list)
    started = time.monotonic()
    reader = subprocess.Popen([options.reader], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    for _ in range(options.documents):
        text = generate.document(source)
        reader.stdin.write(json.dumps(text) + "\n")
        reader.stdin.flush()
        theirs = pyyaml.answer(text)
        ours = json.loads(reader.stdout.readline())
        sort = compare(theirs, ours)
        counts[sort[0]] += 1
        counts[sort] += 1
        if len(samples[sort]) < options.show * 20:
            samples[sort].append((text, theirs, ours))
    reader.stdin.close()
    reader.wait()

    print(f"{options.documents} documents, seed {options.seed}, {time.monotonic() - started:.0f} s")
    for sort in ["same", "both refuse", "only PyYAML reads it", "only the macro reads it", "DIFFERENT"]:
        print(f"  {counts[sort]:8} {sort}")
    for sort, found in sorted(samples.items(), key=lambda item: -counts[item[0]]):
        if sort[0] not in ("same", "both refuse"):
            print(f"\n{counts[sort]} {' | '.join(sort)}")
            for text, theirs, ours in sorted(found, key=lambda sample: len(sample[0]))[:options.show]:
                print(f"  {text!r}\n    PyYAML {json.dumps(theirs)[:300]}\n    macro  {json.dumps(ours)[:300]}")
    sys.exit(1 if counts["DIFFERENT"] else 0)


def compare(theirs, ours):
    """The sort of agreement or difference."""
    theirs_refuses, ours_refuses = isinstance(theirs, dict), isinstance(ours, dict)
    if theirs_refuses and ours_refuses:
        return ("both refuse",)
    if theirs_refuses:
        return ("only the macro reads it", theirs.get("error", "unsupported"))
    if ours_refuses:
        return ("only PyYAML reads it", ours["error"][0])
    return ("same",) if theirs == ours else ("DIFFERENT",)


if __name__ == "__main__":
    main()
