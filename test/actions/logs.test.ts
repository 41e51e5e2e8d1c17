import { afterEach, describe, expect, it } from "vitest";
import { Lab } from "./lab.ts";

let lab: Lab;
afterEach(async () => {
  expect(lab.github.administration.violations).toEqual([]);
  await lab.close();
});

/** Prints 100 harmless lines of just now, and so many of the given one. */
const WRITE = `
const [, , count, line] = process.argv;
const at = new Date(Number(process.env.ROCKSOLID_UNTIL) * 1000 - 2000).toISOString();
let text = "";
for (let n = 0; n < 100; n++) text += at + " INFO all is well " + n + "\\n";
for (let n = 0; n < Number(count); n++) text += at + " " + line + " " + n + "\\n";
process.stdout.write(text);
`;

/** Prints what two hosts wrote, a line each in half a minute; the second stops an hour after the first look's beginning: at the deploy. */
const TWO_HOSTS = `
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const [since, until] = [Number(process.env.ROCKSOLID_SINCE), Number(process.env.ROCKSOLID_UNTIL)];
if (!existsSync("deployed")) writeFileSync("deployed", String(since + 3600));
const deployed = Number(readFileSync("deployed", "utf8"));
let text = "";
for (let t = since; t <= until; t += 30) {
  const at = new Date(t * 1000).toISOString();
  text += "<14>1 " + at + " db-1 app 1 - - served\\n";
  if (t < deployed) text += "<14>1 " + at + " db-2 app 1 - - served\\n";
}
process.stdout.write(text);
`;

const pipeline = (command: string, check: string, more = "") => `
service: storage-node
sources:
  app: { command: '${command.replaceAll("'", "''")}' }
checks:
  errors: ${check}
stages:
  - { name: beta, deploy: "true", gate: { checks: [errors], timeout: 2m, every: 30s }${more} }
`;

async function gate(check: string, count: number, line: string) {
  const files = { "write.cjs": WRITE, ".github/pipeline.yml": pipeline(`node write.cjs ${count} '${line}'`, check) };
  lab = await Lab.open(files);
  const run = lab.newRun("1.4.0");
  await lab.action("promote", { stage: "beta", version: "1.4.0" }, { run });
  return await lab.action("gate", { stage: "beta", version: "1.4.0" }, { run });
}

describe("a check of logs, in a gate of the shipped bundle", () => {
  it.each([
    ["{ logs: app, errors: { max-rate: 5% } }", 0, "ERROR x", /^passed: 1 check$/],
    ["{ logs: app, errors: { max-rate: 1% } }", 5, "ERROR x", /^errors: \d+ of \d+ lines \(4\.76%\) > 1%$/],
    [
      "{ logs: app, errors: { max-rate: 1 per hour } }",
      5,
      "ERROR x",
      /^errors: \d+ errors in .* per hour\) > 1 per hour$/,
    ],
    ["{ logs: app, errors: { max-rate: 1%, of: requests } }", 0, "x", /^errors: no data: no requests among \d+ lines/],
    ["{ logs: app, errors: { max-count: 3 } }", 5, "ERROR x", /^errors: \d+ errors in \d+ lines > 3$/],
    ["{ logs: app, fatal: 0 }", 1, "FATAL out of memory", /^errors: \d fatal events? in \d+ lines > 0$/],
    ["{ logs: app, fatal: 0, match: kitchen }", 5, "ERROR x", /^errors: 0 matching lines < 1$/],
    ["{ logs: app, errors: { max-count: 0 }, ignore: 'retry [0-9]+' }", 5, "ERROR retry", /^passed: 1 check$/],
    [
      "{ logs: app, new-signatures: 0 }",
      2,
      "ERROR the disk is full",
      /^errors: 1 new kind of errors > 0: the disk is full <\*>$/,
    ],
    ["{ logs: app, min-lines: 100000 }", 0, "x", /^errors: \d+ lines < 100,000$/],
  ])("%s with %i lines of %s", async (check, count, line, reason) => {
    const ended = await gate(check, count, line);
    expect(ended.outputs["reason"]).toMatch(reason);
    expect(ended.code).toBe(ended.outputs["verdict"] === "pass" ? 0 : 1);
  });

  it("whatever a line says, it is text in log and summary", async () => {
    const ended = await gate("{ logs: app, new-signatures: 0 }", 1, "ERROR ::error::<img src=x> | token=abcdefgh");
    expect(ended.errors).toHaveLength(1);
    expect(ended.summary).toMatch(/<summary>Logs of errors: \d+ lines, \d error/);
    expect(ended.summary).not.toContain("<img");
    expect(ended.summary + ended.log).not.toContain("abcdefgh");
    expect(ended.log.split("\n").filter((line) => /^\s*::error::</.test(line))).toEqual([]);
  });
});

describe("in a bake of the shipped bundle", () => {
  it("a host that stopped writing at the deploy fails the bake, and is named, though nothing asks for it", async () => {
    const bake = ", bake: { for: 30m, every: 5m, checks: [silence] }";
    lab = await Lab.open({
      "hosts.cjs": TWO_HOSTS,
      ".github/pipeline.yml": pipeline("node hosts.cjs", "{ run: 'true' }", bake).replace(
        "checks:\n",
        "checks:\n  silence: { logs: app, errors: { max-rate: 5% } }\n",
      ),
    });
    const run = lab.newRun("1.4.0");
    for (const part of ["promote", "gate"]) await lab.action(part, { stage: "beta", version: "1.4.0" }, { run });
    const ended = await lab.action("bake", { stage: "beta", version: "1.4.0" }, { run });
    expect(ended.outputs["reason"]).toMatch(
      /^silence: 1 host fell silent > 0: db-2 has written nothing for \d+m.*, and before the deploy it wrote in \d+ of \d+ spans of 1m/,
    );
    expect(ended.summary).toMatch(/\| db&#45;2 \| .*m.* \| in \d+ of \d+ spans of 1m \|/);
  });
});
