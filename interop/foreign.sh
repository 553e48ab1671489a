# Sourced by the runs of this folder: environments, a fresh server, and nothing left running.
# Needs here (with the locks), and sets root, python, work, and after start_server SLIPWAY_URL and SLIPWAY_INTEROP_ADDRESS.
# also_stop GROUP ends another process group with the server.
interop=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$interop/.." && pwd)
python=${SLIPWAY_PYTHON:-python3}
started_within_seconds=900 # the first start may have to build

note() { printf 'interop: %s\n' "$*" >&2; }

# Makes the environment NAME from NAME.lock, once for each content of the lock.
environment() {
  local folder=$interop/.venv/$1 lock=$here/$1.lock
  if ! cmp -s "$lock" "$folder/installed.lock"; then
    note "installing $1.lock"
    rm -rf "$folder"
    "$python" -m venv "$folder"
    "$folder/bin/pip" install -q --disable-pip-version-check --no-deps -r "$lock"
    cp "$lock" "$folder/installed.lock"
  fi
}

work=$(mktemp -d)
export XDG_CONFIG_HOME=$work/config # where the server says how to reach it
server=
others=() # process groups of what else was started
also_stop() { others+=("$1"); }
stop() {
  local status=$? group
  trap - EXIT INT TERM
  for group in ${others[@]+"${others[@]}"}; do
    kill -KILL -- "-$group" 2>/dev/null || true # They keep nothing.
  done
  if [ -n "$server" ] && kill -0 -- "-$server" 2>/dev/null; then
    kill -TERM -- "-$server" 2>/dev/null || true
    for _ in $(seq 400); do
      kill -0 -- "-$server" 2>/dev/null || break
      sleep 0.1
    done
    if kill -0 -- "-$server" 2>/dev/null; then
      note "the server did not stop within 40 s after SIGTERM: killed"
      kill -KILL -- "-$server" 2>/dev/null || true
      status=1
    fi
  fi
  if [ "$status" -ne 0 ] && [ -f "$work/server.log" ]; then
    note "the end of the server's output:"
    tail -n 40 "$work/server.log" >&2
  fi
  rm -rf "$work"
  exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

free_port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

start_server() { start_server_at "$(free_port)"; }

# On that port, with further arguments of "up".
start_server_at() {
  local port=$1
  shift
  export SLIPWAY_URL=http://127.0.0.1:$port SLIPWAY_INTEROP_ADDRESS=127.0.0.1:$port
  note "starting the server on port $port"
  set -m # gives the server a process group of its own, so that all of it can be stopped
  "$root/slipway" up --port "$port" --data "$work/data" "$@" >"$work/server.log" 2>&1 </dev/null &
  server=$!
  set +m
  for ((second = 0; ; second++)); do
    curl -sf -o /dev/null --max-time 2 "$SLIPWAY_URL/v2/health/live" && break
    if ! kill -0 "$server" 2>/dev/null || [ "$second" -ge "$started_within_seconds" ]; then
      note "the server did not start"
      exit 1
    fi
    sleep 1
  done
}
