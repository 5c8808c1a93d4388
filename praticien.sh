#!/bin/sh
# Prépare tout ce qu'il faut (paquets du système, .venv, dépendances verrouillées), puis lance la démonstration ou les tests.
# Usage : ./praticien.sh demo [--offscreen DOSSIER] | test [options de pytest] | bench | run [options de main.py] | setup
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cd "$here"
venv="$here/.venv"
log="$here/.setup.log"

say() { printf '%s\n' "praticien : $*" >&2; }
stop() { say "$*"; exit 1; }

usage() {
    sed -n '2,3s/^# //p' "$0"
    exit "${1:-0}"
}

# What Qt needs to draw, what builds pyscard, what plays the readers; the second list only serves the tests.
# Orthanc is not in it, because its package starts a service: where it is installed, one more test runs.
packages_base="gcc pkg-config libpcsclite-dev pcscd vsmartcard-vpcd
    libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libglib2.0-0
    libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0
    libxcb-xinerama0 fonts-dejavu-core"
packages_test="opensc softhsm2 openssl xmlsec1 curl dcmtk dicom3tools"

# Debian and Ubuntu renamed some libraries with the 64-bit time transition (…t64); both names are accepted.
installed() {
    dpkg-query -W -f='${Status}\n' "$1" "$1t64" 2>/dev/null | grep -q '^install ok installed$'
}

missing_packages() {
    for package in "$@"; do
        installed "$package" || printf '%s ' "$package"
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

may_be_root() {
    [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; }
}

# Never fatal here: what is really indispensable is checked afterwards, one by one.
install_packages() {
    command -v apt-get >/dev/null 2>&1 || return 0
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if ! may_be_root; then
        say "sans droit d'administration, ces paquets du système ne sont pas installés : $missing"
        return 0
    fi
    say "installation des paquets du système : $missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # a list of package names
    { as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends $missing; } \
        >"$log" 2>&1 ||
        say "certains paquets du système n'ont pas pu être installés (voir .setup.log) : on continue sans eux si possible"
}

good_python() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null
}

find_python() {
    for candidate in python3.11 python3.12 python3.13 python3; do
        if command -v "$candidate" >/dev/null 2>&1 && good_python "$candidate" &&
            "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

make_venv() {
    [ -x "$venv/bin/python" ] && good_python "$venv/bin/python" && return 0
    python=$(find_python) || {
        install_packages python3 python3-venv python3-dev
        python=$(find_python) || stop "il faut Python 3.11, 3.12 ou 3.13 avec son module venv (paquets python3 et python3-venv)."
    }
    say "création de .venv avec $("$python" --version)"
    "$python" -m venv --clear "$venv" || stop "l'environnement .venv n'a pas pu être créé."
}

pip_install() {
    PATH="$venv/bin:$PATH" "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input "$@"
}

# The stamp names what was installed, and from what, so that a second run installs nothing and a better machine does.
stamp_value() {
    cat setup.cfg pyproject.toml requirements*.lock "$0" | cksum
    "$venv/bin/python" --version
    command -v gcc || true
    ls /usr/include/PCSC/winscard.h 2>/dev/null || true
    printf '%s %s\n' "$1" "$here"
}

install_dependencies() {
    lock=$1
    say "installation des dépendances verrouillées ($lock)"
    offline="les dépendances n'ont pas pu être installées : vérifiez l'accès au réseau puis recommencez (détail : .setup.log)."
    pip_install --require-hashes -r requirements-build.lock >"$log" 2>&1 || stop "$offline"
    pip_install --require-hashes -r "$lock" >"$log" 2>&1 || stop "$offline"
    install_pyscard
    pip_install --no-deps --no-build-isolation --editable . >"$log" 2>&1 ||
        stop "le projet n'a pas pu être installé dans .venv (détail : .setup.log)."
}

# Without a compiler or PC/SC headers the demonstration still runs, on virtual cards inside the program.
install_pyscard() {
    headers=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["include"])')
    [ -f "$headers/Python.h" ] || install_packages python3-dev
    pip_install --no-build-isolation --require-hashes -r requirements-pcsc.lock >"$venv/pyscard.log" 2>&1 ||
        say "pyscard n'a pas pu être compilé (voir .venv/pyscard.log) : seules les cartes virtuelles internes serviront."
}

set_up() {
    profile=$1
    shift
    stamp="$venv/.installed-$profile"
    if [ -x "$venv/bin/python" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(stamp_value "$profile")" ]; then
        return 0
    fi
    # shellcheck disable=SC2068 # lists of package names
    install_packages $@
    make_venv
    case $profile in
        test) install_dependencies requirements-test.lock ;;
        *) install_dependencies requirements.lock ;;
    esac
    stamp_value "$profile" >"$stamp"
    say "tout est prêt."
}

# A test set-up holds all that the demonstration needs.
set_up_run() {
    stamp="$venv/.installed-test"
    if [ -x "$venv/bin/python" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(stamp_value test)" ]; then
        return 0
    fi
    # shellcheck disable=SC2086
    set_up run $packages_base
}

offscreen_asked() {
    for argument in "$@"; do
        case $argument in --offscreen | --offscreen=* | --help | -h) return 0 ;; esac
    done
    return 1
}

has_display() {
    [ "$(uname)" != Linux ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ -n "${QT_QPA_PLATFORM:-}" ]
}

[ $# -gt 0 ] || usage 2
command=$1
shift
case $command in
    demo)
        offscreen_asked "$@" || has_display ||
            stop "aucun écran : lancez ./praticien.sh demo --offscreen DOSSIER pour jouer la démonstration sans écran."
        set_up_run
        exec "$venv/bin/python" main.py demo "$@"
        ;;
    run)
        set_up_run
        exec "$venv/bin/python" main.py "$@"
        ;;
    test)
        # shellcheck disable=SC2086
        set_up test $packages_base $packages_test
        exec "$venv/bin/python" -m pytest -n auto --dist loadfile --no-loadscope-reorder "$@"
        ;;
    bench)
        # shellcheck disable=SC2086
        set_up test $packages_base $packages_test
        exec "$venv/bin/python" -m benchmarks "$@"
        ;;
    setup)
        set_up_run
        ;;
    -h | --help | help) usage ;;
    *) usage 2 ;;
esac
