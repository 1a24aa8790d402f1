import { useTexts } from "../../lib/i18n";
import { Link } from "../../lib/router";
import { formatValue } from "../../lib/units";

/** Share of a limit from which on it is shown. */
const limitNear = 0.8;

interface RankedItem {
  name: string;
  /** Said after the name, quieter. */
  detail?: string;
  value: number;
  /** 0 or absent: none. */
  limit?: number;
  href?: string;
}

/** Names with bars, the longest first. What is near its limit says so. */
export function Ranking({ title, items, unit = "short" }: { title: string; items: RankedItem[]; unit?: string }) {
  const t = useTexts();
  const most = Math.max(1, ...items.map((item) => item.value));
  return (
    <section className="card" aria-label={title} style={{ padding: "12px 14px", minWidth: 0 }}>
      <h2 style={{ margin: "0 0 8px", fontSize: "0.98rem" }}>{title}</h2>
      {items.length === 0 && <p className="muted">{t.noData}</p>}
      {items.map(({ name, detail, value, limit = 0, href }) => {
        const near = limit > 0 && value >= limit * limitNear;
        return (
          <div key={`${name} ${detail}`} className="ranked" data-near={near || undefined}>
            <div style={{ width: `${(value / most) * 100}%` }} />
            <span className="mono">
              {href ? <Link href={href}>{name}</Link> : name}
              {detail && <span className="muted"> {detail}</span>}
            </span>
            <span>
              {near && <span className="ranked-limit">{t.percentOfLimit(Math.round((value / limit) * 100))}</span>}
              {formatValue(value, unit)}
            </span>
          </div>
        );
      })}
    </section>
  );
}
