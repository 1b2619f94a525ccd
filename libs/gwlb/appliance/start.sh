# Settings and files stand before this part; libs/gwlb/user-data.ts puts them together.
set -euo pipefail
trap 'echo "user data, line $LINENO: $BASH_COMMAND: failed with $?; the appliance stays unhealthy" >&2' ERR

geneve_port=6081
interface=$(ip -o -4 route show default | awk '{ print $5; exit }')
address=$(ip -o -4 address show dev "$interface" | awk '{ split($4, parts, "/"); print parts[1]; exit }')

# The repositories of Amazon Linux lie in S3 and can be slow to answer while many appliances start.
install_packages() {
  for attempt in 1 2 3 4 5; do
    dnf install -y "$@" && return 0
    sleep $((attempt * 10))
  done
  echo "user data: $* cannot be installed" >&2
  return 1
}

# --- Logs: one group for alerts, this script and the units; first, so that a start that fails is seen there -------------
# In a folder of their own: the package of Suricata rotates the one that it makes.
install -d /var/log/appliance
cat > /etc/logrotate.d/appliance <<'END_OF_FILE'
/var/log/appliance/*.json /var/log/appliance/*.log {
  size 100M
  rotate 2
  copytruncate
  missingok
}
END_OF_FILE
install -d /etc/systemd/system/logrotate.timer.d
cat > /etc/systemd/system/logrotate.timer.d/hourly.conf <<'END_OF_FILE'
[Timer]
OnCalendar=
OnCalendar=hourly
AccuracySec=5min
END_OF_FILE
install -d /opt/appliance
cat > /opt/appliance/agent.json <<END_OF_FILE
{
  "agent": { "run_as_user": "root" },
  "logs": { "logs_collected": { "files": { "collect_list": [
    { "file_path": "/var/log/appliance/eve.json", "log_group_name": "$log_group", "log_stream_name": "{instance_id}/alerts" },
    { "file_path": "/var/log/appliance/units.log", "log_group_name": "$log_group", "log_stream_name": "{instance_id}/units" },
    { "file_path": "/var/log/cloud-init-output.log", "log_group_name": "$log_group", "log_stream_name": "{instance_id}/start" }
  ] } } }
}
END_OF_FILE
# An appliance does not depend on it.
if ! { install_packages amazon-cloudwatch-agent &&
  amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:/opt/appliance/agent.json; }; then
  echo 'user data: logs do not reach CloudWatch: its agent did not start' >&2
fi

# --- Return: what the balancer sends comes back to it as it came, GENEVE options and all ------------------------------
# The kernel swaps the outer addresses, so the way does not depend on Suricata and the balancer knows its flow again.
# In two hooks: a packet that had its own host as its source would be dropped as an impossible one.
install_packages nftables ethtool logrotate
cat > /etc/sysctl.d/90-appliance.conf <<END_OF_FILE
net.ipv4.ip_forward = 1
net.ipv4.conf.all.rp_filter = 0
net.ipv4.conf.$interface.rp_filter = 0
net.ipv4.conf.all.send_redirects = 0
net.ipv4.conf.$interface.send_redirects = 0
net.core.rmem_max = 67108864
net.core.netdev_max_backlog = 100000
END_OF_FILE
# This file only: one of the system that does not apply is not ours to end on.
sysctl -p /etc/sysctl.d/90-appliance.conf
install -d /etc/nftables
cat > /etc/nftables/appliance.nft <<END_OF_FILE
table ip appliance
delete table ip appliance
table ip appliance {
  chain arriving {
    type filter hook prerouting priority raw; policy accept;
    iifname "$interface" ip daddr $address udp dport $geneve_port notrack ip daddr set ip saddr
  }
  chain passing {
    type filter hook forward priority filter; policy drop;
    udp dport $geneve_port accept
  }
  chain leaving {
    type filter hook postrouting priority srcnat; policy accept;
    oifname "$interface" ip saddr != $address udp dport $geneve_port ip saddr set $address
  }
}
END_OF_FILE
# Packets joined by the interface are larger than what went over the wire, and Suricata would not see what was sent. In
# the unit: the interface forgets it when it starts again.
cat > /etc/systemd/system/appliance-return.service <<END_OF_FILE
[Unit]
After=network-online.target
Wants=network-online.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStartPre=-/usr/sbin/ethtool -K $interface gro off lro off
ExecStart=/usr/sbin/nft -f /etc/nftables/appliance.nft
[Install]
WantedBy=multi-user.target
END_OF_FILE

# --- Suricata ---------------------------------------------------------------------------------------------------------
if ! command -v suricata; then
  install_packages spal-release
  install_packages suricata
fi
install -d /etc/suricata/rules /var/lib/suricata/rules
install -m 644 "$files/estate.rules" /etc/suricata/rules/estate.rules
sed -e "s|@inside@|$inside|" -e "s|@interface@|$interface|" -e "s|@address@|$address|" \
  "$files/suricata.yaml" > /etc/suricata/appliance.yaml
# Downloaded rules are missing at first, and must not stop Suricata from starting.
touch /var/lib/suricata/rules/suricata.rules
printf '%s' "$rules_url" > /etc/suricata/rules-url
install -m 755 "$files/update-rules.sh" /usr/local/sbin/update-rules
cat > /etc/systemd/system/update-rules.service <<'END_OF_FILE'
[Unit]
After=network-online.target
Wants=network-online.target
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/update-rules
StandardOutput=append:/var/log/appliance/units.log
Restart=on-failure
RestartSec=300
# Rules that do not parse are the same in five minutes.
RestartPreventExitStatus=3
END_OF_FILE
cat > /etc/systemd/system/update-rules.timer <<'END_OF_FILE'
[Timer]
OnCalendar=daily
RandomizedDelaySec=4h
[Install]
WantedBy=timers.target
END_OF_FILE
# Not tested before each start: there one rule that does not parse is an error, and Suricata itself leaves it out.
cat > /etc/systemd/system/suricata-appliance.service <<'END_OF_FILE'
[Unit]
After=appliance-return.service
[Service]
ExecStart=/usr/bin/env suricata -c /etc/suricata/appliance.yaml --af-packet
StandardOutput=append:/var/log/appliance/units.log
Restart=always
RestartSec=5
[Install]
WantedBy=multi-user.target
END_OF_FILE
# The package brings a service of its own, for another configuration.
systemctl disable --now suricata 2>/dev/null || true

# --- Health: healthy only while it returns and inspects packets --------------------------------------------------------
install -D -m 644 "$files/health.py" /opt/appliance/health.py
cat > /etc/systemd/system/appliance-health.service <<END_OF_FILE
[Service]
ExecStart=/usr/bin/python3 -B /opt/appliance/health.py $health_port
StandardOutput=append:/var/log/appliance/units.log
Restart=always
RestartSec=2
ProtectHome=yes
NoNewPrivileges=yes
[Install]
WantedBy=multi-user.target
END_OF_FILE

# --- Start: a unit that fails says so and leaves the others alone ------------------------------------------------------
failed=
start_unit() {
  systemctl enable "$1"
  systemctl start "$1" && return
  failed+=" $1"
  systemctl status --no-pager --full "$1" || true
}
systemctl daemon-reload
systemctl restart logrotate.timer || true
start_unit appliance-return
/usr/local/sbin/update-rules || systemctl start --no-block update-rules.service
for unit in suricata-appliance update-rules.timer appliance-health; do start_unit "$unit"; done
if [ "$failed" ]; then
  echo "user data: these units did not start:$failed" >&2
  exit 1
fi
