#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds everything with warnings as errors, runs every test. The last lines are ctest's
# summary, the exit code is ctest's.
set -eu

usage() {
    cat <<'HELP'
usage: sh tests/run.sh [OPTION...]
  -L LABEL          only tests whose label matches: unit sim model widget e2e golden reliability security
  --quick           only what needs no server: unit, sim, model and widget
  --sanitize        address and undefined behaviour (not golden, not reliability: those measure), then threads (unit and sim)
  --update-golden   replaces the golden pictures by what is drawn now; look at the difference before committing
HELP
}

label=
sanitize=
while [ $# -gt 0 ]; do
    case $1 in
    -L) [ $# -ge 2 ] || { usage >&2; exit 2; }
        label=$2
        shift ;;
    --quick) label='^(unit|sim|model|widget)$' ;;
    --sanitize) sanitize=1 ;;
    --update-golden)
        label='^golden$'
        NORIKV_UPDATE_GOLDEN=1
        export NORIKV_UPDATE_GOLDEN ;;
    --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
    esac
    shift
done

repository=$(cd "$(dirname "$0")/.." && pwd)
. "$repository/installer/common.sh"
. "$repository/installer/packages.sh"

# Pictures and sizes are the same everywhere; nothing opens on the desktop of whoever runs this.
QT_QPA_PLATFORM=offscreen
QT_FONT_DPI=96
LC_ALL=C.UTF-8
export QT_QPA_PLATFORM QT_FONT_DPI LC_ALL
unset DISPLAY WAYLAND_DISPLAY

# tests PRESET [ctest option...]
tests() {
    preset=$1
    shift
    (cd "$repository" && ctest --preset "$preset" -j2 "$@")
}

if [ -n "$sanitize" ]; then
    steps=5
else
    steps=4
fi

step_begins "packages"
# shellcheck disable=SC2046 # words on purpose
install_packages $(test_packages)

if [ -z "$sanitize" ]; then
    step_begins "configuration"
    configure ci
    step_begins "build"
    build ci
    step_begins "tests"
    code=0
    tests ci ${label:+-L "$label"} || code=$?
    exit "$code"
fi

ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1}
UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1:halt_on_error=1}
TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1:second_deadlock_stack=1}
export ASAN_OPTIONS UBSAN_OPTIONS TSAN_OPTIONS

step_begins "build with address and undefined behaviour sanitizers"
configure asan
build asan
step_begins "tests"
addresses=0
# Pictures, figures and waiting times say nothing under a sanitizer.
tests asan -L "${label:-^(unit|sim|model|widget|e2e|security)$}" -E '^bench_' || addresses=$?

step_begins "build with the thread sanitizer"
configure tsan
# Debian's gRPC and Qt are not instrumented: only what does without them.
build tsan tst_client tst_client_sim tst_sandbox
step_begins "tests"
threads=0
tests tsan -L '^(unit|sim)$' -E '^bench_|_NOT_BUILT$' || threads=$?
if [ "$addresses" -ne 0 ]; then
    echo "address and undefined behaviour sanitizers: tests failed, see above (ctest ended with $addresses)" >&2
    exit "$addresses"
fi
exit "$threads"
