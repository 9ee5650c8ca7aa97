"""Records what PyYAML's safe_load makes of the documents in generate.py, for tests/yaml.rs.

    python tests/yaml/record.py > tests/yaml/recorded.jsonl

needs PyYAML 6.0.3. One JSON object a line: {"text": …, "pyyaml": answer}, in the form of canonical.rs.
"""

import json
import random

import generate
import pyyaml

CHANGED = 400

source = random.Random(0)
texts = dict.fromkeys([
    *generate.WRITTEN,
    *("a: " + text for text in generate.WRITTEN if "\n" not in text and text),
    *generate.LARGE,
    *(generate.document(source) for _ in range(CHANGED)),
])
for text in texts:
    print(json.dumps({"text": text, "pyyaml": pyyaml.answer(text)}))
