import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import type { AlertingRule, Rule, RuleAlert } from "../../api/types/prometheus";
import { Age } from "../../components/Age";
import { LabelList } from "../../components/LabelList";
import { type Mood, StateBadge } from "../../components/StateBadge";
import { formatDuration } from "../../lib/durations";
import { useTexts } from "../../lib/i18n";
import { isSafeLink } from "../../lib/markdown";
import { queryPageLink } from "../../lib/queryState";
import { parseSample } from "../../lib/results";
import { Link } from "../../lib/router";
import { formatValue } from "../../lib/units";

const moods: Record<AlertingRule["state"], Mood> = { firing: "bad", pending: "warning", inactive: "good", unknown: "quiet" };

/** A rule on one line; opened, all about it and its alerts. */
export function RuleRow({ rule }: { rule: Rule }) {
  const t = useTexts();
  const active = rule.type === "alerting" && (rule.state === "firing" || rule.state === "pending");
  const [open, setOpen] = useState(active);
  const state = rule.type === "alerting" ? rule.state : null;
  return (
    <div className="rule">
      <button
        type="button"
        className="row-head"
        style={{ fontWeight: 500, fontSize: "0.88rem", padding: "8px 14px" }}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {open ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}
        {rule.health === "err" ? (
          <StateBadge mood="bad">{t.failing}</StateBadge>
        ) : state && state !== "unknown" ? (
          <StateBadge mood={moods[state]}>{t[state]}</StateBadge>
        ) : (
          <StateBadge mood="quiet">{rule.type === "recording" ? t.recordingRule : t.unknown}</StateBadge>
        )}
        <span style={{ overflowWrap: "anywhere", minWidth: 0 }}>{rule.name}</span>
        {rule.type === "alerting" && rule.alerts.length > 0 && <span className="muted">{rule.alerts.length}</span>}
        {rule.labels?.severity && <span className="label">{rule.labels.severity}</span>}
        <span className="muted rule-when">
          <Age time={rule.lastEvaluation} />
        </span>
      </button>
      {open && <RuleDetails rule={rule} />}
    </div>
  );
}

function RuleDetails({ rule }: { rule: Rule }) {
  const t = useTexts();
  return (
    <div style={{ padding: "0 14px 12px 36px", display: "grid", gap: 8, fontSize: "0.85rem" }}>
      <Link href={queryPageLink([rule.query], null)} className="mono" style={{ overflowWrap: "anywhere" }} title={t.tryInQuery}>
        {rule.query}
      </Link>
      {rule.lastError && <span className="error-text">{rule.lastError}</span>}
      <span className="muted">
        {rule.type === "alerting" && `${t.forDuration} ${formatDuration(rule.duration * 1000)}`}
        {rule.type === "alerting" && rule.keepFiringFor ? `, ${t.keepFiringFor} ${formatDuration(rule.keepFiringFor * 1000)}` : ""}
        {rule.type === "alerting" && " · "}
        {formatValue(rule.evaluationTime, "s")}
      </span>
      {rule.labels && Object.keys(rule.labels).length > 0 && <LabelList labels={rule.labels} />}
      {rule.type === "alerting" && rule.alerts.length === 0 && rule.annotations && <Annotations annotations={rule.annotations} />}
      {rule.type === "alerting" && rule.alerts.map((alert) => <AlertDetails key={JSON.stringify(alert.labels)} alert={alert} />)}
    </div>
  );
}

function AlertDetails({ alert }: { alert: RuleAlert }) {
  const t = useTexts();
  return (
    <div className="alert-box">
      <div style={{ display: "flex", flexWrap: "wrap", gap: "4px 10px", alignItems: "center" }}>
        <StateBadge mood={moods[alert.state]}>{t[alert.state]}</StateBadge>
        <span className="muted">
          <Age time={alert.activeAt} />
        </span>
        <span>
          {t.value} <b>{formatValue(parseSample(alert.value), "none")}</b>
        </span>
      </div>
      <LabelList labels={alert.labels} without={["alertname"]} />
      <Annotations annotations={alert.annotations} />
    </div>
  );
}

/** Annotations as text; addresses become links. */
export function Annotations({ annotations }: { annotations: Record<string, string> }) {
  return (
    <dl className="annotations">
      {Object.entries(annotations).map(([name, text]) => (
        <div key={name}>
          <dt className="muted">{name}</dt>
          <dd>
            {/^https?:\/\/\S+$/.test(text) && isSafeLink(text) ? (
              <a href={text} target="_blank" rel="noreferrer noopener">
                {text}
              </a>
            ) : (
              text
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
