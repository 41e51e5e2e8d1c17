import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskMessage } from "../../src/logs/mask.ts";
import { risen } from "../../src/logs/report.ts";
import { type Signature, SignatureTable } from "../../src/logs/signature.ts";

const template = (text: string): string => {
  const out = Buffer.alloc(4_096);
  const bytes = Buffer.from(text);
  return out.toString("utf8", 0, maskMessage(bytes, 0, bytes.length, out)).replaceAll("\u0001", "<*>");
};

const add = (table: SignatureTable, text: string, before = false, source = "a"): void => {
  const bytes = Buffer.from(text);
  table.add(bytes, 0, bytes.length, "", 1_000, before, source, () => text);
};

describe("the template of a message", () => {
  it.each([
    ["request 12 took 3.5ms", "request <*> took <*>"],
    ["cannot reach 10.0.0.1:80 (fe80::1%eth0)", "cannot reach <*> (<*>)"],
    ["id 6f1c3a52-1b7e-4a55-9d0e-0a1b2c3d4e5f gone", "id <*> gone"],
    ["hash deadbeefcafe and feed", "hash <*> and feed"],
    ["open /var/lib/x failed: no such file", "open <*> failed: no such file"],
    ["GET https://example.com/a?b=c failed", "GET <*> failed"],
    ["mail to bob@example.com bounced", "mail to <*> bounced"],
    [`key "a b" and 'c d' missing`, "key <*> and <*> missing"],
    ["don't stop, can't go", "don't stop, can't go"],
    ["ids [1, 2, 3] left", "ids [<*>] left"],
    ["ids [1, 2] left", "ids [<*>] left"],
    ["a   b\t\tc", "a b c"],
    ["user=alice id=7", "user=alice id=<*>"],
    ["read/write error", "read/write error"],
    ["com.example.Handler: Über größer", "com.example.Handler: Über größer"],
    ['said \\"hello you\\"', "said <*>"],
    ["", ""],
  ])("%j is %j", (text, expected) => {
    expect(template(text)).toBe(expected);
  });

  it("is the same whatever the values are", () => {
    const value = fc.oneof(
      fc.nat().map(String),
      fc.uuid(),
      fc.ipV4(),
      fc.integer({ min: 1e9, max: 2e9 }).map((n) => `0x${n.toString(16)}`),
      fc.stringMatching(/^[a-z]{1,8}$/).map((word) => `/data/${word}/x`),
      fc.stringMatching(/^[a-z ]{0,12}$/).map((words) => `"${words}"`),
    );
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(template(`disk ${a} lost block ${b} of the set`)).toBe("disk <*> lost block <*> of the set");
      }),
    );
  });
});

