"""`make fuzz [TARGET=qr,json SECONDS=60]`: run atheris on each entry point for that time, and keep and name the finds.

A find is an input that raises, takes more than 2 s, or makes the process exceed its memory limit. PDF and pictures are
parsed by native libraries in a child process without rights (`adapters/in_process/reader.py`). An input that ends the
fuzzer there is a find only if that child, within its limits, gives no answer to it.

Finds stay in .local/fuzz/<target>/finds/. `cp` one to tests/fuzz/found/<target>/ and it is a test.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".local" / "fuzz"
SECONDS_AN_INPUT = 2  # hostile input must take less
MEGABYTES = 512  # of the whole process, libraries and atheris included
MEGABYTES_OF_FILES = 1024  # the child limits the parsers to 512; here they run together with atheris
NATIVE = {"pdf", "image"}
IMPORTS = 1.5  # seconds of processor time that the child needs before it reads


def child(target: str, arguments: list[str]) -> None:
    """The fuzzer itself, which does not return."""
    import atheris

    with atheris.instrument_imports(include=["chalicelib"]):
        from fuzz import targets
    check = targets.TARGETS[target]
    check(b"")
    atheris.Setup([sys.argv[0], *arguments], check)
    atheris.Fuzz()


def fuzz(target: str, seconds: int) -> list[Path]:
    """Run until the time is over. On a contained failure of the parsers put the input aside and continue."""
    from fuzz.seeds import seeds

    folder = KEPT / target
    corpus, finds = folder / "corpus", folder / "finds"
    for each in (corpus, finds):
        each.mkdir(parents=True, exist_ok=True)
    for seed in seeds(target):
        (corpus / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    end, found = _now() + seconds, []
    while (left := int(end - _now())) > 0:
        before = set(finds.iterdir())
        memory = MEGABYTES_OF_FILES if target in NATIVE else MEGABYTES
        log = folder / "log"
        with log.open("w") as out:
            command = [
                sys.executable, __file__, "--child", target, str(corpus), f"-max_total_time={left}",
                f"-timeout={SECONDS_AN_INPUT * (5 if target in NATIVE else 1)}", f"-rss_limit_mb={memory}",
                f"-artifact_prefix={finds}/", "-print_final_stats=1", "-max_len=200000", "-verbosity=1",
            ]  # fmt: skip
            ended = subprocess.run(command, cwd=ROOT, stdout=out, stderr=out, check=False)
        text = log.read_text(errors="replace")
        runs = [line.split()[-1] for line in text.splitlines() if line.startswith("stat::number_of_executed_units")]
        new = sorted(set(finds.iterdir()) - before)
        print(f"{target}: {runs[-1] if runs else '?'} inputs, {len(new)} finds", flush=True)
        if ended.returncode == 0:
            break
        if not new:
            print(text[-3000:])
            raise SystemExit(f"{target}: the fuzzer ended by itself ({ended.returncode})")
        found += [path for path in new if target not in NATIVE or not contained(path, target)]
        if found:
            break
    return found


def contained(path: Path, target: str) -> bool:
    """True if only the native parsers failed, and the product's own reader answers the file within its limits."""
    from chalicelib.adapters.in_process.reader import ProcessReader
    from chalicelib.reading.limits import CPU_SECONDS

    replay = f"from fuzz.targets import TARGETS; TARGETS[{target!r}](open({str(path)!r}, 'rb').read())"
    with suppress(subprocess.TimeoutExpired):
        command = [sys.executable, "-c", replay]
        if subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=30).returncode == 1:
            return False  # an exception in our code
    data = path.read_bytes()
    content_type = "application/pdf" if target == "pdf" else "image/jpeg" if data[:2] == b"\xff\xd8" else "image/png"
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    answer = ProcessReader(spare=False).read(data, content_type)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    print(f"{path.name}: the child answers ({answer.trouble}) after {spent:.1f} s")
    if spent > CPU_SECONDS + IMPORTS:
        return False
    path.rename(path.with_name(f"contained-{path.name}"))
    return True


def _now() -> float:
    import time

    return time.monotonic()


def main() -> int:
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], sys.argv[3:])
    from fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(prog="make fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--target", default="", help="names, separated by commas: " + ", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    names = [name for name in asked.target.split(",") if name] or list(TARGETS)
    if unknown := set(names) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    found = [path for name in names for path in fuzz(name, asked.seconds)]
    for path in found:
        target = path.parts[-3]
        print(f"\nfound {path.relative_to(ROOT)}; to make it a test:")
        print(f"  mkdir -p tests/fuzz/found/{target} && cp {path.relative_to(ROOT)} tests/fuzz/found/{target}/")
        print("  .venv/bin/pytest tests/fuzz -k found")
    return 1 if found else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    sys.exit(main())
