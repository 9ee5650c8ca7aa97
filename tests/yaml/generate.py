"""Documents to compare two YAML readers on: written by hand, put together from pieces, and changed at random."""

import json
import math

import yaml

# Rows of the reference's behaviour, and the corners that fuzzing found.
WRITTEN = [
    *"""yes Yes YES no No NO on On ON off Off OFF true True TRUE false False FALSE y Y n N yEs tRUE null ~ Null NULL nULL
    017 08 0o17 0x1F 0X1f 0b101 0B101 1_000 +1 -1 -0 00 0_ 0x_ 0b_ 1__0 _1 1_ 1:30 12:30:45 22:22 1:30.5 1:60 0:0 02:30
    8080:80 -1:30 1:5 1:5:5 1_0:30 190:20:30.15 1:30. 1e3 1.0e3 1e-05 -.5 +.5 .5 1. 1.0e+3 1.5e-7 1_000.5 1._5 ._5 .5_ 5.e+1
    1.0E+3 1.0e+400 -1.0e+400 1.0e-400 0.1 123456789.123456789 .inf -.inf +.inf .Inf .INF .iNf .nan .NaN .NAN -.nan
    9223372036854775808 18446744073709551616 123456789012345678901234567890 -123456789012345678901234567890
    0xffffffffffffffffffffffff 2024-01-01 2024-1-1 2024-13-01 2023-02-29 2024-02-29 0000-01-01 2001-12-15T02:59:43.1Z
    2001-12-14t21:59:43.10-05:00 2001-12-15T2:59:43 2001-1-5T02:59:43 2024-01-01T10:00 2024-01-01T24:00:00
    2024-01-01T00:00:00+24:00 2024-01-01T00:00:00+23:59 2024-01-01T00:00:00+0530 2024-01-01T00:00:00-00:30
    = == << < ! & * - -- --- ... ? : # % @ ` | > a: :a a:b a#b -a ?a !a &a *a {} [] {a} [a] {a:1} [a:] {a:[b]} {a:} {:a} {"a":1}
    [?a] [a?b] {?a} {?a:b} [?] [:a] [-] [-1] [-a] [a,] [,] {a,} {,} {a:1,b:2}""".split(),
    "", " ", "# c", "---", "---\n...", "--- a", "--- # c\na", "a\n...\n", "a\n---\n", "a\n---\nb", "...\na", "%YAML 1.1\n---\na",
    "%YAML 1.2\n---\na", "%YAML 2.0\n---\na", "%TAG !e! tag:yaml.org,2002:\n---\n!e!str 5", "%FOO bar\n---\na", "%YAML 1.1\na",
    "2001-12-14 21:59:43.10 -5", "2001-12-15 2:59:43.10", "2001-12-15 02:59:43", "a b", "a  b", "a\nb", "a\n b", "a\n\nb",
    "a: 1\nb: 2", "a: 1\na: 2\nb: 3\na: 4", "1: a\n1.0: b\ntrue: c", "0: a\nfalse: b", "null: a\n~: b", "1.5: a", "a:\n- 1\n- 2",
    "a:\n  - 1\n  - 2", "- a\n- b\n-\n- - c\n  - d", "? a\n: b", "? a", "? a\n? b", "? [a]\n: b", "? {a: b}\n: c", "? - a\n: - b",
    ": a", "- :", "a: b: c", "a: - b", "- a: b\n  c: d", "- a:\n    b\n  c: d", "a:\n b: c\nd: e", "a:\n b\n c", "a:\nb", "a :b", "a : b",
    "{a: 1, b: [c, d]}", "{a: 1\n, b: 2}", "{\na: 1\n}", "[\na,\nb\n]", "[a b, c  d]", "[a: b, c]", "[a: b: c]", "[[a], {b: c}]",
    "{a: {b: {c: d}}}", "{{ x }}", "a: {{ x }}", "{{ x }}: 1", "'{{ x }}': 1", "a: '{{ x }}'", "{a :1}", "{a: 1 }", "{'a':1}", "{'a' :1}",
    "{a\n: 1}", "['a'\n: 1]", "[a\nb]", "{a\nb: c}", "{? a : b}", "[? a : b]", "[a,\n  b # c\n  ,c]", "{a: [1,2], b}", "[http://x/?q=1]",
    "v:\ta", "v: \ta", "v: a\t# c", "\tk: v", "v:\n\t- a", "v: a\tb", "# c\tx\na: 1", "a: 1 #\tx", "- \"a\tb\"", "- 'a\tb'", "[a,\tb]",
    "a: |\n x\ty", "a: |\n \tx", "a: |\n  x\n\t\nb: 1", "a: |\t\n x", "a: 1\n\t\nb: 2", "a: \"x\n\ty\"", "a: 1\t", "-\ta", "?\ta", "\t",
    "a: |\n x\n y", "a: |\n x\n y\n", "a: |-\n x\n\n", "a: |+\n x\n\n", "a: |+\n x\n\nb: 1", "a: |2\n   x\n  y", "a: |1-\n x", "a: |-1\n x",
    "a: |0\n x", "a: |\n\n  x\n", "a: |\n    \n  x\n", "a: |\n  \n  x\n", "a: |\n   x\n  y\n", "a: |\nb: 1", "a: |\n", "a: |", "a: >", "|\na",
    "|\n a", "--- |\n a", "--- |\na", "--- >-\n a\n b", "- |\n a\n- b", "- |\n  a\n - b", "a: | # c\n x", "a: |# c\n x", "a: |x\n x",
    "a: >\n x\n y\n", "a: >\n x\n\n y\n", "a: >\n x\n  y\n z\n", "a: >\n  x\n\n    y\n\n  z\n", "a: >-\n x\n\n\n y\n\n", "a: >+\n x\n\n\n",
    "a: >\n\n x\n y", "a: >\n x\n \ty\n z", "a: >2\n    x\n  y", "a: |\n x\n# c\n", "a: |\n x\n # c\n", "a:\n  |\n x", "a: |\n  x\n ", "a: |\n x\r\n y\r\n",
    "a: \"x\ny\"", "a: \"x\n\n y\"", "a: \"x\\\n  y\"", "a: \"x \\\n  y\"", "a: \"x\\n\\t\\\"\\\\\\/\\0\\a\\b\\e\\f\\r\\v\\N\\_\\L\\P\\ \\x41\\u0041\\U00000041\"",
    "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\ude00\"", "\"\\U0001f600\"", "\"\\U00110000\"", "\"\\q\"", "\"\\x4\"", "\"a", "'a", "'a''b'", "''", "\"\"", "''''",
    "'a\n b'", "'a\n\n b'", "' a '", "\" a \"", "'a' b", "'a'b", "\"a\"b: c", "'a': b", "'a':b", "\"a\" : b", "'a'#c", "'a' #c", "a: 'b\nc: d'", "\"a\n---\nb\"",
    "a: \"b\n  c\": d", "- 'a\n  b': c", "a: &x 1\nb: *x", "a: &x\n  b: 1\nc: *x", "a: *x", "a: &x [*x]", "&x a: *x", "? &x a\n: *x", "*x : 1", "- &x a\n- *x : b",
    "- &x a\n- &x b\n- *x", "&x", "&x\na: 1", "&x a: 1", "&x &y a", "- &x.y a", "- &x: a", "- &x !!str 5\n- *x", "- !!str &x 5\n- *x", "[&x a, *x]", "{&x a: *x}",
    "&x [a]", "a: &x", "- &x\n- *x", "a: &a {b: 1}\nc: {<<: *a, d: 2}", "{<<: {a: 1}, a: 2, b: 3}", "{a: 2, <<: {a: 1, c: 3}}", "{<<: [{a: 1}, {a: 2, b: 3}]}",
    "{<<: {a: 1}, <<: {a: 2, b: 3}}", "<<: 5", "<<: [5]", "<<: null", "<<: []", "<<: {}", "'<<': {a: 1}", "a: <<", "[<<]", "<<:\n  a: 1\nb: 2", "a: &a {<<: *a}",
    "a: &a {b: 1}\nc: &c {<<: *a, d: 2}\ne: {<<: [*a, *c]}", "a: &m <<\n*m : {b: 1}", "!!merge <<: {a: 1}", "!!str <<: {a: 1}", "{<<: {a: 1, a: 2}, a: 3}",
    "=: 1", "{=: 1}", "a: =", "[=]", "! 12", "! a", "! \"12\"", "!", "! []", "!!str", "!!str 5", "!!str '5'", "!!str\n5", "!!int 5", "!!int '5'", "!!int 0x1f", "!!int 5.0",
    "!!int x", "!!int ''", "!!int", "!!float 5", "!!float 5.5", "!!float 1e3", "!!float x", "!!float .inf", "!!bool yes", "!!bool yEs", "!!bool x", "!!null x", "!!null",
    "!!timestamp 2024-01-01", "!!timestamp '2024-01-01'", "!!timestamp 2024-1-1", "!!timestamp x", "!!seq [a]", "!!seq {a: b}", "!!map {a: b}", "!!map [a]", "!!seq a",
    "!!str [a]", "!!str {a: b}", "!!str {=: x}", "!!binary aGVsbG8=", "!!binary x", "!!set {a, b}", "!!set\n? a\n? b", "!!omap [a: 1]", "!!pairs [a: 1]", "!foo a",
    "!foo {a: b}", "!!foo a", "!<tag:yaml.org,2002:str> 5", "!<!foo> 5", "!e!str 5", "!!python/none x", "!!python/object:os.system x", "!!value x", "!!value x: 1",
    "- !!str\n- a", "{a: !!str, b: !!null}", "!!str a: !!int 5", "? !!str 5\n: a", "2024-01-01: a", "2024-13-01: a", ".inf: a", ".nan: a", "!!binary aGk=: a", "[a]: b", "{a: b}: c",
    "\ufeffa: 1", "a: \ufeffb", "a: 1\n\ufeffb: 2", "a\u0085b", "a\u2028b", "'a\u2028b'", "\"a \u2028 b\"", "# c\u2028a: 1", "a\x00b", "a\x01b", "a\x7fb", "a\x9fb", "a\ufffeb",
    "a\r\nb: 1", "a: 1\rb: 2", "a: 1\r\nb: 2\r\n", "a: %x", "a: @x", "a: `x", "%x", "a: x%y", "a: x@y", "a: !x", "a: x!y", "a: &x", "a: x&y", "a: -", "a: - ", "a: ?", "a: ? b", "a: :", "a: |-", "a: >-",
    "a: 'b'\n c", "a: b\n# c\n d", "a: b # c\n d", "a\n# c\nb", "a: [\n]\n", "a: [\nb\n]", "a: {\nb: c\n}", "a: [b\nc: d", "- [a\n- b]", "a: b\n  c: d", "a: b\nc", "  a: 1\nb: 2", " a: 1\n b: 2",
    "- a\n b", "- a\nb: c", "a: 1\n- b", "a:\n  b: 1\n c: 2", "a:\n  - b\n - c", "é: ü", "日本: 語", "😀: 😀", "a: " + "x" * 1100, "x" * 1100 + ": a", "[" + "x" * 1100 + ": a]", "? " + "x" * 1100 + "\n: a",
    "'" + "x" * 1100 + "': a", "a: 1 b: 2", "a:  b", "a:   ", "a: b   ", "a: b   # c", "a: b#c", "a:#b", "a: #b", "#", "#a\n#b", "a: 'b # c'", "a, b", "a: b, c", "a: [b, c], d", "a: b]", "]", "}", "a: }", "a: {b", "a: [b}",
]

