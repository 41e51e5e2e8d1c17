/**
 * Share of a rule's budget that is kept for one test at the look that ends a bake. That look is appointed beforehand, so
 * nothing has to be paid there for having looked often.
 */
export const LAST = 0.2;

/** Fewer independent looks than this tell nothing about their own scatter. */
const FEWEST = 8;
/** The standard errors that are added to a correlation before it is believed. */
const DOUBT = 0.5;

/** What looks are worth whose neighbours resemble each other. */
export interface Worth {
  /** Looks that are worth one independent look. */
  readonly each: number;
  /** Degrees of freedom: the independent looks, less what was fitted to them. */
  readonly freedom: number;
}

/**
 * What `n` looks are worth that are left with this correlation of neighbours when `fitted` numbers were fitted to them: the
 * correlation is freed of its bias of (`bias` + 4φ)/n (Marriott, Pope 1954; `bias` is 1 for a mean, 2 for a line), and half a
 * standard error more, since it is estimated too. Undefined where too few looks are independent.
 */
export function worthOf(n: number, correlation: number, fitted: number, bias: 1 | 2): Worth | undefined {
  const alike = Math.max(0, correlation);
  const believed = alike + (bias + 4 * alike) / n + DOUBT * Math.sqrt(Math.max(0, 1 - alike * alike) / n);
  const each = (1 + believed) / (1 - believed);
  const freedom = n / each - fitted;
  return believed < 1 && freedom >= FEWEST ? { each, freedom } : undefined;
}
