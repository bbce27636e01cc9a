#!/bin/sh
# Print a Python of at least 3.11 that can make a virtual environment, or say what to install.
incomplete=""
for name in "${PYTHON:-}" python3.11 python3.12 python3.13 python3.14 python3 python; do
    [ -n "$name" ] || continue
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
    if "$name" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        "$name" -c 'import sys; print(sys.executable)'
        exit 0
    fi
    incomplete="${incomplete:-$("$name" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')}"
done
if [ -n "$incomplete" ]; then
    echo "$incomplete is here but cannot make a virtual environment. On Debian or Ubuntu: apt install $incomplete-venv" >&2
else
    echo "crmdash needs Python 3.11 or newer and found none. Install one, or name it: make PYTHON=/path/to/python run" >&2
fi
exit 1
