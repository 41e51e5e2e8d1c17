import { chiSquareAt, normalQuantile, studentQuantile } from "./distributions.ts";

/** More machines than this are judged together only. */
export const MOST_MACHINES = 64;

/** Noise must be exceeded as it is by chance one time in four, before machines count as different from birth. */
const DIFFERENT = normalQuantile(0.75);

/** What is known of one machine: its level, and the variance with which that is known. */
export interface MachineLevel {
  readonly level: number;
  readonly variance: number;
}

/**
 * By how much the mean of `candidates` new machines may lie from the mean of these, which should be like them, with
 * probability 1 − `doubt`, when nothing is wrong but that machines differ from birth. Zero while the differences are no
 * larger than noise explains, and with one machine, of which nothing can be known.
 */
export function machineAllowance(machines: readonly MachineLevel[], candidates: number, doubt: number): number {
  const count = machines.length;
  if (count < 2) return 0;
  const centre = machines.reduce((sum, { level }) => sum + level, 0) / count;
  const between = machines.reduce((sum, { level }) => sum + (level - centre) ** 2, 0);
  const noise = machines.reduce((sum, { variance }) => sum + variance, 0) / count;
  if (!(between > noise * chiSquareAt(DIFFERENT, count - 1))) return 0;
  return studentQuantile(1 - doubt, count - 1) * Math.sqrt((between / (count - 1)) * (1 / candidates + 1 / count));
}

/** Levels of machines from plain values. */
export class MachineSpread {
  readonly #machines = new Map<string, { n: number; mean: number; squares: number }>();

  add(machine: string, value: number): void {
    let known = this.#machines.get(machine);
    if (!known) {
      if (this.#machines.size >= MOST_MACHINES) return;
      known = { n: 0, mean: 0, squares: 0 };
      this.#machines.set(machine, known);
    }
    known.n += 1;
    const step = value - known.mean;
    known.mean += step / known.n;
    known.squares += step * (value - known.mean);
  }

  get several(): boolean {
    return this.#machines.size > 1;
  }

  allowance(candidates: number, doubt: number, persistence: number): number {
    if (!this.several) return 0;
    const machines = [...this.#machines.values()];
    const freedom = machines.reduce((sum, { n }) => sum + n - 1, 0);
    const within = freedom > 0 ? machines.reduce((sum, { squares }) => sum + squares, 0) / freedom : 0;
    const levels = machines.map(({ n, mean }) => ({ level: mean, variance: (within * persistence) / n }));
    return machineAllowance(levels, candidates, doubt);
  }
}

/** Log rates of machines from counts; half an event is added so that a machine without any has one too. */
export class MachineRates {
  readonly #machines = new Map<string, { events: number; total: number }>();

  add(machine: string, events: number, total: number): void {
    let known = this.#machines.get(machine);
    if (!known) {
      if (this.#machines.size >= MOST_MACHINES) return;
      known = { events: 0, total: 0 };
      this.#machines.set(machine, known);
    }
    known.events += events;
    known.total += total;
  }

  get several(): boolean {
    return this.#machines.size > 1;
  }

  allowance(candidates: number, doubt: number, inflation: number): number {
    if (!this.several) return 0;
    const levels = [...this.#machines.values()].map(({ events, total }) => ({
      level: Math.log((events + 0.5) / total),
      variance: inflation / (events + 0.5),
    }));
    return machineAllowance(levels, candidates, doubt);
  }
}
