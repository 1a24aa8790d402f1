/** Formatting of values in Grafana's units. Names of units are those of Grafana's dashboards. */

export interface FormattedValue {
  /** Before the number: a currency sign or the text of a `prefix:` unit. */
  prefix: string;
  /** The number, or a word such as "Yes". */
  text: string;
  /** After the number: the unit with its scale, without leading space. */
  suffix: string;
}

interface Scale {
  factor: number;
  suffix: string;
}

const si = (unit: string): Scale[] => ["", "k", "M", "G", "T", "P", "E"].map((sign, i) => ({ factor: 1000 ** i, suffix: sign + unit }));
const iec = (unit: string): Scale[] =>
  ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].map((sign, i) => ({ factor: 1024 ** i, suffix: sign + unit }));
const short = (unit: string): Scale[] =>
  ["", "K", "Mil", "Bil", "Tri"].map((sign, i) => ({ factor: 1000 ** i, suffix: [sign, unit].filter(Boolean).join(" ") }));

/** Scales of time with the length of one unit in seconds. */
const secondScales: Scale[] = [
  { factor: 1e-9, suffix: "ns" },
  { factor: 1e-6, suffix: "µs" },
  { factor: 1e-3, suffix: "ms" },
  { factor: 1, suffix: "s" },
  { factor: 60, suffix: "min" },
  { factor: 3600, suffix: "h" },
  { factor: 86400, suffix: "d" },
  { factor: 31557600, suffix: "y" },
];

/** Units whose number grows through scales: how much one of the unit is in the scales' base, and the scales. */
const scaled: Record<string, { base: number; scales: Scale[] }> = {
  short: { base: 1, scales: short("") },
  bytes: { base: 1, scales: iec("B") },
  kbytes: { base: 1024, scales: iec("B") },
  mbytes: { base: 1024 ** 2, scales: iec("B") },
  gbytes: { base: 1024 ** 3, scales: iec("B") },
  bits: { base: 1, scales: iec("b") },
  decbytes: { base: 1, scales: si("B") },
  deckbytes: { base: 1e3, scales: si("B") },
  decmbytes: { base: 1e6, scales: si("B") },
  decgbytes: { base: 1e9, scales: si("B") },
  decbits: { base: 1, scales: si("b") },
  Bps: { base: 1, scales: si("B/s") },
  binBps: { base: 1, scales: iec("B/s") },
  bps: { base: 1, scales: si("b/s") },
  binbps: { base: 1, scales: iec("b/s") },
  KBs: { base: 1e3, scales: si("B/s") },
  MBs: { base: 1e6, scales: si("B/s") },
  KiBs: { base: 1024, scales: iec("B/s") },
  Kbits: { base: 1e3, scales: si("b/s") },
  Mbits: { base: 1e6, scales: si("b/s") },
  hertz: { base: 1, scales: si("Hz") },
  watt: { base: 1, scales: si("W") },
  volt: { base: 1, scales: si("V") },
  amp: { base: 1, scales: si("A") },
  joule: { base: 1, scales: si("J") },
  ns: { base: 1e-9, scales: secondScales },
  µs: { base: 1e-6, scales: secondScales },
  us: { base: 1e-6, scales: secondScales },
  ms: { base: 1e-3, scales: secondScales },
  s: { base: 1, scales: secondScales },
  m: { base: 60, scales: secondScales },
  h: { base: 3600, scales: secondScales },
  d: { base: 86400, scales: secondScales },
  dtdurations: { base: 1, scales: secondScales },
  dtdurationms: { base: 1e-3, scales: secondScales },
  clocks: { base: 1, scales: secondScales },
  reqps: { base: 1, scales: short("req/s") },
  rps: { base: 1, scales: short("reads/s") },
  wps: { base: 1, scales: short("writes/s") },
  ops: { base: 1, scales: short("ops/s") },
  iops: { base: 1, scales: short("io/s") },
  cps: { base: 1, scales: short("c/s") },
  eps: { base: 1, scales: short("events/s") },
  mps: { base: 1, scales: short("msg/s") },
  pps: { base: 1, scales: short("p/s") },
  recps: { base: 1, scales: short("rec/s") },
  rowsps: { base: 1, scales: short("rows/s") },
  cpm: { base: 1, scales: short("c/min") },
  opm: { base: 1, scales: short("ops/min") },
  reqpm: { base: 1, scales: short("req/min") },
  rotrpm: { base: 1, scales: short("rpm") },
};

/** Units written after a number that is not scaled. */
const plain: Record<string, string> = {
  none: "",
  percent: "%",
  celsius: "°C",
  fahrenheit: "°F",
  kelvin: "K",
  humidity: "%H",
  dB: "dB",
  ppm: "ppm",
  degree: "°",
};

const currencies: Record<string, string> = { currencyUSD: "$", currencyEUR: "€", currencyGBP: "£", currencyJPY: "¥" };

const words: Record<string, [string, string]> = {
  bool: ["True", "False"],
  bool_yes_no: ["Yes", "No"],
  bool_on_off: ["On", "Off"],
};

