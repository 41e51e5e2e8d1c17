import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runCommandLine } from "../../src/cli/commands.ts";
import { openLogFiles } from "../../src/logs/files.ts";
import { lines, since, temporaryDirectory, window } from "./directory.ts";

const directory = temporaryDirectory();

async function rocksolid(...args: string[]) {
  let [out, err] = ["", ""];
  const status = await runCommandLine(["scan", ...args], {
    cwd: directory.path,
    env: {},
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { status, out, err };
}

describe("rocksolid scan", () => {
  it("counts, lists the kinds, and answers by its exit status", async () => {
    writeFileSync(directory.at("a.log"), lines(0, 8) + lines(8, 2, "ERROR", "disk full"));
    expect(await rocksolid("a.log")).toEqual({
      status: 1,
      out: `a.log: 10 events, 2 errors (20%), of these 0 fatal
  from 2026-11-20T10:00:00.000Z to 2026-11-20T10:00:09.000Z
  kinds of errors:
          2  disk full <*>
             first 2026-11-20T10:00:08.000Z in a.log: 2026-11-20T10:00:08.000Z ERROR disk full 8
`,
      err: "",
    });
    expect((await rocksolid("--until", "2026-11-20T10:00:05Z", "a.log")).status).toBe(0);
    expect((await rocksolid("--ignore", "disk", "a.log")).status).toBe(0);
    expect(JSON.parse((await rocksolid("--json", "--since", String(since / 1000 + 9), "a.log")).out)).toMatchObject({
      lines: 1,
      errors: 1,
    });
  });

  it("counts a last line without a line break, and an object whose last line it is", async () => {
    writeFileSync(directory.at("a.log"), "2026-11-20T10:00:00Z INFO a\r\n2026-11-20T10:00:01Z FATAL b");
    expect((await rocksolid("a.log")).out).toContain("2 events, 1 error");
    writeFileSync(
      directory.at("a.log"),
      '{\n  "level": "error",\n  "time": "2026-11-20T10:00:00Z",\n  "msg": "boom"\n}',
    );
    expect((await rocksolid("a.log")).out).toContain("1 event, 1 error");
  });

  it("compares with the time before", async () => {
    writeFileSync(
      directory.at("a.log"),
      lines(0, 5, "ERROR", "old") + lines(5, 2, "ERROR", "old") + lines(7, 1, "ERROR", "new"),
    );
    const { out } = await rocksolid("--since", "2026-11-20T10:00:05Z", "--baseline", "1h", "a.log");
    expect(out).toContain("new kinds of errors:\n          1  new <*>\n");
    expect(out).not.toContain("old");
  });

  it("tells rates, requests, hosts, time and silence, and no terminal obeys it", async () => {
    const access = (n: number, status: number) =>
      `10.0.0.1 - - [20/Nov/2026:10:0${n % 5}:00 +0000] "GET /\u001b[2J HTTP/1.1" ${status} 5\n`;
    let text = "";
    for (let n = 0; n < 100; n++) text += access(n, n % 10 === 0 ? 503 : n % 10 === 1 ? 404 : 200);
    writeFileSync(directory.at("a.log"), text);
    writeFileSync(directory.at("b.log"), lines(-3_600, 3_600));
    writeFileSync(directory.at("c.log"), lines(0, 240, "FATAL", "::error::gone"));
    const { out } = await rocksolid("--since", "2026-11-20T10:00:00Z", "--baseline", "1h", "*.log");
    expect(out).toContain(
      "*.log: 340 events, 250 errors (73.5%, 62.5 a minute, 250% of 100 requests), of these 240 fatal, 10 warnings\n",
    );
    expect(out).toMatch(/\n {2}errors █+[▁▂▃▄▅▆▇█]+ at most \d+ in 1m\n/);
    expect(out).toContain("      240  errors in 240 events, 240 fatal: c.log\n");
    expect(out).toMatch(/\n +first 2026-11-20T10:00:00\.000Z in a\.log: /);
    expect(out).not.toMatch(/[^\n\P{Cc}]|(^|\n)\s*::/u);
  });

  it.each([
    [["none.log"], "none.log: no such file"],
    [[], "it needs a file"],
    [["--since", "yesterday", "x"], '"yesterday" is no time'],
    [["--format", "xml", "x"], '"xml" is no format'],
    [["--match", "(", "x"], 'match: cannot use "("'],
    [["--zone", "Mars/Base", "x"], '"Mars/Base" is no time zone'],
    [["--what", "x"], "--what"],
  ])("%j ends with 2 and says why", async (args, reason) => {
    const { status, err } = await rocksolid(...args);
    expect(status).toBe(2);
    expect(err).toContain(reason);
    expect(err).not.toContain("    at ");
  });
});

describe("large files", () => {
  it("are counted by several threads as by one, and a part of them by its time alone", {
    timeout: 30_000,
  }, async () => {
    const file = openSync(directory.at("a.log"), "w");
    let [events, errors, size] = [0, 0, 0];
    for (let second = 0; size < 140e6; second++) {
      const at = new Date(since - 3_600_000 + second * 100).toISOString();
      let text = "";
      for (let n = 0; n < 100; n++)
        text += `${at} INFO [worker] handled something of no interest at all, number ${n}\n`;
      text += `${at} ERROR [worker] cannot reach 10.0.0.${second % 256}\njava.io.IOException: gone\n${"\tat a.b.C(D.java:1)\n".repeat(5)}`;
      events += 101;
      errors++;
      size += writeSync(file, text);
    }
    closeSync(file);
    const everything = { since: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
    const scan = async (match?: string) => {
      const options = { files: "a.log", format: "auto", signatures: true, ...(match && { match }) } as const;
      const scanner = openLogFiles(options, { directory: directory.path });
      const report = await scanner.scan(everything);
      await scanner.close();
      return report;
    };
    const report = await scan();
    expect(report).toMatchObject({ lines: events, errors, bytes: size, unreadable: [] });
    expect(report.newSignatures).toMatchObject([
      { template: "[worker] cannot reach <*> java.io.IOException", count: errors },
    ]);
    expect(await scan("cannot")).toMatchObject({ lines: errors, errors });

    const warnings: string[] = [];
    const alone = openLogFiles(
      { files: "a.log", format: "auto", signatures: true },
      { directory: directory.path, threadEntry: "file:///no/such/module.js", warn: (text) => warnings.push(text) },
    );
    expect(await alone.scan(everything)).toEqual(report);
    await alone.close();
    expect(warnings).toEqual([expect.stringMatching(/^logs are read by one thread.*no.such.module/)]);

    const part = openLogFiles({ files: "a.log", format: "auto" }, { directory: directory.path });
    const last = (report.last ?? 0) - 5_000;
    const minute = await part.scan({ since: last, until: window.until * 2 });
    expect(minute).toMatchObject({ lines: 51 * 101, errors: 51 });
    expect(minute.bytes).toBeLessThan(12e6);
  });

  it("of several hosts: the one that stopped writing is named", async () => {
    writeFileSync(directory.at("a.log"), lines(-600, 600) + lines(0, 300));
    writeFileSync(directory.at("b.log"), lines(-600, 600));
    const scanner = openLogFiles({ files: "*.log", format: "auto", baseline: 600_000 }, { directory: directory.path });
    const report = await scanner.scan({ since, until: since + 300_000 });
    expect(report).toMatchObject({
      lines: 300,
      silent: [{ name: "b.log", quiet: 300_000, wroteIn: 60, spans: 60, span: 10_000, pause: 0 }],
      baseline: { lines: 1_200 },
    });
  });

  it("events after the window wait for the look that reaches them", async () => {
    writeFileSync(directory.at("a.log"), lines(0, 10, "ERROR"));
    const scanner = openLogFiles({ files: "a.log", format: "auto", signatures: true }, { directory: directory.path });
    expect(await scanner.scan({ since, until: since + 3_500 })).toMatchObject({ lines: 4 });
    const second = await scanner.scan({ since, until: since + 60_000 });
    expect(second).toMatchObject({ lines: 6, errors: 6, newSignatures: [{ template: "thing <*>", count: 10 }] });
    // A kind stays new for as long as the window is the same; another window begins anew.
    expect(await scanner.scan({ since, until: since + 61_000 })).toMatchObject({
      lines: 0,
      newSignatures: [{ count: 10 }],
    });
    expect(await scanner.scan({ since: since + 1, until: since + 61_000 })).toMatchObject({ newSignatures: [] });
  });

  it("control machines: what they write is no new kind", async () => {
    writeFileSync(directory.at("one.log"), lines(0, 3, "ERROR", "old") + lines(3, 1, "ERROR", "new"));
    writeFileSync(directory.at("rest.log"), lines(0, 9, "ERROR", "old"));
    const options = { files: "one.log", control: "rest.log", format: "auto", signatures: true } as const;
    const report = await openLogFiles(options, { directory: directory.path }).scan(window);
    expect(report).toMatchObject({ lines: 4, baseline: { lines: 9, errors: 9 } });
    expect(report.newSignatures?.map(({ template }) => template)).toEqual(["new <*>"]);
  });
});
