#!/bin/bash
# Rules of others, from the address in rules-url, beside the estate's own. They are tried in a folder of their own first: one
# that does not parse must not cost what is inspected now, so the rules of before stay. The first time there are none, and
# Suricata leaves out what it cannot parse: most rules see more than none.
set -euo pipefail
url=$(< /etc/suricata/rules-url)
rules=/var/lib/suricata/rules
try=$(mktemp -d -p "$(dirname "$rules")")
trap 'rm -rf "$try"' EXIT

# Suricata's first start waits for this: a download that hangs must end. Without --fail one that fails is taken as no rules.
timeout 300 suricata-update --fail --suricata-conf /etc/suricata/appliance.yaml --output "$try/rules" \
  --no-test --no-reload --url "$url"
if ! nice suricata -T -c /etc/suricata/appliance.yaml -l "$try" --set "default-rule-path=$try/rules"; then
  if [ -s "$rules/suricata.rules" ]; then
    echo "update-rules: $url: Suricata rejects these rules; the previous rules stay; match their version to Suricata's" >&2
    exit 3
  fi
  echo "update-rules: $url: rules that do not parse are left out; match their version to Suricata's" >&2
fi
rm -rf "$rules.before"
mv "$rules" "$rules.before"
mv "$try/rules" "$rules"
if systemctl is-active --quiet suricata-appliance; then systemctl kill --signal=USR2 --kill-whom=main suricata-appliance; fi
