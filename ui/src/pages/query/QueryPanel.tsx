import { ActionIcon, Button, Checkbox, SegmentedControl, TextInput } from "@mantine/core";
import { IconCopy, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useEffect, useState } from "react";
import type { Answer } from "../../api/api";
import type { QueryResult } from "../../api/types/prometheus";
import { useInstantQuery, useRangeQuery } from "../../api/useQueryResult";
import { Busy, Message } from "../../components/Message";
import { Notice } from "../../components/Notice";
import { formatDuration, parseDuration } from "../../lib/durations";
import { useTexts } from "../../lib/i18n";
import type { QueryPanelState } from "../../lib/queryState";
import { stepFor } from "../../lib/step";
import { type AbsoluteRange, parseMoment } from "../../lib/timeRange";
import { PromQLEditor } from "../../promql/PromQLEditor";
import { QueryGraph } from "./QueryGraph";
import { QueryTable } from "./QueryTable";
import { QueryTrace } from "./QueryTrace";

interface QueryPanelProps {
  panel: QueryPanelState;
  range: AbsoluteRange;
  nowMs: number;
  onChange: (panel: QueryPanelState) => void;
  onRun: () => void;
  onZoom: (fromMs: number, toMs: number) => void;
  onDuplicate: () => void;
  onRemove?: () => void;
}

/** How many points a graph of the page's width is worth. */
const points = 400;

