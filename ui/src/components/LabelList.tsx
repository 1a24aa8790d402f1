/** Labels as small pills, in the order of their names. */
export function LabelList({ labels, without = [] }: { labels: Readonly<Record<string, string>>; without?: readonly string[] }) {
  const shown = Object.entries(labels)
    .filter(([name]) => !without.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <span className="labels">
      {shown.map(([name, value]) => (
        <span key={name} className="label">
          <b>{name}=</b>
          {value || '""'}
        </span>
      ))}
    </span>
  );
}
