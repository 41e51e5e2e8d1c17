import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openLogCommand } from "../../src/logs/command.ts";
import { openLogFiles } from "../../src/logs/files.ts";
import { chanceOfNothing, Presence } from "../../src/logs/presence.ts";
import { lines, since, temporaryDirectory } from "./directory.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Mulberry32: the same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Times = (next: () => number, from: number, to: number) => number[];

/** Lines at random, so many a minute. */
const atRandom =
  (rate: number): Times =>
  (next, from, to) => {
    const times: number[] = [];
    for (let t = from; ; ) {
      t += (-Math.log(1 - next()) / rate) * MINUTE;
      if (t > to) return times;
      times.push(t);
    }
  };
/** A batch of lines once in a while, as of cron. */
const inBatches =
  (every: number): Times =>
  (next, from, to) => {
    const times: number[] = [];
    for (let t = from + next() * every; t <= to; t += every) for (let n = 0; n < 1_000; n++) times.push(t + n);
    return times;
  };
/** Busy for a while, then idle for a while, again and again. */
const inShifts =
  (busy: number, idle: number): Times =>
  (next, from, to) =>
    atRandom(20)(next, from, to).filter((t) => (t - from) % (busy + idle) < busy);

/** How many of so many fleets of five hosts have one called silent, in any of the looks of a bake, though all write on. */
function falseAlarms(write: Times, fleets: number, bake = 6 * HOUR): number {
  let alarms = 0;
  for (let seed = 1; seed <= fleets; seed++) {
    const next = random(seed * 7_919);
    const presence = new Presence(0, HOUR);
    const hosts = ["a", "b", "c", "d", "e"].map((name) => ({ name, times: write(next, 0, HOUR + bake), read: 0 }));
    let silent = 0;
    for (let until = HOUR; until <= HOUR + bake; until += 5 * MINUTE) {
      for (const host of hosts) {
        while ((host.times[host.read] ?? Number.POSITIVE_INFINITY) <= until)
          presence.hear(host.name, host.times[host.read++] ?? 0);
      }
      silent += presence.silent(until).length;
    }
    if (silent > 0) alarms++;
  }
  return alarms;
}

/** Minutes after which a host is called silent that wrote so before the window and nothing in it. */
function found(write: Times): number {
  const presence = new Presence(0, HOUR);
  const next = random(1);
  for (const time of write(next, 0, HOUR)) presence.hear("a", time);
  for (let minute = 1; minute <= 24 * 60; minute++)
    if (presence.silent(HOUR + minute * MINUTE).length > 0) return minute;
  return Number.POSITIVE_INFINITY;
}

describe("a host that writes on", () => {
  it.each<[string, Times]>([
    ["20 lines a minute", atRandom(20)],
    ["a line a minute", atRandom(1)],
    ["a line in 5 minutes", atRandom(0.2)],
    ["a line in 30 minutes", atRandom(1 / 30)],
    ["a batch every 10 minutes", inBatches(10 * MINUTE)],
    ["a batch every hour", inBatches(HOUR)],
    ["10 busy minutes in 30", inShifts(10 * MINUTE, 20 * MINUTE)],
  ])("%s: is hardly ever called silent in a bake of 6 hours", (_name, write) => {
    // One in 1,000 is the promise where lines come at random; the others have no promise, and hardly any alarms.
    expect(falseAlarms(write, 300)).toBeLessThanOrEqual(2);
  });
});

