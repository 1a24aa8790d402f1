import { Button } from "@mantine/core";
import { IconBellOff } from "@tabler/icons-react";
import type { ManagedAlert } from "../../api/types/alertmanager";
import { Age } from "../../components/Age";
import { LabelList } from "../../components/LabelList";
import { Busy, Message } from "../../components/Message";
import { StateBadge } from "../../components/StateBadge";
import { useTexts } from "../../lib/i18n";
import { type Matcher, matchersFor } from "../../lib/matchers";
import { Annotations } from "./RuleRow";
import { moodOfSeverity } from "./severity";

interface ManagedAlertsProps {
  alerts: ManagedAlert[] | undefined;
  error?: string;
  filter: string;
  onSilence: (matchers: Matcher[]) => void;
}

/** The alerts that the Alertmanager holds, and who is told of them. */
export function ManagedAlerts({ alerts, error, filter, onSilence }: ManagedAlertsProps) {
  const t = useTexts();
  if (error) return <Message title={t.panelError} text={error} />;
  if (!alerts) return <Busy />;
  const shown = alerts.filter((alert) =>
    Object.entries(alert.labels).some(([name, value]) => `${name}=${value}`.toLowerCase().includes(filter)),
  );
  if (shown.length === 0) return <Message title={filter && alerts.length > 0 ? t.nothingMatches(filter) : t.noManagedAlerts} />;
  return (
    <div style={{ display: "grid", gap: 10 }}>
      {shown.map((alert) => (
        <article
          key={alert.fingerprint}
          className="card"
          aria-label={alert.labels.alertname}
          style={{ padding: "10px 14px", display: "grid", gap: 7, fontSize: "0.86rem" }}
        >
          <div style={{ display: "flex", flexWrap: "wrap", gap: "6px 10px", alignItems: "center" }}>
            <StateBadge mood={alert.status.state === "active" ? moodOfSeverity(alert.labels.severity) : "quiet"}>
              {t[alert.status.state]}
            </StateBadge>
            <strong style={{ overflowWrap: "anywhere" }}>{alert.labels.alertname}</strong>
            {alert.status.silencedBy.length > 0 && <span className="muted">{t.silencedBy}</span>}
            {alert.status.inhibitedBy.length > 0 && <span className="muted">{t.inhibitedBy}</span>}
            <span className="muted">
              <Age time={alert.startsAt} />
            </span>
            <Button
              size="compact-xs"
              variant="default"
              ml="auto"
              leftSection={<IconBellOff size={14} />}
              onClick={() => onSilence(matchersFor(alert.labels))}
            >
              {t.silence}
            </Button>
          </div>
          <LabelList labels={alert.labels} without={["alertname"]} />
          <Annotations annotations={alert.annotations} />
          <span className="muted">
            {t.receivers}: {alert.receivers.map((receiver) => receiver.name).join(", ")}
          </span>
        </article>
      ))}
    </div>
  );
}
