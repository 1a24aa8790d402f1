/** Durations as Prometheus and Grafana write them: `1h30m`, `15s`, `500ms`. Here in milliseconds. */

const unitMs: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};

/** Null if the text is no duration. */
export function parseDuration(text: string | null | undefined): number | null {
  if (!text) return null;
  let rest = text.trim().replace(/^>/, "").trim();
  if (/^\d+(\.\d+)?$/.test(rest)) return Number(rest) * 1000;
  let total = 0;
  while (rest.length > 0) {
    const part = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w|M|y)/.exec(rest);
    if (!part) return null;
    total += Number(part[1]) * (unitMs[part[2] as string] as number);
    rest = rest.slice(part[0].length);
  }
  return text.trim() === "" ? null : total;
}

/** The shortest exact writing with Prometheus' units: 90000 is `1m30s`. */
export function formatDuration(ms: number): string {
  if (ms <= 0) return "0s";
  let rest = Math.round(ms);
  let text = "";
  for (const unit of ["d", "h", "m", "s", "ms"]) {
    const count = Math.floor(rest / (unitMs[unit] as number));
    if (count > 0) text += count + unit;
    rest -= count * (unitMs[unit] as number);
  }
  return text;
}

/** For people: the two largest units, "2d 3h", "45s". */
export function formatAge(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))}ms`;
  const parts: string[] = [];
  let rest = Math.floor(ms / 1000);
  for (const [unit, seconds] of [
    ["d", 86400],
    ["h", 3600],
    ["m", 60],
    ["s", 1],
  ] as const) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) parts.push(count + unit);
    if (parts.length === 2) break;
  }
  return parts.join(" ") || "0s";
}
