#!/usr/bin/env bash
# Exercise: read the whole computation as data. Which node is `exp(x)`, and what flows back through it?
set -eu

diffcli grad "x*exp(x)" --at 1 --json --symbolic | python3 -m json.tool

echo
echo "One number out of it:"
diffcli grad "x*exp(x)" --at 1 --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["gradient"]["x"])'
