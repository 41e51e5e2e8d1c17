import type { Result as ActionResult } from "../src/actions/outputs.ts";
import type { EndedJob } from "./result.ts";
import type { RunnerEvent, StepResult } from "./runner/types.ts";

const OURS = /(?:^|\/)action-(promote|gate|bake|rollback)(?:@|$)/;

function resultOf({ outputs }: StepResult): ActionResult | undefined {
  const text = outputs["result"];
  if (text === undefined || text === "") return undefined;
  const value: ActionResult = JSON.parse(text);
  return value.schema === "rocksolid/result/v1" ? value : undefined;
}

/** Keeps from the runner's events what the result of a rehearsal is made of. */
export class Recorder {
  readonly actions: ActionResult[] = [];
  readonly jobs: EndedJob[] = [];
  readonly actionSeconds: Record<string, number> = {};
  readonly refusals: string[] = [];
  /** Runs that have started and not ended. */
  active = 0;
  readonly #running = new Map<string, { readonly runner?: string; readonly errors: string[] }>();

  /** Names of the jobs that run now. */
  get running(): string[] {
    return [...this.#running].filter(([, { runner }]) => runner !== undefined).map(([name]) => name);
  }

  take(event: RunnerEvent): void {
    switch (event.type) {
      case "run-started":
        this.active += 1;
        break;
      case "run-finished":
        this.active -= 1;
        break;
      case "run-refused":
        this.refusals.push(event.reason);
        break;
      case "job-started":
        this.#running.set(event.job, { runner: event.runner, errors: this.#running.get(event.job)?.errors ?? [] });
        break;
      case "annotation":
        if (event.annotation.level === "error") this.#errorsOf(event.job).push(event.annotation.message);
        break;
      case "step-finished":
        this.#step(event.result);
        break;
      case "job-finished": {
        const { runner, errors } = this.#running.get(event.job) ?? { errors: [] };
        this.#running.delete(event.job);
        this.jobs.push({
          name: event.job,
          conclusion: event.conclusion,
          errors,
          ...(runner !== undefined && { runner }),
        });
        break;
      }
    }
  }

  #errorsOf(job: string): string[] {
    const known = this.#running.get(job);
    if (known) return known.errors;
    const errors: string[] = [];
    this.#running.set(job, { errors });
    return errors;
  }

  #step(step: StepResult): void {
    const [, action] = OURS.exec(step.uses ?? "") ?? [];
    if (action === undefined) return;
    this.actionSeconds[action] = (this.actionSeconds[action] ?? 0) + step.milliseconds / 1000;
    const result = step.stage === "main" ? resultOf(step) : undefined;
    if (result) this.actions.push(result);
  }
}
