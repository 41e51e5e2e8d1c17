import { basename, dirname, join } from "node:path";

/** A file name taken apart: what it was called when it was written to, and how old a rotation made it. */
export interface RotatedName {
  /** The path that all rotations of one log share. */
  readonly family: string;
  /** 0 for the file that is written to; the greater, the older. Dates count backwards, so that numbers and dates both sort. */
  readonly age: number;
  readonly packed: "gz" | "zst" | "other" | undefined;
}

const PACKED = /\.(gz|zst|bz2|xz|lz4|zip)$/;
const NUMBERED = /^(.+?)\.(\d{1,5})$/;
const DATED =
  /^(.+?)[.-](\d{4}-?\d\d-?\d\d)(?:[T_-]?(\d\d[:-]?\d\d(?:[:-]?\d\d)?|\d{1,10}))?(?:\.\d{1,3})?(\.[A-Za-z]+)?$/;

/** Takes a path apart: `app.log.2.gz`, `app.log-20261120`, `app-2026-11-20.log`, `app.2026-11-20.0.log`. */
export function rotatedName(path: string): RotatedName {
  const directory = dirname(path);
  let name = basename(path);
  const suffix = PACKED.exec(name)?.[1];
  if (suffix) name = name.slice(0, -suffix.length - 1);
  const packed = suffix === undefined ? undefined : suffix === "gz" || suffix === "zst" ? suffix : "other";
  const numbered = NUMBERED.exec(name);
  if (numbered) return { family: join(directory, numbered[1] ?? ""), age: Number(numbered[2]) + 1, packed };
  const dated = DATED.exec(name);
  if (!dated) return { family: join(directory, name), age: 0, packed };
  const day = Number((dated[2] ?? "").replaceAll("-", ""));
  const clock = `${dated[3] ?? ""}`.replace(/\D/g, "").padEnd(6, "0").slice(0, 6);
  return {
    family: join(directory, (dated[1] ?? "") + (dated[4] ?? "")),
    age: 1e15 - (day * 1e6 + Number(clock)),
    packed,
  };
}

/** Whether a file in the same directory is a rotation of the log. */
export function isRotationOf(log: string, path: string): boolean {
  const rotated = rotatedName(path);
  return rotated.age > 0 && rotated.family === log;
}
