#!/bin/sh
# Cloud Mole bastion: boot script, version 1.
#
# The same text boots a cloud instance (as user data, Amazon Linux 2023) and a bastion of the local lab. It may run
# any number of times: it only adds what is missing. It holds no secret: the bastion makes its own private keys and
# prints the public ones on its console, one line each:
#   mole-bastion-key v1 slot=N port=P key=BASE64
#   mole-bastion-ready v1 slots=COUNT
#   mole-bastion-failed v1 exit=CODE
#   mole-bastion-lease v1 ended
#   mole-bastion-agent v1 absent
#
# Each tunnel slot has two lanes, numbered N and N + 100, so that one can be made with new keys while the other carries.
# The first boot makes lane N of each slot; the agent has this script make and drop others ("make-lane", "drop-lane").
# The values between @ signs are put in by engine/cloud/bastion/boot-script.ts, which checks every one of them, and
# leaves comments like this one out.
set -eu
umask 077
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin

# Slots count over all bastions of a deployment; this one has "slots" of them, from "first_slot" on.
first_slot=@FIRST_SLOT@
slots=@SLOTS@
first_port=@FIRST_PORT@
# How far the ports of second lanes are from those of the first.
lane_ports=@LANE_PORTS@
tunnel_base=@TUNNEL_BASE@
source_address=@SOURCE_ADDRESS@
private_network=@PRIVATE_CIDR@
# nat: the bastion masquerades. routes: the private network's own routes lead back to it.
private_routing=@PRIVATE_ROUTING@
mtu=@MTU@
echo_port=@ECHO_PORT@
# The address that all tunnels of this bastion lead to, where agent and relay listen.
common_address=@COMMON_ADDRESS@
agent_port=@AGENT_PORT@
relay_port=@RELAY_PORT@
memory_limit=@MEMORY_LIMIT@
# Seconds without a handshake after which the machine turns itself off; 0: never.
lease=@LEASE_SECONDS@
# Whether iperf3 listens on the tunnels.
measure=@MEASURE@
measure_port=@MEASURE_PORT@
# Public keys of the DTN, first slot first.
host_keys='@HOST_KEYS@'

keys=/var/lib/mole

# GetConsoleOutput shows the serial console; cloud-init's own copy of our output may be cut up by kernel messages.
say() {
  echo "$1"
  if [ -c /dev/console ] && [ -w /dev/console ]; then echo "$1" >/dev/console 2>/dev/null || :; fi
}

ended() {
  code=$?
  [ "$code" -eq 0 ] || say "mole-bastion-failed v1 exit=$code"
}

each_slot() {
  slot=$first_slot
  while [ "$slot" -lt "$((first_slot + slots))" ]; do
    "$@"
    slot=$((slot + 1))
  done
}

both_lanes() {
  "$1" "$slot"
  "$1" "$((slot + 100))"
}

# Runs a command with the number of every lane there can be.
each_lane() {
  each_slot both_lanes "$1"
}

