import type { Look, Reading, Sample, Side } from "./types.ts";

/** What the samples of one time came to. */
export interface Assembled {
  readonly kind: "bake" | "past";
  readonly look: Look;
  /** The candidate was read at this time, with or without a usable number. */
  readonly asked: boolean;
}

/**
 * Puts samples of the same time together. Within a time their order does not matter; a second sample of the same
 * machine and side, and one older than the newest, are left out and counted.
 */
export class Looks {
  ignored = 0;
  readonly #now = new Slot("candidate", "bake");
  readonly #past = new Slot("history", "past");
  readonly #out: (assembled: Assembled) => void;
  #bakeBegan = false;

  constructor(out: (assembled: Assembled) => void) {
    this.#out = out;
  }

  take(sample: Sample): void {
    const past = sample.side === "history" || sample.side === "baselineHistory";
    const slot = past ? this.#past : this.#now;
    if (!past && !this.#bakeBegan) {
      this.#flush(this.#past);
      this.#bakeBegan = true;
    }
    if (
      !Number.isFinite(sample.at) ||
      (past && this.#bakeBegan) ||
      sample.at < slot.at ||
      (sample.at === slot.at && slot.closed)
    ) {
      this.ignored += 1;
      return;
    }
    if (sample.at > slot.at) {
      this.#flush(slot);
      slot.open(sample.at);
    }
    if (!slot.add(sample)) this.ignored += 1;
  }

  /** Closes the look that is still open: all its samples have come. */
  flush(): void {
    this.#flush(this.#past);
    this.#flush(this.#now);
  }

  #flush(slot: Slot): void {
    const assembled = slot.close();
    if (assembled) this.#out(assembled);
  }
}

class Slot {
  at = Number.NEGATIVE_INFINITY;
  closed = true;
  readonly #ours: Side;
  // Emptied and used again for every look: nothing keeps a look, or a reading, beyond the call that it is handed to.
  readonly #candidate: Reading[] = [];
  readonly #baseline: Reading[] = [];
  readonly #boundless: Reading[] = [];
  readonly #ourNames: string[] = [];
  readonly #theirNames: string[] = [];
  readonly #look: { at: number; candidate: Reading[]; baseline: Reading[]; boundless: Reading[] };
  readonly #assembled: { readonly kind: "bake" | "past"; readonly look: Look; asked: boolean };
  readonly #readings: { machine: string; value: number; total: number | undefined }[] = [];
  #used = 0;

  constructor(ours: Side, kind: "bake" | "past") {
    this.#ours = ours;
    this.#look = { at: 0, candidate: this.#candidate, baseline: this.#baseline, boundless: this.#boundless };
    this.#assembled = { kind, look: this.#look, asked: false };
  }

  open(at: number): void {
    this.at = at;
    this.closed = false;
    empty(this.#candidate);
    empty(this.#baseline);
    empty(this.#boundless);
    empty(this.#ourNames);
    empty(this.#theirNames);
    this.#used = 0;
    this.#assembled.asked = false;
  }

  #reading(machine: string, value: number, total: number | undefined): Reading {
    let reading = this.#readings[this.#used];
    if (!reading) {
      reading = { machine, value, total };
      this.#readings.push(reading);
    } else {
      reading.machine = machine;
      reading.value = value;
      reading.total = total;
    }
    this.#used += 1;
    return reading;
  }

  /** False for a second sample of the same machine. */
  add({ side, value, total, machine = "" }: Sample): boolean {
    const ours = side === this.#ours;
    const names = ours ? this.#ourNames : this.#theirNames;
    if (names.includes(machine)) return false;
    names.push(machine);
    if (ours) this.#assembled.asked = true;
    const reading = this.#reading(machine, value, total);
    if (usable(value, total)) (ours ? this.#candidate : this.#baseline).push(reading);
    else if (ours && total === undefined && Math.abs(value) === Number.POSITIVE_INFINITY) this.#boundless.push(reading);
    return true;
  }

  close(): Assembled | undefined {
    if (this.closed) return undefined;
    this.closed = true;
    this.#look.at = this.at;
    return this.#assembled;
  }
}

/** Whether the numbers can be judged; a count or total below zero is a counter that was reset in between. */
function usable(value: number, total: number | undefined): boolean {
  if (!Number.isFinite(value)) return false;
  return total === undefined || (Number.isFinite(total) && total > 0 && value >= 0);
}

/** Keeps the room that the list has, which setting its length would give back. */
function empty(list: unknown[]): void {
  while (list.length > 0) list.pop();
}
