import { Checkbox } from "@mantine/core";
import { useState } from "react";
import type { Rule, RuleGroup } from "../../api/types/prometheus";
import { Age } from "../../components/Age";
import { Busy, Message } from "../../components/Message";
import { formatDuration } from "../../lib/durations";
import { useTexts } from "../../lib/i18n";
import { RuleRow } from "./RuleRow";

/** Rules by group; what fires comes first. */
export function RuleGroups({ groups, error, filter }: { groups: RuleGroup[] | undefined; error?: string; filter: string }) {
  const t = useTexts();
  const [onlyActive, setOnlyActive] = useState(false);
  const [recording, setRecording] = useState(false);
  if (error) return <Message title={t.panelError} text={error} />;
  if (!groups) return <Busy />;
  if (groups.length === 0) return <Message title={t.noRules} text={t.noRulesHint} />;
  const shown = groups
    .map((group) => ({ group, rules: group.rules.filter((rule) => isShown(rule, filter, onlyActive, recording)) }))
    .filter(({ rules }) => rules.length > 0)
    .sort((a, b) => Math.min(...a.rules.map(rank)) - Math.min(...b.rules.map(rank)));
  return (
    <>
      <div style={{ display: "flex", flexWrap: "wrap", gap: 18, marginBottom: 12 }}>
        <Checkbox size="xs" label={t.onlyActive} checked={onlyActive} onChange={(event) => setOnlyActive(event.currentTarget.checked)} />
        <Checkbox size="xs" label={t.showRecording} checked={recording} onChange={(event) => setRecording(event.currentTarget.checked)} />
      </div>
      {shown.length === 0 && <Message title={filter ? t.nothingMatches(filter) : t.noFiringAlerts} />}
      <div style={{ display: "grid", gap: 14 }}>
        {shown.map(({ group, rules }) => (
          <section key={group.file + group.name} className="card" aria-label={group.name} style={{ minWidth: 0 }}>
            <header
              style={{
                display: "flex",
                flexWrap: "wrap",
                gap: "2px 12px",
                alignItems: "baseline",
                padding: "10px 14px",
                borderBottom: "1px solid var(--vigie-line)",
              }}
            >
              <h2 style={{ margin: 0, fontSize: "0.98rem" }}>{group.name}</h2>
              <span className="muted" style={{ fontSize: "0.8rem", overflowWrap: "anywhere" }}>
                {group.file} · {t.every} {formatDuration(group.interval * 1000)} · {t.evaluated} <Age time={group.lastEvaluation} />
              </span>
            </header>
            {[...rules]
              .sort((a, b) => rank(a) - rank(b))
              .map((rule, i) => (
                <RuleRow key={`${rule.name}${i}`} rule={rule} />
              ))}
          </section>
        ))}
      </div>
    </>
  );
}

function rank(rule: Rule): number {
  if (rule.health === "err") return 0;
  return rule.type === "alerting" ? { firing: 0, pending: 1, inactive: 2, unknown: 3 }[rule.state] : 4;
}

function isShown(rule: Rule, filter: string, onlyActive: boolean, recording: boolean): boolean {
  if (rule.type === "recording" && !recording && rule.health !== "err") return false;
  if (onlyActive && !(rule.type === "alerting" && (rule.state === "firing" || rule.state === "pending"))) return false;
  if (!filter) return true;
  const alerts = rule.type === "alerting" ? rule.alerts : [];
  const labels = [rule.labels ?? {}, ...alerts.map((alert) => alert.labels)].flatMap((set) =>
    Object.entries(set).map(([name, value]) => `${name}=${value}`),
  );
  return [rule.name, ...labels].some((text) => text.toLowerCase().includes(filter));
}
