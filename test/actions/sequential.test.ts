import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { judgeEvidence } from "../../src/report/evidence.ts";
import { parseEvidence } from "../../src/report/read-evidence.ts";
import { serve } from "../evidence/world.ts";
import { Lab } from "./lab.ts";

const pipeline = (url: string) => `service: storage-node
sources:
  prom: { prometheus: "${url}" }
checks:
  smoke: { run: "true" }
  errors:
    {
      metric: prom,
      query: "errors{box='one'}",
      total: "requests{box='one'}",
      baseline: { query: "errors{box='rest'}", total: "requests{box='rest'}" },
      detect: 2x,
    }
stages:
  - { name: source, gate: [smoke] }
  - name: beta
    deploy: echo deployed
    gate: [smoke]
    bake: { for: 2h, every: 10m, extend: 1h, checks: [errors], false-alarm: 1% }
`;

/** A metrics server whose counters rise evenly; of the candidate's and the control's requests these shares are errors. */
function metrics({ perHour, candidate, control }: { perHour: number; candidate: number; control: number }) {
  return serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
    const query = searchParams.get("query") ?? "";
    const isOne = query.includes("'one'");
    const rate = (isOne ? 1 : 4) * (query.startsWith("errors") ? (isOne ? candidate : control) : 1);
    const number = (name: string) => Number(searchParams.get(name));
    const value = (time: number) => [time, String(Math.floor(((time - 1.7e9) / 3_600) * perHour * rate))];
    const ranged = pathname.endsWith("_range");
    const count = ranged ? Math.floor((number("end") - number("start")) / number("step") + 1e-6) + 1 : 1;
    const values = Array.from({ length: count }, (_, i) => value(number("start") + i * number("step")));
    response.end(
      JSON.stringify({
        status: "success",
        data: {
          resultType: ranged ? "matrix" : "vector",
          result: [{ metric: {}, ...(ranged ? { values } : { value: value(number("time")) }) }],
        },
      }),
    );
  });
}

describe("a bake against a control on a metrics server", () => {
  let lab: Lab | undefined;
  afterEach(() => lab?.close());

  async function bake(world: Parameters<typeof metrics>[0]) {
    await using server = await metrics(world);
    lab = await Lab.open({ ".github/pipeline.yml": pipeline(server.url) });
    await lab.seed("1.5.0", "source");
    const run = lab.newRun("1.5.0");
    const deployment = (await lab.action("promote", { stage: "beta" }, { run })).outputs["deployment-id"] ?? "";
    await lab.action("gate", { stage: "beta", "deployment-id": deployment }, { run });
    const ended = await lab.action("bake", { stage: "beta", "deployment-id": deployment }, { run });
    return { ended, last: (await lab.ledger()).at(-1) };
  }

  it("that is too weak for what the file asks says so at its start, goes on, and ends inconclusive", async () => {
    const { ended, last } = await bake({ perHour: 600, candidate: 0.01, control: 0.01 });
    expect(ended).toMatchObject({ code: 1, outputs: { verdict: "inconclusive" } });
    expect(ended.outputs["reason"]).toMatch(/^errors: too little to see 2x/);
    expect(ended.log).toMatch(
      /errors: 2h at \d+ requests\/h: an error rate [\d.]+x as high would be caught 9 times in 10; for 2x bake/,
    );
    expect(ended.log).toMatch(/too little to detect 2x, as the file asks/);
    expect(ended.summary).toContain("What this bake could see");
    expect(last).toMatch(/^beta promotion 1\.5\.0: (error|failure): errors: too little to see 2x/);
    const evidence = parseEvidence(readFileSync(ended.outputs["evidence"] ?? "", "utf8"), "evidence.json");
    expect(evidence.until - evidence.since).toBeGreaterThanOrEqual(3 * 3_600_000);
    expect(judgeEvidence(evidence)?.verdict).toEqual(evidence.verdict);
  });

  it("with enough to see it passes after its time", async () => {
    const { ended, last } = await bake({ perHour: 600_000, candidate: 0.01, control: 0.01 });
    expect(ended).toMatchObject({ code: 0, outputs: { verdict: "pass" } });
    expect(last).toMatch(/^beta promotion 1\.5\.0: success: baked 2h/);
  });

  it("stops what fails more often than its control, and says by how much", async () => {
    const { ended, last } = await bake({ perHour: 600_000, candidate: 0.03, control: 0.01 });
    expect(ended).toMatchObject({ code: 1, outputs: { verdict: "fail" } });
    expect(last).toMatch(/^beta promotion 1\.5\.0: failure: errors: candidate [\d,]+ of [\d,]+ \(3%\) against control/);
    expect(ended.summary).toMatch(/effect [\d.]+x, interval/);
    expect(ended.summary).toMatch(/^candidate [▁▂▃▄▅▆▇█·]+ at most/m);
  });
});
