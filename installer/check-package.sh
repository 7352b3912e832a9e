#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the Debian package of a build of the two programs, unpacks it into a folder of its own and starts what is in it.
#   sh installer/check-package.sh [BUILD-FOLDER]      default: build/release
set -eu

repository=$(cd "$(dirname "$0")/.." && pwd)
. "$repository/installer/common.sh"

build=$(cd "${1:-$repository/build/release}" 2>/dev/null && pwd) || fail "there is no build folder ${1:-build/release}"
[ -f "$build/CPackConfig.cmake" ] || fail "$build holds no build: run cmake --preset release first"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

say "packing $build"
cmake --build "$build" --target package-files >/dev/null
cpack --config "$build/CPackConfig.cmake" -G DEB -B "$work/pack" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    fail "cpack could not make the package"
}
set -- "$work"/pack/norikv-workbench_*.deb
if [ $# -ne 1 ] || [ ! -f "$1" ]; then
    fail "not one package but: $*"
fi
deb=$1
dpkg-deb --field "$deb" Package Version Architecture Installed-Size Depends Recommends
dpkg -x "$deb" "$work/root"

say "what must be in it"
for file in bin/norikv-workbench bin/norikv-sandbox bin/norikv-reducerhost share/applications/norikv-workbench.desktop \
    share/metainfo/io.github.norikv.Workbench.metainfo.xml share/icons/hicolor/scalable/apps/norikv-workbench.svg \
    share/icons/hicolor/128x128/apps/norikv-workbench.png share/man/man1/norikv-workbench.1.gz \
    share/man/man1/norikv-sandbox.1.gz share/doc/norikv-workbench/copyright share/doc/norikv-workbench/changelog.gz; do
    [ -s "$work/root/usr/$file" ] || fail "the package lacks /usr/$file"
done

# check PROGRAM ARGUMENT...: skipped where the program is not installed.
check() {
    if command -v "$1" >/dev/null 2>&1; then
        "$@" || fail "$1 finds fault, see above"
    else
        say "$1 is not installed: skipped"
    fi
}
check desktop-file-validate "$work/root/usr/share/applications/norikv-workbench.desktop"
check appstreamcli validate --no-net "$work/root/usr/share/metainfo/io.github.norikv.Workbench.metainfo.xml"

say "the programs start"
bin=$work/root/usr/bin
export HOME="$work/home" XDG_RUNTIME_DIR="$work/run" QT_QPA_PLATFORM=offscreen
mkdir -m 700 "$HOME" "$XDG_RUNTIME_DIR"
"$bin/norikv-workbench" --version
"$bin/norikv-sandbox" --version
"$bin/norikv-workbench" --demo --probe >"$work/probe" || { cat "$work/probe" >&2; fail "the demo does not answer"; }
"$bin/norikv-workbench" --demo --panel counters --config "$work/config" --screenshot "$work/picture.png" --after 2000 \
    2>"$work/log" || { cat "$work/log" >&2; fail "no picture could be drawn"; }
[ "$(wc -c <"$work/picture.png")" -gt 10000 ] || fail "the picture is next to empty"
# The platforms a desktop needs come with the packages it depends on.
plugins=$(dpkg -L libqt6gui6 qt6-wayland 2>/dev/null | grep '/plugins/platforms/' || true)
for plugin in libqxcb.so libqwayland libqoffscreen.so; do
    echo "$plugins" | grep -q "$plugin" || fail "the platform $plugin is not among the files of libqt6gui6 and qt6-wayland"
done
say "the package is in order: $(basename "$deb")"
