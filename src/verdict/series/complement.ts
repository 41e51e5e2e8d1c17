import { formatNumber } from "../../pipeline/format.ts";
import type { Direction } from "./direction.ts";
import type { Finding, Look, Reading } from "./types.ts";

/** Whether most of what was counted happened, as with the good answers among all: then what did not happen tells more. */
export function mostlyHappens({ candidate, baseline }: Look): boolean {
  let events = 0;
  let total = 0;
  for (const reading of [...candidate, ...baseline]) {
    if (reading.total === undefined || reading.value > reading.total) return false;
    events += reading.value;
    total += reading.total;
  }
  return events > total / 2;
}

/** The look with what did not happen counted instead. */
export function complementOf(look: Look): Look {
  const rest = ({ machine, value, total = 0 }: Reading): Reading => ({
    machine,
    value: Math.max(0, total - value),
    total,
  });
  return { ...look, candidate: look.candidate.map(rest), baseline: look.baseline.map(rest) };
}

/** Running share of the control's events that happen, to say what a tolerance for these means for the rest. */
export class Rest {
  #events = 0;
  #total = 0;

  add({ baseline }: Look): void {
    for (const { value, total = 0 } of baseline) {
      this.#events += value;
      this.#total += total;
    }
  }

  /** 99 % good with 10 % tolerated down are 89.1 % good: of the bad ones 10.9 times as many are tolerated. */
  directions(sides: readonly Direction[]): readonly Direction[] {
    const tolerated = (of: number) => {
      if (of === 1 || this.#total === 0) return 1;
      const share = Math.min(this.#events / this.#total, 1 - 0.5 / this.#total);
      return Math.max(1e-6, (1 - share * of) / (1 - share));
    };
    return sides.map(({ sign, tolerated: of, threshold, alpha }) => ({
      sign: sign > 0 ? -1 : 1,
      get tolerated() {
        return tolerated(of);
      },
      threshold,
      alpha,
    }));
  }

  /** The finding about the rest, its effect put in terms of what was counted. */
  finding(of: Finding): Finding {
    const { turnedBy, effect, ...told } = of;
    const missing = 1 - this.#events / this.#total;
    const turned = (ratio: number | null) =>
      ratio === null || missing >= 1 ? null : (1 - ratio * missing) / (1 - missing);
    const low = turned(effect?.high ?? null);
    return {
      ...told,
      reason: `of the rest, ${of.reason}`,
      effect: effect && {
        ratio: effect.difference === null ? null : 1 - effect.difference / (1 - missing),
        difference: effect.difference === null ? null : -effect.difference,
        low: low === null ? null : Math.max(0, low),
        high: turned(effect.low),
      },
      ...(turnedBy !== undefined && effect?.difference != null
        ? { turnedBy: `tolerance: ${formatNumber((100 * Math.abs(effect.difference)) / (1 - missing))}%` }
        : {}),
    };
  }
}
