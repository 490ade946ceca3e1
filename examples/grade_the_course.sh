#!/usr/bin/env bash
# The course in exercises/ with a class: the exercises are set, all answers graded, and the results reported.
#
#     bash grade_the_course.sh [ANSWERS [RESULTS]]
#
# ANSWERS has a folder for each chapter with a file for each student, as in exercises/class/1-gradients/anna.txt.
# What is written goes to the folder RESULTS. With DIFFCLI_LANG=zh exercises, verdicts and remarks are in Chinese.
set -u
answers=${1:+$(realpath "$1")}
results=${2:+$(realpath "$2")}
cd "$(dirname "$0")"
answers=${answers:-exercises/class}
results=${results:-$(mktemp -d)}

echo "== Set =="
for sheet in exercises/*.toml; do
    chapter=$(basename "$sheet" .toml)
    diffcli check --sheet "$sheet" > "$results/$chapter.txt"
    head -n 1 "$results/$chapter.txt"
done

echo
echo "== Graded =="
for sheet in exercises/*.toml; do
    chapter=$(basename "$sheet" .toml)
    [ -d "$answers/$chapter" ] || continue
    diffcli check --sheet "$sheet" --answers "$answers/$chapter" --exit-zero
    echo
done

echo "== The points of each student =="
for sheet in exercises/*.toml; do
    chapter=$(basename "$sheet" .toml)
    [ -d "$answers/$chapter" ] || continue
    diffcli check --sheet "$sheet" --answers "$answers/$chapter" --terse --exit-zero | sed "s/^/$chapter\t/"
done > "$results/marks.tsv"
awk -F '\t' '
    { points[$2] += $5; count[$2, $4]++; most[$1, $3] = $6 }
    END {
        for (exercise in most) total += most[exercise]
        for (name in points) printf "%-8s %4s of %d points, %2d right, %2d wrong, %2d not graded\n", name, points[name],
            total, count[name, "correct"], count[name, "wrong"], count[name, "not-graded"] + count[name, "time-limit"]
    }' "$results/marks.tsv" | sort

echo
echo "== What a student is told: a file for each chapter =="
for file in "$answers"/*/ben.*; do
    chapter=$(basename "$(dirname "$file")")
    diffcli check --sheet "exercises/$chapter.toml" --answers "$file" --exit-zero > "$results/ben-$chapter.txt"
done
head -n 40 "$results/ben-2-chain-rule.txt"
