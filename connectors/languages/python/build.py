"""Makes the component: sources and interface to WebAssembly, the manifest behind it.

    python build.py [output.wasm]

It wants Python 3.11 or later and componentize-py beside the interpreter that runs it, where `pip` put it.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOL = Path(sys.executable).with_name("componentize-py")


def main(output: Path) -> None:
    """Writes the component to `output`."""
    wit = HERE.parent.parent.parent / "wit"
    with tempfile.TemporaryDirectory() as draft:
        # The tool runs the module once, and Python would leave its bytecode beside the sources.
        sources = shutil.copytree(HERE / "src", Path(draft, "src"), ignore=shutil.ignore_patterns("__pycache__"))
        # A connector imports nothing. What the interpreter would ask of WASI it never needs here, and a call of it
        # traps.
        subprocess.run(
            [TOOL, "--quiet", "-d", wit, "-w", "connector", "componentize", "--stub-wasi", "-p", sources]
            + ["-o", output, "connector"],
            check=True,
        )
    manifest = tomllib.loads((HERE / "connector.toml").read_text(encoding="utf-8"))
    with output.open("ab") as component:
        component.write(section(b"ase:manifest", json.dumps(manifest).encode()))


def section(name: bytes, content: bytes) -> bytes:
    """A custom section as the binary format of WebAssembly writes it."""
    body = leb128(len(name)) + name + content
    return b"\0" + leb128(len(body)) + body


def leb128(value: int) -> bytes:
    """Unsigned LEB128: seven bits a byte, the lowest first."""
    low = value & 0x7F
    return bytes([low]) if value == low else bytes([low | 0x80]) + leb128(value >> 7)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "github-python.wasm"))