/**
 * The value in its unit.
 * @param decimals Digits after the point; without it three significant digits.
 */
export function formatParts(value: number | null | undefined, unit = "none", decimals?: number | null): FormattedValue {
  if (value === null || value === undefined || Number.isNaN(value)) return { prefix: "", text: "–", suffix: "" };
  if (!Number.isFinite(value)) return { prefix: "", text: value > 0 ? "+∞" : "−∞", suffix: "" };
  const word = words[unit];
  if (word) return { prefix: "", text: value === 0 ? word[1] : word[0], suffix: "" };
  if (unit === "percentunit") return { prefix: "", text: formatNumber(value * 100, decimals), suffix: "%" };
  if (unit.startsWith("dateTime")) return { prefix: "", text: formatDate(value, unit), suffix: "" };
  if (unit.startsWith("suffix:")) return { prefix: "", text: formatNumber(value, decimals), suffix: unit.slice(7) };
  if (unit.startsWith("prefix:")) return { prefix: unit.slice(7), text: formatNumber(value, decimals), suffix: "" };
  if (unit === "sci") return { prefix: "", text: value.toExponential(decimals ?? 2), suffix: "" };
  if (unit === "hex") return { prefix: "0x", text: Math.trunc(value).toString(16).toUpperCase(), suffix: "" };
  if (unit === "locale") return { prefix: "", text: value.toLocaleString(undefined, { maximumFractionDigits: decimals ?? 3 }), suffix: "" };
  const currency = currencies[unit];
  if (currency) {
    const { text, suffix } = scale(value, short(""), decimals);
    return { prefix: currency, text, suffix };
  }
  const scales = scaled[unit];
  if (scales) return { prefix: "", ...scale(value * scales.base, scales.scales, decimals) };
  return { prefix: "", text: formatNumber(value, decimals), suffix: plain[unit] ?? unit };
}

/** The value in its unit, on one line: "1.2 KiB", "45%", "$3". */
export function formatValue(value: number | null | undefined, unit?: string | null, decimals?: number | null): string {
  const { prefix, text, suffix } = formatParts(value, unit ?? "none", decimals);
  return prefix + text + (suffix === "" || suffix === "%" || suffix === "°" ? suffix : ` ${suffix}`);
}

/** A value on an axis, with as many digits as ticks an increment apart need. */
export function formatTick(value: number, increment: number, unit?: string | null): string {
  const name = unit ?? "short";
  const scales = scaled[name]?.scales;
  const base = scaled[name]?.base ?? (name === "percentunit" ? 100 : 1);
  const factor = scales ? pick(value * base, scales).factor : 1;
  const decimals = decimalsOf(Math.abs((increment * base) / factor));
  const trimmed = Number(((value * base) / factor).toFixed(decimals));
  const digits = (String(trimmed).split(".")[1] ?? "").length;
  return formatValue(value, name, Math.min(decimals, digits));
}

/** Digits after the point that a step needs to be written exactly, at most eight: 0.0025 needs four. */
function decimalsOf(step: number): number {
  for (let digits = 0; digits < 8; digits++) {
    const shifted = step * 10 ** digits;
    if (shifted >= 0.999 && Math.abs(shifted - Math.round(shifted)) < 1e-6 * Math.max(1, shifted)) return digits;
  }
  return 8;
}

function scale(value: number, scales: Scale[], decimals?: number | null): { text: string; suffix: string } {
  const { factor, suffix } = pick(value, scales);
  return { text: formatNumber(value / factor, decimals), suffix };
}

/** The largest scale of which the value has at least one; for zero the one with factor 1. */
function pick(value: number, scales: Scale[]): Scale {
  const size = Math.abs(value);
  const unscaled = scales.find((s) => s.factor === 1) ?? (scales[0] as Scale);
  if (size === 0) return unscaled;
  let found = scales[0] as Scale;
  for (const candidate of scales) if (size >= candidate.factor * 0.99999999) found = candidate;
  return found;
}

function formatNumber(value: number, decimals?: number | null): string {
  if (decimals !== null && decimals !== undefined) return trimMinus(value.toFixed(Math.min(20, Math.max(0, decimals))));
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e15 || size < 1e-6) return value.toExponential(2).replace("e+", "e");
  const digits = size >= 100 ? (size >= 1000 ? 0 : 1) : size >= 10 ? 1 : size >= 1 ? 2 : 2 - Math.floor(Math.log10(size));
  return trimMinus(String(Number(value.toFixed(Math.min(digits, 10)))));
}

function trimMinus(text: string): string {
  return /^-0(\.0+)?$/.test(text) ? text.slice(1) : text;
}

function formatDate(valueMs: number, unit: string): string {
  const date = new Date(valueMs);
  if (Number.isNaN(date.getTime())) return "–";
  if (unit === "dateTimeFromNow") return new Intl.RelativeTimeFormat().format(Math.round((valueMs - Date.now()) / 60000), "minute");
  return date.toISOString().slice(0, 19).replace("T", " ");
}
