import type { CountWorld, Damage, ValueWorld } from "./worlds.ts";

/**
 * Log likelihood ratio that one look brings on average to a test that knows how the numbers scatter and how much worse the
 * candidate is, but not the level that both sides have (Kullback and Leibler's divergence, in nats). Undefined for worlds
 * in which looks depend on each other or on more than that.
 */
export function countInformation(world: CountWorld, damage: Damage): number | undefined {
  const { shape, bursts, night, rising, birth, share, rate, requests } = world;
  const factor = constant(damage);
  if (factor === undefined || shape !== undefined || bursts || night || rising || birth !== undefined) return undefined;
  const events = rate * requests * (share * factor + 1 - share);
  const bad = (share * factor) / (share * factor + 1 - share);
  return events * (bad * Math.log(bad / share) + (1 - bad) * Math.log((1 - bad) / (1 - share)));
}

/** The same for values: of independent Gaussian logarithms on two sides. */
export function valueInformation(world: ValueWorld, damage: Damage): number | undefined {
  const { noise, machines = [1, 1], correlation, loud, clings, white, tails, averaged, birth, one } = world;
  const factor = constant(damage);
  const other = [correlation, loud, clings, white, tails, averaged, birth, one].some((each) => each !== undefined);
  if (factor === undefined || other) return undefined;
  const [ours, theirs] = machines;
  return Math.log(factor) ** 2 / (2 * noise ** 2 * (1 / ours + 1 / theirs));
}

/**
 * Looks that a test with this probability of a false alarm needs on average, at least, to be sure to stop a bad candidate:
 * log(1/α) over the information of a look (Wald 1945), and one look.
 */
export function leastLooks(information: number, falseAlarm: number): number {
  return Math.max(1, -Math.log(falseAlarm) / information);
}

function constant(damage: Damage): number | undefined {
  const factors = [0, 5, 50, 143].map((t) => damage(t, 144));
  return factors.every((factor) => factor === factors[0]) && factors[0] !== 1 ? factors[0] : undefined;
}
