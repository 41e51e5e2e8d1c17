import { ConfigurationError } from "../../src/platform/errors.ts";

export type Combination = Readonly<Record<string, unknown>>;

/** The most jobs that GitHub makes of one matrix. */
const MATRIX_LIMIT = 256;

/**
 * The combinations of `strategy.matrix` by GitHub's rules: the product of the lists, without what `exclude` names, then
 * `include` added to every combination whose own values it does not change, or as a combination of its own.
 * Throws a ConfigurationError where it is no matrix, is empty or has more than 256 jobs; `where` begins the message.
 */
export function expandMatrix(matrix: unknown, where: string): Combination[] {
  if (!isObject(matrix)) throw new ConfigurationError(`${where}: the matrix must be an object of lists`);
  const include = list(matrix["include"], `${where}: include`);
  const exclude = list(matrix["exclude"], `${where}: exclude`);
  const axes = Object.entries(matrix).filter(([key]) => key !== "include" && key !== "exclude");
  let product: Combination[] = axes.length === 0 ? [] : [{}];
  for (const [name, values] of axes) {
    if (!Array.isArray(values)) throw new ConfigurationError(`${where}: matrix.${name} must be a list`);
    if (values.length === 0)
      throw new ConfigurationError(
        `${where}: matrix.${name} has no values; write an \`if\` that skips the job when there are none`,
      );
    product = product.flatMap((combination) => values.map((value) => ({ ...combination, [name]: value })));
    limit(product, where);
  }
  const kept = product.filter((combination) => !exclude.some((one) => includesAll(combination, one)));
  const result: Record<string, unknown>[] = kept.map((combination) => ({ ...combination }));
  for (const extra of include) {
    let used = false;
    kept.forEach((original, i) => {
      const clash = Object.entries(extra).some(([key, value]) => key in original && !same(original[key], value));
      if (clash) return;
      Object.assign(result[i] ?? {}, extra);
      used = true;
    });
    if (!used) result.push({ ...extra });
  }
  limit(result, where);
  if (result.length === 0) throw new ConfigurationError(`${where}: the matrix has no combinations`);
  return result;
}

/** The values of a combination as GitHub puts them in brackets behind a job's name. */
export function combinationLabel(combination: Combination): string {
  const leaves = (value: unknown): unknown[] =>
    value !== null && typeof value === "object" ? Object.values(value).flatMap(leaves) : [value];
  return leaves(combination).map(String).join(", ");
}

function limit(combinations: readonly unknown[], where: string): void {
  if (combinations.length > MATRIX_LIMIT) {
    throw new ConfigurationError(`${where}: the matrix has ${combinations.length} jobs; GitHub allows ${MATRIX_LIMIT}`);
  }
}

function list(value: unknown, where: string): Combination[] {
  if (value === undefined || value === null || value === "") return [];
  if (!Array.isArray(value) || !value.every(isObject))
    throw new ConfigurationError(`${where} must be a list of objects`);
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the combination has all values of the pattern, objects compared in the same way. */
function includesAll(combination: unknown, pattern: unknown): boolean {
  if (!isObject(pattern)) return same(combination, pattern);
  return isObject(combination) && Object.entries(pattern).every(([key, value]) => includesAll(combination[key], value));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
