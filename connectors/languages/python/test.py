"""Every case of ../cases.json against the sources themselves, without WebAssembly: `python test.py`.

The interface's types come from `componentize-py bindings`, as they do in the component.
"""

import json
import subprocess
import sys
import tempfile
import unittest
from enum import Enum
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
TOOL = Path(sys.executable).with_name("componentize-py")
BINDINGS = tempfile.TemporaryDirectory()
subprocess.run(
    [TOOL, "--quiet", "-d", HERE.parent.parent.parent / "wit", "-w", "connector", "bindings", BINDINGS.name],
    check=True,
)
sys.path[:0] = [str(HERE / "src"), BINDINGS.name]

from componentize_py_types import Err  # noqa: E402
from connector import Normalizer  # noqa: E402
from wit_world.exports.normalizer import Delivery, Header, Outcome_Events  # noqa: E402


def delivery(headers: dict[str, str], body: str) -> Delivery:
    """A delivery with these headers and this body."""
    values = [Header(name, value.encode()) for name, value in headers.items()]
    return Delivery("case", 0.0, values, "", body.encode(), [])


def written(value: object) -> object:
    """A value of the interface as the cases write it: without what is absent, attributes as one object."""
    if isinstance(value, Enum):
        return value.name.lower().replace("_", "-")
    if isinstance(value, list):
        return [written(member) for member in value]
    if not hasattr(value, "__dict__"):
        return value
    found = {name: written(member) for name, member in vars(value).items() if member is not None}
    if "attributes" in found:
        found["attributes"] = {attribute.name: attribute.value for attribute in value.attributes}
    return found


def answer(given: dict) -> dict:
    """What the connector says to a case."""
    try:
        said = Normalizer().normalize(delivery(given["headers"], given["body"]))
    except Err as refused:
        return {"refused": written(refused.value)}
    return {"events" if isinstance(said, Outcome_Events) else "ignored": written(said.value)}


class Cases(unittest.TestCase):
    """What is said of a delivery."""

    def test_every_case(self) -> None:
        for given in json.loads((HERE.parent / "cases.json").read_text(encoding="utf-8")):
            with self.subTest(given["name"]):
                self.assertEqual(answer(given), given["expect"])
                self.assertEqual(answer(given), answer(given), "the same again")

    def test_a_signature_becomes_a_claim_over_the_whole_body(self) -> None:
        [claim] = Normalizer().authenticate(delivery({"x-hub-signature-256": "sha256=" + "0aF9" * 16}, ""))
        self.assertEqual([signature.hex() for signature in claim.signatures], ["0af9" * 16])
        self.assertEqual((claim.algorithm.name, len(claim.message)), ("HMAC_SHA256", 1))
        for wrong in ["", "sha256=", "sha1=" + "0" * 40, "sha256=" + "0" * 63 + "g", "sha256=" + "0" * 65]:
            self.refuses({"x-hub-signature-256": wrong})
        self.refuses({})

    def refuses(self, headers: dict[str, str]) -> None:
        with self.assertRaises(Err) as raised:
            Normalizer().authenticate(delivery(headers, ""))
        self.assertEqual(raised.exception.value.reason.name, "UNAUTHENTICATED", headers)


if __name__ == "__main__":
    unittest.main()
