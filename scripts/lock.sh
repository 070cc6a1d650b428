# Part of ./run, read by it: writes the locks in requirements/ and bench/spiff/ anew.

find_python
cd -- "$root"
tmp=$(mktemp -d)
log=$tmp/log
trap 'rm -rf "$tmp"' EXIT

# resolve FILE WHAT ARGUMENTS...: hashes for every platform; a pin that still fits stays.
resolve() {
    file=$1 what=$2
    shift 2
    if [ -f "$file" ]; then cp "$file" "$tmp/lock"; else rm -f "$tmp/lock"; fi
    # Without header, notes and addresses: a lock must not tell where it was made.
    phase "Resolving $file" "$tmp/uv/bin/uv" pip compile --universal --python-version 3.11 \
        --python "$base" --generate-hashes --no-header --no-annotate --no-emit-index-url \
        --no-emit-find-links --output-file "$tmp/lock" "$@"
    { say "# $what Written by ./run lock." && cat "$tmp/lock"; } >"$file"
}

phase "Making a place for the resolver" "$base" -m venv "$tmp/uv"
phase "Fetching the resolver" "$tmp/uv/bin/python" -m pip install uv==0.13.8
# The resolver does not read pip's settings; whoever has a mirror has set it there.
mirror=${PIP_INDEX_URL:-$("$tmp/uv/bin/python" -m pip config get global.index-url 2>"$log" || :)}
if [ -n "$mirror" ]; then export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$mirror}"; fi

# The checkout itself is installed without a download, so its build tool has to be there.
say "setuptools >=77" >"$tmp/build.in"
say "wheel" >"$tmp/dev.in"
say "SpiffWorkflow ==3.2.0" >"$tmp/spiff.in"
resolve requirements/runtime.txt "What Cascade runs with." setup.cfg "$tmp/build.in" "$@"
resolve requirements/dev.txt "The same, and what the tests and checks need." \
    setup.cfg "$tmp/build.in" "$tmp/dev.in" --extra dev --constraint requirements/runtime.txt "$@"
resolve bench/spiff/requirements.txt "What the bench compares with." "$tmp/spiff.in" "$@"
