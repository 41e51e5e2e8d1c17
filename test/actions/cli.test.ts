import { spawn } from "node:child_process";
import { afterEach, describe, expect, it } from "vitest";
import { Lab, PIPELINE } from "./lab.ts";

const cli = new URL("../../src/cli/main.ts", import.meta.url).pathname;
/** Where Node keeps what it made of the command's TypeScript, so that only the first start pays for it. */
const COMPILED = new URL("../../node_modules/.cache/node", import.meta.url).pathname;
let lab: Lab;
afterEach(async () => {
  expect(lab.github.administration.violations).toEqual([]);
  await lab.close();
});

async function rocksolid(...args: string[]) {
  const env = {
    PATH: process.env["PATH"] ?? "",
    NODE_COMPILE_CACHE: COMPILED,
    GITHUB_API_URL: lab.github.url,
    GITHUB_TOKEN: lab.github.administration.userToken("auditor"),
    GITHUB_REPOSITORY: "demo/storage-node",
  };
  const child = spawn(process.execPath, [cli, ...args], { cwd: lab.workspace, env, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.on("data", (data) => {
    out += data;
  });
  child.stderr.on("data", (data) => {
    err += data;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, out, err };
}

describe("rocksolid plan", () => {
  it("says what would happen, with every reason, and writes nothing", async () => {
    lab = await Lab.open();
    await lab.seed("1.4.0", "source", "beta", "prod");
    const refused = await rocksolid("plan", "prod", "--version", "1.5.0", "--commit", lab.commit("1.5.0"));
    expect(refused).toMatchObject({ code: 1, err: "" });
    expect(refused.out).toContain("- 1.5.0 was never deployed to beta, the stage before");
    await lab.seed("1.5.0", "source", "beta");
    const admitted = await rocksolid("plan", "prod", "--commit", "v1.5.0", "--json");
    expect(admitted.code).toBe(0);
    expect(JSON.parse(admitted.out)).toMatchObject({
      schema: "rocksolid/plan/v1",
      decision: "admitted",
      candidate: { version: "1.5.0", commit: lab.commit("1.5.0") },
      previous: { version: "1.4.0" },
    });
    const writes = lab.github.administration.requests.filter(
      ({ method, path }) => method !== "GET" && !path.includes("graphql"),
    );
    const seeded = writes.length;
    await rocksolid("plan", "prod", "--commit", "v1.5.0");
    expect(
      lab.github.administration.requests.filter(({ method, path }) => method !== "GET" && !path.includes("graphql")),
    ).toHaveLength(seeded);
  });

  it("answers with 3 when it has to wait, and with the instant", async () => {
    const closed = `${PIPELINE.replace("reviewers: true", "reviewers: true, window: never-now")}
windows:
  never-now: { days: ${["mon", "tue", "wed", "thu", "fri", "sat", "sun"][(new Date().getUTCDay() + 2) % 7]}, hours: "10:00-16:00", zone: UTC }
`;
    lab = await Lab.open({ ".github/pipeline.yml": closed });
    await lab.seed("1.5.0", "source", "beta");
    const waiting = await rocksolid("plan", "prod", "--commit", "v1.5.0");
    expect(waiting.code).toBe(3);
    expect(waiting.out).toMatch(/worth asking again at 20\d\d-/);
  });

  it.each([
    { args: ["plan", "proda"], message: 'did you mean "prod"?' },
    { args: ["plan"], message: "it takes one stage" },
    { args: ["plan", "prod", "--commit", "none"], message: '"none" is none here' },
    { args: ["audit", "1", "2"], message: "it takes one version" },
  ])("$args is told what is wrong", async ({ args, message }) => {
    lab = await Lab.open();
    expect(await rocksolid(...args)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });
});

describe("rocksolid audit", () => {
  it("tells from GitHub alone who promoted, what was skipped and why, and what was undone", async () => {
    lab = await Lab.open();
    await lab.seed("1.4.0", "source", "beta");
    await lab.seed("1.5.0", "source");
    lab.write("broken-1.5.0");
    const run = lab.newRun("1.5.0");
    const promoted = await lab.action("promote", { stage: "beta", kind: "hotfix", reason: "disks fill up" }, { run });
    const deployment = promoted.outputs["deployment-id"] ?? "";
    await lab.action("gate", { stage: "beta", "deployment-id": deployment }, { run });
    await lab.action("rollback", { stage: "beta", "deployment-id": deployment }, { run });

    const text = await rocksolid("audit", "1.5.0");
    expect(text).toMatchObject({ code: 0, err: "" });
    expect(text.out).toContain(`beta: hotfix of 1.5.0: failed (deployment ${deployment})`);
    expect(text.out).toMatch(/started by +ada/);
    expect(text.out).toMatch(/reason +disks fill up/);
    expect(text.out).toMatch(/skipped +the bake: hotfix by ada: disks fill up/);
    expect(text.out).toMatch(/undone by +deployment \d+/);
    expect(text.out).toMatch(/failure +smoke: /);
    expect(text.out).toContain("beta: rollback of 1.4.0: good");

    const json = JSON.parse((await rocksolid("audit", "1.5.0", "--json")).out);
    expect(json.entries).toHaveLength(2);
    expect(json.entries[0]).toMatchObject({
      kind: "hotfix",
      actor: "ada",
      outcome: "failed",
      undoneBy: json.entries[1].deployment,
    });
    expect(await rocksolid("audit", "9.9.9")).toMatchObject({
      code: 1,
      err: expect.stringContaining("knows no version 9.9.9"),
    });
  });

  it("names the reviewers who approved", async () => {
    lab = await Lab.open();
    await lab.seed("1.4.0", "source", "beta");
    const run = lab.newRun("1.4.0");
    const { actions, administration } = lab.github;
    const job = actions.createJob({ run, attempt: 1, name: "prod / admit", labels: ["ubuntu-latest"] });
    const entered = actions.enterEnvironment(
      { run, job, environment: "prod", deployment: false },
      AbortSignal.timeout(20_000),
    );
    administration.review(run, "prod", "approved", "grace", "looks | good");
    await entered;
    expect((await lab.action("promote", { stage: "prod", version: "1.4.0" }, { run })).code).toBe(0);
    const text = await rocksolid("audit", "1.4.0");
    expect(text.out).toMatch(/approved +by grace: looks \| good/);
  });
});
