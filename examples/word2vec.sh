#!/usr/bin/env bash
# Exercise: vectors for words, learned from what stands beside them. The program is in word2vec.expr.
# skip_gram.csv has the pairs of neighbours, at most two words apart, of ten sentences ("the king rules the land", "the dog eats
# meat", ...), and with each pair three words from elsewhere.
set -eu
cd "$(dirname "$0")"

echo "A row is taken for each index, and what flows back is added up row by row:"
diffcli grad "sum(V[center]^2)" --at "V=[[1,2],[3,4],[5,6]]" --at center=2,0,2 --wrt V

echo
echo "Training, and then the word most like each by its vector:"
diffcli descend -f word2vec.expr --data skip_gram.csv --columns "others=[other_1,other_2,other_3]" --optimizer adam --lr 0.05 \
    --batch-size 33 --shuffle --epochs 60 --json | python3 -c '
import json, sys
run = json.load(sys.stdin)
for point in run["history"]:
    if "train_value" in point and point["epoch"] % 20 == 0:
        print("epoch %2d  loss %.3f" % (point["epoch"], point["train_value"]))
words = "the king rules land queen wears a crown dog chases ball cat eats meat loves fears".split()
vectors = run["final"]["V"]
def cosine(u, v):
    return sum(a*b for a, b in zip(u, v)) / (sum(a*a for a in u)*sum(b*b for b in v))**0.5
for word in ("king", "dog", "eats"):
    own = vectors[words.index(word)]
    print(word, "is most like", max((other for other in words if other != word), key=lambda other: cosine(own, vectors[words.index(other)])))'
