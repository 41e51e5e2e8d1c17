import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { logSources } from "../../src/actions/log-sources.ts";
import type { Observation } from "../../src/evidence/observation.ts";
import { createObserver } from "../../src/evidence/observer.ts";
import type { LogsCheck } from "../../src/pipeline/model.ts";
import { evidenceDocument, judgeEvidence, serialiseEvidence } from "../../src/report/evidence.ts";
import { parseEvidence } from "../../src/report/read-evidence.ts";
import { renderSummary } from "../../src/report/summary.ts";
import { createJudge } from "../../src/verdict/judge.ts";
import { lines, since, temporaryDirectory } from "../logs/directory.ts";
import { logsCheck } from "../verdict/checks.ts";
import { realPorts, scopeOf } from "./world.ts";

const directory = temporaryDirectory();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Looks at a check of the files in the directory, as an action does, up to the evidence and the summary. */
async function tell(more: Partial<LogsCheck>, looks: readonly number[], write?: (look: number) => void) {
  const source = { kind: "files", name: "l", files: "*.log", format: "auto" } as const;
  const check = logsCheck({ source, minLines: 1, ...more });
  const openLogs = logSources({ workspace: directory.path, env: {}, signal: new AbortController().signal });
  const observer = createObserver([check], scopeOf(), { ...realPorts({ time: since }), openLogs });
  const judge = createJudge([check], { kind: "bake" });
  const observations: Observation[] = [];
  let logs: Observation["logs"];
  let judged: ReturnType<typeof judge.take> | undefined;
  for (const [i, until] of looks.entries()) {
    write?.(i);
    const [observation] = await observer.look(since, until);
    if (!observation) throw new Error("nothing was observed");
    const { logs: said, ...rest } = observation;
    logs = said;
    observations.push({ ...rest, at: until });
    judged = judge.take([{ ...rest, at: until }], { final: i === looks.length - 1 });
  }
  await observer.close();
  if (!judged || !logs) throw new Error("nothing was looked at");
  const evidence = evidenceDocument({
    service: "s",
    stage: "beta",
    kind: "bake",
    candidate: { version: "1.0.0", commit: "a".repeat(40), digest: `sha256:${"b".repeat(64)}` },
    since,
    until: looks.at(-1) ?? since,
    final: true,
    checks: [check],
    observations,
    measurements: observations.map((one) => ({ ...one, phase: "pass", reason: "" })),
    logs: [{ check: check.name, ...logs }],
    verdict: judged.verdict,
  });
  const json = serialiseEvidence(evidence);
  const read = parseEvidence(json, "evidence.json");
  const summary = renderSummary({ evidence: read, headline: "h", next: "n" });
  return { evidence: read, json, summary, logs, verdict: judged.verdict };
}

describe("what the logs said", () => {
  test("adds up over the looks, and is in the evidence and in the summary", async () => {
    writeFileSync(directory.at("a.log"), lines(-3_600, 3_600) + lines(-100, 5, "ERROR", "disk full"));
    const told = await tell({ newSignatures: 0 }, [since + 10 * MINUTE, since + 20 * MINUTE], (look) => {
      const more = lines(600 * look, 600) + lines(600 * look, 40, "ERROR", "disk full");
      writeFileSync(directory.at("a.log"), more, { flag: "a" });
      if (look === 1) writeFileSync(directory.at("b.log"), lines(700, 3, "FATAL", "cannot open the ledger of"));
    });
    const { logs } = told;
    expect(logs).toMatchObject({ lines: 1_283, errors: 83, fatal: 3, width: MINUTE });
    expect(logs.buckets).toHaveLength(20);
    expect(logs.buckets[0]).toMatchObject({ start: since, lines: 100, errors: 40 });
    expect(logs.sources.map(({ name, lines: count }) => [name, count])).toEqual([
      ["a.log", 1_280],
      ["b.log", 3],
    ]);
    expect(logs.newKinds).toMatchObject([{ template: "cannot open the ledger of <*>", count: 3, sources: ["b.log"] }]);
    expect(logs.risenKinds).toMatchObject([{ template: "disk full <*>", count: 80, before: 5 }]);
    const plain = told.summary.replaceAll("&#45;", "-").replaceAll("&#58;", ":").replaceAll("&#42;", "*");
    expect(plain).toContain(
      "<summary>Logs of errors: 1,283 lines, 83 errors (6.47%), 3 fatal, 0 warnings, 1 new kind of errors, 1 risen</summary>",
    );
    expect(plain).toMatch(/\| 3 \| 0 \| 2026-11-20 10:11 UTC \| b\.log \| cannot open the ledger of &lt;\*&gt; \|/);
    expect(plain).toMatch(/\| 80 \| 5 \| 2026-11-20 10:00 UTC \| a\.log \| disk full &lt;\*&gt; \|/);
    expect(plain).toMatch(/errors █.*at most 40 \(40 a minute\)/);
    expect(plain).toContain("| a.log | 1,280 | 80 | 0 | 3,605 | 5 |");
    // The same verdict comes of the document alone.
    expect(judgeEvidence(told.evidence)?.verdict).toEqual(told.verdict);
  });

  test("names the host that fell silent, and what it did before", async () => {
    writeFileSync(directory.at("a.log"), lines(-3_600, 3_600) + lines(0, 3_000));
    writeFileSync(directory.at("b.log"), lines(-3_600, 3_600));
    const { verdict, summary } = await tell({}, [since + 20 * MINUTE, since + 40 * MINUTE]);
    expect(verdict).toMatchObject({
      phase: "fail",
      reasons: [
        "errors: 1 host fell silent > 0: b.log has written nothing for 40m, and before the deploy it wrote in 60 of 60 spans of 1m and never paused so long",
      ],
    });
    expect(summary).toContain("| b.log | 40m | in 60 of 60 spans of 1m | 0ms |");
  });

  test("is bounded, however much there is of everything", async () => {
    for (let file = 0; file < 40; file++) {
      let text = "";
      for (let n = 0; n < 300; n++) {
        const at = new Date(since + n * 12_000).toISOString();
        text += `${at} ERROR a kind of ${"so many ".repeat(n % 30)}words\n`;
      }
      writeFileSync(directory.at(`${file}.log`), text);
    }
    const { json, summary, logs } = await tell({ newSignatures: 0 }, [since + HOUR]);
    expect(logs.all).toMatchObject({ sources: 40 });
    expect(logs.all.newKinds).toBeGreaterThan(20);
    for (const list of [logs.sources, logs.newKinds, logs.risenKinds]) expect(list.length).toBeLessThanOrEqual(10);
    expect(logs.buckets.length).toBeLessThanOrEqual(60);
    expect(json.length).toBeLessThan(30_000);
    expect(summary).toContain("and 30 more.");
  });
});

