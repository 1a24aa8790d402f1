import { useTargets } from "../../api/useTargets";
import { useTexts } from "../../lib/i18n";
import { Link } from "../../lib/router";
import { Summary } from "./Summary";

const shownMax = 5;

/** How many targets answer, and those that do not. */
export function TargetSummary() {
  const t = useTexts();
  const targets = useTargets();
  const all = targets.data?.activeTargets ?? [];
  const down = all.filter((target) => target.health === "down");
  const up = all.filter((target) => target.health === "up").length;
  return (
    <Summary
      title={t.targetHealth}
      href="/targets"
      pending={targets.isPending}
      error={targets.error?.message}
      figure={`${up}/${all.length}`}
      mood={down.length > 0 ? "bad" : all.length > 0 ? "good" : "quiet"}
      note={down.length > 0 ? t.targetsDown(down.length) : all.length > 0 ? t.allTargetsUp : t.noTargets}
    >
      {down.slice(0, shownMax).map((target) => (
        <div key={target.scrapeUrl + target.scrapePool} className="summary-row">
          <Link href={`/targets?q=${encodeURIComponent(target.scrapePool)}`}>{target.labels.job ?? target.scrapePool}</Link>
          <span className="muted summary-rest" title={target.lastError}>
            {target.labels.instance ?? target.scrapeUrl}
          </span>
        </div>
      ))}
      {down.length > shownMax && <span className="muted">{t.moreSeries(down.length - shownMax)}</span>}
    </Summary>
  );
}