LARGE = [
    """apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: &labels {app: web, "app.kubernetes.io/part-of": shop}
  annotations:
    description: >-
      The shop's front,
      in two lines.
spec:
  replicas: 3
  selector: {matchLabels: *labels}
  template:
    metadata:
      labels:
        <<: *labels
        tier: front
    spec:
      containers:
      - name: web
        image: "nginx:1.25"
        command: ["sh", "-c", 'echo "it''s on"; sleep 1']
        args:
          - --port
          - 8080
          - |
            line one
              line two

            line four
        ports: [{containerPort: 8080, protocol: TCP}]
        env:
        - {name: START, value: "22:22"}
        - name: SINCE
          value: 2024-01-01
        resources: {requests: {cpu: 100m, memory: 1_024}, limits: {cpu: 1.5}}
""",
    """pipeline:
  segments:
    - steps_config:
        ingest: # first
          starts_segment: True
          bootstrap_servers: ["127.0.0.1:9092"]
        parse: {parallelism: {multi_process: {processes: 4, batch_size: 1000, batch_time: 0.2}}}
      ratio: .5
metrics:
  type: datadog
  host: 127.0.0.1
  port: 8125
  tags: ! {}
""",
    """? complex
: - a
  -
    - b
  - ? c
    : d
"quoted \\u00e9 \\
   key": 'it''s'
folded: >+
  one
   more
  two

literal: |2-
    x
   y
nothing:
~: null
""",
    json.dumps({"a": [1, 1.5, -2e-7, True, None, "x\ny \" \u2028 é 😀"], "b": {"c": {}, "d": []}}, indent=1),
]