export function QueryPanel({ panel, range, nowMs, onChange, onRun, onZoom, onDuplicate, onRemove }: QueryPanelProps) {
  const t = useTexts();
  const [text, setText] = useState(panel.expr);
  useEffect(() => setText(panel.expr), [panel.expr]);
  const step = (parseDuration(panel.step) ?? 0) / 1000 || stepFor({ rangeMs: range.toMs - range.fromMs, points });
  const momentMs = panel.time ? (parseMoment(panel.time, nowMs) ?? range.toMs) : range.toMs;
  const graph = useRangeQuery(
    { expr: panel.expr, fromMs: range.fromMs, toMs: range.toMs, stepSeconds: step, trace: panel.trace },
    panel.tab === "graph",
  );
  const table = useInstantQuery({ expr: panel.expr, timeMs: momentMs, trace: panel.trace }, panel.tab === "table");
  const answer = panel.tab === "graph" ? graph : table;
  const state = !panel.expr.trim()
    ? "empty"
    : answer.isError
      ? "error"
      : answer.isPending
        ? "loading"
        : countOf(answer.data) === 0
          ? "empty"
          : "drawn";
  const run = (expr: string) => {
    if (expr.trim() === panel.expr.trim()) onRun();
    else onChange({ ...panel, expr: expr.trim() });
  };

  return (
    <section
      className="card"
      style={{ padding: 12 }}
      aria-label={panel.expr || t.query}
      data-panel-state={state}
      data-series-count={countOf(answer.data)}
    >
      <div className="query-line">
        <PromQLEditor value={text} label={t.expression} hint={t.expressionPlaceholder} onChange={setText} onRun={run} />
        <Button size="sm" leftSection={<IconPlayerPlay size={15} />} title={t.runHint} onClick={() => run(text)}>
          {t.run}
        </Button>
        <ActionIcon variant="default" size={36} aria-label={t.duplicateQuery} title={t.duplicateQuery} onClick={onDuplicate}>
          <IconCopy size={16} />
        </ActionIcon>
        {onRemove && (
          <ActionIcon variant="default" size={36} aria-label={t.removeQuery} title={t.removeQuery} onClick={onRemove}>
            <IconTrash size={16} />
          </ActionIcon>
        )}
      </div>
      <div style={{ display: "flex", gap: 14, alignItems: "center", flexWrap: "wrap", margin: "10px 0" }}>
        <SegmentedControl
          size="xs"
          value={panel.tab}
          onChange={(tab) => onChange({ ...panel, tab: tab as "graph" | "table" })}
          data={[
            { value: "graph", label: t.graph },
            { value: "table", label: t.table },
          ]}
        />
        {panel.tab === "graph" ? (
          <>
            <Checkbox
              size="xs"
              label={t.stacked}
              checked={panel.stacked}
              onChange={(event) => onChange({ ...panel, stacked: event.currentTarget.checked })}
            />
            <Committed
              label={t.resolution}
              value={panel.step}
              hint={`${t.automatic} (${formatDuration(step * 1000)})`}
              valid={(value) => value === "" || (parseDuration(value) ?? 0) > 0}
              onCommit={(value) => onChange({ ...panel, step: value })}
            />
          </>
        ) : (
          <Committed
            label={t.evaluationTime}
            value={panel.time}
            hint={t.now}
            valid={(value) => value === "" || parseMoment(value, nowMs) !== null}
            onCommit={(value) => onChange({ ...panel, time: value })}
          />
        )}
        <Checkbox
          size="xs"
          label={t.explain}
          title={t.explainHint}
          checked={panel.trace}
          onChange={(event) => onChange({ ...panel, trace: event.currentTarget.checked })}
        />
        {answer.data && (
          <span className="muted" style={{ fontSize: "0.8rem", marginLeft: "auto" }}>
            {t.resultCount(countOf(answer.data))}
          </span>
        )}
      </div>
      {answer.data && <Notices answer={answer.data} />}
      {state === "empty" && !panel.expr.trim() ? (
        <Message title={t.emptyQuery} text={t.emptyQueryHint} />
      ) : state === "error" ? (
        <Notice mood="bad" title={t.panelError} urgent>
          <pre className="mono" style={{ margin: 0, whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {answer.error?.message}
          </pre>
        </Notice>
      ) : state === "loading" ? (
        <Busy />
      ) : state === "empty" ? (
        <Message title={t.noData}>
          <span>{t.noSeriesMatch}</span>
          <code className="mono">{panel.expr}</code>
        </Message>
      ) : panel.tab === "graph" ? (
        <QueryGraph
          expr={panel.expr}
          result={(graph.data as Answer<QueryResult>).data}
          range={range}
          step={step}
          stacked={panel.stacked}
          onZoom={onZoom}
        />
      ) : (
        <QueryTable result={(table.data as Answer<QueryResult>).data} onFilter={(expr) => onChange({ ...panel, expr })} />
      )}
      {panel.trace && answer.data?.trace && <QueryTrace root={answer.data.trace} />}
    </section>
  );
}

function countOf(answer: Answer<QueryResult> | undefined): number {
  if (!answer) return 0;
  const { data } = answer;
  return data.resultType === "vector" || data.resultType === "matrix" ? data.result.length : 1;
}

function Notices({ answer }: { answer: Answer<QueryResult> }) {
  const t = useTexts();
  const all = [...answer.warnings, ...answer.infos];
  if (all.length === 0) return null;
  return (
    <Notice mood={answer.warnings.length > 0 ? "warning" : "quiet"} title={answer.warnings.length > 0 ? t.warnings : undefined}>
      {all.map((text) => (
        <div key={text} style={{ fontSize: "0.82rem", overflowWrap: "anywhere" }}>
          {text}
        </div>
      ))}
    </Notice>
  );
}

/** A field whose value counts when one leaves it or presses Enter. */
function Committed(props: {
  label: string;
  value: string;
  hint: string;
  valid: (value: string) => boolean;
  onCommit: (value: string) => void;
}) {
  const { label, value, hint, valid, onCommit } = props;
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const commit = (event?: FormEvent) => {
    event?.preventDefault();
    if (valid(text.trim()) && text.trim() !== value) onCommit(text.trim());
  };
  return (
    <form onSubmit={commit}>
      <TextInput
        size="xs"
        aria-label={label}
        placeholder={`${label}: ${hint}`}
        title={label}
        value={text}
        error={!valid(text.trim())}
        style={{ width: 210 }}
        onBlur={() => commit()}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}