# The lanes that were made, on this boot or before.
lanes() {
  for file in "$keys"/mole*.peer; do
    lane=${file##*/mole}
    [ ! -e "$file" ] || echo "${lane%.peer}"
  done
}

# keep NAME COMMAND...: runs it beside us, once, and again when it ends where systemd looks after it.
keep() {
  unit=$1
  shift
  if [ -d /run/systemd/system ]; then
    ! systemctl --quiet is-active "$unit" || return 0
    ! systemd-run --quiet --collect --unit="$unit" --property=Restart=always --property=RestartSec=10 "$@" || return 0
  fi
  ! kill -0 "$(cat "/run/$unit.pid" 2>/dev/null)" 2>/dev/null || return 0
  "$@" </dev/null &
  echo "$!" >"/run/$unit.pid"
}

seconds_up() {
  read -r up _ </proc/uptime
  echo "${up%.*}"
}

# Time of the newest handshake on any interface; 0 when there was none, or wg is not installed yet.
newest_handshake() {
  wg show all latest-handshakes 2>/dev/null | {
    newest=0
    while read -r _ _ time; do [ "$time" -le "$newest" ] || newest=$time; done
    echo "$newest"
  }
}

# Only a machine that systemd booted is turned off: it is the bastion's own. In the lab (where the kernel would refuse
# it, too) the tunnels are taken away instead. EC2: "halt" would let the instance run on.
end_lease() {
  say 'mole-bastion-lease v1 ended'
  if [ -d /run/systemd/system ]; then
    systemctl poweroff || :
    sleep 120
    systemctl --force --force poweroff
  fi
  each_lane remove_interface
  exit 0
}

remove_interface() {
  ip link del "mole$1" 2>/dev/null || :
}

# Looks whether the newest handshake is another than before: clocks that are set, forward or back, do not matter.
watch_lease() {
  pause=$((lease / 10))
  [ "$pause" -ge 1 ] || pause=1
  [ "$pause" -le 60 ] || pause=60
  last=0
  seen=$(seconds_up)
  while :; do
    now=$(seconds_up)
    handshake=$(newest_handshake)
    if [ "$handshake" -ne 0 ] && [ "$handshake" -ne "$last" ]; then
      last=$handshake
      seen=$now
    fi
    [ "$((now - seen))" -lt "$lease" ] || end_lease
    sleep "$pause"
  done
}

packages() {
  command -v ip >/dev/null || echo "$1"
  command -v wg >/dev/null || echo wireguard-tools
  command -v nft >/dev/null || echo nftables
}

# dnf needs more memory than the smallest instances have (512 MB): without this the kernel ends it.
lend_memory() {
  read -r _ kilobytes _ </proc/meminfo
  if [ "$kilobytes" -ge 1000000 ] || [ -e /var/mole.swap ]; then return 0; fi
  { fallocate -l 1G /var/mole.swap && mkswap /var/mole.swap >/dev/null && swapon /var/mole.swap; } || :
}

# shellcheck disable=SC2086 # one word per package
install() {
  if command -v dnf >/dev/null; then
    lend_memory
    dnf -y -q --setopt=install_weak_deps=False install $1
  elif command -v apt-get >/dev/null; then
    apt-get -qq update && apt-get -qq -y --no-install-recommends install $1
  fi
}

# The network, or the lock of the package manager, may not be free yet in the first seconds of a first boot.
install_missing() {
  iproute=iproute
  command -v dnf >/dev/null || iproute=iproute2
  for attempt in 1 2 3 4 5 6; do
    missing=$(packages "$iproute")
    [ -n "$missing" ] || return 0
    install "$missing" || :
    missing=$(packages "$iproute")
    [ -n "$missing" ] || return 0
    [ "$attempt" -eq 6 ] || sleep 5
  done
  echo "these packages are missing and could not be installed: $missing" >&2
  return 1
}

# settle FILE FOLDER: moves it there, whole and on disk: a machine that loses its power comes back with it, or without it.
settle() {
  sync "$1"
  mv "$1" "$2/"
  sync "$2"
}

# A cloud instance runs its user data once; interfaces and rules must come back after a reboot as well.
survive_reboot() {
  if [ -d /var/lib/cloud/scripts/per-boot ] && [ -f "$0" ] && [ "$0" != /var/lib/cloud/scripts/per-boot/mole-bastion ]; then
    cp "$0" /var/lib/cloud/mole-bastion
    chmod 700 /var/lib/cloud/mole-bastion
    settle /var/lib/cloud/mole-bastion /var/lib/cloud/scripts/per-boot
  fi
  # networkd removes routing rules it does not know when it restarts (networkd.conf(5)).
  if [ -d /run/systemd/system ] && [ -d /etc/systemd ]; then
    folder=/etc/systemd/networkd.conf.d
    mkdir -p "$folder"
    printf '[Network]\nManageForeignRoutes=no\nManageForeignRoutingPolicyRules=no\n' >"$folder/50-mole.conf"
    chmod 755 "$folder"
    chmod 644 "$folder/50-mole.conf"
  fi
}

set_kernel() {
  echo "$2" >"/proc/sys/net/ipv4/$1"
}

# tune FILE VALUE: where the kernel has it and lets us; a namespace of the lab has few.
tune() {
  { [ ! -w "$1" ] || echo "$2" >"$1"; } 2>/dev/null || :
}

# What passes through needs short ways in; buffers and BBR are for what ends here (iperf3, wireguard-go).
tune_kernel() {
  tune /proc/sys/net/core/default_qdisc fq
  tune /proc/sys/net/ipv4/tcp_congestion_control bbr
  for way in r w; do
    tune "/proc/sys/net/core/${way}mem_max" 67108864
    tune "/proc/sys/net/ipv4/tcp_${way}mem" '4096 131072 67108864'
  done
  tune /proc/sys/net/core/netdev_max_backlog 16384
  tune /proc/sys/net/core/netdev_budget 600
  tune /proc/sys/net/core/netdev_budget_usecs 8000
}

# A network card with one queue gives all its packets to one core; the tunnels' ports spread them over all (RPS).
spread_packets() {
  nic=$(ip -oneline route show default | sed -n '1s/.* dev \([^ ]*\).*/\1/p')
  cores=$(nproc)
  set -- "/sys/class/net/$nic/queues/rx-"*
  [ "$#" -eq 1 ] && [ "$cores" -gt 1 ] || return 0
  [ "$cores" -le 32 ] || cores=32
  tune "$1/rps_cpus" "$(printf %x "$(((1 << cores) - 1))")"
}

find_wireguard() {
  if ip link add dev moleprobe type wireguard 2>/dev/null; then
    ip link del dev moleprobe
    wireguard=kernel
  elif command -v wireguard-go >/dev/null; then
    wireguard=userspace
  else
    echo 'neither the kernel nor wireguard-go provides WireGuard here' >&2
    return 1
  fi
}

add_interface() {
  if [ -e "/sys/class/net/$1" ]; then return 0; fi
  if [ "$wireguard" = kernel ]; then
    ip link add dev "$1" type wireguard
  else
    # Without a limit one busy wireguard-go takes more than 600 MB. Its long greeting is shown only when it fails.
    LOG_LEVEL=error GOMEMLIMIT="$memory_limit" wireguard-go "$1" >"/run/$1.log" 2>&1 || {
      cat "/run/$1.log"
      return 1
    }
  fi
}

# port_of LANE: the same ports on every bastion of a deployment.
port_of() {
  echo "$((first_port + $1 % 100 - first_slot + $1 / 100 * lane_ports))"
}

# make_tunnel LANE PUBLIC_KEY_OF_THE_DTN. For another key than before it makes a new one of its own.
make_tunnel() {
  [ "$(cat "$keys/mole$1.peer" 2>/dev/null)" = "$2" ] || rm -f "$keys/mole$1.peer" "$keys/mole$1.key"
  add_interface "mole$1"
  [ -s "$keys/mole$1.key" ] || {
    wg genkey >"$keys/new/mole$1.key"
    settle "$keys/new/mole$1.key" "$keys"
  }
  # The key of its own comes first: a lane that has a peer is whole.
  [ -e "$keys/mole$1.peer" ] || {
    echo "$2" >"$keys/new/mole$1.peer"
    settle "$keys/new/mole$1.peer" "$keys"
  }
  for peer in $(wg show "mole$1" peers); do
    [ "$peer" = "$2" ] || wg set "mole$1" peer "$peer" remove
  done
  wg set "mole$1" private-key "$keys/mole$1.key" listen-port "$(port_of "$1")" \
    peer "$2" allowed-ips "$tunnel_base.$1.1/32,$source_address/32"
  set_kernel "conf/mole$1/accept_local" 1
  set_kernel "conf/mole$1/rp_filter" 2
  set_kernel "conf/mole$1/send_redirects" 0
}

# Until a first boot has come so far once, the lanes are those of host_keys.
plan_lanes() {
  [ ! -e "$keys/planned" ] || return 0
  slot=$first_slot
  for host_key in $host_keys; do
    echo "$host_key" >"$keys/mole$slot.peer"
    slot=$((slot + 1))
  done
}

settle_plan() {
  [ ! -e "$keys/planned" ] || return 0
  sync "$keys"/mole*.peer
  : >"$keys/planned"
  sync "$keys"
}

# All at the same time: starting them is most of the boot.
start_all() {
  jobs=''
  firewall | nft -f - &
  jobs="$jobs $!"
  for lane in $(lanes); do
    make_tunnel "$lane" "$(cat "$keys/mole$lane.peer")" &
    jobs="$jobs $!"
  done
  for job in $jobs; do wait "$job"; done
}

# Replies leave by the tunnel their connection came through (the mark says which), so that the DTN alone decides
# which tunnel carries what, and scaling or failing over needs no word with the bastion.
address_lines() {
  echo "address replace $tunnel_base.$1.2/30 dev mole$1"
  echo "link set dev mole$1 mtu $mtu up"
  echo "route replace default dev mole$1 table $((7200 + $1))"
  case $rules in
    *"lookup $((7200 + $1))"*) ;;
    *) echo "rule add fwmark $1 lookup $((7200 + $1)) priority 7077" ;;
  esac
}