PIECES = [
    "a", "b", "key", "x y", "1", "0", "12", "1.5", "true", "no", "null", "~", "2024-01-01", "1:30", "<<", "=", "é", "😀",
    ":", ": ", ":\n", " :", "- ", "-", "-\n", "? ", "?", ", ", ",", "[", "]", "{", "}", "[]", "{}", "#", " # c", "&x ", "&x", "*x", "*x ",
    "!!str ", "!!int ", "!", "!x ", "|", ">", "|-", ">+", "|2", "|\n", ">\n", "'", "\"", "''", "\"\"", "'a'", "\"b\"", "\\", "\\n", "\\\n",
    "\n", "\n", "\n", "\n ", "\n  ", "\n  ", "\n    ", "\n\n", " ", " ", "  ", "\t", "\r\n", "\r", "---", "---\n", "\n---\n", "...", "\n...\n", "%", "@", "`",
    "a: b", "a: ", "- a", "- a: b", "a:\n  b", "{a: b}", "[a, b]", "<<: ", "<<: *x", "a: &x ", "\ufeff", "\u2028", "%YAML 1.1\n---\n", "!!null", "*y",
]


def assembled(random):
    """A document put together from pieces."""
    return "".join(random.choice(PIECES) for _ in range(random.randint(1, random.choice([4, 8, 16, 30]))))


