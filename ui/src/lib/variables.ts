import { formatDuration } from "./durations";
import { rateIntervalMs } from "./step";
import type { AbsoluteRange } from "./timeRange";

/** Variables of dashboards: how they are written into queries. */

export interface VariableValue {
  /** Empty for "nothing chosen". */
  values: string[];
  /** What people see. */
  text: string;
  /** Several values are possible: a query then takes them as a regular expression. */
  isList: boolean;
  /** What "All" stands for, if all are chosen and the dashboard says so; used as it is. */
  allValue?: string;
}

export type VariableValues = Readonly<Record<string, VariableValue>>;

/** "All" in links and in the file. */
export const allKey = "$__all";

const escapeRegex = (text: string): string => text.replace(/\\/g, "\\\\\\\\").replace(/[$^*{}[\]'+?.()|]/g, "\\\\$&");
const plainRegex = (text: string): string => text.replace(/[\\$^*{}[\]+?.()|/]/g, "\\$&");

function format(value: VariableValue, how: string | undefined, inQuery: boolean): string {
  const { values } = value;
  switch (how) {
    case "pipe":
      return values.join("|");
    case "csv":
    case "raw":
      return values.join(",");
    case "regex":
      return values.length === 1 ? plainRegex(values[0] as string) : `(${values.map(plainRegex).join("|")})`;
    case "text":
      return value.text;
    case "json":
      return JSON.stringify(values.length === 1 ? values[0] : values);
    case "doublequote":
      return values.map((v) => `"${v.replace(/"/g, '\\"')}"`).join(",");
    case "singlequote":
    case "sqlstring":
      return values.map((v) => `'${v.replace(/'/g, "\\'")}'`).join(",");
    case "queryparam":
    case "percentencode":
      return values.map(encodeURIComponent).join(",");
    default:
      if (value.allValue !== undefined) return value.allValue;
      if (!inQuery) return value.text;
      if (!value.isList) return values[0] ?? "";
      return values.length === 1 ? escapeRegex(values[0] as string) : `(${values.map(escapeRegex).join("|")})`;
  }
}

const reference = /\$\{(\w+)(?:\.[\w.]+)?(?::(\w+)(?::[^}]*)?)?\}|\$(\w+)|\[\[(\w+)(?::(\w+))?\]\]/g;

function fill(text: string, values: VariableValues, inQuery: boolean): string {
  return text.replace(reference, (whole, braced?: string, how?: string, bare?: string, bracket?: string, bracketHow?: string) => {
    const value = values[braced ?? bare ?? bracket ?? ""];
    return value ? format(value, how ?? bracketHow, inQuery) : whole;
  });
}

/** A query with its variables filled in; lists become regular expressions as PromQL's `=~` takes them. */
export const fillQuery = (text: string, values: VariableValues): string => fill(text, values, true);

/** A title or text with its variables filled in. */
export const fillText = (text: string, values: VariableValues): string => fill(text, values, false);

const single = (value: string | number): VariableValue => ({ values: [String(value)], text: String(value), isList: false });

/** Grafana's built-in variables for a query of this range and step. */
export function builtIns(range: AbsoluteRange, stepSeconds: number): VariableValues {
  const lengthMs = range.toMs - range.fromMs;
  return {
    __interval: single(formatDuration(stepSeconds * 1000)),
    __interval_ms: single(Math.round(stepSeconds * 1000)),
    __rate_interval: single(formatDuration(rateIntervalMs(stepSeconds))),
    __rate_interval_ms: single(rateIntervalMs(stepSeconds)),
    __range: single(`${Math.max(1, Math.round(lengthMs / 1000))}s`),
    __range_s: single(Math.max(1, Math.round(lengthMs / 1000))),
    __range_ms: single(lengthMs),
    __from: single(range.fromMs),
    __to: single(range.toMs),
  };
}

/** Names of the variables that a text refers to. */
export function referencesOf(text: string): Set<string> {
  const names = new Set<string>();
  for (const match of text.matchAll(reference)) names.add((match[1] ?? match[3] ?? match[4]) as string);
  return names;
}

/** What a query variable asks for. */
export type VariableQuery =
  | { kind: "labelValues"; label: string; selector: string }
  | { kind: "labelNames"; selector: string }
  | { kind: "metrics"; pattern: string }
  | { kind: "queryResult"; expr: string }
  | { kind: "series"; selector: string };

/** `label_values(metric, label)`, `label_names()`, `metrics(regex)`, `query_result(expr)`; anything else selects series. */
export function parseVariableQuery(text: string): VariableQuery | null {
  const query = text.trim();
  if (!query) return null;
  const call = /^(\w+)\(([\s\S]*)\)\s*$/.exec(query);
  const inside = call?.[2]?.trim() ?? "";
  switch (call?.[1]) {
    case "label_values": {
      const comma = inside.lastIndexOf(",");
      const label = inside.slice(comma + 1).trim();
      return { kind: "labelValues", label, selector: comma < 0 ? "" : inside.slice(0, comma).trim() };
    }
    case "label_names":
      return { kind: "labelNames", selector: inside };
    case "metrics":
      return { kind: "metrics", pattern: inside };
    case "query_result":
      return { kind: "queryResult", expr: inside };
    default:
      return { kind: "series", selector: query };
  }
}

export interface Option {
  text: string;
  value: string;
}

/** Applies a variable's regular expression (`/…/`): keeps what matches; a group, or groups named text and value, replace the option. */
export function applyRegex(options: readonly string[], regex: string): Option[] {
  const seen = new Set<string>();
  const result: Option[] = [];
  let pattern: RegExp | null = null;
  if (regex) {
    const slashes = /^\/(.*)\/([gimsuy]*)$/s.exec(regex);
    try {
      pattern = slashes ? new RegExp(slashes[1] as string, (slashes[2] as string).replace(/[gy]/g, "")) : new RegExp(`^(?:${regex})$`);
    } catch {
      return options.map((text) => ({ text, value: text }));
    }
  }
  for (const text of options) {
    const match = pattern?.exec(text);
    if (pattern && !match) continue;
    const value = match?.groups?.value ?? match?.groups?.text ?? match?.[1] ?? text;
    if (seen.has(value)) continue;
    seen.add(value);
    result.push({ text: match?.groups?.text ?? value, value });
  }
  return result;
}

/** Grafana's sort orders: 1/2 alphabetical, 3/4 numerical by the first number, 5/6 without case, 7/8 natural. */
export function sortOptions(options: Option[], sort: number): Option[] {
  if (sort <= 0) return options;
  const number = (option: Option) => Number(/-?\d+(\.\d+)?/.exec(option.text)?.[0] ?? Number.NEGATIVE_INFINITY);
  const compare: (a: Option, b: Option) => number =
    sort <= 2
      ? (a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)
      : sort <= 4
        ? (a, b) => number(a) - number(b)
        : (a, b) => a.text.localeCompare(b.text, undefined, { numeric: sort > 6, sensitivity: "base" });
  const sorted = [...options].sort(compare);
  return sort % 2 === 0 ? sorted.reverse() : sorted;
}
