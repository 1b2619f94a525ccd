# Settings and files stand before this part; libs/gwlb/user-data.ts puts them together.
set -euo pipefail

geneve_port=6081
interface=$(ip -o -4 route show default | awk '{ print $5; exit }')
address=$(ip -o -4 address show dev "$interface" | awk '{ split($4, parts, "/"); print parts[1]; exit }')

# The repositories of Amazon Linux lie in S3 and can be slow to answer while many appliances start.
install_packages() {
  for attempt in 1 2 3 4 5; do
    dnf install -y "$@" && return 0
    sleep $((attempt * 10))
  done
  return 1
}

# --- Return: what the balancer sends comes back to it as it came, GENEVE options and all ------------------------------
# The kernel swaps the outer addresses, so the way does not depend on Suricata and the balancer knows its flow again.
# In two hooks: a packet that had its own host as its source would be dropped as an impossible one.
install_packages nftables
cat > /etc/sysctl.d/90-appliance.conf <<END_OF_FILE
net.ipv4.ip_forward = 1
net.ipv4.conf.all.rp_filter = 0
net.ipv4.conf.$interface.rp_filter = 0
net.ipv4.conf.all.send_redirects = 0
net.ipv4.conf.$interface.send_redirects = 0
net.core.rmem_max = 67108864
net.core.netdev_max_backlog = 100000
END_OF_FILE
sysctl --system
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
cat > /etc/systemd/system/appliance-return.service <<'END_OF_FILE'
[Unit]
After=network-online.target
Wants=network-online.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f /etc/nftables/appliance.nft
[Install]
WantedBy=multi-user.target
END_OF_FILE
# Packets joined by the interface are larger than what went over the wire, and Suricata would not see what was sent.
ethtool -K "$interface" gro off lro off || true

# --- Suricata ---------------------------------------------------------------------------------------------------------
if ! command -v suricata; then
  install_packages spal-release
  install_packages suricata
fi
install -d /etc/suricata/rules /var/lib/suricata/rules /var/log/suricata /run/suricata
install -m 644 "$files/estate.rules" /etc/suricata/rules/estate.rules
sed -e "s|@inside@|$inside|" -e "s|@interface@|$interface|" -e "s|@address@|$address|" \
  "$files/suricata.yaml" > /etc/suricata/appliance.yaml
# Rules of others are not there yet, and must not keep Suricata from starting.
touch /var/lib/suricata/rules/suricata.rules
cat > /usr/local/sbin/update-rules <<END_OF_FILE
#!/bin/bash
set -eu
suricata-update --suricata-conf /etc/suricata/appliance.yaml --output /var/lib/suricata/rules --no-test --no-reload --url '$rules_url'
if systemctl is-active --quiet suricata-appliance; then systemctl kill --signal=USR2 --kill-whom=main suricata-appliance; fi
END_OF_FILE
chmod 755 /usr/local/sbin/update-rules
cat > /etc/systemd/system/update-rules.service <<'END_OF_FILE'
[Unit]
After=network-online.target
Wants=network-online.target
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/update-rules
Restart=on-failure
RestartSec=300
END_OF_FILE
cat > /etc/systemd/system/update-rules.timer <<'END_OF_FILE'
[Timer]
OnCalendar=daily
RandomizedDelaySec=4h
[Install]
WantedBy=timers.target
END_OF_FILE
cat > /etc/systemd/system/suricata-appliance.service <<'END_OF_FILE'
[Unit]
After=appliance-return.service
[Service]
ExecStartPre=/usr/bin/env suricata -T -c /etc/suricata/appliance.yaml
ExecStart=/usr/bin/env suricata -c /etc/suricata/appliance.yaml --af-packet --pidfile /run/suricata/appliance.pid
Restart=always
RestartSec=5
[Install]
WantedBy=multi-user.target
END_OF_FILE
# The package brings a service of its own, for another configuration.
systemctl disable --now suricata 2>/dev/null || true

# --- Health: well only while it returns packets and looks at them -----------------------------------------------------
install -D -m 644 "$files/health.py" /opt/appliance/health.py
cat > /etc/systemd/system/appliance-health.service <<END_OF_FILE
[Service]
ExecStart=/usr/bin/python3 -B /opt/appliance/health.py $health_port
Restart=always
RestartSec=2
ProtectHome=yes
NoNewPrivileges=yes
[Install]
WantedBy=multi-user.target
END_OF_FILE

systemctl daemon-reload
systemctl enable --now appliance-return
/usr/local/sbin/update-rules || systemctl start --no-block update-rules.service
systemctl enable --now suricata-appliance update-rules.timer appliance-health

# --- Logs: one group for alerts and for this script; an appliance does not depend on it --------------------------------
cat > /etc/logrotate.d/appliance <<'END_OF_FILE'
/var/log/suricata/*.json {
  size 100M
  rotate 2
  copytruncate
  missingok
}
END_OF_FILE
install_packages amazon-cloudwatch-agent || exit 0
cat > /opt/appliance/agent.json <<END_OF_FILE
{
  "agent": { "run_as_user": "root" },
  "logs": { "logs_collected": { "files": { "collect_list": [
    { "file_path": "/var/log/suricata/eve.json", "log_group_name": "$log_group", "log_stream_name": "{instance_id}/alerts" },
    { "file_path": "/var/log/cloud-init-output.log", "log_group_name": "$log_group", "log_stream_name": "{instance_id}/start" }
  ] } } }
}
END_OF_FILE
amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:/opt/appliance/agent.json
