#!/usr/bin/env bash
# Exercise: five ways to the same derivative. Which are right here, and why do the others differ?
set -u

ask() {
    echo
    echo "$1 at $2"
    diffcli compare "$1" --at "$2" --json | python3 -c '
import json, sys
for variable, partial in json.load(sys.stdin)["partials"].items():
    print("  d/d{}: {}. {}".format(variable, partial["verdict"], partial["explanation"]))'
    echo "  exit code ${PIPESTATUS[0]}"
}

ask "log(x)*y" "x=2; y=3"
ask "(1 - cos(x))/x^2" "x=1e-5"
ask "log(1 + exp(x))" "x=1000"
ask "relu(x)" "x=0"
ask "sqrt(x)" "x=0"

echo
echo "How derivatives of the logistic map grow with each iteration, as a formula and as a graph:"
diffcli compare "r*x*(1 - x)" --at "x=0.3; r=3.7" --wrt x --grow 6 --json | python3 -c '
import json, sys
for row in json.load(sys.stdin)["growth"]["rows"]:
    print("{:4d} {:8,d} {:8,d}".format(row["iterations"], row["formula"]["tree"], row["graph"]["shared"]))'