# set_addresses LANE...
set_addresses() {
  rules=$(ip rule show priority 7077)
  {
    echo "address replace $common_address/32 dev lo"
    for lane in "$@"; do address_lines "$lane"; done
  } | ip -batch -
}

# Sends the DTN's echo back from the kernel: no process to fall behind, so the round trip is the path's own.
reflect_rule() {
  echo "iifname mole$1 ip saddr $tunnel_base.$1.1 ip daddr $tunnel_base.$1.2 ip daddr set $tunnel_base.$1.1 ip saddr set $tunnel_base.$1.2 notrack"
}

mark_element() {
  echo "mole$1 : $1,"
}

measure_rule() {
  echo "iifname mole$1 ip saddr $tunnel_base.$1.1 ip daddr $tunnel_base.$1.2 meta l4proto { tcp, udp } th dport $measure_port accept"
}

# Only the DTN's own ends of the tunnels may ask.
common_rule() {
  echo "iifname mole$1 ip saddr $tunnel_base.$1.1 ip daddr $common_address tcp dport { $agent_port, $relay_port } accept"
}

masquerade_rule() {
  [ "$private_routing" != nat ] || echo "ip daddr $private_network oifname != \"mole*\" masquerade"
}

# One transaction that replaces our table, whatever was in it.
firewall() {
  cat <<RULES
table ip mole
delete table ip mole
table ip mole {
  map heirs {
    type mark : mark
  }
  chain reflect {
    type filter hook prerouting priority raw; policy accept;
    meta l4proto != udp accept
    udp sport != $echo_port accept
    udp dport != $echo_port accept
$(each_lane reflect_rule)
  }
  chain remember {
    type filter hook prerouting priority mangle; policy accept;
    ct mark set iifname map { $(each_lane mark_element) }
    iifname != "mole*" ct original ip saddr $source_address ct mark set ct mark map @heirs
    iifname != "mole*" meta mark set ct mark
  }
  chain answer {
    type route hook output priority mangle; policy accept;
    meta mark set ct mark
  }
  chain clamp {
    type filter hook forward priority mangle; policy accept;
    tcp flags syn tcp option maxseg size set rt mtu
  }
  chain through {
    type filter hook forward priority filter; policy accept;
    iifname "mole*" oifname "mole*" udp sport $echo_port udp dport $echo_port accept
    iifname "mole*" ip daddr != $private_network drop
    iifname != "mole*" oifname "mole*" ct state != { established, related } drop
    oifname != "mole*" ip daddr $tunnel_base.0.0/16 drop
  }
  chain own {
    type filter hook input priority filter; policy accept;
    iifname != "lo" iifname != "mole*" ip daddr $tunnel_base.0.0/16 drop
    iifname "mole*" ct state established,related accept
    iifname "mole*" icmp type echo-request accept
$([ "$measure" = false ] || each_lane measure_rule)
$(each_lane common_rule)
    iifname "mole*" drop
  }
  chain masquerading {
    type nat hook postrouting priority srcnat; policy accept;
$(masquerade_rule)
  }
}
RULES
}

