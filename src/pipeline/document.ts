import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import { messageOf } from "../platform/errors.ts";
import { type Problem, show } from "./problem.ts";

/** Keys and indexes from the top of the document. */
export type Path = readonly (string | number)[];

/** A YAML file as plain data, whose every part still knows where it stands. */
export interface Document {
  /** Mappings have no prototype, so that a key such as `constructor` finds nothing that the file does not say. */
  readonly value: unknown;
  /** A problem at the value of `path` or, with `key`, at its key; of a path that does not exist, at its nearest parent. */
  problem(path: Path, message: string, detail?: { key?: boolean; rule?: string; suggestion?: string }): Problem;
}

interface Place {
  readonly key: number;
  readonly value: number;
  readonly children: Map<string | number, Place>;
}

/** A pipeline of a thousand stages fits; a file that is larger is not one. */
const LARGEST_FILE = 256 * 1024;
/** Nodes after aliases are followed: a few aliases of aliases can otherwise stand for billions. */
const MOST_NODES = 50_000;
const DEEPEST = 32;

/**
 * What mappings inherit instead of Object.prototype, whose names a file may use as keys: only that comparing one with a
 * number is false. Without it zod throws where a mapping has the key "length" and a list is asked for.
 */
const MAPPING = Object.create(null, { [Symbol.toPrimitive]: { value: () => Number.NaN } });

/**
 * Reads a YAML 1.2 file with positions. Aliases are followed; merge keys (`<<`), keys that are not text, duplicate keys,
 * tags of one's own and several documents in one file are problems. Never throws.
 */
export function readDocument(text: string, file: string): { document?: Document; problems: Problem[] } {
  const lines = lineStarts(text);
  const problems: Problem[] = [];
  const at = (offset: number, message: string, detail: { rule?: string; suggestion?: string } = {}): Problem => {
    const place = Math.max(0, Math.min(offset, text.length));
    const line = lines.findLastIndex((start) => start <= place);
    return { file, line: line + 1, column: place - (lines[line] ?? 0) + 1, message, ...detail };
  };
  if (text.length > LARGEST_FILE) {
    const message = `the file has ${text.length} characters; at most ${LARGEST_FILE} are read`;
    return { problems: [{ file, line: 1, column: 1, message, rule: "too-large" }] };
  }
  // YAML's composer descends by recursion; this bounds it before it runs out of stack.
  if (nesting(text) > 200) return { problems: [{ file, line: 1, column: 1, message: TOO_DEEP, rule: "too-deep" }] };

  let parsed: ReturnType<typeof parseDocument>;
  try {
    parsed = parseDocument(text, {
      prettyErrors: false,
      logLevel: "error",
      resolveKnownTags: false,
      // Its own way compares every key with every other; ours is below.
      uniqueKeys: false,
    });
  } catch (error) {
    return {
      problems: [{ file, line: 1, column: 1, message: `not readable as YAML: ${messageOf(error)}`, rule: "yaml" }],
    };
  }
  for (const error of parsed.errors)
    problems.push(at(error.pos[0], yamlMessage(error.code, error.message), { rule: "yaml" }));
  for (const warning of parsed.warnings)
    problems.push(at(warning.pos[0], `YAML: ${oneLine(warning.message)}`, { rule: "yaml" }));

  let nodes = 0;
  let stopped = false;
  const stop = (offset: number, message: string, rule: string) => {
    if (!stopped) problems.push(at(offset, message, { rule }));
    stopped = true;
    return null;
  };
  const anchors = new Map<string, Node>();
  const read = (node: Node | null, place: Place, depth: number, aliased: boolean): unknown => {
    if (stopped || node === null) return null;
    if (++nodes > MOST_NODES)
      return stop(place.value, `the file holds more than ${MOST_NODES} values, aliases followed`, "too-large");
    if (depth > DEEPEST) return stop(place.value, TOO_DEEP, "too-deep");
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined) {
        problems.push(
          at(node.range?.[0] ?? place.value, `the alias *${node.source} has no anchor before it`, { rule: "yaml" }),
        );
        return null;
      }
      return read(target, place, depth + 1, true);
    }
    // An alias means the last anchor before it, and what it stands for sets none anew.
    if (node.anchor !== undefined && !aliased) anchors.set(node.anchor, node);
    const offset = node.range?.[0] ?? place.value;
    if (isSeq(node)) {
      return node.items.map((item, index) => {
        const child = placeOf(item as Node | null, offset);
        place.children.set(index, child);
        return read(item as Node | null, child, depth + 1, aliased);
      });
    }
    if (isMap(node)) {
      const result: Record<string, unknown> = Object.create(MAPPING);
      for (const pair of node.items) {
        const keyNode = pair.key as Node | null;
        const keyOffset = keyNode?.range?.[0] ?? offset;
        const key = isScalar(keyNode) ? keyNode.value : undefined;
        const message = refuseKey(key);
        if (message !== undefined || typeof key !== "string") {
          problems.push(at(keyOffset, message ?? "a key must be a text", { rule: "key" }));
          continue;
        }
        if (Object.hasOwn(result, key)) {
          problems.push(at(keyOffset, TWICE, { rule: "yaml" }));
          continue;
        }
        const value = pair.value as Node | null;
        const [start = keyOffset, end = start] = value?.range ?? [];
        // Where nothing is written YAML's place is the next sign, often a line further down: the key is the better one.
        const child = {
          key: keyOffset,
          value: start === end ? keyOffset : start,
          children: new Map(),
        };
        place.children.set(key, child);
        result[key] = read(value, child, depth + 1, aliased);
      }
      return result;
    }
    return isScalar(node) ? node.value : null;
  };
  const root: Place = placeOf(parsed.contents, 0);
  const value = read(parsed.contents, root, 0, false);
  if (stopped) return { problems };

  const document: Document = {
    value,
    problem(path, message, { key = false, ...detail } = {}) {
      let place = root;
      let found = 0;
      for (const part of path) {
        const child = place.children.get(part);
        if (child === undefined) break;
        place = child;
        found++;
      }
      // Of a missing key the parent's own key is the better place: the value may start a screen further down.
      const offset = (key && found === path.length) || found < path.length ? place.key : place.value;
      return at(offset, message, detail);
    },
  };
  return { document, problems };
}

