import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  action,
  expressions,
  type Job,
  ownPath,
  read,
  type Step,
  type Workflow,
  workflow,
  workflowFiles,
} from "./repository.ts";

const access = { none: 0, read: 1, write: 2 } as const;
type Access = keyof typeof access;

function needsOf({ needs = [] }: Job): readonly string[] {
  return typeof needs === "string" ? [needs] : needs;
}

/** Uses of our own actions and workflows, with what stands beside them. */
function ownUses({ jobs }: Workflow): { where: string; path: string; call: Job | Step; caller: Job }[] {
  return Object.entries(jobs).flatMap(([name, job]) =>
    [job, ...(job.steps ?? [])].flatMap((call, index) => {
      const path = call.uses === undefined ? undefined : ownPath(call.uses);
      return path === undefined ? [] : [{ where: `${name}[${index}] ${call.uses}`, path, call, caller: job }];
    }),
  );
}

/** What a file of ours takes and gives. */
function interfaceOf(path: string) {
  if (!path.startsWith(".github/workflows/")) {
    const { inputs, outputs } = action(path);
    return { inputs, outputs, secrets: {} };
  }
  const called = workflow(path.slice(".github/workflows/".length)).on.workflow_call ?? {};
  return { inputs: called.inputs ?? {}, outputs: called.outputs ?? {}, secrets: called.secrets ?? {} };
}

/** The rights that a called workflow's jobs ask for, of each scope the strongest. */
function rightsOf(path: string): ReadonlyMap<string, Access> {
  const rights = new Map<string, Access>();
  const called = workflow(path.slice(".github/workflows/".length));
  for (const { permissions = {} } of Object.values(called.jobs)) {
    for (const [scope, wanted] of Object.entries(permissions) as [string, Access][]) {
      if (access[wanted] > access[rights.get(scope) ?? "none"]) rights.set(scope, wanted);
    }
  }
  return rights;
}

function matches(text: string, pattern: RegExp): string[][] {
  return [...text.matchAll(pattern)].map((match) => match.slice(1).map((group) => group ?? ""));
}

describe.each(workflowFiles)("%s", (file) => {
  const text = read(`.github/workflows/${file}`);
  const parsed = workflow(file);
  const jobs = Object.entries(parsed.jobs);

  it("gives no right to jobs that do not ask, and every job asks for its own", () => {
    expect(parsed.permissions).toEqual({});
    expect(jobs.filter(([, job]) => job.permissions === undefined).map(([name]) => name)).toEqual([]);
  });

  it("says how long each job may take, where GitHub lets it", () => {
    const without = jobs.filter(([, job]) => job.uses === undefined && !((job["timeout-minutes"] ?? 0) > 0));
    expect(without.map(([name]) => name)).toEqual([]);
  });

  it("pastes nothing into a script", () => {
    const scripts = jobs.flatMap(([, job]) => (job.steps ?? []).flatMap(({ run }) => run ?? []));
    expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
  });

  it("pins what is not ours by commit, with the version beside it", () => {
    const lines = text.split("\n").filter((line) => /^\s*(?:- )?uses:/.test(line));
    for (const line of lines) {
      const uses = /uses:\s*(\S+)/.exec(line)?.[1] ?? "";
      if (ownPath(uses) === undefined) expect(line).toMatch(/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it("gives our actions and workflows what they take: no unknown input, none forgotten", () => {
    for (const { where, path, call } of ownUses(parsed)) {
      const { inputs, secrets } = interfaceOf(path);
      const given = Object.keys(call.with ?? {});
      expect(Object.keys(inputs), where).toEqual(expect.arrayContaining(given));
      const forgotten = Object.entries(inputs).filter(([name, { required }]) => required && !given.includes(name));
      expect(forgotten, where).toEqual([]);
      if ("secrets" in call)
        expect(Object.keys(secrets), where).toEqual(expect.arrayContaining(Object.keys(call.secrets ?? {})));
    }
  });

  it("gives a called workflow every right that its jobs ask for, and no more", () => {
    for (const { where, path, caller } of ownUses(parsed)) {
      if (!path.startsWith(".github/workflows/")) continue;
      expect(caller.permissions, where).toEqual(Object.fromEntries(rightsOf(path)));
    }
  });

  it("reads only inputs that it has", () => {
    const { workflow_call, workflow_dispatch } = parsed.on;
    const declared = [workflow_call, workflow_dispatch].flatMap((event) => Object.keys(event?.inputs ?? {}));
    const used = expressions(text).flatMap((expression) => matches(expression, /\binputs\.([\w-]+)/g).flat());
    expect(declared).toEqual(expect.arrayContaining(used));
    const unused = [...new Set(declared)].filter((name) => !used.includes(name));
    expect(unused).toEqual([]);
  });

  it("reads only outputs of steps and jobs that it has and waits for", () => {
    for (const [name, job] of jobs) {
      const own = JSON.stringify(job);
      const steps = new Map(
        (job.steps ?? []).flatMap((step) => (step.id === undefined ? [] : [[step.id, step] as const])),
      );
      for (const [id = "", output = ""] of matches(own, /\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
        const step = steps.get(id);
        const path = step?.uses === undefined ? undefined : ownPath(step.uses);
        const where = `${name}: steps.${id}.outputs.${output}`;
        if (path !== undefined) expect(Object.keys(interfaceOf(path).outputs), where).toContain(output);
        else expect(step?.run, where).toContain(`echo "${output}=`);
      }
      for (const [other = "", , output] of matches(own, /\bneeds\.([\w-]+)\.(outputs\.([\w-]+)|result)/g)) {
        const where = `${name}: needs.${other}.outputs.${output}`;
        expect(needsOf(job), where).toContain(other);
        const needed = parsed.jobs[other];
        const path = needed?.uses === undefined ? undefined : ownPath(needed.uses);
        const outputs = path === undefined ? (needed?.outputs ?? {}) : interfaceOf(path).outputs;
        if (output !== "") expect(Object.keys(outputs), where).toContain(output);
      }
    }
    for (const [name, { value }] of Object.entries(parsed.on.workflow_call?.outputs ?? {})) {
      for (const [job = "", output = ""] of matches(value, /\bjobs\.([\w-]+)\.outputs\.([\w-]+)/g))
        expect(Object.keys(parsed.jobs[job]?.outputs ?? {}), `${name}: ${value}`).toContain(output);
    }
  });
});

it("a pipeline carries every stage of the demo, each after the one before", () => {
  const { stages } = parse(read("rehearsal/demo/.github/pipeline.yml")) as { stages: { name: string }[] };
  const { jobs } = workflow("pipeline.yml");
  const names = stages.map(({ name }) => name);
  expect(Object.keys(jobs)).toEqual(["build", ...names]);
  names.forEach((name, index) => {
    const before = index === 0 ? ["build"] : ["build", names[index - 1] ?? ""];
    expect(needsOf(jobs[name] ?? {}), name).toEqual(before);
  });
});

it.each([
  ["stage.yml", "gate"],
  ["stage.yml", "bake"],
  ["restore.yml", "close"],
])("%s keeps the evidence of %s, whatever its verdict, and does not fail over it", (file, id) => {
  const steps = Object.values(workflow(file).jobs).flatMap(({ steps = [] }) => steps);
  const upload = steps.find((step) => String(step.with?.["path"]).includes(`steps.${id}.outputs.evidence`));
  expect(upload).toMatchObject({
    uses: expect.stringMatching(/^actions\/upload-artifact@/),
    if: expect.stringContaining("always()"),
    "continue-on-error": true,
  });
});
