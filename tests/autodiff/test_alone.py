"""The engine needs nothing but Python, as the chapter that builds it says."""

import subprocess
import sys

PROGRAM = """
import sys
import gdbook
before = set(sys.modules)
import gdbook.autodiff
import gdbook.autodiff.dual
new = {name.split(".")[0] for name in set(sys.modules) - before}
print(sorted(new - {"gdbook"}))
"""


def test_it_imports_mathematics_and_nothing_else() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["['math']"]
