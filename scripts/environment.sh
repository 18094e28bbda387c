# Makes the isolated environment .venv from requirements.lock, once; later calls find it ready.
# Read by scripts/demo, scripts/test and scripts/check: `. scripts/environment.sh`; what needs the
# engines then calls prepare_engines, which compiles them, once.
# uv is used where it is there, else python3 -m venv and pip. PYTHON chooses the Python.

find_python() {
  for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "ntgeo needs Python 3.11 or newer, and none was found. Fix: install it, or set PYTHON." >&2
  return 1
}

make_environment() {
  python=$(find_python) || return 1
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  wanted="$version $(cat requirements.lock pyproject.toml | cksum)"
  if [ -x .venv/bin/ntgeo ] && [ "$(cat .venv/made-from 2>/dev/null)" = "$wanted" ]; then
    return
  fi
  echo "Setting up .venv with Python $version (a few minutes, once) …" >&2
  rm -rf .venv
  if command -v uv >/dev/null 2>&1; then
    uv venv --quiet --python "$python" .venv &&
      uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock &&
      uv pip install --quiet --python .venv/bin/python --no-build-isolation --no-deps -e . || return 1
  else
    "$python" -m venv .venv &&
      .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock &&
      .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e . ||
      return 1
  fi
  echo "$wanted" >.venv/made-from
}

prepare_engines() {
  if [ ! -e .venv/prepared ]; then
    echo "Compiling the engines (a minute or two, once) …" >&2
    .venv/bin/ntgeo prepare && touch .venv/prepared
  fi
}

refuse() {
  echo "The environment could not be made; the lines above say why." >&2
  exit 1
}

make_environment || refuse
