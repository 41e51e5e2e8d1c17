import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Freeze, Window } from "../../src/pipeline/model.ts";
import { opensAt } from "../../src/pipeline/windows.ts";

const MINUTE = 60_000;
const window = (from: string, to: string, zone: string, days: readonly number[] = [0, 1, 2, 3, 4, 5, 6]): Window => {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return { name: "w", days, from: minutes(from), to: minutes(to), zone };
};
const freeze = (from: string, to: string, zone = "UTC", reason = "holidays"): Freeze => ({
  from,
  to,
  zone,
  reason,
  hotfixes: false,
});
const at = (iso: string) => Date.parse(iso);

/** When a deployment may start, as ISO text; `open` where it already may. */
function next(one: Window | undefined, freezes: readonly Freeze[], now: string): string {
  const opening = opensAt(one, freezes, at(now));
  return opening.open ? "open" : new Date(opening.until).toISOString().replace(".000", "");
}

describe("a window", () => {
  const office = window("10:00", "16:00", "Europe/Berlin", [1, 2, 3, 4]);
  const night = window("22:00", "04:00", "America/New_York", [5]);
  test.each([
    ["at its start", office, "2026-11-16T09:00:00Z", "open"],
    ["a second before its start", office, "2026-11-16T08:59:59Z", "2026-11-16T09:00:00Z"],
    ["a second before its end", office, "2026-11-16T14:59:59Z", "open"],
    ["at its end", office, "2026-11-16T15:00:00Z", "2026-11-17T09:00:00Z"],
    ["over the weekend", office, "2026-11-19T15:00:00Z", "2026-11-23T09:00:00Z"],
    ["over midnight, before", night, "2026-11-21T02:30:00Z", "2026-11-21T03:00:00Z"],
    ["over midnight, after", night, "2026-11-21T08:59:00Z", "open"],
    ["over midnight, closed at its end", night, "2026-11-21T09:00:00Z", "2026-11-28T03:00:00Z"],
    ["over midnight, not on the morning of its day", night, "2026-11-20T08:00:00Z", "2026-11-21T03:00:00Z"],
    ["for the whole day", window("00:00", "24:00", "UTC", [6]), "2026-11-20T12:00:00Z", "2026-11-21T00:00:00Z"],
    ["after the clocks went forward", office, "2026-03-26T16:00:00Z", "2026-03-30T08:00:00Z"],
    ["after the clocks went back", office, "2026-10-22T15:00:00Z", "2026-10-26T09:00:00Z"],
    [
      "whose start is skipped opens with the change",
      window("02:30", "04:00", "Europe/Berlin"),
      "2026-03-29T00:00:00Z",
      "2026-03-29T01:00:00Z",
    ],
    [
      "that is skipped as a whole opens the day after",
      window("02:00", "03:00", "Europe/Berlin"),
      "2026-03-29T00:30:00Z",
      "2026-03-30T00:00:00Z",
    ],
    [
      "in the repeated hour opens a second time",
      window("02:15", "02:30", "Europe/Berlin"),
      "2026-10-25T00:30:00Z",
      "2026-10-25T01:15:00Z",
    ],
    [
      "in a zone of odd minutes",
      window("10:00", "11:00", "Asia/Kathmandu"),
      "2026-11-20T00:00:00Z",
      "2026-11-20T04:15:00Z",
    ],
  ])("%s", (_, one, now, expected) => expect(next(one, [], now)).toBe(expected));

  it("says why it is closed", () => {
    expect(opensAt(office, [], at("2026-11-20T12:00:00Z"))).toMatchObject({
      because: "outside the window w (mon, tue, wed, thu 10:00-16:00 Europe/Berlin)",
    });
  });
});

describe("a freeze", () => {
  test.each([
    ["before it", undefined, [freeze("2026-12-20", "2027-01-04")], "2026-12-19T23:59:59Z", "open"],
    [
      "on its last day",
      undefined,
      [freeze("2026-12-20", "2027-01-04")],
      "2027-01-04T23:59:59Z",
      "2027-01-05T00:00:00Z",
    ],
    [
      "in its own zone",
      undefined,
      [freeze("2026-12-20", "2026-12-20", "Asia/Tokyo")],
      "2026-12-20T01:00:00Z",
      "2026-12-20T15:00:00Z",
    ],
    [
      "of several in a row",
      undefined,
      [freeze("2026-12-24", "2026-12-26"), freeze("2026-12-20", "2026-12-23"), freeze("2026-12-26", "2026-12-28")],
      "2026-12-21T00:00:00Z",
      "2026-12-29T00:00:00Z",
    ],
    [
      "of several with a day between",
      undefined,
      [freeze("2026-12-20", "2026-12-23"), freeze("2026-12-25", "2026-12-26")],
      "2026-12-21T00:00:00Z",
      "2026-12-24T00:00:00Z",
    ],
    [
      "that ends outside the window",
      window("10:00", "11:00", "UTC", [1]),
      [freeze("2026-12-20", "2027-01-04")],
      "2026-12-21T10:30:00Z",
      "2027-01-11T10:00:00Z",
    ],
    [
      "on the window's next day",
      window("10:00", "11:00", "UTC", [1]),
      [freeze("2026-12-20", "2027-01-04")],
      "2026-12-19T10:30:00Z",
      "2027-01-11T10:00:00Z",
    ],
    [
      "that ends at a midnight which the clocks skip",
      undefined,
      [freeze("2018-11-01", "2018-11-03", "America/Sao_Paulo")],
      "2018-11-02T00:00:00Z",
      "2018-11-04T03:00:00Z",
    ],
  ])("%s", (_, one, freezes, now, expected) => expect(next(one, freezes, now)).toBe(expected));

  it("is the reason where it stands in the way first", () => {
    expect(opensAt(undefined, [freeze("2026-12-20", "2026-12-24")], at("2026-12-21T00:00:00Z"))).toMatchObject({
      because: "frozen from 2026-12-20 to 2026-12-24 (holidays)",
    });
  });
});

