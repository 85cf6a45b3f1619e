import { suite } from "uvu";
import * as assert from "uvu/assert";
import { backends, install, ipset, nft } from "./backends.js";
import { network, unable } from "./network.js";

const test = suite("storms of adds and deletes");

// 500 calls for 50 addresses, ten at a time, every seventh killed where its first change of the packet filter is made:
// before it or behind it; then each address gets a last word, odd ones a delete and even ones an add.
const storm = `
shims=$(mktemp -d)
for tool in nft ipset iptables ip6tables ip; do
  real=$(command -v "$tool") || continue
  cat >"$shims/$tool" <<SHIM
#!/bin/sh
# The script may have called it from a subshell of its own.
script=\\$PPID
while :; do
  above=\\$(awk '{ print \\$4 }' "/proc/\\$script/stat")
  [ "\\$(tr '\\\\0' '\\\\n' <"/proc/\\$above/cmdline" | sed -n 2p)" = "$shims/firewall-drop.sh" ] || break
  script=\\$above
done
if [ "\\$KILLS" = before ]; then kill -9 "\\$script"; exit 1; fi
"$real" "\\$@"
status=\\$?
if [ "\\$KILLS" = behind ]; then kill -9 "\\$script"; fi
exit "\\$status"
SHIM
  chmod +x "$shims/$tool"
done
# The script sets its own PATH.
sed "s|^PATH=|PATH=$shims:|" "$SCRIPT" >"$shims/firewall-drop.sh"
call=0
while [ "$call" -lt 500 ]; do
  case $((call % 3)) in
  0) action=delete ;;
  *) action=add ;;
  esac
  case $((call % 14)) in
  0) kills=before ;;
  7) kills=behind ;;
  *) kills='' ;;
  esac
  KILLS=$kills sh "$shims/firewall-drop.sh" "$action" - "198.51.100.$((call % 50 + 100))" >/dev/null 2>&1 &
  if [ $((call % 10)) -eq 9 ]; then wait; fi
  call=$((call + 1))
done
wait
rm -r "$shims"
host=0
while [ "$host" -lt 50 ]; do
  case $((host % 2)) in
  1) action=delete ;;
  *) action=add ;;
  esac
  sh "$SCRIPT" "$action" - "198.51.100.$((host + 100))" >/dev/null 2>&1 &
  if [ $((host % 10)) -eq 9 ]; then wait; fi
  host=$((host + 1))
done
wait`;

const both = {
  name: "nftables and iptables",
  tools: ["nft", "iptables", "ip6tables", "ipset"],
  firewalls: [nft, ipset],
};
const single = backends
  .filter(({ variant }) => !variant)
  .map(({ name, tools, firewall }) => ({ name, tools, firewalls: [firewall] }));

for (const { name, tools, firewalls } of [...single, both]) {
  const lacking = unable(tools);
  if (lacking !== null) {
    console.log(`SKIPPED: a storm against ${name} (${lacking})`);
    continue;
  }
  test(`${name}: the last word counts`, async () => {
    const host = await network();
    const box = install(host, firewalls);
    try {
      assert.is(box.load().status, 0);
      assert.is(box.shell(storm).status, 0);
      const listed = new Set(box.script("--list").stdout.match(/198\.51\.100\.\d+/g));
      const wanted = Array.from({ length: 25 }, (_, index) => `198.51.100.${2 * index + 100}`);
      assert.equal([...listed].sort(), wanted.sort());
      const failed = box.log().filter((line) => !/ result=(blocked|unblocked)$/.test(line));
      assert.equal(failed, []);
    } finally {
      await host.close();
      box.remove();
    }
  });
}

// Of every eight addresses, which are two networks, the last word blocks two of the first network.
const last = storm.replace("case $((host % 2)) in\n  1)", "case $((host % 8)) in\n  [!02])");

const why = unable(["nft"]);
if (why !== null) console.log(`SKIPPED: a storm against networks (${why})`);
else
  test("nftables with networks: the last words count, and no file is left over", async () => {
    const host = await network();
    const box = install(host, [nft], undefined, { v4: 30, v6: 126 });
    try {
      assert.is(box.load().status, 0);
      assert.is(box.shell(last).status, 0);
      const listed = new Set(box.script("--list").stdout.match(/198\.51\.100\.\d+\/30/g));
      const wanted = Array.from({ length: 7 }, (_, index) => `198.51.100.${8 * index + 100}/30`);
      assert.equal([...listed].sort(), [...wanted].sort());
      const held = box.shell("cd /var/run/perimeter-firewall-drop && ls -d */*").stdout;
      assert.equal(
        [...new Set(held.match(/\/198\.51\.100\.\d+/g))].sort(),
        Array.from({ length: 25 }, (_, index) => 2 * index)
          .filter((index) => index % 8 === 0 || index % 8 === 2)
          .map((index) => `/198.51.100.${index + 100}`)
          .sort(),
      );
      const failed = box.log().filter((line) => !/ result=(blocked|unblocked|kept)\b/.test(line));
      assert.equal(failed, []);
    } finally {
      await host.close();
      box.remove();
    }
  });

test.run();
