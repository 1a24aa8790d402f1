import { parseDuration } from "./durations";

/** A range as the URL and dashboards write it: `now-1h`, `now/d`, Unix milliseconds, or ISO 8601. */
export interface TimeRange {
  from: string;
  to: string;
}

/** The range at one moment, Unix milliseconds. */
export interface AbsoluteRange {
  fromMs: number;
  toMs: number;
}

export const presets: TimeRange[] = ["5m", "15m", "30m", "1h", "3h", "6h", "12h", "24h", "2d", "7d", "30d", "90d"].map((length) => ({
  from: `now-${length}`,
  to: "now",
}));

const relative = /^now(?:([-+])(\d+)(ms|s|m|h|d|w|M|y))?(?:\/([smhdwMy]))?$/;

/** Null if the text is no moment. <paramref name="end"/> rounds `/d` up to the end of the day instead of down. */
export function parseMoment(text: string, nowMs: number, end = false): number | null {
  const trimmed = text.trim();
  if (/^\d{10,}$/.test(trimmed)) return Number(trimmed);
  const parts = relative.exec(trimmed);
  if (!parts) {
    const absolute = Date.parse(trimmed);
    return Number.isNaN(absolute) ? null : absolute;
  }
  const [, sign, count, unit, rounding] = parts;
  let moment = nowMs;
  if (count && unit) moment += (sign === "+" ? 1 : -1) * (parseDuration(count + unit) ?? 0);
  return rounding ? roundTo(moment, rounding, end) : moment;
}

export function resolveRange(range: TimeRange, nowMs: number): AbsoluteRange {
  const fromMs = parseMoment(range.from, nowMs) ?? nowMs - 3_600_000;
  const toMs = parseMoment(range.to, nowMs, true) ?? nowMs;
  return fromMs < toMs ? { fromMs, toMs } : { fromMs: toMs - 60_000, toMs };
}

export const isRelative = (range: TimeRange): boolean => range.to.startsWith("now");

/** `1h` for `now-1h` to `now`; null for anything else. */
export function lengthOfPreset(range: TimeRange): string | null {
  return range.to === "now" ? (/^now-(\d+(?:ms|s|m|h|d|w|M|y))$/.exec(range.from)?.[1] ?? null) : null;
}

/** The range twice as long around the same middle, or moved by half its length. */
export function shiftRange(range: AbsoluteRange, by: "out" | "back" | "forward"): TimeRange {
  const length = range.toMs - range.fromMs;
  const [from, to] = by === "out" ? [-length / 2, length / 2] : by === "back" ? [-length / 2, -length / 2] : [length / 2, length / 2];
  return { from: String(Math.round(range.fromMs + from)), to: String(Math.round(range.toMs + to)) };
}

function roundTo(ms: number, unit: string, up: boolean): number {
  const date = new Date(ms);
  const floor = new Date(ms);
  floor.setMilliseconds(0);
  if (unit !== "s") floor.setSeconds(0);
  if (!"sm".includes(unit)) floor.setMinutes(0);
  if (!"smh".includes(unit)) floor.setHours(0);
  if (unit === "w") floor.setDate(date.getDate() - ((date.getDay() + 6) % 7));
  if (unit === "M" || unit === "y") floor.setDate(1);
  if (unit === "y") floor.setMonth(0);
  if (!up) return floor.getTime();
  const next = new Date(floor);
  if (unit === "s") next.setSeconds(floor.getSeconds() + 1);
  else if (unit === "m") next.setMinutes(floor.getMinutes() + 1);
  else if (unit === "h") next.setHours(floor.getHours() + 1);
  else if (unit === "d") next.setDate(floor.getDate() + 1);
  else if (unit === "w") next.setDate(floor.getDate() + 7);
  else if (unit === "M") next.setMonth(floor.getMonth() + 1);
  else next.setFullYear(floor.getFullYear() + 1);
  return next.getTime() - 1;
}
