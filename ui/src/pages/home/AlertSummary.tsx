import type { ManagedAlert } from "../../api/types/alertmanager";
import type { RuleAlert } from "../../api/types/prometheus";
import { useManagedAlerts } from "../../api/useAlertmanager";
import { useRules } from "../../api/useRules";
import { Age } from "../../components/Age";
import { StateBadge } from "../../components/StateBadge";
import { useTexts } from "../../lib/i18n";
import { Link } from "../../lib/router";
import { moodOfSeverity } from "../alerts/severity";
import { Summary } from "./Summary";

const shownMax = 5;

/** What is firing now, most severe first. */
export function AlertSummary() {
  const t = useTexts();
  const rules = useRules();
  const managed = useManagedAlerts();
  const all: RuleAlert[] = (rules.data ?? [])
    .flatMap((group) => group.rules)
    .flatMap((rule) => (rule.type === "alerting" ? rule.alerts : []));
  const firing = all.filter((alert) => alert.state === "firing").sort((a, b) => rank(a) - rank(b));
  const pending = all.filter((alert) => alert.state === "pending").length;
  const silenced = (managed.data ?? []).filter((alert: ManagedAlert) => alert.status.silencedBy.length > 0).length;
  return (
    <Summary
      title={t.firingAlerts}
      href="/alerts"
      pending={rules.isPending}
      error={rules.error?.message}
      figure={firing.length}
      mood={firing.length > 0 ? "bad" : "good"}
      note={[pending > 0 && t.pendingCount(pending), silenced > 0 && t.silencedCount(silenced)].filter(Boolean).join(" · ")}
    >
      {firing.length === 0 && !rules.isPending && <span className="muted">{t.noFiringAlerts}</span>}
      {firing.slice(0, shownMax).map((alert) => (
        <div key={JSON.stringify(alert.labels)} className="summary-row">
          <StateBadge mood={moodOfSeverity(alert.labels.severity)}>{alert.labels.severity ?? t.firing}</StateBadge>
          <Link href={`/alerts?q=${encodeURIComponent(alert.labels.alertname ?? "")}`} title={alert.annotations.summary}>
            {alert.labels.alertname}
          </Link>
          <span className="muted summary-rest">{alert.labels.job ?? alert.labels.instance ?? ""}</span>
          <span className="muted">
            <Age time={alert.activeAt} />
          </span>
        </div>
      ))}
      {firing.length > shownMax && <span className="muted">{t.moreSeries(firing.length - shownMax)}</span>}
    </Summary>
  );
}

const rank = (alert: RuleAlert): number => ["bad", "warning", "quiet", "good"].indexOf(moodOfSeverity(alert.labels.severity));
