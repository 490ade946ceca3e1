"""Memory that arrays give back stays with the process: the system need not clear it again."""

import platform
import subprocess
import sys

import pytest

SCRIPT = """
import resource
import sys

import numpy as np

import diffcli

x = np.linspace(-1, 1, int(sys.argv[1]))
f = diffcli.compile("sum(exp(sin(x)*x)*cos(x))", x=x, executor=sys.argv[2])
f(x=x)
f(x=x)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    f(x=x)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries are left as they are")
@pytest.mark.parametrize("executor", ["plain", "blocks"])
def test_few_pages_are_new(executor: str) -> None:
    """Twenty gradients make more than a hundred arrays of two hundred pages each."""
    asked = subprocess.run(
        [sys.executable, "-c", SCRIPT, "100000", executor], capture_output=True, text=True, check=True, timeout=120
    )
    assert int(asked.stdout) < 1000
