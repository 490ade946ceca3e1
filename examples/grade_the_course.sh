#!/usr/bin/env bash
# The course in exercises/ with a class: the exercises are set, all answers graded, and the results reported.
#
#     bash grade_the_course.sh [ANSWERS [RESULTS]]
#
# ANSWERS has a folder for each chapter with a file for each student, as in exercises/class/1-gradients/anna.txt.
# What is written goes to the folder RESULTS. With DIFFCLI_LANG=zh, or in a system in Chinese, all of it is in Chinese.
set -u
answers=${1:+$(realpath "$1")}
results=${2:+$(realpath "$2")}
cd "$(dirname "$0")"
answers=${answers:-exercises/class}
results=${results:-$(mktemp -d)}
case ${DIFFCLI_LANG:-${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}} in
    zh*) set=布置 graded=批改 points="每个学生在已交各章中的得分" told="其中一个学生看到的批语" total="%s：%g / %g 分\n" ;;
    *) set=Set graded=Graded points="The points of each student, in the chapters handed in" total="%s: %g of %g\n"
        told="What one of them is told" ;;
esac

echo "== $set =="
for sheet in exercises/*.toml; do
    chapter=$(basename "$sheet" .toml)
    diffcli check --sheet "$sheet" > "$results/$chapter.txt"
    head -n 1 "$results/$chapter.txt"
done

echo
echo "== $graded =="
for sheet in exercises/*.toml; do
    chapter=$(basename "$sheet" .toml)
    [ -d "$answers/$chapter" ] || continue
    diffcli check --sheet "$sheet" --answers "$answers/$chapter" --exit-zero
    echo
done | tee "$results/marks.txt"

echo "== $points =="
awk -v total="$total" '$NF ~ /^[0-9.]+\/[0-9.]+$/ {
        split($NF, part, "/"); name = $0; sub(/ +[^ ]+ +[^ ]+$/, "", name)
        points[name] += part[1]; most[name] += part[2]
    }
    END { for (name in points) printf total, name, points[name], most[name] }' "$results/marks.txt" | sort

echo
echo "== $told =="
diffcli check --sheet exercises/2-chain-rule.toml --answers "$answers/2-chain-rule/ben.json" --exit-zero |
    tee "$results/ben.txt" | head -n 40