# Number, port and public key of every lane.
tell_lanes() {
  wg show all public-key | while read -r name key; do
    lane=${name#mole}
    case $name in
      mole[1-9]*) echo "$lane $(port_of "$lane") $key" ;;
    esac
  done
}

# A lane that was made on request is not told here: whoever asked knows its key, and the console may still show an older.
publish() {
  tell_lanes | while read -r lane port key; do
    case " $host_keys " in
      *" $(cat "$keys/mole$lane.peer") "*) say "mole-bastion-key v1 slot=$lane port=$port key=$key" ;;
    esac
  done
  say "mole-bastion-ready v1 slots=$slots"
}

# make_lane LANE PUBLIC_KEY_OF_THE_DTN
make_lane() {
  find_wireguard
  make_tunnel "$1" "$2"
  set_addresses "$1"
  # Not with our output: whoever reads it would wait for the end of the server.
  [ "$measure" = false ] || measure_server "$1" >/dev/null 2>&1 || :
  tell_lanes
}

# What came in by the lane, and is only answered, goes on by the slot's other one, until that is dropped in its turn. A lane
# that is made anew changes nothing of it: the DTN may not have its end yet.
bequeath() {
  other=$(($1 > 100 ? $1 - 100 : $1 + 100))
  [ -e "/sys/class/net/mole$other" ] || return 0
  nft -f - <<RULES
add element ip mole heirs { $other : $1 }
delete element ip mole heirs { $other : $1 }
add element ip mole heirs { $1 : $other }
RULES
}