describe("a host that stops at the deploy", () => {
  it.each<[string, Times, number, number]>([
    ["20 lines a minute", atRandom(20), 3, 5],
    ["a line a minute", atRandom(1), 8, 30],
    ["10 busy minutes in 30", inShifts(10 * MINUTE, 20 * MINUTE), 40, 90],
    ["a batch every hour, which tells nothing", inBatches(HOUR), 24 * 60, Number.POSITIVE_INFINITY],
  ])("%s: is found after some minutes", (_name, write, least, most) => {
    expect(found(write)).toBeGreaterThanOrEqual(least);
    expect(found(write)).toBeLessThanOrEqual(most);
  });

  it("in the middle of the window is found by its last line", () => {
    const presence = new Presence(0, HOUR);
    const write = (to: number) => {
      for (let t = 0; t < to; t += 10_000) presence.hear("a", t);
    };
    write(3 * HOUR);
    expect(presence.silent(3 * HOUR + 2 * MINUTE)).toEqual([]);
    expect(presence.silent(3 * HOUR + 20 * MINUTE)).toMatchObject([
      { name: "a", quiet: 20 * MINUTE + 10_000, wroteIn: 60, spans: 60, span: MINUTE, pause: 0 },
    ]);
  });

  it("is no more silent once it writes again", () => {
    const presence = new Presence(0, HOUR);
    for (let t = 0; t < HOUR; t += 10_000) presence.hear("a", t);
    expect(presence.silent(HOUR + 20 * MINUTE)).toHaveLength(1);
    presence.hear("a", HOUR + 19 * MINUTE + 30_000);
    expect(presence.silent(HOUR + 20 * MINUTE)).toEqual([]);
  });

  it("and is replaced by one of another name is not silent, but the next one is", () => {
    const presence = new Presence(0, HOUR);
    for (let t = 0; t < HOUR; t += 10_000) for (const pod of ["pod-1", "pod-2", "pod-3"]) presence.hear(pod, t);
    for (let t = HOUR; t < 2 * HOUR; t += 10_000) for (const pod of ["pod-4", "pod-5"]) presence.hear(pod, t);
    expect(presence.silent(2 * HOUR).map(({ name }) => name)).toEqual(["pod-1"]);
    presence.hear("pod-6", 2 * HOUR);
    expect(presence.silent(2 * HOUR)).toEqual([]);
  });

  it("is found by what there is of the time before, if little of it was kept", () => {
    const presence = new Presence(0, HOUR);
    for (let t = HOUR - 10 * MINUTE; t < HOUR; t += 1_000) presence.hear("a", t);
    expect(presence.silent(HOUR + 20 * MINUTE)).toMatchObject([{ wroteIn: 10, spans: 10, pause: 0 }]);
  });
});

describe("the chance of so many spans without a line", () => {
  it("is the Beta-binomial's with Jeffreys' prior", () => {
    // Gamma(60.5) Gamma(3.5) / (Gamma(64) ...): by hand, 0.5/61 * 1.5/62 * 2.5/63.
    expect(chanceOfNothing(60, 60, 3)).toBeCloseTo((0.5 * 1.5 * 2.5) / (61 * 62 * 63), 12);
    expect(chanceOfNothing(0, 60, 1)).toBeCloseTo(60.5 / 61, 12);
    expect(chanceOfNothing(30, 60, 0)).toBe(1);
  });

  it("ends, however long the silence", () => {
    expect(chanceOfNothing(0, 1, Number.POSITIVE_INFINITY)).toBeLessThan(1);
    expect(new Presence(0, HOUR).silent(Number.POSITIVE_INFINITY)).toEqual([]);
  });
});

describe("by what the sources read", () => {
  const directory = temporaryDirectory();
  const window = { since, until: since + 300_000 };

  it("the host in the lines of a command is found", async () => {
    const line = (host: string, n: number) => {
      const at = new Date(since + n * 1_000).toISOString();
      return `<14>1 ${at} ${host} app 1 - - did something`;
    };
    const all = Array.from({ length: 600 }, (_, n) => [line("db-1", n - 600), line("db-2", n - 600)]).flat();
    for (let n = 0; n < 300; n++) all.push(line("db-1", n));
    writeFileSync(directory.at("out"), `${all.join("\n")}\n`);
    const options = { command: "cat out", format: "auto", name: "syslog", baseline: 600_000 } as const;
    const report = await openLogCommand(options, { directory: directory.path, env: {} }).scan(window);
    expect(report.silent).toMatchObject([{ name: "db-2", quiet: 300_000 }]);
  });

  it("what match leaves out is no silence", async () => {
    writeFileSync(directory.at("a.log"), lines(-600, 600, "ERROR", "old") + lines(0, 300));
    const options = { files: "a.log", format: "auto", baseline: 600_000, match: "ERROR" } as const;
    const report = await openLogFiles(options, { directory: directory.path }).scan(window);
    expect(report).toMatchObject({ lines: 0, silent: [] });
  });
});
