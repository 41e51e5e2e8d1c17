import type { Path } from "./document.ts";
import { layers } from "./model.ts";
import { checkKinds, sourceKinds } from "./schema.ts";

/** A mapping of the file whose shape nothing is known about yet. */
export type Raw = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands at the path, or undefined. */
export function at(value: unknown, path: Path): unknown {
  let found = value;
  for (const part of path) {
    if (Array.isArray(found) && typeof part === "number") found = found[part];
    else if (isMapping(found) && Object.hasOwn(found, part)) found = found[part];
    else return undefined;
  }
  return found;
}

/** The entries of a list or mapping with their paths; none of anything else. */
export function entries(value: unknown, path: Path): { readonly path: Path; readonly value: unknown }[] {
  const inside = at(value, path);
  if (Array.isArray(inside)) return inside.map((item: unknown, index) => ({ path: [...path, index], value: item }));
  if (isMapping(inside)) return Object.entries(inside).map(([key, item]) => ({ path: [...path, key], value: item }));
  return [];
}

/** Everything that a dotted pattern finds; `*` stands for any name or index. */
export function select(value: unknown, pattern: string): { readonly path: Path; readonly value: unknown }[] {
  let found: { readonly path: Path; readonly value: unknown }[] = [{ path: [], value }];
  for (const part of pattern.split(".")) {
    found = found.flatMap(({ path }) => {
      if (part === "*") return entries(value, path);
      const inside = at(value, [...path, part]);
      return inside === undefined ? [] : [{ path: [...path, part], value: inside }];
    });
  }
  return found;
}

export type SourceKind = keyof typeof sourceKinds;
export type CheckKind = keyof typeof checkKinds;

function kindOf<K extends string>(kinds: Readonly<Record<K, unknown>>, value: unknown): K | undefined {
  return isMapping(value) ? (Object.keys(kinds) as K[]).find((kind) => Object.hasOwn(value, kind)) : undefined;
}

/** The kind of a source: the key that names it. */
export function sourceKind(value: unknown): SourceKind | undefined {
  return kindOf(sourceKinds, value);
}

/** The kind of a check: the key that names it. */
export function checkKind(value: unknown): CheckKind | undefined {
  return kindOf(checkKinds, value);
}

/** The names of a gate's, ready's or bake's checks with their paths, in either form in which they are written. */
export function checkNames(value: unknown, path: Path): { readonly path: Path; readonly name: string }[] {
  const inside = at(value, path);
  const where = Array.isArray(inside) ? path : [...path, "checks"];
  return entries(value, where).flatMap((entry) => {
    return Array.isArray(at(value, where)) && typeof entry.value === "string"
      ? [{ path: entry.path, name: entry.value }]
      : [];
  });
}

/** The layers that a `deploy` or `rollback` names; a single command is the artifact layer. */
export function layersOf(value: unknown): string[] {
  if (typeof value === "string") return ["artifact"];
  return isMapping(value) ? layers.filter((layer) => Object.hasOwn(value, layer)) : [];
}

/** How a message calls the thing at a path: `check "cpu"`, `stage "beta"`, and the rest of the path within it. */
export function ownerOf(value: unknown, path: Path): { readonly owner: string; readonly rest: Path } {
  const [section, item, ...rest] = path;
  const owners: Readonly<Record<string, string>> = {
    checks: "check",
    sources: "source",
    windows: "window",
    stages: "stage",
    freezes: "freeze",
    targets: "target",
  };
  const kind = typeof section === "string" && Object.hasOwn(owners, section) ? owners[section] : undefined;
  if (kind === undefined || item === undefined) return { owner: "", rest: path };
  if (typeof item === "string") return { owner: `${kind} ${quoted(item)}`, rest };
  const name = at(value, [...path.slice(0, 2), "name"]);
  if (typeof name === "string") return { owner: `${kind} ${quoted(name)}`, rest };
  return { owner: `${kind} ${item + 1}`, rest };
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}

/** `stage "beta": bake.every`, or `stages` for what belongs to none. */
export function placeName(value: unknown, path: Path): string {
  const { owner, rest } = ownerOf(value, path);
  const inner = rest.map((part) => (typeof part === "number" ? `item ${part + 1}` : part)).join(".");
  if (owner === "") return inner === "" ? "the file" : inner;
  return inner === "" ? owner : `${owner}: ${inner}`;
}
