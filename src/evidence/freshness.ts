import { formatDuration } from "../pipeline/format.ts";
import type { Scope } from "./reader.ts";

/** File systems keep times coarsely: the coarsest in use, FAT, to two seconds. */
const COARSEST = 2_000;

/**
 * Why a report does not count: a self-hosted runner keeps its workspace, so a file from before this job may tell of
 * another candidate. Undefined for a fresh one, and where the scope does not say when the job began.
 */
export function staleness(path: string, modified: number, { startedAt }: Scope): string | undefined {
  if (startedAt === undefined || modified >= startedAt - COARSEST) return undefined;
  return `${path} was written ${formatDuration(startedAt - modified)} before this job began: delete old reports before the tests run`;
}