describe("kinds of errors", () => {
  it("are new where they occurred neither before nor on other machines", () => {
    const table = new SignatureTable();
    add(table, "disk 1 is full", true);
    add(table, "disk 2 is full");
    add(table, "fan 2 is broken", false, "b");
    const kinds = table.report();
    expect(kinds.map(({ template, count, before }) => [template, count, before])).toEqual([
      ["disk <*> is full", 1, 1],
      ["fan <*> is broken", 1, 0],
    ]);
    expect(kinds[1]).toMatchObject({ sources: ["b"], sample: "fan 2 is broken", first: 1_000 });
  });

  it("have the same identity in any table and any order", () => {
    const ids = [
      ["disk 1 full", "fan 1 broken"],
      ["fan 7 broken", "disk 9 full"],
    ].map((texts) => {
      const table = new SignatureTable();
      for (const text of texts) add(table, text);
      return table
        .report()
        .map(({ id }) => id)
        .sort();
    });
    expect(ids[0]).toEqual(ids[1]);
    expect(ids[0]?.[0]).toMatch(/^[0-9a-f]{12}$/);
  });

  it("become one where a word shows to be variable, also against what was before", () => {
    const table = new SignatureTable();
    const names = ["alice", "bob", "carol", "dave", "erin", "frank", "grace"];
    for (const name of names) add(table, `user ${name} has no role`, true);
    add(table, "user mallory has no role");
    expect(table.report()).toMatchObject([{ template: "user <*> has no role", before: 7, count: 1 }]);
  });

  it("become one whatever the words are", () => {
    const words = fc.uniqueArray(fc.stringMatching(/^[g-z]{1,9}$/), { minLength: 6, maxLength: 12 });
    fc.assert(
      fc.property(words, fc.stringMatching(/^[g-z]{1,9}$/), fc.nat(3), (all, thing, place) => {
        const table = new SignatureTable();
        for (const word of all) add(table, ["cannot", "reach", "the", thing].toSpliced(place, 0, word).join(" "));
        expect(table.report()).toMatchObject([{ count: all.length }]);
      }),
      { numRuns: 300 },
    );
  });

  it("become one where two words are variable", () => {
    const table = new SignatureTable();
    const word = (n: number) => `w${"abcdefghij"[n % 10]}${"klmnopqrst"[Math.floor(n / 10) % 10]}x`;
    for (let n = 0; n < 100; n++) for (let m = 0; m < 10; m++) add(table, `user ${word(n)} lacks role ${word(m)} here`);
    expect(table.report().length).toBeLessThan(10);
  });

  it("are found in a full table as in one that is filling, with less memory", () => {
    const letters = (n: number) => [...String(n)].map((digit) => "ghijklmnop"[Number(digit)]).join("");
    const table = new SignatureTable();
    for (let n = 0; n < 10_000; n++) add(table, `${letters(n)} ${letters(n * 7)} is ${letters(n * 13)}`);
    for (let n = 0; n < 20; n++) add(table, `user ${letters(n)} has no role`, true);
    const before = table.report();
    const coarse = before.filter((one) => one.coarse).reduce((sum, one) => sum + one.count, 0);
    expect(coarse).toBe(8_000);
    // Known ones are found by their words, variable ones too; only what is really different joins the others.
    for (let n = 0; n < 1_000; n++) add(table, `${letters(n)} ${letters(n * 7)} is ${letters(n * 13)}`);
    for (let n = 0; n < 1_000; n++) add(table, `${letters(n + 50_000)} größer ${letters(n)}`);
    const after = table.report();
    expect(after.filter((one) => one.coarse).reduce((sum, one) => sum + one.count, 0)).toBe(coarse + 1_000);
    for (const one of before.filter(({ coarse }) => !coarse).slice(0, 500)) {
      const now = after.find(({ id }) => id === one.id);
      expect(now?.count).toBeGreaterThanOrEqual(one.count);
    }
  });

  it("of few words stay apart: a different component is another kind", () => {
    const table = new SignatureTable();
    add(table, "connection to database failed", true);
    add(table, "connection to cache failed");
    expect(table.report()).toMatchObject([{ template: "connection to cache failed", before: 0 }]);
  });

  it("of two tables add up to the kinds of all their events", () => {
    const text = fc.constantFrom(
      "disk 1 full",
      "disk 2 full",
      "fan x broken",
      "fan y broken",
      "fan z broken",
      "fan u broken",
      "fan v broken",
      "fan w broken",
      "no route",
    );
    fc.assert(
      fc.property(fc.array(text), fc.array(text), (one, two) => {
        const tables = [one, two].map((texts) => {
          const table = new SignatureTable();
          for (const each of texts) add(table, each);
          return table;
        });
        const both = new SignatureTable();
        for (const each of [...one, ...two]) add(both, each);
        tables[0]?.merge(tables[1]?.raw() ?? []);
        const counts = (table: SignatureTable | undefined) =>
          table?.report().map(({ template, count }) => [template, count]);
        expect(counts(tables[0])).toEqual(counts(both));
      }),
    );
  });
});

describe("known kinds that have become more frequent", () => {
  const kind = (count: number, before: number) => ({ count, before }) as Signature;
  it.each([
    [10, 10, 1_000, 1_000, false],
    [40, 10, 1_000, 1_000, true],
    [4, 1, 1_000, 1_000, false],
    [40, 10, 4_000, 1_000, false],
    [400, 300, 1_000, 1_000, false],
    [5, 0, 1_000, 1_000, false],
  ])("%i against %i, in %i and %i events: %s", (count, before, lines, linesBefore, expected) => {
    expect(risen([kind(count, before)], linesBefore, lines).length === 1).toBe(expected);
  });
});