const TWICE = "this key stands twice in the same mapping: keep one of them";
const TOO_DEEP = `nested too deeply: at most ${DEEPEST} levels`;

/** Offsets at which the lines start. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return starts;
}

function placeOf(node: Node | null, fallback: number): Place {
  const offset = node?.range?.[0] ?? fallback;
  return { key: offset, value: offset, children: new Map() };
}

function refuseKey(key: unknown): string | undefined {
  if (key === "<<")
    return "merge keys (<<) are not part of YAML 1.2: write the keys out, or share a single value by an alias";
  if (key === "__proto__") return 'a key cannot be called "__proto__"';
  if (typeof key !== "string") return `a key must be a text, not ${show(key ?? null)}: put it in quotes`;
  return undefined;
}

function yamlMessage(code: string, message: string): string {
  if (code === "MULTIPLE_DOCS") return "the file holds several YAML documents: keep one, without a --- line between";
  if (code === "TAB_AS_INDENT") return "YAML: a tab is not allowed as indentation: use spaces";
  return `YAML: ${oneLine(message)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 300);
}

/** An upper bound of how deep the text nests: brackets that are open, and the widest indentation or row of `- - -`. */
function nesting(text: string): number {
  let open = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "[" || c === "{") deepest = Math.max(deepest, ++open);
    else if ((c === "]" || c === "}") && open > 0) open--;
  }
  for (const line of text.split("\n")) {
    const indent = /^(?:[ \t]|[-?:](?=[ \t\r]))*/.exec(line)?.[0].length ?? 0;
    deepest = Math.max(deepest, Math.floor(indent / 2));
  }
  return deepest;
}