const formats = new Map<string, Intl.DateTimeFormat>();

/** Weekday, minutes after midnight and date on the clocks of a zone, by a way of its own. */
function clocks(zone: string, time: number): { day: number; minutes: number; date: string } {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat("sv-SE", {
      timeZone: zone,
      weekday: "short",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
  formats.set(zone, format);
  const [weekday = "", date = "", hour = ""] = format.format(time).split(/,? /);
  const day = ["sön", "mån", "tis", "ons", "tors", "fre", "lör"].findIndex((name) =>
    weekday.startsWith(name.slice(0, 2)),
  );
  return { day, minutes: Number(hour.slice(0, 2)) * 60 + Number(hour.slice(3)), date };
}

function mayStart(one: Window, freezes: readonly Freeze[], time: number): boolean {
  if (freezes.some(({ from, to, zone }) => ((date) => from <= date && date <= to)(clocks(zone, time).date)))
    return false;
  const { day, minutes } = clocks(one.zone, time);
  if (one.from < one.to) return one.days.includes(day) && one.from <= minutes && minutes < one.to;
  return (minutes >= one.from && one.days.includes(day)) || (minutes < one.to && one.days.includes((day + 6) % 7));
}

const zone = fc.constantFrom(
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "America/Havana",
  "Pacific/Apia",
  "Africa/Casablanca",
);
const days = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 });
/** Instants close to changes of the clocks as often as not. */
const instant = fc.oneof(
  fc.integer({ min: at("2024-01-01T00:00:00Z"), max: at("2028-01-01T00:00:00Z") }),
  fc
    .tuple(
      fc.constantFrom(
        ...[
          "2026-03-08T07:00:00Z",
          "2026-11-01T06:00:00Z",
          "2026-03-29T01:00:00Z",
          "2026-10-25T01:00:00Z",
          "2026-04-04T15:00:00Z",
          "2026-10-03T15:30:00Z",
        ].map(at),
      ),
      fc.integer({ min: -2 * 86_400_000, max: 86_400_000 }),
    )
    .map(([change, shift]) => change + shift),
);

describe("the next opening", () => {
  const arbitrary = fc
    .record({
      one: fc
        .record({
          name: fc.constant("w"),
          days,
          from: fc.integer({ min: 0, max: 1_439 }),
          to: fc.integer({ min: 1, max: 1_440 }),
          zone,
        })
        .filter(({ from, to }) => from !== to),
      freezes: fc.array(fc.tuple(fc.integer({ min: -3, max: 6 }), fc.nat(3), zone), { maxLength: 3 }),
      now: instant,
    })
    .map(({ one, freezes, now }) => ({
      one,
      now,
      freezes: freezes.map(([start, length, where]): Freeze => {
        const date = (days: number) => new Date(now + days * 86_400_000).toISOString().slice(0, 10);
        return freeze(date(start), date(start + length), where);
      }),
    }));

  it("is open, with a closed instant right before it", () => {
    fc.assert(
      fc.property(arbitrary, ({ one, freezes, now }) => {
        const opening = opensAt(one, freezes, now);
        expect(opening.open).toBe(mayStart(one, freezes, now));
        if (opening.open) return;
        expect(opening.until).toBeGreaterThan(now);
        expect(mayStart(one, freezes, opening.until)).toBe(true);
        expect(mayStart(one, freezes, opening.until - 1)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it("is the first: no minute before it is open", () => {
    fc.assert(
      fc.property(
        arbitrary,
        fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 100, maxLength: 100 }),
        ({ one, freezes, now }, shares) => {
          const opening = opensAt(one, freezes, now);
          if (opening.open) return;
          const minutes = Math.floor((opening.until - now) / MINUTE);
          // Every minute of the last hours, where a change of the clocks matters, and a hundred of the rest.
          const sampled = [
            ...Array(Math.min(180, minutes)).keys(),
            ...shares.map((share) => Math.floor(share * minutes)),
          ];
          for (const back of sampled) expect(mayStart(one, freezes, opening.until - 1 - back * MINUTE)).toBe(false);
        },
      ),
      { numRuns: 60 },
    );
  });
});
