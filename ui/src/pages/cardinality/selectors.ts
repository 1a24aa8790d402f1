/** A query that counts the series with these labels by metric. */
export function countByName(labels: Record<string, string>): string {
  const matchers = Object.entries(labels).map(
    ([name, value]) => `${/^[a-zA-Z_]\w*$/.test(name) ? name : JSON.stringify(name)}=${JSON.stringify(value)}`,
  );
  return `sort_desc(count by (__name__) ({${matchers.join(", ")}}))`;
}
