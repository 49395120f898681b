#!/bin/sh
# Feeds the keyed generator, walked along each field of its key and along every two, to Dieharder
# (Debian package `dieharder`) and writes dieharder-results.md beside this file. About 10 minutes on
# an idle machine.
#   sh test/statistics/dieharder.sh                   all walks, the tests below
#   WALKS="c0 seed+c0" TESTS="2 102" sh …             some walks, other tests (numbers as in dieharder -l)
#   KEEP=folder sh …                                  keeps each p-value there; the next run goes on from it
set -eu

folder=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$folder/../.." && pwd)
results="$folder/dieharder-results.md"

WALKS=${WALKS:-"c0 c1 branch label seed
  c0+c1 branch+c0 branch+c1 label+c0 label+c1 label+branch seed+c0 seed+c1 seed+branch seed+label"}
# The quick ones. Dieharder itself calls 5, 6, 7 and 14 suspect.
TESTS=${TESTS:-"0 8 10 11 15 100 202 204 208"}

command -v dieharder >/dev/null || { echo "dieharder is not installed (apt-get install dieharder)" >&2; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
keep=${KEEP:-$scratch}
mkdir -p "$keep"

"$root/node_modules/.bin/rolldown" "$folder/emit-stream.ts" --platform node --format esm \
  -o "$scratch/emit-stream.mjs" >"$scratch/rolldown.log" 2>&1 || { cat "$scratch/rolldown.log" >&2; exit 1; }

# Prints one line per p-value: walk|test|ntuple|p|assessment. Generator 200 reads standard input.
run_test() { # walk test [further dieharder options]
  walk=$1 test=$2
  shift 2
  nice node "$scratch/emit-stream.mjs" "$walk" |
    nice dieharder -g 200 -d "$test" -D test_name -D ntuple -D pvalues -D assessment "$@" |
    awk -F'|' -v walk="$walk" -v test="$test" '
      /PASSED|WEAK|FAILED/ { gsub(/ /, ""); print walk "|" test " " $1 "|" $2 "|" $3 "|" $4 }'
}

count() { # walk assessment
  awk -F'|' -v walk="$1" -v wanted="$2" '$1 == walk && $5 == wanted { n++ } END { print n + 0 }' "$keep/all"
}

tests_of() { # walk
  grep "^$1|" "$keep/all" | cut -d'|' -f2 | cut -d' ' -f1 | sort -nu | tr '\n' ' ' | sed 's/ $//'
}

touch "$keep/all" "$keep/again"
for walk in $WALKS; do
  for test in $TESTS; do
    grep -q "^$walk|$test " "$keep/all" && continue
    run_test "$walk" "$test" >"$scratch/one"
    [ -s "$scratch/one" ] || { echo "no result: $walk, test $test" >&2; exit 1; }
    # -Y 1: more and more samples until the test passes or fails beyond doubt.
    if grep -q -v 'PASSED$' "$scratch/one"; then
      run_test "$walk" "$test" -Y 1 >>"$keep/again"
    fi
    cat "$scratch/one" >>"$keep/all"
  done
  echo "$walk: $(count "$walk" PASSED) passed, $(count "$walk" WEAK) weak," \
    "$(count "$walk" FAILED) failed"
done

{
  echo "# Dieharder on the keyed draws"
  echo
  echo "Written by \`dieharder.sh\`. $(dieharder -l | sed -n 's/.*\(dieharder version [0-9.]*\).*/\1/p'), Node $(node --version | cut -d. -f1)."
  echo "Threefry-2x32-13, both words of every block, one stream per row: the fields named are walked,"
  echo "all others stand still. Tests are numbered as in \`dieharder -l\`, with Dieharder's own sample sizes."
  echo
  echo "*Weak* is a p-value below 0.005 or above 0.995: one in a hundred of a perfect generator's."
  echo "*Failed* is beyond 0.000001. Every test of a row reads the stream from its start."
  echo
  echo "| walked | tests | p-values | passed | weak | failed |"
  echo "|---|---|---|---|---|---|"
  for walk in $WALKS; do
    passed=$(count "$walk" PASSED) weak=$(count "$walk" WEAK)
    failed=$(count "$walk" FAILED)
    echo "| $walk | $(tests_of "$walk") | $((passed + weak + failed)) | $passed | $weak | $failed |"
  done
  awk -F'|' '{ n[$5]++ } END { printf "| **all** | | %d | %d | %d | %d |\n", NR, n["PASSED"], n["WEAK"], n["FAILED"] }' "$keep/all"
  if grep -q -v 'PASSED$' "$keep/all"; then
    echo
    echo "Not passed at first:"
    echo
    echo "| walked | test | n-tuple | p |"
    echo "|---|---|---|---|"
    grep -v 'PASSED$' "$keep/all" | awk -F'|' '{ print "| " $1 " | " $2 " | " $3 " | " $4 " (" $5 ") |" }'
    echo
    echo "The same tests with more samples until the answer is beyond doubt (\`-Y 1\`):"
    echo "$(grep -c 'PASSED$' "$keep/again") passed, $(grep -c 'FAILED$' "$keep/again" || true) failed."
  fi
} >"$results"
echo "written: ${results#"$root/"}"
