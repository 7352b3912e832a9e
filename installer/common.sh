# SPDX-License-Identifier: GPL-3.0-or-later
# Steps with the time so far, messages and building. Sourced by start.sh and tests/run.sh, with `repository` set.
# shellcheck disable=SC2154,SC2015 # repository and steps come from there; fail ends the script

started=$(date +%s)
step=0

say() { echo "    $*"; }

# step_begins NAME: needs `steps`, the number of all.
step_begins() {
    step=$((step + 1))
    passed=$(($(date +%s) - started))
    printf 'step %d of %d  %s  (%02d:%02d so far)\n' "$step" "$steps" "$1" $((passed / 60)) $((passed % 60))
}

# fail SENTENCE...: one line each, then the end.
fail() {
    for line in "$@"; do
        echo "error: $line" >&2
    done
    exit 1
}

# One compiler a core, and 1.2 GB of memory for each.
build_jobs() {
    cores=$(nproc 2>/dev/null || echo 2)
    memory=$(awk '/^MemAvailable:/ { print int($2 / 1200000) }' /proc/meminfo 2>/dev/null || echo 2)
    jobs=$cores
    [ "${memory:-2}" -lt "$jobs" ] && jobs=${memory:-2}
    [ "$jobs" -lt 1 ] && jobs=1
    echo "$jobs"
}

# configure PRESET
configure() {
    folder=$repository/build/$1
    mkdir -p "$folder" 2>/dev/null && [ -w "$folder" ] \
        || fail "$folder cannot be written. Does it belong to another user? Remove it or run this as that user."
    # A build folder that came with a moved or copied repository is of no use.
    cache=$folder/CMakeCache.txt
    if [ -f "$cache" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$repository" "$cache"; then
        say "$folder belongs to another place; starting afresh"
        rm -rf "$folder"
    fi
    (cd "$repository" && cmake --preset "$1" >"$folder.log" 2>&1) || {
        cat "$folder.log" >&2
        fail "cmake could not set up $folder; its words are above and in $folder.log"
    }
}

# build PRESET [TARGET...]: everything without a target.
build() {
    preset=$1
    shift
    [ $# -gt 0 ] && set -- --target "$@"
    NINJA_STATUS='    [%f/%t] ' cmake --build "$repository/build/$preset" -j "$(build_jobs)" "$@" \
        || fail "the build of build/$preset failed; the compiler's words are above"
}