def nested(random, indent=0, depth=0):
    """A document that is mostly right: nested lists and mappings in block style."""
    pad = " " * indent
    lines = []
    for _ in range(random.randint(1, 3)):
        name = random.choice(["a", "b", "c", "'d'", "\"e\"", "1", "yes", "<<", "é", "&k f", "!!str 5"])
        start = pad + (random.choice(["- ", "-  ", "-   "]) if indent % 3 == 1 else name + random.choice([": ", ":", ":  ", " : "]))
        if depth < 3 and random.random() < 0.4:
            step = random.choice([1, 2, 2, 4])
            lines.append(start.rstrip() + random.choice(["", " ", " # c", " &x", " !!map"]))
            lines.append(nested(random, indent + step, depth + 1))
        else:
            style = random.choice(["|", ">", "|-", ">-", "|+", ">+", "|1", ">2"])
            body = "\n".join(
                pad + " " * random.randint(0, 4) + random.choice(["x", "y z", "", "", "# c", "- w", "k: v"])
                for _ in range(random.randint(1, 5))
            )
            lines.append(start + random.choice([
                "v", "1", "'v'", "\"v\\n\"", "[a, b]", "{a: b}", "*x", "&x v", "~", "", "v # c", "v\n" + pad + "  w", "\"v\n" + pad + "  w\"",
                "[a,\n" + pad + " b]", style + "\n" + body, style + " # c\n" + body, "!!str 5", "{a: 1, <<: {b: 2}}", "2024-01-01",
            ]))
    return random.choice(["\n", "\n", "\n", "\r\n", "\n\n"]).join(lines)


