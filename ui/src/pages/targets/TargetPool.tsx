import { useState } from "react";
import type { DroppedTarget, Target } from "../../api/types/prometheus";
import { Age } from "../../components/Age";
import { LabelList } from "../../components/LabelList";
import { type Mood, StateBadge } from "../../components/StateBadge";
import { useTexts } from "../../lib/i18n";
import { formatValue } from "../../lib/units";

const moods: Record<Target["health"], Mood> = { up: "good", down: "bad", unknown: "quiet" };
const droppedMax = 50;

/** The targets of one scrape job. */
export function TargetPool({ pool, targets, dropped }: { pool: string; targets: Target[]; dropped: DroppedTarget[] }) {
  const t = useTexts();
  const up = targets.filter((target) => target.health === "up").length;
  const order = { down: 0, unknown: 1, up: 2 };
  const sorted = [...targets].sort((a, b) => order[a.health] - order[b.health] || a.scrapeUrl.localeCompare(b.scrapeUrl));
  return (
    <section className="card" aria-label={pool} style={{ minWidth: 0 }}>
      <header style={{ display: "flex", gap: 10, alignItems: "center", padding: "10px 14px", borderBottom: "1px solid var(--vigie-line)" }}>
        <h2 style={{ margin: 0, fontSize: "0.98rem", overflowWrap: "anywhere" }}>{pool}</h2>
        <StateBadge mood={up === targets.length ? "good" : up === 0 ? "bad" : "warning"}>{t.upOf(up, targets.length)}</StateBadge>
      </header>
      <div className="table-scroll">
        <table className="table targets">
          <thead>
            <tr>
              <th scope="col">{t.endpoint}</th>
              <th scope="col">{t.state}</th>
              <th scope="col">{t.labels}</th>
              <th scope="col">{t.lastScrape}</th>
              <th scope="col" className="number">
                {t.scrapeDuration}
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((target) => (
              <TargetRow key={target.scrapeUrl + JSON.stringify(target.labels)} target={target} />
            ))}
          </tbody>
        </table>
      </div>
      {dropped.length > 0 && (
        <details style={{ padding: "6px 14px 10px", fontSize: "0.82rem" }}>
          <summary className="muted">{t.droppedTargets(dropped.length)}</summary>
          {dropped.slice(0, droppedMax).map((target) => (
            <div key={JSON.stringify(target.discoveredLabels)} style={{ marginTop: 6 }}>
              <LabelList labels={target.discoveredLabels} />
            </div>
          ))}
        </details>
      )}
    </section>
  );
}

function TargetRow({ target }: { target: Target }) {
  const t = useTexts();
  const [open, setOpen] = useState(false);
  return (
    <tr>
      <td style={{ minWidth: 200 }}>
        <a
          href={target.globalUrl || target.scrapeUrl}
          target="_blank"
          rel="noreferrer noopener"
          className="mono"
          style={{ overflowWrap: "anywhere" }}
        >
          {target.scrapeUrl}
        </a>
        {target.lastError && (
          <div className="error-text" style={{ fontSize: "0.8rem" }} role="alert">
            {target.lastError}
          </div>
        )}
      </td>
      <td>
        <StateBadge mood={moods[target.health]}>{t[target.health]}</StateBadge>
      </td>
      <td style={{ minWidth: 180 }}>
        <LabelList labels={target.labels} />
        <button type="button" className="link-button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t.discoveredLabels}
        </button>
        {open && <LabelList labels={target.discoveredLabels} />}
      </td>
      <td>
        <Age time={target.lastScrape} />
        <div className="muted" style={{ fontSize: "0.76rem", whiteSpace: "nowrap" }}>
          {t.every} {target.scrapeInterval}
        </div>
      </td>
      <td className="number">{formatValue(target.lastScrapeDuration, "s")}</td>
    </tr>
  );
}
