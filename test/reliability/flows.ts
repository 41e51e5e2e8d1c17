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
  readonly steps: readonly Step[];
}

export interface JobEnd {
  readonly result: "success" | "failure" | "skipped";
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

/** `stage.yml`, with `restore.yml` behind it, for a stage without targets. */
export function manyJobs(stage: string, more: Readonly<Record<string, string>> = {}, version = "1.5.0"): Flow {
  const common = { stage, version };
  const admitted = (seen: Seen) => ({
    ...common,
    "deployment-id": seen.jobs["admit"]?.outputs["deployment-id"] ?? "",
  });
  const planned = (seen: Seen) => ({
    stage,
    "deployment-id": seen.jobs["restore / plan"]?.outputs["deployment-id"] ?? "",
  });
  const ended = (jobs: Readonly<Record<string, JobEnd>>, job: string) => jobs[job]?.result;
  return {
    name: `stage.yml ${stage}`,
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
      {
        name: "deploy",
        needs: ["plan", "admit"],
        steps: [{ id: "deploy", action: "promote", inputs: (seen) => ({ ...admitted(seen), part: "deploy" }) }],
      },
      {
        name: "gate",
        needs: ["plan", "admit", "deploy"],
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
      {
        name: "restore / plan",
        needs: ["admit", "deploy", "gate", "bake"],
        when: (jobs) =>
          (jobs["admit"]?.outputs["deployment-id"] ?? "") !== "" &&
          (ended(jobs, "gate") !== "success" || !["success", "skipped"].includes(ended(jobs, "bake") ?? "")),
        steps: [
          {
            id: "plan",
            action: "rollback",
            inputs: (seen) => ({
              stage,
              part: "plan",
              "deployment-id": seen.jobs["admit"]?.outputs["deployment-id"] ?? "",
              failure:
                seen.jobs["bake"]?.outputs["result"] ??
                seen.jobs["gate"]?.outputs["result"] ??
                seen.jobs["admit"]?.outputs["result"] ??
                "",
            }),
          },
        ],
      },
      {
        name: "restore / deploy",
        needs: ["restore / plan"],
        when: (jobs) =>
          ended(jobs, "restore / plan") === "success" &&
          ["admitted", "resume"].includes(jobs["restore / plan"]?.outputs["decision"] ?? ""),
        steps: [{ id: "deploy", action: "rollback", inputs: (seen) => ({ ...planned(seen), part: "deploy" }) }],
      },
      {
        name: "restore / close",
        needs: ["restore / plan", "restore / deploy"],
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
              deployed: seen.jobs["restore / deploy"]?.result ?? "",
            }),
          },
        ],
      },
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
  house.github.actions.updateRun(run, "in_progress");
  for (const job of flow.jobs) {
    const before = kept[job.name];
    if (before?.result === "success") {
      jobs[job.name] = before;
      continue;
    }
    if (killed !== undefined && !goOn) break;
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
    let lost = false;
    const started: { step: Step; inputs: Readonly<Record<string, string>>; ended: Ended }[] = [];
    for (const step of job.steps) {
      const seen: Seen = { steps, jobs };
      if (step.onFailure ? !(failed && step.onFailure(seen)) : failed) continue;
      const inputs = step.inputs?.(seen) ?? {};
      const onCall = ({ index, moment, what, writes }: Call) =>
        killed === undefined &&
        (onMoment?.({ job: job.name, step: step.id, call: index, moment, what, writes }) ?? false);
      const loses = ({ index, moment, what, writes }: Call) =>
        options.loses?.({ job: job.name, step: step.id, call: index, moment, what, writes }) ?? false;
      const ended = await house.step({ run, attempt, action: step.action, part: "main", inputs, onCall, loses });
      steps[step.id] = ended;
      log.push(...ended.log.map((line) => `${job.name} / ${step.id}: ${line}`));
      if (ended.killed) {
        killed = `${job.name} / ${step.id}`;
        lost = true;
        break;
      }
      Object.assign(outputs, ended.outputs);
      started.push({ step, inputs, ended });
      if (ended.failure !== undefined) {
        failed = true;
        log.push(`${job.name} / ${step.id} FAILED: ${ended.failure}`);
      }
    }
    if (!lost) {
      for (const { step, inputs, ended } of started.reverse()) {
        if (step.action !== "promote" && step.action !== "rollback") continue;
        const onCall = ({ index, moment, what, writes }: Call) =>
          killed === undefined &&
          (onMoment?.({ job: job.name, step: `post ${step.id}`, call: index, moment, what, writes }) ?? false);
        const post = await house.step({
          run,
          attempt,
          action: step.action,
          part: "post",
          inputs: { ...inputs, "job-status": failed ? "failure" : "success" },
          state: ended.state,
          onCall,
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
    const result = failed || lost ? "failure" : "success";
    house.github.actions.updateJob(record, "completed", { conclusion: result });
    jobs[job.name] = { result, outputs: lost ? {} : outputs };
  }
  const bad = killed !== undefined || Object.values(jobs).some(({ result }) => result === "failure");
  house.github.actions.updateRun(run, "completed", bad ? "failure" : "success");
  return { run, jobs, killed, log };
}
