/** Alertmanager's label matchers: `severity="critical"`, `instance=~"web-.*"`. */

export interface Matcher {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual: boolean;
}

const matcher = /^\s*([a-zA-Z_][\w.]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^",}\s][^",}]*?))\s*(?:,|$)/;

/** Reads a list, with or without braces; null if a part is no matcher. */
export function parseMatchers(text: string): Matcher[] | null {
  let rest = text.trim().replace(/^\{/, "").replace(/\}$/, "").trim();
  const matchers: Matcher[] = [];
  while (rest.length > 0) {
    const part = matcher.exec(rest);
    if (!part) return null;
    const [whole, name, operator, quoted, bare] = part;
    matchers.push({
      name: name as string,
      value: quoted !== undefined ? quoted.replace(/\\(.)/g, (_, c: string) => (c === "n" ? "\n" : c)) : (bare ?? ""),
      isRegex: operator === "=~" || operator === "!~",
      isEqual: operator === "=" || operator === "=~",
    });
    rest = rest.slice(whole.length).trim();
  }
  return matchers;
}

export const formatMatcher = ({ name, value, isRegex, isEqual }: Matcher): string =>
  `${name}${isEqual ? "=" : "!"}${isRegex ? "~" : isEqual ? "" : "="}${JSON.stringify(value)}`;

export const formatMatchers = (matchers: readonly Matcher[]): string => matchers.map(formatMatcher).join(", ");

/** Matchers that select exactly the alerts with these labels. */
export const matchersFor = (labels: Readonly<Record<string, string>>): Matcher[] =>
  Object.entries(labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }));

export function matchesLabels(matchers: readonly Matcher[], labels: Readonly<Record<string, string>>): boolean {
  return matchers.every(({ name, value, isRegex, isEqual }) => {
    const actual = labels[name] ?? "";
    if (!isRegex) return (actual === value) === isEqual;
    try {
      return new RegExp(`^(?:${value})$`).test(actual) === isEqual;
    } catch {
      return false;
    }
  });
}