drop_lane() {
  bequeath "$1"
  rm -f "$keys/mole$1.peer" "$keys/mole$1.key"
  sync "$keys"
  remove_interface "$1"
  ip rule del fwmark "$1" priority 7077 2>/dev/null || :
  # wireguard-go ends some time later, and takes with it a socket of this name, whosever it is.
  for _ in 1 2 3 4 5; do
    [ ! -e "/var/run/wireguard/mole$1.sock" ] || sleep 0.1
  done
  tell_lanes
}

# Nothing carries less without it; but keys cannot be changed and the relay has no other end. Where cloud-init is, Python is.
serve_requests() {
  command -v python3 >/dev/null || {
    say 'mole-bastion-agent v1 absent'
    return 0
  }
  cat >/run/mole-agent.py <<'AGENT'
@AGENT@
AGENT
  keep mole-agent "$(command -v python3)" -I /run/mole-agent.py \
    "$0" "$common_address" "$agent_port" "$relay_port" "$private_network" "$first_slot" "$slots"
}

# One server for each tunnel, so that all can be measured at the same time: iperf3 serves one test at a time.
measure_server() {
  keep "mole-iperf3-$1" "$(command -v iperf3)" --server --bind "$tunnel_base.$1.2" --port "$measure_port" --logfile /dev/null
}

# Nothing depends on it, so the bastion is ready before it, and without it.
serve_measurements() {
  command -v iperf3 >/dev/null || install iperf3 || :
  command -v iperf3 >/dev/null || {
    echo 'iperf3 could not be installed: the tunnels cannot be measured from end to end' >&2
    return 0
  }
  for lane in $(lanes); do measure_server "$lane"; done
}

allow_multipath() {
  tune /proc/sys/net/mptcp/enabled 1
  ip mptcp limits set subflow 8 add_addr_accepted 8 2>/dev/null || :
}

case ${1-} in
  lease) watch_lease ;;
  lanes)
    tell_lanes
    exit
    ;;
  make-lane)
    make_lane "$2" "$3"
    exit
    ;;
  drop-lane)
    drop_lane "$2"
    exit
    ;;
esac
trap ended EXIT
# Before anything that may fail: an instance that does not boot must end as well.
[ "$lease" -eq 0 ] || keep mole-lease /bin/sh "$0" lease
survive_reboot
install_missing
mkdir -p "$keys/new"
set_kernel ip_forward 1
set_kernel conf/all/send_redirects 0
tune_kernel
allow_multipath
spread_packets
find_wireguard
plan_lanes
start_all
settle_plan
# shellcheck disable=SC2046 # one word per lane
set_addresses $(lanes)
serve_requests
publish
[ "$measure" = false ] || serve_measurements
