/** Names of series. */

export type Labels = Readonly<Record<string, string>>;

/** `name{a="b"}`, as Prometheus writes a series. */
export function seriesName(labels: Labels): string {
  const { __name__: name = "", ...rest } = labels;
  const pairs = Object.entries(rest)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return pairs.length === 0 && name ? name : `${name}{${pairs.join(", ")}}`;
}

/** A legend format's `{{label}}` filled in; unknown labels become nothing. */
export function fillLegend(format: string, labels: Labels): string {
  return format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, label: string) => labels[label] ?? "");
}

/**
 * Names for the series of one query. Without a format a name is the labels that tell the series apart, or the whole series if there is
 * only one.
 */
export function legendNames(format: string, all: readonly Labels[], expr: string): string[] {
  if (format && format !== "__auto") return all.map((labels) => fillLegend(format, labels));
  if (all.length === 1) {
    const name = seriesName(all[0] as Labels);
    return [name === "{}" ? expr : name];
  }
  if (format !== "__auto") return all.map(seriesName);
  const keys = [...new Set(all.flatMap((labels) => Object.keys(labels)))].filter(
    (key) => new Set(all.map((labels) => labels[key])).size > 1,
  );
  if (keys.length === 1) return all.map((labels) => labels[keys[0] as string] ?? "");
  return all.map((labels) => seriesName(Object.fromEntries(Object.entries(labels).filter(([key]) => keys.includes(key)))));
}
