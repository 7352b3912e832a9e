#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# From a bare Debian 12 to the demo in a window: sh installer/start.sh
# Installs what is missing, builds the two programs, opens the workbench with its demo. Without a display it
# prints what the demo's server offers and draws the window into a picture. Can be run again at any time.
set -eu

if [ $# -gt 0 ]; then
    echo "usage: sh installer/start.sh      (no options; build/release/bin/norikv-workbench --help lists the program's)"
    [ "$1" = --help ] && exit 0
    exit 2
fi

repository=$(cd "$(dirname "$0")/.." && pwd)
. "$repository/installer/common.sh"
. "$repository/installer/packages.sh"

bin=$repository/build/release/bin
picture=$repository/build/release/counters.png
steps=4

without_display() {
    step_begins "demo without a display"
    QT_QPA_PLATFORM=offscreen
    export QT_QPA_PLATFORM
    say "what the demo's server offers:"
    "$bin/norikv-workbench" --demo --probe || fail "the demo's server does not answer; the lines above say why"
    "$bin/norikv-workbench" --demo --panel counters --screenshot "$picture" --after 4000 2>"$picture.log" || {
        cat "$picture.log" >&2
        fail "the picture could not be drawn; the lines above say why"
    }
    rm -f "$picture.log"
    say "a picture of the live counters: $picture"
    say "for a window, run this again on a desktop, or log in with ssh -X and run: $bin/norikv-workbench --demo"
}

step_begins "packages"
# shellcheck disable=SC2046 # words on purpose
install_packages $(build_packages)

step_begins "configuration"
configure release

step_begins "build of norikv-workbench and norikv-sandbox"
build release norikv-workbench norikv-sandbox

if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    without_display
else
    step_begins "demo in a window"
    say "again later: $bin/norikv-workbench --demo"
    code=0
    "$bin/norikv-workbench" --demo || code=$?
    # 128 + SIGABRT: Qt found no display where the environment says there is one.
    if [ "$code" -eq 134 ]; then
        say "the display ${DISPLAY:-$WAYLAND_DISPLAY} could not be used; going on without one"
        steps=5
        without_display
    elif [ "$code" -ne 0 ]; then
        exit "$code"
    fi
fi
passed=$(($(date +%s) - started))
printf 'done  (%02d:%02d)\n' $((passed / 60)) $((passed % 60))
