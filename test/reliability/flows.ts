import type { ActionName, Call, Ended, House } from "./house.ts";

/** What a step may look at: outputs of earlier steps of its job and of earlier jobs, by id. */
export interface Seen {
  readonly steps: Readonly<Record<string, Ended>>;
  readonly jobs: Readonly<Record<string, JobEnd>>;
}

export interface Step {
  readonly id: string;
  readonly action: ActionName;
  readonly inputs?: (seen: Seen) => Readonly<Record<string, string>>;
  /** As `if: failure() && …`; without it a step is run while nothing has failed. */
  readonly onFailure?: (seen: Seen) => boolean;
}

export interface Job {
  readonly name: string;
  readonly needs: readonly string[];
  /** As `if:` in the workflow; without it all that it needs must have succeeded. */
  readonly when?: (jobs: Readonly<Record<string, JobEnd>>) => boolean;
  /** Whether that `if:` says `always()`: such a job starts although its run was cancelled. */
  readonly always?: true;
  readonly steps: readonly Step[];
}

export interface JobEnd {
  readonly result: "success" | "failure" | "skipped" | "cancelled";
  /** The outputs of its steps, merged: later ones win. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** A workflow, as far as our actions are concerned: the jobs of stage.yml and restore.yml, or one job around action.yml. */
export interface Flow {
  readonly name: string;
  /** The name of the job that calls the workflow: GitHub shows it before those of the jobs in it. */
  readonly prefix?: string;
  readonly jobs: readonly Job[];
}

/** One call, named so that it is the same in every play of the same flow. */
export interface Moment {
  readonly job: string;
  readonly step: string;
  readonly call: number;
  readonly moment: "before" | "after";
  readonly what: string;
  readonly writes: boolean;
}

const output = (seen: Seen, step: string, name: string): string => seen.steps[step]?.outputs[name] ?? "";

function stageJob(stage: string, more: Readonly<Record<string, string>> = {}, version = "1.5.0"): Job {
  const deployment = (seen: Seen) => ({
    stage,
    version,
    "deployment-id": output(seen, "promote", "deployment-id"),
  });
  return {
    name: "stage",
    needs: [],
    steps: [
      { id: "promote", action: "promote", inputs: () => ({ stage, version, ...more }) },
      { id: "gate", action: "gate", inputs: deployment },
      { id: "bake", action: "bake", inputs: deployment },
      {
        id: "rollback",
        action: "rollback",
        onFailure: (seen) => output(seen, "promote", "deployment-id") !== "",
        inputs: (seen) => ({
          ...deployment(seen),
          failure:
            output(seen, "bake", "result") || output(seen, "gate", "result") || output(seen, "promote", "result"),
        }),
      },
    ],
  };
}

/** One job around `action.yml`. */
export function oneJob(stage: string, more: Readonly<Record<string, string>> = {}, version = "1.5.0"): Flow {
  return { name: `action.yml ${stage}`, jobs: [stageJob(stage, more, version)] };
}

type Jobs = Readonly<Record<string, JobEnd>>;

/** One job of a matrix for each target; without targets there is one job in it. */
function shares(name: string, targets: readonly string[]): readonly { name: string; target: Record<string, string> }[] {
  if (targets.length === 0) return [{ name, target: {} }];
  return targets.map((target) => ({ name: `${name} ${target}`, target: { target } }));
}

/** The result of a matrix, as GitHub tells it to the jobs that need it. */
function resultOf(jobs: Jobs, names: readonly string[]): JobEnd["result"] | undefined {
  const results = names.map((name) => jobs[name]?.result);
  return (["cancelled", "failure", "skipped"] as const).find((result) => results.includes(result)) ?? results[0];
}

/** `restore.yml`, for what the workflow around it hands over. */
function restore(
  stage: string,
  targets: readonly string[],
  around: {
    readonly needs: readonly string[];
    readonly when: (jobs: Jobs) => boolean;
    readonly bad: (jobs: Jobs) => { readonly "deployment-id": string; readonly failure?: string };
  },
): readonly Job[] {
  const planned = (seen: Seen) => ({
    stage,
    "deployment-id": seen.jobs["restore / plan"]?.outputs["deployment-id"] ?? "",
  });
  const deploys = shares("restore / deploy", targets);
  return [
    {
      name: "restore / plan",
      needs: around.needs,
      always: true,
      when: around.when,
      steps: [
        {
          id: "plan",
          action: "rollback",
          inputs: ({ jobs }) => ({ stage, part: "plan", ...around.bad(jobs) }),
        },
      ],
    },
    ...deploys.map(
      ({ name, target }): Job => ({
        name,
        needs: ["restore / plan"],
        always: true,
        when: (jobs) => ["admitted", "resume"].includes(jobs["restore / plan"]?.outputs["decision"] ?? ""),
        steps: [
          { id: "deploy", action: "rollback", inputs: (seen) => ({ ...planned(seen), ...target, part: "deploy" }) },
        ],
      }),
    ),
    {
      name: "restore / close",
      needs: ["restore / plan", ...deploys.map(({ name }) => name)],
      always: true,
      when: (jobs) => {
        const outputs = jobs["restore / plan"]?.outputs ?? {};
        return (outputs["deployment-id"] ?? "") !== "" && outputs["decision"] !== "done";
      },
      steps: [
        {
          id: "close",
          action: "rollback",
          inputs: (seen) => ({
            ...planned(seen),
            part: "close",
            deployed:
              resultOf(
                seen.jobs,
                deploys.map(({ name }) => name),
              ) ?? "",
          }),
        },
      ],
    },
  ];
}

/** `stage.yml`, with `restore.yml` behind it. */
export function manyJobs(
  stage: string,
  more: Readonly<Record<string, string>> = {},
  version = "1.5.0",
  targets: readonly string[] = [],
): Flow {
  const common = { stage, version };
  const admitted = (seen: Seen) => ({
    ...common,
    "deployment-id": seen.jobs["admit"]?.outputs["deployment-id"] ?? "",
  });
  const ended = (jobs: Jobs, job: string) => jobs[job]?.result;
  const deploys = shares("deploy", targets);
  const deployed = deploys.map(({ name }) => name);
  return {
    name: `stage.yml ${stage}${targets.length === 0 ? "" : ` on ${targets.length} machines`}`,
    prefix: stage,
    jobs: [
      {
        name: "plan",
        needs: [],
        steps: [{ id: "plan", action: "promote", inputs: () => ({ ...common, ...more, part: "plan" }) }],
      },
      {
        name: "admit",
        needs: ["plan"],
        when: (jobs) => ended(jobs, "plan") === "success" && jobs["plan"]?.outputs["decision"] !== "done",
        steps: [{ id: "admit", action: "promote", inputs: () => ({ ...common, ...more, part: "admit" }) }],
      },
      ...deploys.map(
        ({ name, target }): Job => ({
          name,
          needs: ["plan", "admit"],
          steps: [
            {
              id: "deploy",
              action: "promote",
              inputs: (seen) => ({ ...admitted(seen), ...target, part: "deploy" }),
            },
          ],
        }),
      ),
      {
        name: "gate",
        needs: ["plan", "admit", ...deployed],
        steps: [
          { id: "finish", action: "promote", inputs: (seen) => ({ ...admitted(seen), part: "finish" }) },
          { id: "gate", action: "gate", inputs: admitted },
        ],
      },
      {
        name: "bake",
        needs: ["plan", "admit", "gate"],
        when: (jobs) =>
          ["plan", "admit", "gate"].every((job) => ended(jobs, job) === "success") &&
          jobs["plan"]?.outputs["bake"] === "true",
        steps: [{ id: "bake", action: "bake", inputs: admitted }],
      },
      ...restore(stage, targets, {
        needs: ["admit", ...deployed, "gate", "bake"],
        when: (jobs) =>
          (jobs["admit"]?.outputs["deployment-id"] ?? "") !== "" &&
          (ended(jobs, "gate") !== "success" || !["success", "skipped"].includes(ended(jobs, "bake") ?? "")),
        bad: (jobs) => ({
          "deployment-id": jobs["admit"]?.outputs["deployment-id"] ?? "",
          failure:
            jobs["bake"]?.outputs["result"] ??
            jobs["gate"]?.outputs["result"] ??
            jobs["admit"]?.outputs["result"] ??
            "",
        }),
      }),
    ],
  };
}

/** One tick of `watch.yml`, with `restore.yml` for what it finds in a stage. */
export function watchTick(stage: string): Flow {
  const found = (jobs: Jobs): { stage: string; "deployment-id": number }[] =>
    JSON.parse(jobs["look"]?.outputs["failed"] || "[]");
  return {
    name: "watch.yml",
    jobs: [
      {
        name: "look",
        needs: [],
        steps: [{ id: "look", action: "bake", inputs: () => ({ stage: "*", "max-wait": "0" }) }],
      },
      ...restore(stage, [], {
        needs: ["look"],
        when: (jobs) => found(jobs).some((one) => one.stage === stage),
        bad: (jobs) => ({
          "deployment-id": String(found(jobs).find((one) => one.stage === stage)?.["deployment-id"] ?? ""),
        }),
      }),
    ],
  };
}

/** The gate of the stage without an environment, and behind it the next stage, which is admitted by what the gate recorded. */
export function fromSource(stage: string): Flow {
  return {
    name: `the source's gate, then ${stage}`,
    jobs: [
      {
        name: "source",
        needs: [],
        steps: [{ id: "gate", action: "gate", inputs: () => ({ stage: "source", version: "1.5.0" }) }],
      },
      { ...stageJob(stage), needs: ["source"] },
    ],
  };
}

/** A rollback by hand: `rollback.yml` as one job. */
export function byHand(stage: string): Flow {
  return {
    name: `rollback by hand ${stage}`,
    jobs: [
      {
        name: "rollback",
        needs: [],
        steps: [{ id: "rollback", action: "rollback", inputs: () => ({ stage, reason: "customers call" }) }],
      },
    ],
  };
}

export interface Play {
  readonly run: number;
  readonly jobs: Readonly<Record<string, JobEnd>>;
  /** Where the machine died, if it did. */
  readonly killed: string | undefined;
  /** What each job's steps said, for messages. */
  readonly log: readonly string[];
}

export interface PlayOptions {
  readonly run: number;
  readonly attempt: number;
  /** Jobs that are kept from the attempt before, because they succeeded. */
  readonly kept?: Readonly<Record<string, JobEnd>>;
  /** Called at every moment of every call; `true` kills the machine there. */
  readonly onMoment?: (moment: Moment) => boolean;
  /** After a death: the jobs that need the lost one are decided on as GitHub does, instead of stopping there. */
  readonly goOn?: boolean;
  /** Whether the answer to a call, or the call itself, is lost. */
  readonly loses?: (moment: Moment) => boolean;
}

/** Plays a flow once: its jobs in order, each with its steps, and the post parts when a job ends. */
export async function play(house: House, flow: Flow, options: PlayOptions): Promise<Play> {
  const { run, attempt, kept = {}, onMoment, goOn = false } = options;
  const jobs: Record<string, JobEnd> = {};
  const log: string[] = [];
  let killed: string | undefined;
  let cancelled = false;
  house.github.actions.updateRun(run, "in_progress");
  for (const job of flow.jobs) {
    const before = kept[job.name];
    if (before?.result === "success") {
      jobs[job.name] = before;
      continue;
    }
    if (killed !== undefined && !goOn) break;
    if (cancelled && job.always !== true) {
      jobs[job.name] = { result: "cancelled", outputs: {} };
      continue;
    }
    const due = job.when ? job.when(jobs) : job.needs.every((need) => jobs[need]?.result === "success");
    if (!due) {
      jobs[job.name] = { result: "skipped", outputs: {} };
      continue;
    }
    const shown = flow.prefix === undefined ? job.name : `${flow.prefix} / ${job.name}`;
    const record = house.github.actions.createJob({ run, attempt, name: shown, labels: ["ubuntu-latest"] });
    house.github.actions.updateJob(record, "in_progress", { runner: "house" });
    const steps: Record<string, Ended> = {};
    const outputs: Record<string, string> = {};
    let failed = false;
    let stopped = false;
    let lost = false;
    house.cancellation = new AbortController();
    const watched = (step: string) => {
      const momentOf = ({ index, moment, what, writes }: Call) => ({
        job: job.name,
        step,
        call: index,
        moment,
        what,
        writes,
      });
      return {
        onCall: (call: Call) => killed === undefined && (onMoment?.(momentOf(call)) ?? false),
        loses: (call: Call) => options.loses?.(momentOf(call)) ?? false,
      };
    };
    const started: { step: Step; inputs: Readonly<Record<string, string>>; ended: Ended }[] = [];
    for (const step of job.steps) {
      const seen: Seen = { steps, jobs };
      if (step.onFailure ? !(failed && !stopped && step.onFailure(seen)) : failed || stopped) continue;
      const inputs = step.inputs?.(seen) ?? {};
      const ended = await house.step({ run, attempt, action: step.action, part: "main", inputs, ...watched(step.id) });
      steps[step.id] = ended;
      log.push(...ended.log.map((line) => `${job.name} / ${step.id}: ${line}`));
      if (ended.killed) {
        killed = `${job.name} / ${step.id}`;
        lost = true;
        break;
      }
      Object.assign(outputs, ended.outputs);
      started.push({ step, inputs, ended });
      stopped = house.cancellation.signal.aborted;
      if (ended.failure !== undefined) {
        failed = true;
        log.push(`${job.name} / ${step.id} FAILED: ${ended.failure}`);
      }
    }
    if (!lost) {
      for (const { step, inputs, ended } of started.reverse()) {
        if (step.action !== "promote" && step.action !== "rollback") continue;
        const post = await house.step({
          run,
          attempt,
          action: step.action,
          part: "post",
          inputs: { ...inputs, "job-status": stopped ? "cancelled" : failed ? "failure" : "success" },
          state: ended.state,
          ...watched(`post ${step.id}`),
        });
        log.push(...post.log.map((line) => `${job.name} / post ${step.id}: ${line}`));
        if (post.killed) {
          killed = `${job.name} / post ${step.id}`;
          lost = true;
          break;
        }
        if (post.failure !== undefined) log.push(`${job.name} / post ${step.id} FAILED: ${post.failure}`);
      }
    }
    const result = lost ? "failure" : stopped ? "cancelled" : failed ? "failure" : "success";
    house.github.actions.updateJob(record, "completed", { conclusion: result });
    cancelled ||= stopped;
    jobs[job.name] = { result, outputs: lost ? {} : outputs };
  }
  const bad = killed !== undefined || Object.values(jobs).some(({ result }) => result === "failure");
  house.github.actions.updateRun(run, "completed", cancelled ? "cancelled" : bad ? "failure" : "success");
  return { run, jobs, killed, log };
}
