import type { DeploymentRecord, State } from "../../src/ledger/record.ts";
import type { RunnerEvent } from "../runner/types.ts";
import type { Traffic } from "../scene.ts";

/** What a person watches: one stage of the pipeline. */
export interface StageProgress {
  readonly name: string;
  /** The state of its newest deployment, or of its jobs where it has none yet. */
  readonly state: State | "waiting" | "running" | "not reached";
  readonly description: string;
  readonly hosts: readonly { readonly name: string; readonly version: string | null }[];
}

/** All that a view shows at one moment. */
export interface Progress {
  readonly title: string;
  readonly stages: readonly StageProgress[];
  /** Names of jobs that run now. */
  readonly jobs: readonly string[];
  readonly traffic: Traffic;
  /** Real seconds since the start. */
  readonly seconds: number;
}

/** What happened just now, in one line; `stage` where it belongs to one. */
export interface Happening {
  readonly seconds: number;
  readonly stage?: string;
  readonly text: string;
}

/** Shows a rehearsal while it runs. Texts come from outside: a view makes them harmless. */
export interface View {
  happened(happening: Happening): void;
  update(progress: Progress): void;
  /** Leaves the screen to someone else, until `resume`. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** The line that tells of a runner's event, or undefined where it is not worth one. */
export function describe(event: RunnerEvent): string | undefined {
  switch (event.type) {
    case "run-started":
      return `${event.request.name} starts for ${event.request.ref.replace(/^refs\/(tags|heads)\//, "")}`;
    case "run-refused":
      return `a run was refused: ${event.reason}`;
    case "job-finished":
      return event.conclusion === "failure" || event.conclusion === "cancelled"
        ? `${event.job}: ${event.conclusion}`
        : undefined;
    case "annotation":
      return event.annotation.level === "error" ? `${event.job}: ${event.annotation.message}` : undefined;
    default:
      return undefined;
  }
}

/** The stage that a job's name (`beta / deploy beta-eu-1`) belongs to. */
export function stageOfJob(job: string, stages: readonly string[]): string | undefined {
  const words = job.split(" / ").map((word) => word.trim());
  return words.map((word) => stages.find((stage) => stage === word)).find((stage) => stage !== undefined);
}

/** The newest record of a stage that some run of this rehearsal made. */
export function newestRecord(
  records: readonly DeploymentRecord[],
  stage: string,
  seededRuns: readonly number[],
): DeploymentRecord | undefined {
  return records
    .filter(({ payload }) => payload.stage === stage && !seededRuns.includes(payload.run.id))
    .sort((a, b) => b.id - a.id)[0];
}