def value(random, depth=0):
    """A value of any sort that YAML can say."""
    if depth < 3 and random.random() < 0.5:
        count = random.randint(0, 4)
        if random.random() < 0.4:
            return [value(random, depth + 1) for _ in range(count)]
        return {key(random): value(random, depth + 1) for _ in range(count)}
    return random.choice([
        lambda: text(random), lambda: text(random), lambda: random.choice([None, True, False]),
        lambda: random.randint(-10**random.randint(1, 30), 10**random.randint(1, 30)),
        lambda: math.ldexp(random.randint(-2**52, 2**52), random.randint(-120, 40)),
        lambda: round(random.uniform(-1000, 1000), random.randint(0, 6)),
    ])()


def text(random):
    words = [*PIECES, "several", "words", "in", "a", "line", *generous(WRITTEN)]
    return random.choice(["", " ", "\n"]).join(random.choice(words) for _ in range(random.randint(0, random.choice([1, 3, 12, 30]))))


def generous(texts):
    return [text for text in texts if len(text) < 12]


def key(random):
    return text(random) if random.random() < 0.8 else random.choice([1, 1.5, True, None, 0, False, 12, -3])


def dumped(random):
    """A document as PyYAML writes it, in any style."""
    return yaml.safe_dump(
        value(random),
        default_style=random.choice([None, None, None, "'", '"', "|", ">"]),
        default_flow_style=random.choice([None, True, False, False]),
        indent=random.choice([None, 2, 3, 4]),
        width=random.choice([20, 80, 1000]),
        allow_unicode=random.random() < 0.7,
        line_break=random.choice([None, None, None, "\r\n", "\r"]),
        explicit_start=random.random() < 0.2,
        explicit_end=random.random() < 0.1,
        sort_keys=False,
    )


def changed(random, text):
    """A document with a few random changes."""
    for _ in range(random.randint(1, 3)):
        at = random.randint(0, len(text))
        change = random.randint(0, 5)
        if change == 0:
            text = text[:at] + random.choice(PIECES) + text[at:]
        elif change == 1:
            text = text[:at] + text[at + random.randint(1, 4):]
        elif change == 2:
            text = text[:at] + random.choice(" \n\t:-#'\"[]{},&*!|>?%0") + text[at + 1:]
        elif change == 3:
            other = random.randint(0, len(text))
            text = text[:at] + text[other:other + random.randint(1, 12)] + text[at:]
        elif change == 4:
            lines = text.split("\n")
            line = random.randrange(len(lines))
            lines[line] = " " * random.randint(0, 4) + lines[line].lstrip()
            text = "\n".join(lines)
        else:
            lines = text.split("\n")
            lines.insert(random.randint(0, len(lines)), lines.pop(random.randrange(len(lines))))
            text = "\n".join(lines)
    return text


def document(random):
    """A document of any sort."""
    sort = random.random()
    if sort < 0.15:
        return assembled(random)
    if sort < 0.35:
        return nested(random)
    if sort < 0.5:
        return changed(random, nested(random))
    if sort < 0.65:
        return changed(random, random.choice(WRITTEN))
    if sort < 0.85:
        return dumped(random)
    if sort < 0.95:
        return changed(random, dumped(random))
    return changed(random, random.choice(LARGE))
