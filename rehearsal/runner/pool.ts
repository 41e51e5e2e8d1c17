import type { RunnerMachine } from "./types.ts";

export interface Lease {
  readonly machine: RunnerMachine;
  release(): void;
}

interface Waiting {
  readonly labels: readonly string[];
  readonly grant: (machine: RunnerMachine) => void;
}

/** Whether a machine has all labels; case does not matter. */
export function hasLabels(machine: RunnerMachine, labels: readonly string[]): boolean {
  const own = machine.labels.map((label) => label.toLowerCase());
  return labels.every((label) => own.includes(label.toLowerCase()));
}

/** The machines: each runs one job at a time; who waits longest goes first. */
export class RunnerPool {
  readonly #machines = new Map<string, RunnerMachine>();
  readonly #busy = new Set<string>();
  #waiting: Waiting[] = [];

  add(machine: RunnerMachine): void {
    this.#machines.set(machine.name, machine);
    this.#match();
  }

  /** Takes a machine away; a job that runs on it is not touched. */
  remove(name: string): void {
    this.#machines.delete(name);
  }

  /** Whether any machine that is there, free or busy, could take such a job. */
  hasOnline(labels: readonly string[]): boolean {
    return [...this.#machines.values()].some((machine) => machine.online !== false && hasLabels(machine, labels));
  }

  /** A free machine at once, or undefined. */
  tryAcquire(labels: readonly string[]): Lease | undefined {
    for (const machine of this.#machines.values()) {
      if (machine.online !== false && !this.#busy.has(machine.name) && hasLabels(machine, labels))
        return this.#lease(machine);
    }
    return undefined;
  }

  /** Resolves with a machine when one is free. Rejects with the signal's reason when aborted. */
  acquire(labels: readonly string[], signal: AbortSignal): Promise<Lease> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const abort = (): void => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
        reject(signal.reason);
      };
      const waiting: Waiting = {
        labels,
        grant: (machine) => {
          signal.removeEventListener("abort", abort);
          resolve(this.#lease(machine));
        },
      };
      signal.addEventListener("abort", abort, { once: true });
      this.#waiting.push(waiting);
      this.#match();
    });
  }

  #lease(machine: RunnerMachine): Lease {
    this.#busy.add(machine.name);
    let held = true;
    return {
      machine,
      release: () => {
        if (!held) return;
        held = false;
        this.#busy.delete(machine.name);
        this.#match();
      },
    };
  }

  #match(): void {
    const left: Waiting[] = [];
    for (const waiting of this.#waiting.splice(0)) {
      const machine = [...this.#machines.values()].find(
        (one) => one.online !== false && !this.#busy.has(one.name) && hasLabels(one, waiting.labels),
      );
      if (machine === undefined) left.push(waiting);
      else waiting.grant(machine);
    }
    this.#waiting = [...left, ...this.#waiting];
  }
}
