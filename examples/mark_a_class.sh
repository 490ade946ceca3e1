#!/usr/bin/env bash
# A sheet of exercises, and the answers of a class, marked in one run. A wrong answer makes the exit code 1, one that
# cannot be graded 2.
set -u

echo "The marks of all, with what goes wrong most often:"
diffcli check --sheet sheets/derivatives.toml --answers sheets/class
echo "exit code $?"

echo
echo "What one student is told:"
diffcli check --sheet sheets/derivatives.toml --answers sheets/class/ben.json
echo "exit code $?"

echo
echo "The points alone, for a spreadsheet:"
diffcli check --sheet sheets/derivatives.toml --answers sheets/class --terse --exit-zero |
    awk -F '\t' '{ points[$1] += $4 } END { for (name in points) print name "," points[name] }' | sort

echo
echo "What a grader reads:"
diffcli check --sheet sheets/derivatives.toml --answers sheets/class/ben.json --format autolab --exit-zero | tail -n 1
