import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Permissions } from "../../rehearsal/github/ports.ts";
import { actionNames, actionPermissions } from "../../scripts/permissions.ts";
import { bake } from "../../src/actions/bake.ts";
import { gate } from "../../src/actions/gate.ts";
import { afterPromote, promote } from "../../src/actions/promote.ts";
import { afterRollback, rollback } from "../../src/actions/rollback.ts";
import type { World } from "../../src/actions/world.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { type Ended, Lab } from "../actions/lab.ts";
import { action, expressions, read } from "./repository.ts";

const stories = {
  promote: { main: promote, post: afterPromote },
  gate: { main: gate },
  bake: { main: bake },
  rollback: { main: rollback, post: afterRollback },
} as const;

/** The names of the inputs that a story asks for, up to the mistake that it finds in them. */
async function inputsRead(story: (world: World) => Promise<void>): Promise<Set<string>> {
  const names = new Set<string>();
  const world: World = {
    runner: {
      input(name) {
        names.add(name);
        return "";
      },
      info() {},
      warning() {},
      fail() {},
      output() {},
      async summary() {},
      save() {},
      saved: () => "",
    },
    context: {
      repository: "demo/service",
      actor: "ada",
      sha: "0".repeat(40),
      refName: "main",
      refType: "branch",
      run: { id: 1, attempt: 1, url: "" },
      workspace: "",
      temporary: "",
    },
    clock: systemClock,
    env: {},
    variables: {},
    runCommand: async () => ({ exitCode: 0, tail: "" }),
    cancelled: new AbortController().signal,
    connect() {
      throw new Error("a story that was told no stage goes no further");
    },
  };
  await expect(story(world)).rejects.toThrow('input "stage" is missing');
  return names;
}

describe.each(actionNames)("action-%s", (name) => {
  const folder = `action-${name}`;
  const contract = action(folder);

  it("declares the inputs that its code reads, and no others", async () => {
    const names = await inputsRead(stories[name].main);
    expect(Object.keys(contract.inputs).sort()).toEqual([...names].sort());
  });

  it("marks as required what has no default and stops the code, and nothing else", () => {
    const required = Object.entries(contract.inputs).filter(([, { required }]) => required);
    expect(required.map(([input]) => input)).toEqual(["stage"]);
  });

  it("has a post part where its code has one, told by the job's status how the job ended", () => {
    const hasPost = "post" in stories[name];
    expect(contract.runs.post).toBe(hasPost ? contract.runs.main : undefined);
    expect(contract.inputs["job-status"]?.default).toBe(hasPost ? "${{ job.status }}" : undefined);
  });

  it("starts the one bundle with its own name", () => {
    expect(contract.runs.main).toBe("main.js");
    expect(read(`${folder}/main.js`)).toBe(`import { start } from "../dist/start.mjs";\n\nawait start("${name}");\n`);
  });
});

describe("the composite over the four", () => {
  const composite = action(".");
  const steps = composite.runs.steps ?? [];

  it("uses the four actions of its own repository, at its own commit", () => {
    expect(steps.map(({ uses }) => uses)).toEqual(actionNames.map((name) => `$/action-${name}`));
  });

  it("passes only inputs that they have, under the same name or from a step before", () => {
    for (const { uses = "", with: given = {} } of steps) {
      const declared = Object.keys(action(uses.slice(2)).inputs);
      expect(declared, uses).toEqual(expect.arrayContaining(Object.keys(given)));
    }
  });

  it("passes on every input that it has, and reads none that it does not have", () => {
    const read = steps.flatMap((step) => expressions(JSON.stringify(step)).flatMap((text) => reads(text, "inputs")));
    expect([...new Set(read)].sort()).toEqual(Object.keys(composite.inputs).sort());
  });

  it("reads only outputs that they have", () => {
    const outputs = new Map(steps.map(({ id = "", uses = "" }) => [id, Object.keys(action(uses.slice(2)).outputs)]));
    const text = JSON.stringify([composite.outputs, steps]);
    for (const [, step = "", output = ""] of text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
      expect(outputs.get(step), `steps.${step}.outputs.${output}`).toContain(output);
    }
  });
});

function reads(expression: string, context: string): string[] {
  return [...expression.matchAll(new RegExp(`\\b${context}\\.([\\w-]+)`, "g"))].map((match) => match[1] ?? "");
}

function permissionsOf(name: (typeof actionNames)[number]): Permissions {
  return Object.fromEntries(actionPermissions[name].map(({ scope, access }) => [scope, access]));
}

describe("played by the shipped bundle, with no right but those of its README", () => {
  let lab: Lab;
  const ended: Record<string, Ended> = {};
  beforeAll(async () => {
    lab = await Lab.open();
    await lab.seed("1.4.0", "source", "beta");
    const run = lab.newRun("1.5.0");
    const play = async (
      key: string,
      name: (typeof actionNames)[number],
      inputs: Readonly<Record<string, string>>,
    ): Promise<Ended> => {
      const one = await lab.action(name, inputs, { run, permissions: permissionsOf(name) });
      ended[key] = one;
      return one;
    };
    await play("gate of a stage without environment", "gate", { stage: "source" });
    const promoted = await play("promote", "promote", { stage: "beta" });
    const deployment = { stage: "beta", "deployment-id": promoted.outputs["deployment-id"] ?? "" };
    await play("gate", "gate", deployment);
    await play("watch", "bake", { stage: "*", "max-wait": "0" });
    lab.write("unsteady-1.5.0");
    await play("bake", "bake", deployment);
    await play("rollback", "rollback", { ...deployment, failure: ended["bake"]?.outputs["result"] ?? "" });
  }, 60_000);
  afterAll(() => lab.close());

  it("each comes to its end", () => {
    const codes = Object.fromEntries(Object.entries(ended).map(([key, { code, errors }]) => [key, { code, errors }]));
    expect(codes).toMatchObject({
      "gate of a stage without environment": { code: 0 },
      promote: { code: 0 },
      gate: { code: 0 },
      watch: { code: 0 },
      bake: { code: 1, errors: [expect.stringMatching(/^beta: steady: /)] },
      rollback: { code: 0 },
    });
  });

  it.each([
    ["promote", ["promote"]],
    ["gate", ["gate", "gate of a stage without environment"]],
    ["bake", ["bake", "watch"]],
    ["rollback", ["rollback"]],
  ])("action-%s writes the outputs that it declares, and no others", (name, keys) => {
    const written = new Set(keys.flatMap((key) => Object.keys(ended[key]?.outputs ?? {})));
    expect([...written].sort()).toEqual(Object.keys(action(`action-${name}`).outputs).sort());
  });
});
