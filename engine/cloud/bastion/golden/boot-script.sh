#!/bin/sh
set -eu
umask 077
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
first_slot=1
slots=4
first_port=51821
lane_ports=8
tunnel_base=10.100
source_address=10.100.255.1
private_network=10.200.0.0/24
private_routing=nat
mtu=1420
echo_port=7007
common_address=10.100.254.1
agent_port=7008
relay_port=7009
memory_limit=128MiB
lease=0
measure=false
measure_port=5201
host_keys='AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE= AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI= AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM= BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ='
keys=/var/lib/mole
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
each_lane() {
each_slot both_lanes "$1"
}
lanes() {
for file in "$keys"/mole*.peer; do
lane=${file##*/mole}
[ ! -e "$file" ] || echo "${lane%.peer}"
done
}
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
newest_handshake() {
wg show all latest-handshakes 2>/dev/null | {
newest=0
while read -r _ _ time; do [ "$time" -le "$newest" ] || newest=$time; done
echo "$newest"
}
}
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
settle() {
sync "$1"
mv "$1" "$2/"
sync "$2"
}
survive_reboot() {
if [ -d /var/lib/cloud/scripts/per-boot ] && [ -f "$0" ] && [ "$0" != /var/lib/cloud/scripts/per-boot/mole-bastion ]; then
cp "$0" /var/lib/cloud/mole-bastion
chmod 700 /var/lib/cloud/mole-bastion
settle /var/lib/cloud/mole-bastion /var/lib/cloud/scripts/per-boot
fi
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
tune() {
{ [ ! -w "$1" ] || echo "$2" >"$1"; } 2>/dev/null || :
}
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
LOG_LEVEL=error GOMEMLIMIT="$memory_limit" wireguard-go "$1" >"/run/$1.log" 2>&1 || {
cat "/run/$1.log"
return 1
}
fi
}
port_of() {
echo "$((first_port + $1 % 100 - first_slot + $1 / 100 * lane_ports))"
}
make_tunnel() {
[ "$(cat "$keys/mole$1.peer" 2>/dev/null)" = "$2" ] || rm -f "$keys/mole$1.peer" "$keys/mole$1.key"
add_interface "mole$1"
[ -s "$keys/mole$1.key" ] || {
wg genkey >"$keys/new/mole$1.key"
settle "$keys/new/mole$1.key" "$keys"
}
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
address_lines() {
echo "address replace $tunnel_base.$1.2/30 dev mole$1"
echo "link set dev mole$1 mtu $mtu up"
echo "route replace default dev mole$1 table $((7200 + $1))"
case $rules in
*"lookup $((7200 + $1))"*) ;;
*) echo "rule add fwmark $1 lookup $((7200 + $1)) priority 7077" ;;
esac
}
set_addresses() {
rules=$(ip rule show priority 7077)
{
echo "address replace $common_address/32 dev lo"
for lane in "$@"; do address_lines "$lane"; done
} | ip -batch -
}
reflect_rule() {
echo "iifname mole$1 ip saddr $tunnel_base.$1.1 ip daddr $tunnel_base.$1.2 ip daddr set $tunnel_base.$1.1 ip saddr set $tunnel_base.$1.2 notrack"
}
mark_element() {
echo "mole$1 : $1,"
}
measure_rule() {
echo "iifname mole$1 ip saddr $tunnel_base.$1.1 ip daddr $tunnel_base.$1.2 meta l4proto { tcp, udp } th dport $measure_port accept"
}
common_rule() {
echo "iifname mole$1 ip saddr $tunnel_base.$1.1 ip daddr $common_address tcp dport { $agent_port, $relay_port } accept"
}
masquerade_rule() {
[ "$private_routing" != nat ] || echo "ip daddr $private_network oifname != \"mole*\" masquerade"
}
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
tell_lanes() {
wg show all public-key | while read -r name key; do
lane=${name#mole}
case $name in
mole[1-9]*) echo "$lane $(port_of "$lane") $key" ;;
esac
done
}
publish() {
tell_lanes | while read -r lane port key; do
case " $host_keys " in
*" $(cat "$keys/mole$lane.peer") "*) say "mole-bastion-key v1 slot=$lane port=$port key=$key" ;;
esac
done
say "mole-bastion-ready v1 slots=$slots"
}
make_lane() {
find_wireguard
make_tunnel "$1" "$2"
set_addresses "$1"
[ "$measure" = false ] || measure_server "$1" >/dev/null 2>&1 || :
tell_lanes
}
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
for _ in 1 2 3 4 5; do
[ ! -e "/var/run/wireguard/mole$1.sock" ] || sleep 0.1
done
tell_lanes
}
serve_requests() {
command -v python3 >/dev/null || {
say 'mole-bastion-agent v1 absent'
return 0
}
cat >/run/mole-agent.py <<'AGENT'
import ipaddress
import json
import re
import socket
import subprocess
import sys
from threading import Lock, Semaphore, Thread, stack_size
script, address, agent_port, relay_port, private, first_slot, slots = sys.argv[1:]
network = ipaddress.ip_network(private)
own_slots = range(int(first_slot), int(first_slot) + int(slots))
KEY = re.compile("[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
IPPROTO_MPTCP = 262
PATIENCE = 10
acting = Lock()
class Refused(Exception):
 pass
def lanes(*arguments):
 with acting:
  done = subprocess.run(
   ["/bin/sh", script, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=30, text=True
  )
 if done.returncode:
  raise Refused("it failed: the bastion's console may say why")
 rows = [line.split() for line in done.stdout.splitlines()]
 return [{"number": int(number), "port": int(port), "publicKey": key} for number, port, key in rows]
def number_in(request):
 number = request.get("number")
 if type(number) is not int or number % 100 not in own_slots or not 0 < number < 200:
  raise Refused("this bastion has no such lane")
 return number
def answer(request, through):
 if not isinstance(request, dict) or request.get("v") != 1:
  raise Refused("not version 1 of the protocol")
 do = request.get("do")
 if do == "hello":
  return {"lanes": lanes("lanes")}
 if do == "make-lane":
  number, key = number_in(request), request.get("hostKey")
  if not isinstance(key, str) or not KEY.fullmatch(key):
   raise Refused("hostKey is not a key")
  return next(lane for lane in lanes("make-lane", str(number), key) if lane["number"] == number)
 if do == "drop-lane":
  number = number_in(request)
  if number == through:
   raise Refused("the question came through this lane")
  lanes("drop-lane", str(number))
  return {}
 raise Refused("there is hello, make-lane and drop-lane")
def read_line(peer, most):
 line = b""
 while not line.endswith(b"\n"):
  byte = peer.recv(1)
  if not byte or len(line) > most:
   raise Refused("the request is cut off or too long")
  line += byte
 return line.decode()
def serve_agent(peer):
 through = int(peer.getpeername()[0].split(".")[2])
 try:
  said = answer(json.loads(read_line(peer, 512)), through)
 except Refused as error:
  said = {"error": str(error)}
 except (ValueError, StopIteration, subprocess.TimeoutExpired):
  said = {"error": "not understood, or too slow"}
 peer.sendall(json.dumps(said).encode() + b"\n")
def connect_inside(line):
 asked = re.fullmatch(r"mole-relay 1 ([0-9.]{7,15}) ([0-9]{1,5})\n", line)
 if not asked or ipaddress.ip_address(asked[1]) not in network:
  raise Refused("only addresses of the private network are served")
 inside = socket.create_connection((asked[1], int(asked[2])), PATIENCE)
 if inside.getsockname()[0] == asked[1]:
  inside.close()
  raise Refused("this is the bastion itself")
 return inside
def carry(source, sink):
 buffer = bytearray(131072)
 view = memoryview(buffer)
 try:
  while True:
   size = source.recv_into(buffer)
   if not size:
    return sink.shutdown(socket.SHUT_WR)
   sink.sendall(view[:size])
 except OSError:
  for end in source, sink:
   try:
    end.shutdown(socket.SHUT_RDWR)
   except OSError:
    pass
def serve_relay(peer):
 try:
  inside = connect_inside(read_line(peer, 64))
 except (Refused, OSError, ValueError, OverflowError) as error:
  return peer.sendall(("error %s\n" % error).encode())
 with inside:
  for end in peer, inside:
   end.settimeout(None)
   end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
   end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
  peer.sendall(b"ok\n")
  back = Thread(target=carry, args=(inside, peer))
  back.start()
  carry(peer, inside)
  back.join()
def listen(port, protocol):
 listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
 listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
 listener.bind((address, int(port)))
 listener.listen(64)
 return listener
def serve(listener, handle, most):
 room = Semaphore(most)
 def attend(peer):
  try:
   with peer:
    peer.settimeout(PATIENCE)
    handle(peer)
  except OSError:
   pass
  finally:
   room.release()
 while True:
  peer = listener.accept()[0]
  if room.acquire(False):
   Thread(target=attend, args=(peer,), daemon=True).start()
  else:
   peer.close()
def listen_relay():
 try:
  return listen(relay_port, IPPROTO_MPTCP)
 except OSError:
  return listen(relay_port, 0)
stack_size(262144)
Thread(target=serve, args=(listen_relay(), serve_relay, 192), daemon=True).start()
serve(listen(agent_port, 0), serve_agent, 8)
AGENT
keep mole-agent "$(command -v python3)" -I /run/mole-agent.py \
"$0" "$common_address" "$agent_port" "$relay_port" "$private_network" "$first_slot" "$slots"
}
measure_server() {
keep "mole-iperf3-$1" "$(command -v iperf3)" --server --bind "$tunnel_base.$1.2" --port "$measure_port" --logfile /dev/null
}
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
