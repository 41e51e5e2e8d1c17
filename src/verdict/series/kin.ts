import { type Kin, MutableSums } from "./autoregression.ts";
import { MOST_MACHINES } from "./machines.ts";

/**
 * How the control's machines move against each other: what no shift of the candidate touches, and no movement that all
 * share. Looks at which not all of the machines of the first look were read are left out.
 */
export class ControlKin {
  readonly #machines = new Map<string, { readonly plain: MutableSums; readonly log: MutableSums }>();
  /** Whether the machines differ no more than noise explains. */
  alike = false;
  #level = 0;
  #looks = 0;
  #positive = true;

  add(control: readonly { readonly machine: string; readonly value: number }[]): void {
    const count = control.length;
    if (count < 2 || count > MOST_MACHINES) return;
    if (this.#machines.size === 0)
      for (const { machine } of control) {
        this.#machines.set(machine, { plain: new MutableSums(), log: new MutableSums() });
      }
    if (this.#machines.size !== count || !control.every(({ machine }) => this.#machines.has(machine))) return;
    let [sum, logs] = [0, 0];
    for (const { value } of control) {
      sum += value;
      logs += value > 0 ? Math.log(value) : Number.NaN;
    }
    const [mean, log] = [sum / count, logs / count];
    this.#positive &&= Number.isFinite(log);
    this.#looks += 1;
    this.#level += (Math.abs(mean) - this.#level) / this.#looks;
    for (const { machine, value } of control) {
      const sums = this.#machines.get(machine);
      sums?.plain.add(this.#level > 0 ? (value - mean) / this.#level : 0);
      if (this.#positive) sums?.log.add(Math.log(value) - log);
    }
  }

  /** For the difference of `candidates` such machines from all of these; undefined where they are not several, or seldom all read. */
  of(candidates: number, logarithmic: boolean, own: MutableSums): Kin | undefined {
    const count = this.#machines.size;
    if (count < 2 || 2 * this.#looks < own.n) return undefined;
    const series = [...this.#machines.values()].map(({ plain, log }) => (logarithmic ? log : plain));
    const unit = 1 / candidates + 1 / count;
    const steps = series.reduce((sum, one) => sum + one.steps, 0) / (count - 1) / Math.max(1, this.#looks - 1);
    const still = own.steps === 0 && steps === 0;
    return {
      series,
      independent: count - 1,
      alike: this.alike,
      unit,
      steps: still ? 1 : (unit * steps) / (own.steps / Math.max(1, own.n - 1)),
    };
  }
}
