# SPDX-License-Identifier: GPL-3.0-or-later
# What is needed from Debian 12, one line each: package, then why. Sourced by start.sh, tests/run.sh and check-package.sh.

# To build the two programs and to run them in a window.
build_packages() {
    sed 's/[[:space:]]*#.*//; /^$/d' <<'LIST'
build-essential          # g++ 12 and what it needs
cmake                    # 3.25
ninja-build              # builds
qt6-base-dev             # window, widgets, network, printing; brings the xcb and offscreen platforms
qt6-svg-dev              # icons
qt6-declarative-dev      # JavaScript reducers, in a program of their own
qt6-tools-dev            # translations: CMake's side
qt6-l10n-tools           # translations: lrelease
qt6-wayland              # runtime: a window on a Wayland desktop without X
libqcustomplot-dev       # charts, in its Qt 6 flavour
libgrpc++-dev            # NoriKV's wire
libprotobuf-dev          # its messages
protobuf-compiler        # generates them
protobuf-compiler-grpc   # generates the services
libexpected-dev          # tl::expected: errors are values
nlohmann-json3-dev       # JSON
libxxhash-dev            # which shard a key belongs to, and which bytes a value had
libsqlite3-dev           # the catalogue of known keys
librocksdb-dev           # the sandbox's storage
libyaml-cpp-dev          # the sandbox's configuration
libcpp-httplib-dev       # HTTP side port, embedding endpoints
libhnswlib-dev           # the sandbox's vector index
libeigen3-dev            # the map of vectors: principal components
zlib1g-dev               # values in gzip
libzstd-dev              # values in zstd
fonts-inter              # runtime: text
fonts-jetbrains-mono     # runtime: keys and values
LIST
}

# On top of that, to build and run every test. Node.js is not among them: 50 MB for one test that JSON stands in for.
test_packages() {
    build_packages
    sed 's/[[:space:]]*#.*//; /^$/d' <<'LIST'
libgtest-dev             # every test
libgmock-dev             # its matchers
xvfb                     # norikv-bench P26 draws into a display of its own
ccache                   # a second build takes seconds
mold                     # links many test programs quickly
file                     # CPack asks it which files need libraries
desktop-file-utils       # checks the desktop file
appstream                # checks the metadata
python3                  # reads the Python that "copy as" writes
LIST
}

# Those of its arguments that are not installed, one a line.
missing_packages() {
    for package in "$@"; do
        # ii: wanted and installed; hi: held back and installed
        case $(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null) in
        ii*|hi*) ;;
        *) echo "$package" ;;
        esac
    done
}

# Installs those of its arguments that are missing; asks apt only then.
install_packages() {
    command -v dpkg-query >/dev/null 2>&1 \
        || fail "this is not Debian: there is no dpkg-query. README.md lists what to install by hand."
    missing=$(missing_packages "$@" | tr '\n' ' ')
    if [ -z "$missing" ]; then
        say "all $# are there"
        return
    fi
    say "to install: $missing"
    system=$(. /etc/os-release 2>/dev/null && echo "${ID:-unknown} ${VERSION_ID:-}") || system=unknown
    if [ "$system" != "debian 12" ] && [ -z "${NORIKV_ANY_SYSTEM:-}" ]; then
        fail "this is $system; the packages named above are those of debian 12." \
            "Install what they contain by hand and run this again, or set NORIKV_ANY_SYSTEM=1 to let apt try."
    fi
    if [ "$(id -u)" -eq 0 ]; then
        root=
    elif command -v sudo >/dev/null 2>&1; then
        root=sudo
    else
        fail "packages can only be installed by root, and there is no sudo. As root, run:" \
            "apt-get update && apt-get install --no-install-recommends $missing"
    fi
    $root apt-get -q -o Acquire::Retries=2 -o Acquire::http::Timeout=20 update >&2 \
        || say "the package lists could not be renewed; trying with those that are there"
    # shellcheck disable=SC2086 # words on purpose
    $root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=2 -o Acquire::http::Timeout=20 \
        -o DPkg::Lock::Timeout=120 install --no-install-recommends $missing >&2 \
        || fail "apt could not install: $missing" \
            "Its own words are above. Without a network, connect this machine once; they are needed only once."
}
