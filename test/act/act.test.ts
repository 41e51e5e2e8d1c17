import { readFileSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import { skipUnless } from "../support/tools.ts";
import { type ActLab, openActLab } from "./lab.ts";

let lab: ActLab | undefined;
afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

interface Deployment {
  readonly id: number;
  readonly environment: string;
  readonly payload: { readonly kind: string; readonly candidate: { readonly version: string } };
}

async function ledger(get: ActLab["get"]): Promise<string[]> {
  const lines: string[] = [];
  const deployments = await get<Deployment[]>("deployments?per_page=100");
  for (const { id, environment, payload } of deployments.sort((a, b) => a.id - b.id)) {
    const statuses = await get<{ state: string; description: string }[]>(`deployments/${id}/statuses?per_page=100`);
    const states = statuses.reverse().map(({ state }) => state);
    const last = statuses.at(-1)?.description;
    lines.push(
      `${environment} ${payload.kind} ${payload.candidate.version}: ${[...new Set(states)].join(", ")}: ${last}`,
    );
  }
  return lines;
}

it("the shipped actions keep the same ledger under a runner that is not ours", {
  timeout: 120_000,
}, async (context) => {
  lab = await openActLab(skipUnless("act", context));
  const { github, get, push, live } = lab;

  const good = await push("1.5.0");
  expect(good.code, good.log).toBe(0);
  expect(await ledger(get)).toEqual([
    expect.stringMatching(/^beta promotion 1\.5\.0: queued, in_progress, success: baked .*: \d+ samples?, 0 failed$/),
  ]);

  const bad = await push("1.6.0");
  expect(bad.code, bad.log).toBe(1);
  expect(await ledger(get)).toEqual([
    expect.stringMatching(/^beta promotion 1\.5\.0: queued, in_progress, success: /),
    expect.stringMatching(/^beta promotion 1\.6\.0: queued, in_progress, failure, inactive: rolled back to 1\.5\.0/),
    "beta rollback 1.5.0: queued, in_progress, success: rolled back to 1.5.0: passed: 1 check",
  ]);
  expect(readFileSync(live, "utf8").split("\n")).toEqual(["1.5.0", "1.6.0", "1.5.0", ""]);
  const issues = await get<{ labels: { name: string }[] }[]>("issues?state=open");
  expect(issues.map(({ labels }) => labels.map(({ name }) => name))).toEqual([["hold:beta"]]);
  expect(github.administration.violations).toEqual([]);
});
