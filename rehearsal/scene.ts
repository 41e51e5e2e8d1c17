import type { Target } from "../src/pipeline/model.ts";
import type { Release } from "./fleet/repository.ts";
import type { RunnerMachine } from "./runner/types.ts";

/** What a rehearsal is played on: a repository, machines, and what is live on them at the start. */
export interface Scene {
  /** The git repository. */
  readonly directory: string;
  /** Path of the pipeline file in it. */
  readonly pipelineFile: string;
  /** What is to be released. */
  readonly release: Release;
  /** What went through every stage before, oldest first: the last is live everywhere at the start, where there is one. */
  readonly history: readonly (Release & { readonly digest: string })[];
  readonly targets: readonly Target[];
  readonly machines: readonly RunnerMachine[];
  /** Added to the environment of every process of a job. */
  readonly environment: Readonly<Record<string, string>>;
  /** What each host answers when asked for its version; null for no answer. */
  versions(): Promise<Record<string, string | null>>;
  /** What the load's sender has counted so far. */
  traffic(): Traffic;
  close(): Promise<void>;
}

export interface Traffic {
  readonly sent: number;
  /** Answered with a 5xx status. */
  readonly failed: number;
  /** Not answered at all. */
  readonly unreachable: number;
}

/** Labels of GitHub's hosted runners that a rehearsal has machines for. */
const hostedLabels = ["ubuntu-latest", "ubuntu-24.04", "ubuntu-22.04", "ubuntu-slim"];

/** A small pool in the place of GitHub's hosted runners. */
export function hostedMachines(count: number): RunnerMachine[] {
  return Array.from({ length: count }, (_, index) => ({ name: `hosted-${index + 1}`, labels: hostedLabels }));
}
