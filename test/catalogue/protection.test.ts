/** What must not make a victim or a bystander look like a scanner: all presets at once, with their defaults. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compile, example } from "./catalogue.js";
import { attacker, firedOn, host, type Row, rows, target, third } from "./traffic.js";

const model = await compile(example);

/** Every kind of port of the victim's, or of its neighbours in the darknet: all presets could be meant. */
const spread = (count: number, make: (index: number) => Row): readonly Row[] => [
  ...rows(count, make),
  ...rows(count, (index) => ({ ...make(index), to: host(index) })),
  ...rows(count, (index) => ({ ...make(index), to: `162.212.158.${index}` })),
  ...rows(count, (index) => ({ ...make(index), port: 4444, to: host(index) })),
];

const silent: Readonly<Record<string, readonly Row[]>> = {
  "turned connections: the scanned host is not named": ["^d", "^f", "^fR", "^", "^r", "^a", "^h"].flatMap(
    (history) =>
      spread(60, (index) => ({
        at: index / 10,
        from: third,
        fromPort: 40_000 + index,
        to: attacker,
        port: 53 + index,
        proto: history === "^d" ? "udp" : "tcp",
        state: history === "^d" || history.startsWith("^f") ? "SHR" : "OTH",
        history,
      })),
  ),
  "backscatter of a flood in invented names: SYN-ACKs": spread(200, (index) => ({
    at: index / 20,
    from: third,
    fromPort: 80,
    port: 1024 + index,
    state: "OTH",
    history: "H",
  })),
  "backscatter, answered by RST": spread(200, (index) => ({
    at: index / 20,
    from: third,
    fromPort: 50_000,
    port: 1024 + index,
    state: "REJ",
    history: "Hr",
  })),
  "backscatter of closed ports: RSTs": spread(200, (index) => ({
    at: index / 20,
    from: third,
    fromPort: 50_000,
    port: 1024 + index,
    state: "OTH",
    history: "R",
  })),
  "ICMP errors that a scan has caused": rows(200, (index) => ({
    at: index / 20,
    from: third,
    fromPort: 3,
    to: host(index % 250),
    port: 3,
    proto: "icmp",
    state: "OTH",
    history: "",
    packets: 20,
  })),
  "answers of a UDP server heard one way": spread(60, (index) => ({
    at: index / 10,
    from: third,
    fromPort: 5000,
    port: 20_000 + index,
    proto: "udp",
    history: "D",
  })),
  "answers of a UDP server below 1024 heard one way": spread(60, (index) => ({
    at: index / 10,
    from: third,
    fromPort: 1000,
    port: 100 + index,
    proto: "udp",
    history: "D",
  })),
  "a client that sends its SYN again and again": rows(150, (index) => ({
    at: index * 3,
    fromPort: 40_000 + index,
    history: index % 2 === 0 ? "S" : "STT",
  })),
  "a client that is refused again and again": rows(150, (index) => ({
    at: index,
    fromPort: 40_000 + index,
    state: "REJ",
    history: "Sr",
  })),
  "the client's half of transfers": rows(180, (index) => ({
    at: index / 10,
    from: third,
    fromPort: 40_000 + index,
    to: host(index % 60),
    port: 443 + (index % 3),
    state: "SH",
    history: "SADF",
    packets: 20,
  })),
  "the server's half of transfers, from the middle on": ["DA", "A", "AD", "DF", "F", "FA", ""].flatMap(
    (history) =>
      spread(60, (index) => ({
        at: index / 10,
        from: third,
        fromPort: 9200,
        port: 33_000 + index,
        state: history.includes("F") ? "SH" : "OTH",
        history,
        packets: 20,
      })),
  ),
  "transfers that the sensor has lost parts of": rows(19, (index) => ({
    at: index,
    from: third,
    fromPort: 40_000,
    port: 1000 + index,
    state: "SF",
    history: "ShAGagFf",
    packets: 20,
  })),
  "browsing: many hosts, data both ways": [
    ...rows(120, (index) => ({
      at: index,
      from: third,
      fromPort: 40_000 + index,
      to: host(index),
      port: 443,
      state: index % 5 === 0 ? "RSTO" : "SF",
      history: "ShADadFfR",
      duration: 2,
      packets: 12,
    })),
    ...rows(120, (index) => ({
      at: index,
      from: third,
      fromPort: 50_000 + index,
      to: host(index % 2),
      port: 53,
      proto: "udp",
      state: index % 9 === 0 ? "S0" : "SF",
      history: index % 9 === 0 ? "D" : "Dd",
    })),
    ...rows(6, (index) => ({
      at: index * 30,
      from: third,
      fromPort: 46_000 + index,
      to: host(index),
      port: 443,
    })),
    ...rows(4, (index) => ({ at: index * 30, from: third, to: host(index), state: "REJ", history: "Sr" })),
  ],
  "a mail server whose peers do not answer": rows(200, (index) => ({
    at: index * 20,
    from: third,
    to: host(index % 12),
    port: 25,
    fromPort: 40_000 + index,
  })),
  "a monitor that pings twenty hosts all the time": rows(20, (index) => ({
    at: index,
    from: third,
    fromPort: 8,
    to: host(index),
    port: 0,
    proto: "icmp",
    state: "OTH",
    history: "",
    duration: 500,
    packets: 500,
  })),
  "IPv6's neighbour discovery": rows(60, (index) => ({
    at: index / 10,
    from: "2a01:4f8:77::1",
    fromPort: 135,
    to: `2a02:6b8:77::${index + 1}`,
    port: 136,
    proto: "icmp",
    state: "OTH",
    history: "",
  })),
  "scans by hosts of the own network": spread(60, (index) => ({
    at: index / 10,
    from: "10.1.2.3",
    port: 1 + index,
  })),
};

for (const [title, traffic] of Object.entries(silent))
  test(`silent: ${title}`, async () => {
    const fired = await firedOn(model, traffic);
    assert.equal([...new Set(fired.map(({ detection, source }) => `${detection} ${source}`))], []);
  });

test("a traceroute of thirty hops is a traceroute and nothing else", async () => {
  const fired = await firedOn(model, [
    ...rows(90, (index) => ({
      at: index / 2,
      fromPort: 45_000,
      port: 33_434 + index,
      proto: "udp",
      history: "D",
    })),
    ...rows(30, (index) => ({
      at: index,
      from: host(index),
      fromPort: 11,
      to: attacker,
      port: 0,
      proto: "icmp",
      state: "OTH",
      history: "",
      packets: 3,
    })),
  ]);
  assert.equal([...new Set(fired.map(({ detection }) => detection))], ["Trace_Route"]);
  assert.equal([...new Set(fired.map(({ source }) => source))], [attacker]);
});

test("the same rows as a scan's do fire: the silence above is not the traffic's", async () => {
  const fired = await firedOn(
    model,
    spread(60, (index) => ({ at: index / 10, port: 1 + index })),
  );
  const names = new Set(fired.map(({ detection }) => detection));
  for (const name of ["Half_Open_Scan", "Connect_Scan", "Any_State_Scan", "Address_Scan", "Darknet_Touch"])
    assert.ok(names.has(name), name);
  assert.equal([...new Set(fired.map(({ source }) => source))], [attacker]);
  assert.ok(target.length > 0);
});

test.run();