describe("a secret in a log", () => {
  test.each([
    ["a password in a URL", "cannot reach postgres://app:hunter2hunter@db.lab/x", "hunter2hunter"],
    ["a password", 'login failed password="correct horse" user=x', "correct"],
    ["a password in JSON", '{"level":"error","msg":"bad","db_password":"hunter2hunter"}', "hunter2hunter"],
    ["a bearer token", "rejected Authorization: Bearer abcdefGHIJKL123456.xyz", "abcdefGHIJKL123456"],
    [
      "a JSON web token",
      "bad eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
      "dozjgNryP4J3",
    ],
    [
      "a key of AWS",
      "denied AKIAIOSFODNN7EXAMPLE aws_secret_access_key=wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
      "wJalrXUtnFEMI",
    ],
    ["the id of a key of AWS", "denied AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7"],
    ["a token of GitHub", "push refused ghp_0123456789abcdefghijABCDEFGHIJ012345", "ghp_0123456789"],
    ["a token in a query", "GET /x?api_key=zzzzyyyyxxxxwwww&b=1 failed", "zzzzyyyyxxxxwwww"],
    [
      "a token behind a long message",
      `${"it happened and ".repeat(20)} GET /x?api_key=zzzzyyyyxxxxwwww failed`,
      "zzzzyyyyxxxxwwww",
    ],
    [
      "a private key",
      "tls: -----BEGIN RSA PRIVATE KEY----- MIIEpAIBAAKCAQEA7x -----END RSA PRIVATE KEY----- is bad",
      "MIIEpAIBAAKCAQEA",
    ],
  ])("%s is neither in the evidence nor in the summary", async (_name, text, secret) => {
    const at = new Date(since + 1_000).toISOString();
    const line = text.startsWith("{") ? text.replace("{", `{"time":"${at}",`) : `${at} ERROR ${text}`;
    writeFileSync(directory.at("a.log"), `${line}\n`);
    const { json, summary, logs } = await tell({ newSignatures: 0, maxCount: 0 }, [since + HOUR]);
    expect(logs.newKinds).toHaveLength(1);
    expect(json).not.toContain(secret);
    expect(summary).not.toContain(secret);
  });
});

describe("a line that wants to be more than text", () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not come through
  const forbidden = /<img|<script|\n::|^::|##\[|\u001b|\u202e|\u0000|!\[x\]|\[click\]\(|@everyone|(?<!`)``(?!`)/;
  test.each([
    ["a workflow command", "::error file=x::gotcha"],
    ["an old workflow command", "##[error]gotcha"],
    ["HTML", "<img src=http://evil.example/x onerror=alert(1)><script>x</script>"],
    ["the end of the block", "</details></summary> | x | y |"],
    ["an image and a link", "![x](http://evil.example/x) [click](http://evil.example)"],
    ["a mention and a reference", "@everyone closes #1 GH-12 https://evil.example/a"],
    ["a code span and a table", "`x` ``` | a | b |\\| --- |"],
    ["colours and cursors", "\u001b[31mred\u001b[2J\u001b]0;title\u0007"],
    ["text turned round", "admin\u202Egnp.exe \u2066x\u2069"],
    ["what ends a line for some", "a\u2028::error::b\u0085c\u000bd\u0000e"],
  ])("%s is text", async (_name, text) => {
    const at = new Date(since + 1_000).toISOString();
    writeFileSync(directory.at("a.log"), `${at} ERROR it said ${text} then\n`);
    const { json, summary, evidence } = await tell({ newSignatures: 0, maxCount: 0 }, [since + HOUR]);
    expect(summary).not.toMatch(forbidden);
    expect(summary.split("\n").filter((line) => line.startsWith("::"))).toEqual([]);
    // The texts of the evidence are single lines without control characters; what shows them escapes the rest.
    expect(json).not.toMatch(/\\u00[01]|\\n|\\u202e|\u202e|\u2028/);
    expect(evidence.logs?.[0]?.newKinds[0]?.sample).toContain("it said");
    // Whatever it says, the table has its columns.
    const rows = summary.split("\n").filter((line) => line.startsWith("| 1 | 0 |"));
    expect(rows.map((line) => line.split("|").length)).toEqual([8]);
    expect(summary.match(/<details>/g)?.length).toBe(summary.match(/<\/details>/g)?.length);
  });
});
