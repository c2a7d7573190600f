#!/bin/sh
# Cloud Mole bastion: boot script, version 1.
#
# The same text boots a cloud instance (as user data, Amazon Linux 2023) and a bastion of the local lab. It may run
# any number of times: it only adds what is missing. It holds no secret: the bastion makes its own private keys and
# prints the public ones on its console, one line each:
#   mole-bastion-key v1 slot=N port=P key=BASE64
#   mole-bastion-ready v1 slots=N
# The values between @ signs are put in by engine/cloud/bastion/boot-script.ts, which checks every one of them.
set -eu
umask 077
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin

slots=4
first_port=51821
tunnel_base=10.100
source_address=10.100.255.1
private_network=10.200.0.0/24
mtu=1420
echo_port=7007
memory_limit=128MiB
# Public keys of the DTN, slot 1 first.
host_keys='AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE= AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI= AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM= BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ='

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
trap ended EXIT

packages() {
  command -v ip >/dev/null || echo "$1"
  command -v wg >/dev/null || echo wireguard-tools
  command -v nft >/dev/null || echo nftables
}

# The network, or the lock of the package manager, may not be free yet in the first seconds of a first boot.
install_missing() {
  for attempt in 1 2 3 4 5 6; do
    if command -v dnf >/dev/null; then
      missing=$(packages iproute)
      # shellcheck disable=SC2086 # one word per package
      [ -z "$missing" ] || dnf -y -q install $missing || :
    elif command -v apt-get >/dev/null; then
      missing=$(packages iproute2)
      # shellcheck disable=SC2086
      [ -z "$missing" ] || { apt-get -qq update && apt-get -qq -y --no-install-recommends install $missing; } || :
    fi
    missing=$(packages iproute)
    [ -n "$missing" ] || return 0
    [ "$attempt" -eq 6 ] || sleep 5
  done
  echo "these packages are missing and could not be installed: $missing" >&2
  return 1
}

# A cloud instance runs its user data once; interfaces and rules must come back after a reboot as well.
survive_reboot() {
  if [ -d /var/lib/cloud/scripts/per-boot ] && [ -f "$0" ] && [ "$0" != /var/lib/cloud/scripts/per-boot/mole-bastion ]; then
    cp "$0" /var/lib/cloud/scripts/per-boot/mole-bastion
    chmod 700 /var/lib/cloud/scripts/per-boot/mole-bastion
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

# make_tunnel SLOT PUBLIC_KEY_OF_THE_DTN
make_tunnel() {
  add_interface "mole$1"
  [ -s "$keys/mole$1.key" ] || wg genkey >"$keys/mole$1.key"
  wg set "mole$1" private-key "$keys/mole$1.key" listen-port "$((first_port + $1 - 1))" \
    peer "$2" allowed-ips "$tunnel_base.$1.1/32,$source_address/32"
  set_kernel "conf/mole$1/accept_local" 1
  set_kernel "conf/mole$1/rp_filter" 2
  set_kernel "conf/mole$1/send_redirects" 0
}

# All at the same time: starting them is most of the boot.
start_all() {
  slot=0
  jobs=''
  firewall | nft -f - &
  jobs="$jobs $!"
  for host_key in $host_keys; do
    slot=$((slot + 1))
    make_tunnel "$slot" "$host_key" &
    jobs="$jobs $!"
  done
  for job in $jobs; do wait "$job"; done
}

# Replies leave by the tunnel their connection came through (the mark says which), so that the DTN alone decides
# which tunnel carries what, and scaling or failing over needs no word with the bastion.
address_batch() {
  rules=$(ip rule show priority 7077)
  slot=0
  while [ "$slot" -lt "$slots" ]; do
    slot=$((slot + 1))
    echo "address replace $tunnel_base.$slot.2/30 dev mole$slot"
    echo "link set dev mole$slot mtu $mtu up"
    echo "route replace default dev mole$slot table $((100 + slot))"
    case $rules in
      *"lookup $((100 + slot))"*) ;;
      *) echo "rule add fwmark $slot lookup $((100 + slot)) priority 7077" ;;
    esac
  done
}

each_slot() {
  slot=0
  while [ "$slot" -lt "$slots" ]; do
    slot=$((slot + 1))
    "$1"
  done
}

# Sends the DTN's echo back from the kernel: no process to fall behind, so the round trip is the path's own.
reflect_rule() {
  echo "iifname mole$slot ip saddr $tunnel_base.$slot.1 ip daddr $tunnel_base.$slot.2 udp sport $echo_port udp dport $echo_port ip daddr set $tunnel_base.$slot.1 ip saddr set $tunnel_base.$slot.2 notrack"
}

remember_rule() {
  echo "iifname mole$slot ct mark set $slot"
}

# One transaction that replaces our table, whatever was in it.
firewall() {
  cat <<RULES
table ip mole
delete table ip mole
table ip mole {
  chain reflect {
    type filter hook prerouting priority raw; policy accept;
$(each_slot reflect_rule)
  }
  chain remember {
    type filter hook prerouting priority mangle; policy accept;
$(each_slot remember_rule)
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
  }
  chain own {
    type filter hook input priority filter; policy accept;
    iifname "mole*" ct state established,related accept
    iifname "mole*" icmp type echo-request accept
    iifname "mole*" drop
  }
  chain masquerading {
    type nat hook postrouting priority srcnat; policy accept;
    ip daddr $private_network oifname != "mole*" masquerade
  }
}
RULES
}

publish() {
  wg show all public-key | while read -r name key; do
    case $name in
      mole[1-9]*) say "mole-bastion-key v1 slot=${name#mole} port=$((first_port + ${name#mole} - 1)) key=$key" ;;
    esac
  done
  say "mole-bastion-ready v1 slots=$slots"
}

install_missing
survive_reboot
mkdir -p "$keys"
set_kernel ip_forward 1
set_kernel conf/all/send_redirects 0
find_wireguard
start_all
address_batch | ip -batch -
publish
