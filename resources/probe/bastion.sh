#!/bin/sh
# Cloud Mole probe bastion: user data, version 1, for Amazon Linux 2023.
#
# A machine that is measured towards, and then gone. It answers UDP echoes (echo.py beside this file) and iperf3, and tells
# its console so:
#   mole-probe-ready v1
#   mole-probe-failed v1 exit=CODE
# It holds no secret. The values between @ signs are put in by engine/cloud/aws/probe-user-data.ts.
set -eu
umask 077
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin

say() {
  echo "$1"
  if [ -c /dev/console ] && [ -w /dev/console ]; then echo "$1" >/dev/console 2>/dev/null || :; fi
}

ended() {
  code=$?
  [ "$code" -eq 0 ] || say "mole-probe-failed v1 exit=$code"
}
trap ended EXIT

# Whatever becomes of who ordered it: turned off it is terminated, and costs nothing any more. Only a machine that systemd
# booted is turned off: it is ours alone.
if [ -d /run/systemd/system ]; then
  # A reboot forgets that it is to be turned off, and cloud-init runs what lies here at each later boot.
  each_boot=/var/lib/cloud/scripts/per-boot
  mkdir -p "$each_boot"
  printf '#!/bin/sh\nshutdown -h +@MINUTES@ || shutdown -h now\n' >"$each_boot/mole-probe"
  chmod 700 "$each_boot/mole-probe"
  # What cannot be sure to end later ends now.
  shutdown -h "+@MINUTES@" || { shutdown -h now || systemctl poweroff --force; exit 1; }
fi

# dnf needs more memory than the smallest instances have (512 MB): without this the kernel ends it.
lend_memory() {
  read -r _ kilobytes _ </proc/meminfo
  if [ "$kilobytes" -ge 1000000 ] || [ -e /var/mole.swap ]; then return 0; fi
  { fallocate -l 1G /var/mole.swap && mkswap /var/mole.swap >/dev/null && swapon /var/mole.swap; } || :
}

install_iperf3() {
  tries=0
  while ! command -v iperf3 >/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -le 10 ] || return 1
    dnf -y -q --setopt=install_weak_deps=False install iperf3 || sleep 5
  done
}

# Runs a command beside us, again when it ends where systemd looks after it.
keep() {
  unit=$1
  shift
  if [ -d /run/systemd/system ]; then
    systemd-run --quiet --collect --unit="$unit" --property=Restart=always --property=RestartSec=1 \
      --property=User=nobody "$@"
  else
    "$@" </dev/null >/dev/null 2>&1 &
  fi
}

# Windows for long fat paths, whichever end sends: what limits is to be the path.
tune() {
  for setting in "net/core/rmem_max 134217728" "net/core/wmem_max 134217728" \
    "net/ipv4/tcp_rmem 4096 131072 134217728" "net/ipv4/tcp_wmem 4096 16384 134217728"; do
    { echo "${setting#* }" >"/proc/sys/${setting%% *}"; } 2>/dev/null || :
  done
}

mkdir -p /run/mole-probe
chmod 755 /run/mole-probe
cat >/run/mole-probe/echo.py <<'MOLE_ECHO'
@ECHO@
MOLE_ECHO
chmod 644 /run/mole-probe/echo.py

tune
lend_memory
install_iperf3
keep mole-probe-echo python3 /run/mole-probe/echo.py @ECHO_PORT@
keep mole-probe-iperf3 iperf3 --server --port @IPERF3_PORT@
say 'mole-probe-ready v1'
